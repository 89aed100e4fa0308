/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.javafx;

import io.machframe.surface.Surface;
import io.machframe.surface.SurfaceLock;
import io.machframe.surface.convert.BgraConverter;
import io.machframe.surface.format.PixelFormat;
import io.machframe.surface.property.AlphaMode;
import io.machframe.surface.property.FrameColor;
import io.machframe.surface.property.Orientation;
import io.machframe.surface.stream.Frame;
import io.machframe.surface.stream.FrameArea;
import io.machframe.surface.stream.FrameFormat;
import io.machframe.surface.stream.FrameInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Makes pictures of the frames of one connection, as each frame says that it is to be shown. BGRA frames become pictures
 * where they lie, without a copy, unless JavaFX would take their alpha for something else than it means, or only a part of
 * them is to be seen. Others are converted into memory of the view's own and returned at once; very small frames are copied there.
 *
 * <p>Not thread-safe (confine to one thread); the pictures may be closed on any.
 */
final class PictureMaker {
    /**
     * Up to this number of pixels a frame is copied without its padding. An enlarged picture that ends within its rows
     * must be drawn half a pixel short of the padding, which would be seen where pixels are drawn very large.
     */
    private static final int SMALL = 256 * 256;

    /** The alpha of two pixels, and all of the second one, as a little-endian number. */
    private static final long TWO_OPAQUE = 0xff000000_ff000000L;

    private static final long SECOND = 0xffffffff_00000000L;

    /** What pictures have in common that a view lays out and draws alike; the object is their series. */
    private record Look(FrameArea area, Orientation orientation) {}

    /** Memory that frames lie in, as JavaFX has it and as it is looked through. */
    private record Shared(IntBuffer pixels, LongBuffer pairs) {}

    /** What a converter was made for. */
    private record Meaning(FrameColor color, AlphaMode alpha) {}

    private final int width;
    private final int height;
    private final PixelFormat format;
    private final Map<Surface, Shared> shared = new HashMap<>();
    private final Queue<IntBuffer> spare = new ConcurrentLinkedQueue<>();
    private Look look = new Look(new FrameArea(0, 0, 1, 1), Orientation.UP);
    private @Nullable Meaning converted;
    private @Nullable BgraConverter converter;
    private int[] scratch = {};

    /**
     * Makes a maker for frames of one size and format.
     *
     * @throws IOException if the view cannot draw that format
     */
    PictureMaker(FrameFormat format) throws IOException {
        width = format.width();
        height = format.height();
        this.format = format.pixelFormat();
        if (!BgraConverter.supports(this.format)) {
            throw new IOException("its frames are '" + this.format + "', which this view cannot draw");
        }
    }

    /**
     * Returns the picture of a frame, and owns the frame from now on.
     *
     * @throws IllegalArgumentException if its colours cannot be converted
     */
    Picture pictureOf(Frame frame) {
        FrameInfo info = frame.info();
        FrameArea area = info.visible(width, height);
        boolean whole = area.width() == width && area.height() == height;
        if (!look.equals(new Look(area, info.orientation()))) {
            look = new Look(area, info.orientation());
            spare.clear();
        }
        SurfaceLock lock = lock(frame);
        if (format.equals(PixelFormat.BGRA)
                && whole
                && thickness(area) == 1
                && (long) width * height > SMALL
                && isDrawnRight(frame.surface(), lock, info.alpha())) {
            return inPlace(frame, lock);
        }
        try (frame;
                lock) {
            return copied(lock, info);
        }
    }

    /**
     * JavaFX takes alpha for premultiplied. Where it means nothing, it most often is 255 everywhere: to look takes 0.3 ms for
     * 1920x1080, and writes nothing.
     */
    private boolean isDrawnRight(Surface surface, SurfaceLock lock, AlphaMode alpha) {
        return switch (alpha) {
            case PREMULTIPLIED -> true;
            case STRAIGHT -> false;
            case NONE ->
                isOpaque(shared(surface, lock).pairs(), surface.plane(0).bytesPerRow() / Long.BYTES);
        };
    }

    private boolean isOpaque(LongBuffer pairs, int pairsPerRow) {
        for (int row = 0; row < height; row++) {
            int at = row * pairsPerRow;
            long all = TWO_OPAQUE;
            for (int i = at; i < at + width / 2; i++) {
                all &= pairs.get(i);
            }
            if (width % 2 != 0) {
                all &= pairs.get(at + width / 2) | SECOND; // which is padding
            }
            if ((all & TWO_OPAQUE) != TWO_OPAQUE) {
                return false;
            }
        }
        return true;
    }

    private Shared shared(Surface surface, SurfaceLock lock) {
        return shared.computeIfAbsent(surface, key -> {
            ByteBuffer bytes = lock.plane(0).bytes();
            return new Shared(bytes.asIntBuffer(), bytes.asLongBuffer());
        });
    }

    /** JavaFX lets a picture that is one pixel wide or high fade into the background, so such pixels are doubled. */
    private static int thickness(FrameArea area) {
        return Math.min(area.width(), area.height()) == 1 ? 2 : 1;
    }

    private Picture inPlace(Frame frame, SurfaceLock lock) {
        IntBuffer pixels = shared(frame.surface(), lock).pixels();
        int pixelsPerRow = frame.surface().plane(0).bytesPerRow() / Integer.BYTES;
        return new Picture(look, pixels, pixelsPerRow, width, height, 1, look.orientation(), () -> {
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

    private Picture copied(SurfaceLock lock, FrameInfo info) {
        FrameArea area = look.area();
        int thickness = thickness(area);
        int drawnWidth = thickness * area.width();
        int drawnHeight = thickness * area.height();
        IntBuffer unused = spare.poll();
        IntBuffer pixels = unused != null && unused.capacity() == drawnWidth * drawnHeight
                ? unused
                : IntBuffer.allocate(drawnWidth * drawnHeight);
        if (drawnWidth == width && drawnHeight == height) {
            converter(info).convert(lock.planes(), pixels.array(), width);
        } else {
            cut(lock, info, area, thickness, pixels.array());
        }
        return new Picture(
                look,
                pixels,
                drawnWidth,
                drawnWidth,
                drawnHeight,
                thickness,
                look.orientation(),
                () -> spare.add(pixels));
    }

    private BgraConverter converter(FrameInfo info) {
        Meaning meaning = new Meaning(info.color(), info.alpha());
        BgraConverter made = converter;
        if (made == null || !meaning.equals(converted)) {
            made = BgraConverter.of(format, info.color().yCbCrMatrix(height), info.alpha());
            converter = made;
            converted = meaning;
        }
        return made;
    }

    /** Converts the rows of an area and copies it out, each pixel that many times wide and high. */
    private void cut(SurfaceLock lock, FrameInfo info, FrameArea area, int thickness, int[] into) {
        if (scratch.length != width * area.height()) {
            scratch = new int[width * area.height()];
        }
        converter(info).convert(lock.planes(), area.y(), area.y() + area.height(), scratch, 0, width);
        int drawnWidth = thickness * area.width();
        for (int i = 0; i < into.length; i++) {
            into[i] = scratch[i / drawnWidth / thickness * width + area.x() + i % drawnWidth / thickness];
        }
    }
}
