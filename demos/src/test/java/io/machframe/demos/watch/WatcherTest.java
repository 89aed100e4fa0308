/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.machframe.core.error.MachException;
import io.machframe.demos.process.StopSignal;
import io.machframe.surface.format.PixelFormat;
import io.machframe.surface.stream.FrameClient;
import io.machframe.surface.stream.FrameDraft;
import io.machframe.surface.stream.FrameFormat;
import io.machframe.surface.stream.FrameServer;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class WatcherTest {
    private static final String NAME = "watcher-test";
    private static final int MOST_BYTES = 2048;

    @Test
    void theFiguresTellWhatCame() throws Exception {
        try (StopSignal stop = StopSignal.install();
                FrameServer server = server();
                FrameClient client = FrameClient.connect(NAME);
                Watcher watcher = new Watcher(client, null)) {
            for (int i = 0; i < 3; i++) {
                publish(server);
                watcher.watch(i + 1, stop, () -> {});
            }
            publish(server);
            publish(server);
            watcher.watch(4, stop, () -> {});
            WatchFigures figures = watcher.figures();
            assertEquals(4, figures.received());
            assertEquals(1, figures.skipped());
            assertEquals(0, figures.verified());
            assertTrue(figures.handOff().medianNanos() > 0);
            assertTrue(figures.handOff().maxNanos() >= figures.handOff().p99Nanos());
            assertEquals(
                    4,
                    figures.framesBySurface().values().stream()
                            .mapToLong(n -> n)
                            .sum());
            assertEquals(figures, WatchFigures.of(figures.report(WatchFigures.TOPIC)));
        }
    }

    @Test
    void withoutAFrameThereIsNoPicture(@TempDir Path directory) throws Exception {
        try (StopSignal stop = StopSignal.install();
                FrameServer server = server();
                FrameClient client = FrameClient.connect(NAME);
                Watcher watcher = new Watcher(client, null)) {
            server.close();
            watcher.watch(1, stop, () -> {});
            assertFalse(watcher.writeLast(directory.resolve("none.png")));
        }
    }

    @Test
    void theSignalEndsTheWait() throws Exception {
        try (StopSignal stop = StopSignal.install();
                FrameServer server = server();
                FrameClient client = FrameClient.connect(NAME);
                Watcher watcher = new Watcher(client, null)) {
            watcher.watch(1, stop, stop::raise);
            assertEquals(0, server.statistics().published());
        }
    }

    @Test
    void aFrameCostsLittleGarbage() throws Exception {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (StopSignal stop = StopSignal.install();
                FrameServer server = server();
                FrameClient client = FrameClient.connect(NAME);
                Watcher watcher = new Watcher(client, null)) {
            CompletableFuture<Void> publishing = CompletableFuture.runAsync(() -> publishUntil(server, stop));
            watcher.watch(1000, stop, () -> {});
            long before = threads.getCurrentThreadAllocatedBytes();
            watcher.watch(2000, stop, () -> {});
            long perFrame = (threads.getCurrentThreadAllocatedBytes() - before) / 1000;
            assertTrue(perFrame <= MOST_BYTES, perFrame + " bytes for a frame");
            stop.raise();
            publishing.get();
        }
    }

    private static FrameServer server() throws MachException {
        return FrameServer.open(NAME, FrameFormat.of(8, 8, PixelFormat.BGRA));
    }

    private static void publish(FrameServer server) throws MachException, InterruptedException {
        try (FrameDraft draft = server.acquire()) {
            draft.publish(0);
        }
    }

    private static void publishUntil(FrameServer server, StopSignal stop) {
        try {
            while (!stop.isRaised()) {
                publish(server);
                LockSupport.parkNanos(500_000);
            }
        } catch (MachException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
