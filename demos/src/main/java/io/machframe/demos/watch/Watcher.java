/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.watch;

import io.machframe.core.error.DeadPortException;
import io.machframe.core.error.KernReturn;
import io.machframe.demos.process.ProcessorTime;
import io.machframe.demos.process.StopSignal;
import io.machframe.surface.convert.PngFile;
import io.machframe.surface.ffmpeg.SurfacePixels;
import io.machframe.surface.stream.Frame;
import io.machframe.surface.stream.FrameClient;
import io.machframe.surface.stream.StreamEnd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Receives frames, measures how they come, checks them if told to, and keeps the last one. */
final class Watcher implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofMillis(200);
    private static final int DIGITS = 3;

    private final FrameClient client;
    private final @Nullable Verifier verifier;
    private final Histogram handOff = new Histogram(DIGITS);
    private final Map<Integer, Long> framesBySurface = new HashMap<>();
    private final ProcessorTime processor = new ProcessorTime();
    private @Nullable Frame last;

    /** The client and the verifier stay the caller's. */
    Watcher(FrameClient client, @Nullable Verifier verifier) {
        this.client = client;
        this.verifier = verifier;
    }

    /**
     * Receives until the stream ends, the signal is raised, or there were enough frames.
     *
     * @param most how many are enough
     * @param progress is called now and then
     * @throws DeadPortException if the publisher died
     * @throws InterruptedException if this thread is interrupted
     * @throws MismatchException if a frame is not right
     */
    void watch(long most, StopSignal stop, Runnable progress) throws IOException, InterruptedException {
        processor.restart();
        while (!stop.isRaised() && client.end().isEmpty() && client.statistics().received() < most) {
            Frame frame = client.tryReceive(TIMEOUT);
            if (frame != null) {
                take(frame);
            }
            progress.run();
        }
        if (client.end().filter(end -> end != StreamEnd.ENDED).isPresent()) {
            throw new DeadPortException(
                    "mach_msg",
                    new KernReturn(KernReturn.MACH_SEND_INVALID_DEST),
                    "the stream \"" + client.name() + "\" broke off: its publisher died");
        }
    }

    /** Returns what was received so far. */
    WatchFigures figures() {
        return new WatchFigures(
                client.statistics().received(),
                client.statistics().skipped(),
                verifier == null ? 0 : verifier.verified(),
                processor.nanos(),
                new HandOff(handOff.getValueAtPercentile(50), handOff.getValueAtPercentile(99), handOff.getMaxValue()),
                Map.copyOf(framesBySurface));
    }

    /**
     * Writes the last frame received as a PNG file.
     *
     * @return false if there was none
     */
    boolean writeLast(Path png) throws IOException {
        Frame frame = last;
        if (frame == null) {
            return false;
        }
        Files.createDirectories(png.toAbsolutePath().resolveSibling(""));
        try (SurfacePixels pixels = SurfacePixels.open()) {
            int[] shown = pixels.read(frame);
            PngFile.write(shown, pixels.width(), pixels.isTransparent(), png);
        }
        return true;
    }

    /** Gives the last frame back. */
    @Override
    public void close() {
        if (last != null) {
            last.close();
            last = null;
        }
    }

    private void take(Frame frame) throws IOException {
        if (last != null) {
            last.close();
        }
        last = frame;
        handOff.recordValue(Math.max(0, frame.receivedNanos() - frame.publishedNanos()));
        framesBySurface.merge(frame.surface().id(), 1L, Long::sum);
        if (verifier != null) {
            verifier.check(frame);
        }
    }
}
