/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.watch;

import io.machframe.surface.IOSurface;
import io.machframe.surface.Surface;
import io.machframe.surface.ffmpeg.SurfacePixels;
import io.machframe.surface.ffmpeg.VideoDecoder;
import io.machframe.surface.format.PixelFormat;
import io.machframe.surface.layout.SurfaceProperties;
import io.machframe.surface.property.AlphaMode;
import io.machframe.surface.stream.Frame;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Checks received frames, pixel by pixel, against a decoding of the same file of its own. What is compared is what a viewer
 * shows of both: the pixels by the colours that each says it has. Which picture a frame must be follows from its number in the
 * stream.
 */
final class Verifier implements AutoCloseable {
    private final Path file;
    private final VideoDecoder film;
    private final SurfacePixels expectedPixels = SurfacePixels.open();
    private final SurfacePixels receivedPixels = SurfacePixels.open();

    private IOSurface expected;
    private long position = -1;
    private long verified;

    private Verifier(Path file, VideoDecoder film) throws IOException {
        this.file = file;
        this.film = film;
        this.expected = surface(film.info().width(), film.info().height(), PixelFormat.BGRA);
    }

    static Verifier open(Path file) throws IOException {
        VideoDecoder film = VideoDecoder.open(file);
        try {
            Verifier verifier = new Verifier(file, film);
            verifier.prepare();
            return verifier;
        } catch (IOException | RuntimeException e) {
            film.close();
            throw e;
        }
    }

    /**
     * Checks one frame; later calls must be of later frames.
     *
     * @throws MismatchException if it is not what the file has at that place
     */
    void check(Frame frame) throws IOException {
        long sequence = frame.sequence();
        advanceTo(sequence);
        film.keepAlpha(frame.info().alpha() != AlphaMode.NONE);
        film.draw(surfaceLike(frame.surface()));
        int[] wanted = expectedPixels.read(expected);
        int[] got = receivedPixels.read(frame);
        int differing = Arrays.mismatch(wanted, got);
        if (differing >= 0) {
            int width = receivedPixels.width();
            throw new MismatchException(String.format(
                    "frame %d is not that of %s: the pixel at %d,%d is %08x, expected %08x",
                    sequence, file, differing % width, differing / width, got[differing], wanted[differing]));
        }
        verified++;
    }

    /** Returns how many frames were found to be right. */
    long verified() {
        return verified;
    }

    @Override
    public void close() {
        expected.close();
        expectedPixels.close();
        receivedPixels.close();
        film.close();
    }

    /** Does all of it once: the first time takes long, and frames that come in the meantime would be missed. */
    private void prepare() throws IOException {
        advanceTo(0);
        film.draw(expected);
        expectedPixels.read(expected);
    }

    private IOSurface surfaceLike(Surface received) throws IOException {
        if (expected.width() != received.width()
                || expected.height() != received.height()
                || !expected.pixelFormat().equals(received.pixelFormat())) {
            expected.close();
            expected = surface(received.width(), received.height(), received.pixelFormat());
        }
        return expected;
    }

    private static IOSurface surface(int width, int height, PixelFormat format) throws IOException {
        return IOSurface.create(SurfaceProperties.of(width, height, format));
    }

    /** A publisher that plays its file again goes on counting. */
    private void advanceTo(long sequence) throws IOException {
        while (position < sequence) {
            if (!film.next()) {
                film.rewind();
                continue;
            }
            position++;
        }
    }
}
