/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.play;

import io.machframe.demos.publish.PublishFigures;
import io.machframe.demos.watch.WatchFigures;
import io.machframe.surface.ffmpeg.VideoInfo;
import io.machframe.surface.format.PixelFormat;
import java.io.PrintWriter;
import java.util.Locale;

/** Prints the figures of the main job. */
final class JobTable {
    private static final double NANOS_PER_MILLI = 1e6;
    private static final double NANOS_PER_SECOND = 1e9;

    private final PrintWriter out;

    JobTable(PrintWriter out) {
        this.out = out;
    }

    void print(JobResult result, VideoInfo video, PixelFormat format, boolean verified) {
        out.println();
        result.published().ifPresent(figures -> print(figures, video, format));
        result.watched().ifPresent(figures -> print(figures, verified));
        if (result.published().isPresent() && result.watched().isPresent()) {
            printCopied(result, frameBytes(video, format));
        }
        out.flush();
    }

    private void print(PublishFigures figures, VideoInfo video, PixelFormat format) {
        double rate = figures.published() * NANOS_PER_SECOND / Math.max(1, figures.elapsedNanos());
        String size = video.width() + "x" + video.height() + " " + format;
        row("frames published", text("%d (%s, %.1f a second)", figures.published(), size, rate));
        row(
                "CPU per frame, publisher",
                text("%.2f ms (decodes and converts)", perFrame(figures.processorNanos(), figures.published())));
    }

    private void print(WatchFigures figures, boolean verified) {
        String work = verified ? "receives; decodes, too, and compares" : "receives";
        row(
                "CPU per frame, watcher",
                text("%.2f ms (%s)", perFrame(figures.processorNanos(), figures.received()), work));
        row("frames received", text("%d", figures.received()));
        row("frames skipped", text("%d", figures.skipped()));
        if (verified) {
            row("frames verified", text("%d, every pixel, against a second decoding", figures.verified()));
        }
        row("hand-off latency", figures.handOff().toString());
    }

    private void printCopied(JobResult result, long frameBytes) {
        long bytes = result.bytesCopied(frameBytes);
        int surfaces = result.published().orElseThrow().surfaces().size();
        row(
                "bytes copied between processes",
                bytes == 0
                        ? text("0 (every frame was read in the surface, one of %d, that it was drawn into)", surfaces)
                        : text("%d", bytes));
    }

    private void row(String name, String value) {
        out.printf(Locale.ROOT, "  %-32s %s%n", name, value);
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    private static double perFrame(long nanos, long frames) {
        return nanos / NANOS_PER_MILLI / Math.max(1, frames);
    }

    private static long frameBytes(VideoInfo video, PixelFormat format) {
        long pixels = (long) video.width() * video.height();
        return format.description().orElseThrow().planes().stream()
                .mapToLong(plane ->
                        pixels * plane.bytesPerElement() / (plane.widthDivisor() * (long) plane.heightDivisor()))
                .sum();
    }
}
