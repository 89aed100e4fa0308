/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.error.PortClosedException;
import io.machframe.core.lifetime.LeakDetector;
import io.machframe.core.testing.ProcessResources;
import io.machframe.surface.SurfaceLock;
import io.machframe.surface.format.PixelFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Servers, clients and frames that one thread closes while another uses them, and ones that nobody closes. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "counts Linux descriptors")
@Timeout(120)
final class StreamCloseTest {
    private static final int ROUNDS = 100;
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final FrameFormat FORMAT = FrameFormat.of(64, 48, PixelFormat.BGRA);

    private final String name = "test-" + UUID.randomUUID();
    private final Random random = new Random();

    /** A thread that fails with the exception expected of it. */
    private interface Work {
        void run() throws Exception;
    }

    private static CompletableFuture<Throwable> start(Work work) {
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        new Thread(() -> {
                    try {
                        while (true) {
                            work.run();
                        }
                    } catch (Exception | Error e) {
                        failure.complete(e);
                    }
                })
                .start();
        return failure;
    }

    @Test
    void aClientClosedWhileItReceivesSaysSoAndLeavesNothing() throws Exception {
        try (FrameServer server = FrameServer.open(name, FORMAT)) {
            CompletableFuture<Throwable> publishing = start(() -> publish(server));
            long descriptors = 0;
            for (int round = 0; round < ROUNDS; round++) {
                FrameClient client = FrameClient.connect(name);
                CompletableFuture<Throwable> receiving = start(() -> receive(client));
                Thread.sleep(0, random.nextInt(999_999));
                client.close();
                requireClosed(receiving.get());
                if (round == 10) {
                    descriptors =
                            SharedDescriptors.count() - server.statistics().surfaces();
                }
            }
            SharedDescriptors.requireAtMost(descriptors + server.statistics().surfaces());
            server.close();
            assertTrue(publishing.get() instanceof IllegalStateException, publishing.get()::toString);
        }
    }

    /** Closed while it received, or between two receives. */
    private static void requireClosed(Throwable failure) {
        boolean closed = failure instanceof PortClosedException
                || (failure instanceof IllegalStateException
                        && failure.getMessage().contains("is closed"));
        assertTrue(closed, failure::toString);
    }

    @Test
    void aClientThatWaitsIsEndedByItsClose() throws Exception {
        try (FrameServer server = FrameServer.open(name, FORMAT)) {
            FrameClient client = FrameClient.connect(server.name());
            CompletableFuture<Throwable> receiving = start(() -> receive(client));
            Thread.sleep(50);
            client.close();
            assertEquals(PortClosedException.class, receiving.get().getClass());
            assertThrows(IllegalStateException.class, client::tryReceive);
            assertEquals(name, client.name());
            assertEquals(new ClientStatistics(1, 0, 0, 0, 0, 0, 0, Latency.NONE), client.statistics());
        }
    }

