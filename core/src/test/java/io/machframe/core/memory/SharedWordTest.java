/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.ReadOnlyBufferException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What {@link io.machframe.core.platform.PlatformCapability#SHARED_WORDS} promises, on whichever system has it. */
@Timeout(60)
class SharedWordTest {
    private static final int OFFSET = 64;
    private static final Duration SHORT = Duration.ofMillis(30);

    private MemoryRegion written;
    private MemoryRegion read;
    private SharedWord word;
    private SharedWord reader;

    @BeforeEach
    void share() throws Exception {
        assumeTrue(SharedWord.isSupported(), "the system cannot wait for words");
        written = MemoryRegion.allocate(4096);
        try (MemoryEntry entry = MemoryEntry.of(written, MemoryAccess.READ)) {
            read = entry.map(4096, MemoryAccess.READ);
        }
        word = SharedWord.of(written, OFFSET);
        reader = SharedWord.of(read, OFFSET);
    }

    @AfterEach
    void release() {
        if (read != null) {
            read.close();
            written.close();
        }
    }

    /** Waits in a thread; the result is what ended it: null for the value's change. */
    private static CompletableFuture<Throwable> waitFor(SharedWord word, int whileValue, List<Thread> threads) {
        CompletableFuture<Throwable> end = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                while (word.get() == whileValue) {
                    word.await(whileValue, SharedWord.NO_LIMIT);
                }
                end.complete(null);
            } catch (InterruptedException | RuntimeException e) {
                end.complete(e);
            }
        });
        threads.add(thread);
        thread.start();
        return end;
    }

    @Test
    void aChangeAndAWakeUpEndTheWaitsOfAllReaders() throws Exception {
        List<Thread> threads = new ArrayList<>();
        List<CompletableFuture<Throwable>> ends = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            ends.add(waitFor(SharedWord.of(read, OFFSET), 0, threads));
        }
        Thread.sleep(50);
        assertTrue(ends.stream().noneMatch(CompletableFuture::isDone));
        word.set(1);
        word.wakeAll();
        for (CompletableFuture<Throwable> end : ends) {
            assertEquals(null, end.get());
        }
        assertEquals(1, reader.get());
    }

    @Test
    void noWakeUpIsLostBetweenTheLookAndTheWait() throws Exception {
        CompletableFuture<Integer> sum = CompletableFuture.supplyAsync(() -> {
            int seen = 0;
            try {
                while (seen < 20_000) {
                    reader.await(seen, SharedWord.NO_LIMIT);
                    seen = reader.get();
                }
            } catch (InterruptedException e) {
                return -1;
            }
            return seen;
        });
        for (int i = 1; i <= 20_000; i++) {
            word.set(i);
            word.wakeAll();
        }
        assertEquals(20_000, sum.get());
    }

    @Test
    void aReaderMayWakeOthersButNotWrite() throws Exception {
        assertThrows(ReadOnlyBufferException.class, () -> reader.set(1));
        List<Thread> threads = new ArrayList<>();
        CompletableFuture<Throwable> end = waitFor(word, 0, threads);
        word.set(7);
        while (!end.isDone()) {
            reader.wakeAll();
        }
        assertEquals(null, end.get());
    }

    @Test
    void aWaitEndsWithItsTimeOrAtOnceIfTheValueIsAnother() throws Exception {
        long start = System.nanoTime();
        while (System.nanoTime() - start < SHORT.toNanos()) {
            reader.await(0, SHORT);
        }
        reader.await(1, SharedWord.NO_LIMIT);
        reader.await(0, 0);
        assertEquals(0, reader.get());
    }

    @Test
    void anInterruptEndsAWaitAndIsToldAsOne() throws Exception {
        for (int round = 0; round < 200; round++) {
            List<Thread> threads = new ArrayList<>();
            CompletableFuture<Throwable> end = waitFor(reader, 0, threads);
            Thread.sleep(0, round * 997);
            threads.get(0).interrupt();
            assertInstanceOf(InterruptedException.class, end.get());
        }
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> reader.await(0, SharedWord.NO_LIMIT));
        assertFalse(Thread.currentThread().isInterrupted());
    }

    @Test
    void aCancelledWordIsNotWaitedForAnyMore() throws Exception {
        for (int round = 0; round < 200; round++) {
            SharedWord cancelled = SharedWord.of(read, OFFSET);
            Thread waiting = new Thread(() -> {
                try {
                    cancelled.await(0, SharedWord.NO_LIMIT);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            waiting.start();
            Thread.sleep(0, round * 997);
            cancelled.cancel();
            waiting.join();
            cancelled.await(0, SharedWord.NO_LIMIT);
        }
    }

    @Test
    void offsetsOutsideTheRegionAreRefused() {
        for (int bad : new int[] {-4, 1, 4094, 4096}) {
            assertThrows(IllegalArgumentException.class, () -> SharedWord.of(read, bad));
        }
    }
}
