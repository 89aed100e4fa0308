/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.renderer;

import io.machframe.core.error.MachException;
import io.machframe.demos.process.Report;
import io.machframe.demos.process.StopSignal;
import io.machframe.surface.LockOption;
import io.machframe.surface.SurfaceLock;
import io.machframe.surface.convert.BgraConverter;
import io.machframe.surface.convert.PngFile;
import io.machframe.surface.stream.Frame;
import io.machframe.surface.stream.FrameClient;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Receives what the renderer draws, without a window; may kill it half-way. */
final class HeadlessRun {
    private static final Duration INTERVAL = Duration.ofMillis(100);
    private static final double NANOS_PER_MILLISECOND = 1e6;

    private final RendererProcess renderer;
    private final FrameClient client;
    private long received;
    private long nanos;
    private int @Nullable [] picture;
    private int pictureWidth;

    HeadlessRun(RendererProcess renderer, FrameClient client) {
        this.renderer = renderer;
        this.client = client;
    }

    /**
     * Receives some frames.
     *
     * @param kill whether to kill the renderer after half of them; another one then goes on
     * @param png where to write the last frame, null for nowhere
     */
    void receive(long frames, boolean kill, @Nullable Path png, StopSignal stop)
            throws MachException, IOException, InterruptedException {
        boolean toKill = kill;
        while (received < frames && !stop.isRaised()) {
            Optional<String> failure = renderer.failure();
            if (failure.isPresent()) {
                throw new IOException(failure.get());
            }
            try (Frame frame = client.tryReceive(INTERVAL)) {
                if (frame != null) {
                    take(frame, png != null && received + 1 == frames);
                }
            }
            if (toKill && received >= frames / 2) {
                renderer.kill();
                toKill = false;
            }
        }
        if (png != null && picture != null) {
            PngFile.write(picture, pictureWidth, false, png);
        }
    }

    private void take(Frame frame, boolean keep) throws IOException {
        received++;
        nanos += frame.receivedNanos() - frame.publishedNanos();
        if (keep) {
            pictureWidth = frame.format().width();
            int[] pixels = new int[pictureWidth * frame.format().height()];
            try (SurfaceLock lock = frame.surface().lock(LockOption.READ_ONLY)) {
                BgraConverter.of(frame.surface()).convert(lock.planes(), pixels, pictureWidth);
            } catch (MachException e) {
                throw new IOException(e);
            }
            picture = pixels;
        }
    }

    /** Prints a table of what was done. */
    void tell(PrintWriter out, @Nullable Report drawn) {
        row(out, "frames received", received + ", " + client.statistics().skipped() + " skipped");
        row(out, "published to received", milliseconds(nanos, received));
        row(out, "renderers", Integer.toString(renderer.started()));
        if (drawn != null) {
            row(out, "the last one drew", drawn.number("frames") + " frames");
            row(out, "to draw and publish one", milliseconds(drawn.number("nanos"), drawn.number("frames")));
            row(out, "drawn by", drawn.text("renderer").replace('_', ' '));
            row(out, "into the surface by", drawn.text("path"));
        }
        out.flush();
    }

    private static String milliseconds(long total, long count) {
        return count == 0 ? "-" : String.format(Locale.ROOT, "%.3f ms", total / NANOS_PER_MILLISECOND / count);
    }

    private static void row(PrintWriter out, String what, String value) {
        out.printf("%-26s%s%n", what, value);
    }
}
