/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.viewer.model;

import io.machframe.viewer.pixel.PixelConverter;
import io.machframe.viewer.pixel.YuvMatrix;
import io.machframe.viewer.pixel.YuvRange;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.util.IdentityHashMap;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes pictures of the frames of one connection. BGRA frames become pictures where they lie, without a copy. NV12
 * frames are converted into memory of the viewer's own and given back at once; very small frames are copied there.
 *
 * <p>Used by one thread; the pictures may be closed on any.
 */
final class PictureMaker {
    private @Nullable Series series;

    /**
     * Returns the picture of a frame, and owns the frame from now on.
     *
     * @throws IOException if the viewer cannot draw frames of its format
     */
    Picture pictureOf(ReceivedFrame frame) throws IOException {
        Series current = series;
        if (current == null || !current.fits(frame)) {
            current = new Series(frame);
            series = current;
        }
        try {
            return current.pictureOf(frame);
        } catch (IOException | RuntimeException e) {
            frame.close();
            throw e;
        }
    }

    /** The frames of one size and format, and the memory that they lie in. */
    private static final class Series {
        /**
         * Up to this number of pixels a frame is copied without its padding. An enlarged picture that ends within its
         * rows must be drawn half a pixel short of the padding, which would be seen where pixels are drawn very large.
         */
        private static final int SMALL = 256 * 256;

        private final int width;
        private final int height;
        private final String format;
        private final int thickness;
        private final IdentityHashMap<Object, IntBuffer> shared = new IdentityHashMap<>();
        private final Queue<IntBuffer> spare = new ConcurrentLinkedQueue<>();
        private @Nullable PixelConverter converter;

        Series(ReceivedFrame frame) {
            width = frame.width();
            height = frame.height();
            format = frame.format();
            // JavaFX lets a picture that is one pixel wide or high fade into the background, so such pixels are
            // doubled.
            thickness = Math.min(width, height) == 1 ? 2 : 1;
        }

        boolean fits(ReceivedFrame frame) {
            return width == frame.width() && height == frame.height() && format.equals(frame.format());
        }

        Picture pictureOf(ReceivedFrame frame) throws IOException {
            return switch (format) {
                case "BGRA" -> pixelsOf(frame);
                case "420v" -> converted(frame, YuvRange.VIDEO);
                case "420f" -> converted(frame, YuvRange.FULL);
                default -> throw new IOException("frames are '" + format + "', which this viewer cannot draw");
            };
        }

        private Picture pixelsOf(ReceivedFrame frame) throws IOException {
            int bytesPerRow = frame.bytesPerRow(0);
            if (bytesPerRow % Integer.BYTES != 0) {
                throw new IOException("rows of " + bytesPerRow + " bytes do not hold whole pixels");
            }
            IntBuffer pixels = shared.computeIfAbsent(
                    frame.memory(),
                    memory -> frame.plane(0).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer());
            int pixelsPerRow = bytesPerRow / Integer.BYTES;
            if ((long) width * height > SMALL && thickness == 1) {
                return new Picture(this, pixels, pixelsPerRow, width, height, frame::close);
            }
            return drawn(frame, drawing -> {
                for (int row = 0; row < height; row++) {
                    pixels.get(row * pixelsPerRow, drawing, row * width, width);
                }
            });
        }

        private Picture converted(ReceivedFrame frame, YuvRange range) {
            if (converter == null) {
                converter = new PixelConverter(YuvMatrix.forHeight(height), range);
            }
            PixelConverter nv12 = converter;
            return drawn(
                    frame,
                    drawing -> nv12.convert(
                            width,
                            height,
                            frame.plane(0),
                            frame.bytesPerRow(0),
                            frame.plane(1),
                            frame.bytesPerRow(1),
                            drawing,
                            width));
        }

        /** Draws a frame into memory of our own and gives it back. */
        private Picture drawn(ReceivedFrame frame, Consumer<int[]> draw) {
            IntBuffer unused = spare.poll();
            IntBuffer pixels = unused == null ? IntBuffer.allocate(width * height * thickness * thickness) : unused;
            if (thickness == 1) {
                draw.accept(pixels.array());
            } else {
                int[] thin = new int[width * height];
                draw.accept(thin);
                thicken(thin, pixels.array());
            }
            frame.close();
            int drawnWidth = thickness * width;
            return new Picture(this, pixels, drawnWidth, drawnWidth, thickness * height, () -> spare.add(pixels));
        }

        private void thicken(int[] thin, int[] thick) {
            int thickWidth = thickness * width;
            for (int i = 0; i < thick.length; i++) {
                thick[i] = thin[i / thickWidth / thickness * width + i % thickWidth / thickness];
            }
        }
    }
}