    /** And its clients get the last frame before they are told. */
    @Test
    void aServerClosedWhileItPublishesSaysSoAndLosesNoFrame() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            FrameServer server = FrameServer.open(name, FORMAT);
            try (FrameClient client = FrameClient.connect(name)) {
                CompletableFuture<Throwable> publishing = start(() -> publish(server));
                long[] last = {-1};
                CompletableFuture<Throwable> receiving = start(() -> last[0] = receive(client));
                Thread.sleep(1 + random.nextInt(4));
                server.close();
                String failure = publishing.get().toString();
                assertTrue(failure.contains("IllegalStateException") && failure.contains("is closed"), failure);
                assertEquals("ended: Optional[ENDED]", receiving.get().getMessage());
                assertEquals(server.statistics().published() - 1, last[0]);
            }
        }
    }

    @Test
    void aServerClosedTwiceAtOnceIsClosedOnce() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            FrameServer server = FrameServer.open(name, FORMAT);
            CompletableFuture<Void> other = CompletableFuture.runAsync(server::close);
            server.close();
            other.join();
            assertThrows(IllegalStateException.class, server::acquire);
        }
    }

    @Test
    void aDraftOutlivesItsServerHarmlessly() throws Exception {
        FrameServer server = FrameServer.open(name, FORMAT);
        FrameDraft draft = server.acquire();
        FrameDraft other;
        try (SurfaceLock lock = draft.surface().lock()) {
            server.close();
            lock.buffer().putInt(0, 1);
        }
        assertThrows(IllegalStateException.class, () -> draft.publish(0));
        draft.close();
        try (FrameServer next = FrameServer.open(name, FORMAT)) {
            other = next.acquire();
            other.close();
            assertThrows(IllegalStateException.class, () -> other.publish(0));
        }
    }

    @Test
    void framesAreClosedOnce() throws Exception {
        try (FrameServer server = FrameServer.open(name, FORMAT);
                FrameClient client = FrameClient.connect(name)) {
            publish(server);
            Frame frame = TestFrames.receive(client);
            publish(server); // so that it is not the newest any more
            assertEquals(2, server.statistics().clients().get(0).held());
            CompletableFuture<Void> other = CompletableFuture.runAsync(frame::close);
            frame.close();
            other.join();
            frame.close();
            assertEquals(0, client.statistics().held());
            assertEquals(1, server.statistics().clients().get(0).held()); // the one that waits
            assertThrows(IllegalStateException.class, frame::surface);
        }
    }

    /** Issue 11, B15: in whichever order lock, frame, client and server are closed, each is, and none objects. */
    @Test
    void anyOrderOfClosingClosesAll() throws Exception {
        long before = SharedDescriptors.count();
        for (int order = 0; order < 24; order++) {
            FrameServer server = FrameServer.open(name, FORMAT);
            FrameClient client = FrameClient.connect(name);
            publish(server);
            Frame frame = TestFrames.receive(client);
            List<AutoCloseable> open = new ArrayList<>(List.of(frame.lock(), frame, client, server));
            for (int left = 4, choice = order; left > 0; choice /= left, left--) {
                open.remove(choice % left).close();
            }
            FrameServer.open(name, FORMAT).close(); // the name is free
        }
        SharedDescriptors.requireAtMost(before);
    }

    @Test
    void forgottenFramesAndClientsAreClosedByTheCollector() throws Exception {
        long leaked = LeakDetector.leaked();
        Logger reports = Logger.getLogger(LeakDetector.class.getName());
        reports.setLevel(Level.OFF); // they are what is wanted here
        try (FrameServer server = FrameServer.open(name, FORMAT)) {
            forget(server);
            assertEquals(0, ProcessResources.collectUntil(() -> TestFrames.clients(server), 0));
            assertEquals(0, ProcessResources.collectUntil(() -> LeakDetector.leaked() - leaked < 5 ? 1 : 0, 0));
        } finally {
            reports.setLevel(null);
        }
        assertTrue(LeakDetector.leaked() >= leaked + 5);
    }

    @Test
    void aClosedClientLeavesNothingInMemory() throws Exception {
        try (FrameServer server = FrameServer.open(name, FORMAT)) {
            publish(server);
            WeakReference<Object> closed = receiveOnce();
            assertEquals(0, ProcessResources.collectUntil(() -> closed.get() == null ? 0 : 1, 0));
        }
    }

    private WeakReference<Object> receiveOnce() throws Exception {
        try (FrameClient client = FrameClient.connect(name)) {
            TestFrames.receive(client).close();
            return new WeakReference<>(client.feed());
        }
    }

    private void forget(FrameServer server) throws Exception {
        FrameClient client = FrameClient.builder(name).maxAcquired(4).connect();
        for (int i = 0; i < 4; i++) {
            publish(server);
            Frame forgotten = TestFrames.receive(client);
            assertEquals(i, forgotten.sequence());
        }
        assertEquals(4, server.statistics().clients().get(0).held());
    }

    @Test
    void anInterruptEndsTheWaitForAFrameAndForASurface() throws Exception {
        try (FrameServer server = FrameServer.open(name, FORMAT);
                FrameClient client = FrameClient.connect(name)) {
            Thread.currentThread().interrupt();
            assertThrows(InterruptedException.class, () -> client.tryReceive(LONG));
            assertFalse(Thread.currentThread().isInterrupted());
            Thread receiver = Thread.currentThread();
            Thread later = new Thread(receiver::interrupt);
            later.start();
            assertThrows(InterruptedException.class, client::receive);
            later.join();
            List<FrameDraft> drafts = new ArrayList<>();
            for (FrameDraft draft = server.tryAcquire(); draft != null; draft = server.tryAcquire()) {
                drafts.add(draft);
            }
            Thread.currentThread().interrupt();
            assertThrows(InterruptedException.class, server::acquire);
            assertFalse(Thread.currentThread().isInterrupted());
            drafts.forEach(FrameDraft::close);
        }
    }

    /** Issue 11, B11: the interrupt is kept for whoever waits next, and changes nothing else. */
    @Test
    void aStreamIsOpenedListedAndClosedByAnInterruptedThread() throws Exception {
        Thread.currentThread().interrupt();
        try (FrameServer server = FrameServer.open(name, FORMAT)) {
            assertTrue(StreamDirectory.list().stream()
                    .anyMatch(stream -> stream.name().equals(name)));
            assertTrue(Thread.interrupted());
            try (FrameClient client = FrameClient.connect(name)) {
                publish(server);
                assertEquals(0, receive(client));
            }
        }
    }

    /** Issue 11, B10. */
    @Test
    void aForgottenServerIsClosedByTheCollector() throws Exception {
        Logger reports = Logger.getLogger(LeakDetector.class.getName());
        reports.setLevel(Level.OFF); // they are what is wanted here
        try {
            forgetServer();
            assertEquals(0, ProcessResources.collectUntil(() -> isListed() ? 1 : 0, 0));
        } finally {
            reports.setLevel(null);
        }
        FrameServer.open(name, FORMAT).close(); // the name is free
    }

    private void forgetServer() throws Exception {
        FrameServer forgotten = FrameServer.open(name, FORMAT);
        publish(forgotten);
        assertTrue(isListed());
    }

    private boolean isListed() {
        try {
            return StreamDirectory.list().stream()
                    .anyMatch(stream -> stream.name().equals(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void timeLimitsMayBeHugeButNotNegative() throws Exception {
        Duration huge = Duration.ofSeconds(Long.MAX_VALUE);
        try (FrameServer server = FrameServer.open(name, FORMAT);
                FrameClient client = FrameClient.connect(name)) {
            Objects.requireNonNull(server.tryAcquire(huge)).publish(0);
            Objects.requireNonNull(client.tryReceive(huge)).close();
            assertThrows(IllegalArgumentException.class, () -> client.tryReceive(Duration.ofNanos(-1)));
            assertThrows(IllegalArgumentException.class, () -> server.tryAcquire(Duration.ofNanos(-1)));
            assertNull(client.tryReceive(Duration.ofNanos(1)));
        }
    }

    private static void publish(FrameServer server) throws Exception {
        try (FrameDraft draft = server.acquire()) {
            draft.publish(0);
        }
    }

    private static long receive(FrameClient client) throws Exception {
        try (Frame frame = Objects.requireNonNull(client.tryReceive(LONG), () -> "ended: " + client.end())) {
            return frame.sequence();
        }
    }
}
