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
import org.jspecify.annotations.Nullable;

/**
 * Makes pictures of the frames of one connection. BGRA frames become pictures where they lie, without a copy. NV12
 * frames are converted into memory of the viewer's own and given back at once.
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
        private final int width;
        private final int height;
        private final String format;
        private final IdentityHashMap<Object, IntBuffer> shared = new IdentityHashMap<>();
        private final Queue<IntBuffer> spare = new ConcurrentLinkedQueue<>();
        private @Nullable PixelConverter converter;

        Series(ReceivedFrame frame) {
            width = frame.width();
            height = frame.height();
            format = frame.format();
        }

        boolean fits(ReceivedFrame frame) {
            return width == frame.width() && height == frame.height() && format.equals(frame.format());
        }

        Picture pictureOf(ReceivedFrame frame) throws IOException {
            return switch (format) {
                case "BGRA" -> inPlace(frame);
                case "420v" -> converted(frame, YuvRange.VIDEO);
                case "420f" -> converted(frame, YuvRange.FULL);
                default -> throw new IOException("frames are '" + format + "', which this viewer cannot draw");
            };
        }

        private Picture inPlace(ReceivedFrame frame) throws IOException {
            int bytesPerRow = frame.bytesPerRow(0);
            if (bytesPerRow % Integer.BYTES != 0) {
                throw new IOException("rows of " + bytesPerRow + " bytes do not hold whole pixels");
            }
            IntBuffer pixels = shared.computeIfAbsent(
                    frame.memory(),
                    memory -> frame.plane(0).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer());
            return new Picture(this, pixels, bytesPerRow / Integer.BYTES, width, height, frame::close);
        }

        private Picture converted(ReceivedFrame frame, YuvRange range) {
            if (converter == null) {
                converter = new PixelConverter(YuvMatrix.forHeight(height), range);
            }
            IntBuffer pixels = spare.poll();
            if (pixels == null) {
                pixels = IntBuffer.allocate(width * height);
            }
            converter.convert(
                    width,
                    height,
                    frame.plane(0),
                    frame.bytesPerRow(0),
                    frame.plane(1),
                    frame.bytesPerRow(1),
                    pixels.array(),
                    width);
            frame.close();
            IntBuffer used = pixels;
            return new Picture(this, used, width, width, height, () -> spare.add(used));
        }
    }
}
