/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.messageport;

import static io.machframe.core.testing.Eventually.await;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.error.InterruptedCallException;
import io.machframe.core.runloop.RunLoop;
import io.machframe.core.runloop.RunLoopMode;
import io.machframe.core.runloop.SignalSource;
import io.machframe.core.testing.RightsLedger;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.extension.ExtendWith;

/** More virtual threads wait than there are carriers, and others still get on. */
@Timeout(60)
@ExtendWith(RightsLedger.class)
@EnabledForJreRange(min = JRE.JAVA_21, disabledReason = "virtual threads are final from Java 21 on")
final class VirtualThreadTest {
    private static final Duration LONG = Duration.ofSeconds(50);
    private static final int THREADS = 2 * Runtime.getRuntime().availableProcessors() + 1;

    private final String name = "virtual-" + ProcessHandle.current().pid() + "-" + System.nanoTime();

    /** Starts a virtual thread for each action, on a Java that has them. */
    private static Executor virtualThreads() throws ReflectiveOperationException {
        var start = Thread.class.getMethod("startVirtualThread", Runnable.class);
        return action -> assertDoesNotThrow(() -> start.invoke(null, action));
    }

    private static void assertOthersGetOn(Executor virtual) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        virtual.execute(done::countDown);
        assertTrue(done.await(50, TimeUnit.SECONDS), "all carriers are held");
    }

    @Test
    void requestsThatWaitHoldNoCarrier() throws Exception {
        Executor virtual = virtualThreads();
        try (LocalMessagePort port = LocalMessagePort.create(name, (self, id, data) -> Optional.of(data));
                RemoteMessagePort remote = RemoteMessagePort.connect(name)) {
            List<CompletableFuture<Reply>> replies = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                int id = i;
                ByteBuffer data = ByteBuffer.allocate(1).put(0, (byte) i);
                replies.add(CompletableFuture.supplyAsync(
                        () -> assertDoesNotThrow(() -> remote.request(id, data, LONG, LONG)), virtual));
            }
            await("all threads wait", () -> remote.waitingCount() == THREADS);
            TimeUnit.MILLISECONDS.sleep(50);
            assertOthersGetOn(virtual);
            port.setExecutor(virtual);
            for (int i = 0; i < THREADS; i++) {
                assertEquals(i, replies.get(i).get().data().get(0));
            }
        }
    }

    @Test
    void loopsThatSleepHoldNoCarrier() throws Exception {
        Executor virtual = virtualThreads();
        List<RunLoop> loops = new ArrayList<>();
        List<CompletableFuture<Void>> ends = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            CompletableFuture<RunLoop> loop = new CompletableFuture<>();
            ends.add(CompletableFuture.runAsync(
                    () -> assertDoesNotThrow(() -> {
                        SignalSource source = SignalSource.of(() -> {});
                        RunLoop.current().add(source, RunLoopMode.DEFAULT);
                        loop.complete(RunLoop.current());
                        RunLoop.current().run();
                        source.invalidate();
                    }),
                    virtual));
            loops.add(loop.get());
        }
        for (RunLoop loop : loops) {
            await("the loop waits", loop::isWaiting);
        }
        assertOthersGetOn(virtual);
        loops.forEach(RunLoop::stop);
        for (CompletableFuture<Void> end : ends) {
            end.get();
        }
    }

    @Test
    void anInterruptEndsAWait() throws Exception {
        Executor virtual = virtualThreads();
        try (LocalMessagePort port = LocalMessagePort.create(name, (self, id, data) -> Optional.of(data));
                RemoteMessagePort remote = RemoteMessagePort.connect(name)) {
            CompletableFuture<Thread> waiting = new CompletableFuture<>();
            CompletableFuture<Boolean> interrupted = CompletableFuture.supplyAsync(
                    () -> {
                        waiting.complete(Thread.currentThread());
                        assertThrows(
                                InterruptedCallException.class,
                                () -> remote.request(1, ByteBuffer.allocate(0), LONG, LONG));
                        return Thread.interrupted();
                    },
                    virtual);
            Thread thread = waiting.get();
            await("the thread waits", () -> remote.waitingCount() > 0);
            thread.interrupt();
            assertTrue(interrupted.get());
            assertTrue(port.isValid());
        }
    }

    @Test
    void anInterruptEndsALoop() throws Exception {
        CompletableFuture<Thread> running = new CompletableFuture<>();
        CompletableFuture<RunLoop> loop = new CompletableFuture<>();
        CompletableFuture<Boolean> interrupted = CompletableFuture.supplyAsync(
                () -> {
                    SignalSource source = SignalSource.of(() -> {});
                    assertDoesNotThrow(() -> RunLoop.current().add(source, RunLoopMode.DEFAULT));
                    running.complete(Thread.currentThread());
                    loop.complete(RunLoop.current());
                    assertThrows(InterruptedCallException.class, () -> RunLoop.current()
                            .run());
                    source.invalidate();
                    return Thread.interrupted();
                },
                virtualThreads());
        await("the loop waits", () -> loop.get().isWaiting());
        running.get().interrupt();
        assertTrue(interrupted.get());
    }
}
