/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.publish;

import static io.machframe.core.testing.Eventually.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.machframe.core.error.MachException;
import io.machframe.demos.process.StopSignal;
import io.machframe.surface.ffmpeg.ClipMaker;
import io.machframe.surface.ffmpeg.ClipSpec;
import io.machframe.surface.ffmpeg.VideoDecoder;
import io.machframe.surface.format.PixelFormat;
import io.machframe.surface.property.YCbCrMatrix;
import io.machframe.surface.stream.Frame;
import io.machframe.surface.stream.FrameClient;
import io.machframe.surface.stream.FrameFormat;
import io.machframe.surface.stream.FrameServer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class PublisherTest {
    private static final int SIZE = 64;
    private static final int MOST_BYTES = 2048;

    @TempDir
    private Path directory;

    @Test
    void framesArePublishedNoEarlierThanTheirTimes() throws Exception {
        try (StopSignal stop = StopSignal.install();
                VideoDecoder film = VideoDecoder.open(clip(11, 50));
                FrameServer server = server()) {
            Publisher publisher = new Publisher(film, server, false);
            publisher.play(stop);
            PublishFigures figures = publisher.figures();
            assertEquals(11, figures.published());
            assertEquals(11, server.statistics().published());
            assertTrue(figures.elapsedNanos() >= 11 * 20_000_000L, figures.toString());
            assertTrue(figures.processorNanos() > 0, figures.toString());
            assertTrue(figures.surfaces().size() >= 2, figures.toString());
            assertEquals(figures, PublishFigures.of(figures.report()));
        }
    }

    @Test
    void everySurfaceTellsItsMatrix() throws Exception {
        try (StopSignal stop = StopSignal.install();
                VideoDecoder film = VideoDecoder.open(clip(5, 50));
                FrameServer server = server();
                FrameClient client = FrameClient.connect(server.name())) {
            new Publisher(film, server, false).play(stop);
            try (Frame frame = Objects.requireNonNull(client.tryReceive(Duration.ofSeconds(30)))) {
                assertEquals(
                        Optional.of("ITU_R_601_4"),
                        frame.surface().attachments().find(YCbCrMatrix.KEY));
            }
        }
    }

    @Test
    void theSignalEndsALoop() throws Exception {
        try (StopSignal stop = StopSignal.install();
                VideoDecoder film = VideoDecoder.open(clip(2, 50));
                FrameServer server = server()) {
            Publisher publisher = new Publisher(film, server, true);
            CompletableFuture<Void> playing = CompletableFuture.runAsync(() -> play(publisher, stop));
            await("the loop begins again", () -> server.statistics().published() >= 7);
            stop.raise();
            playing.get();
        }
    }

    @Test
    void aFrameCostsLittleGarbage() throws Exception {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (StopSignal stop = StopSignal.install();
                VideoDecoder film = VideoDecoder.open(clip(1000, 1000));
                VideoDecoder again = VideoDecoder.open(clip(1000, 1000));
                FrameServer server = server()) {
            CompletableFuture<Void> draining = CompletableFuture.runAsync(PublisherTest::drain);
            new Publisher(film, server, false).play(stop);
            long before = threads.getCurrentThreadAllocatedBytes();
            new Publisher(again, server, false).play(stop);
            long perFrame = (threads.getCurrentThreadAllocatedBytes() - before) / 1000;
            assertTrue(perFrame <= MOST_BYTES, perFrame + " bytes for a frame");
            server.close();
            draining.get();
        }
    }

    private static FrameServer server() throws MachException {
        return FrameServer.open("publisher-test", FrameFormat.of(SIZE, SIZE, PixelFormat.NV12_VIDEO));
    }

    private static void play(Publisher publisher, StopSignal stop) {
        try {
            publisher.play(stop);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void drain() {
        try (FrameClient client = FrameClient.connect("publisher-test")) {
            while (client.end().isEmpty()) {
                try (Frame frame = client.receive()) {
                    if (frame == null) {
                        return; // the test is done
                    }
                }
            }
        } catch (MachException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private Path clip(int frames, int frameRate) throws IOException {
        Path clip = directory.resolve(frames + "-" + frameRate);
        ClipMaker.makeOnce(clip, ClipSpec.lossless(SIZE, SIZE, frames, frameRate), done -> {});
        return clip;
    }
}
