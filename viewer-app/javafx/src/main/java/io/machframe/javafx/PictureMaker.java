/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.javafx;

import io.machframe.core.error.MachException;
import io.machframe.surface.Surface;
import io.machframe.surface.SurfaceLock;
import io.machframe.surface.convert.BgraConverter;
import io.machframe.surface.format.AlphaMode;
import io.machframe.surface.format.PixelFormat;
import io.machframe.surface.format.YCbCrMatrix;
import io.machframe.surface.stream.Frame;
import io.machframe.surface.stream.FrameFormat;
import java.io.IOException;
import java.nio.IntBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Makes pictures of the frames of one connection. BGRA frames become pictures where they lie, without a copy, unless
 * their alpha means something else than JavaFX takes it for. Others are converted into memory of the view's own and returned
 * at once; very small frames are copied there.
 *
 * <p>Not thread-safe (confine to one thread); the pictures may be closed on any.
 */
final class PictureMaker {
    /**
     * Up to this number of pixels a frame is copied without its padding. An enlarged picture that ends within its rows
     * must be drawn half a pixel short of the padding, which would be seen where pixels are drawn very large.
     */
    private static final int SMALL = 256 * 256;

    private final int width;
    private final int height;
    private final int thickness;
    private final PixelFormat format;
    private final Map<Surface, BgraConverter> converters = new HashMap<>();
    private final Map<Surface, Boolean> drawableInPlace = new HashMap<>();
    private final Map<Surface, IntBuffer> shared = new HashMap<>();
    private final Queue<IntBuffer> spare = new ConcurrentLinkedQueue<>();

    /**
     * Makes a maker for frames of one size and format.
     *
     * @throws IOException if the view cannot draw that format
     */
    PictureMaker(FrameFormat format) throws IOException {
        width = format.width();
        height = format.height();
        // JavaFX lets a picture that is one pixel wide or high fade into the background, so such pixels are doubled.
        thickness = Math.min(width, height) == 1 ? 2 : 1;
        this.format = format.pixelFormat();
        if (!BgraConverter.supports(this.format)) {
            throw new IOException("its frames are '" + this.format + "', which this view cannot draw");
        }
    }

    /** Returns the picture of a frame, and owns the frame from now on. */
    Picture pictureOf(Frame frame) {
        if (thickness == 1
                && (long) width * height > SMALL
                && drawableInPlace.computeIfAbsent(frame.surface(), this::isDrawableInPlace)) {
            return inPlace(frame);
        }
        try (frame;
                SurfaceLock lock = frame.lock()) {
            return copied(frame.surface(), lock);
        }
    }

    private boolean isDrawableInPlace(Surface surface) {
        return format.equals(PixelFormat.BGRA) && alphaOf(surface) == AlphaMode.PREMULTIPLIED;
    }

    private Picture inPlace(Frame frame) {
        Surface surface = frame.surface();
        SurfaceLock lock = lock(frame);
        IntBuffer pixels =
                shared.computeIfAbsent(surface, key -> lock.plane(0).bytes().asIntBuffer());
        return new Picture(this, pixels, pixelsPerRow(surface), width, height, 1, () -> {
            lock.close();
            frame.close();
        });
    }

    private static SurfaceLock lock(Frame frame) {
        try {
            return frame.lock();
        } catch (RuntimeException e) {
            frame.close();
            throw e;
        }
    }

    private Picture copied(Surface surface, SurfaceLock lock) {
        IntBuffer unused = spare.poll();
        IntBuffer pixels = unused == null ? IntBuffer.allocate(width * height * thickness * thickness) : unused;
        if (thickness == 1) {
            draw(surface, lock, pixels.array());
        } else {
            int[] thin = new int[width * height];
            draw(surface, lock, thin);
            thicken(thin, pixels.array());
        }
        int drawnWidth = thickness * width;
        return new Picture(
                this, pixels, drawnWidth, drawnWidth, thickness * height, thickness, () -> spare.add(pixels));
    }

    private void draw(Surface surface, SurfaceLock lock, int[] pixels) {
        converters
                .computeIfAbsent(surface, key -> BgraConverter.of(format, matrixOf(key), alphaOf(key)))
                .convert(lock.planes(), pixels, width);
    }

    private static YCbCrMatrix matrixOf(Surface surface) {
        try {
            return surface.attachments().yCbCrMatrix();
        } catch (MachException e) {
            return YCbCrMatrix.ofHeight(surface.height()); // a picture in slightly other colours is better than none
        }
    }

    private static AlphaMode alphaOf(Surface surface) {
        try {
            return surface.attachments().alphaMode();
        } catch (MachException e) {
            return AlphaMode.PREMULTIPLIED;
        }
    }

    private void thicken(int[] thin, int[] thick) {
        int thickWidth = thickness * width;
        for (int i = 0; i < thick.length; i++) {
            thick[i] = thin[i / thickWidth / thickness * width + i % thickWidth / thickness];
        }
    }

    private static int pixelsPerRow(Surface surface) {
        return surface.plane(0).bytesPerRow() / Integer.BYTES;
    }
}
