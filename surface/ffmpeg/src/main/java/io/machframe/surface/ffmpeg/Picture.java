/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.ffmpeg;

import java.nio.ByteBuffer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * Pixels in memory: how they lie there, how large the picture is, and the planes. The memory is the caller's, for
 * example that of a locked surface; a picture is a view of it and owns nothing.
 */
public final class Picture {
    /** Rows of pictures made here, and of surfaces, start at multiples of this many bytes. */
    static final int ROW_ALIGNMENT = 64;

    private final PixelLayout layout;
    private final int width;
    private final int height;
    private final ByteBuffer[] planes;
    private final int[] strides;
    private final @Nullable Pointer[] addresses;

    private Picture(PixelLayout layout, int width, int height, ByteBuffer[] planes, int[] strides) {
        this.layout = layout;
        this.width = width;
        this.height = height;
        this.planes = planes;
        this.strides = strides;
        this.addresses = new Pointer[planes.length];
    }

    /**
     * Returns a picture of one plane whose rows start {@code stride} bytes apart.
     *
     * @param bytes a direct buffer, the first row at its position
     * @throws IllegalArgumentException if the memory is not direct or too small for the picture
     */
    public static Picture of(PixelLayout layout, int width, int height, ByteBuffer bytes, int stride) {
        return checked(layout, width, height, new ByteBuffer[] {bytes.slice()}, new int[] {stride});
    }

    /**
     * Returns a picture of two planes.
     *
     * @throws IllegalArgumentException if the memory is not direct or too small for the picture
     */
    public static Picture of(
            PixelLayout layout,
            int width,
            int height,
            ByteBuffer luma,
            int lumaStride,
            ByteBuffer chroma,
            int chromaStride) {
        return checked(layout, width, height, new ByteBuffer[] {luma.slice(), chroma.slice()}, new int[] {
            lumaStride, chromaStride
        });
    }

    /** Returns a picture in new memory, its rows padded as those of a surface are. */
    public static Picture allocate(PixelLayout layout, int width, int height) {
        ByteBuffer[] planes = new ByteBuffer[layout.planeCount()];
        int[] strides = new int[planes.length];
        for (int i = 0; i < planes.length; i++) {
            strides[i] = alignUp(layout.rowBytes(i, width));
            int size = Math.multiplyExact(strides[i], layout.rows(i, height));
            planes[i] = ByteBuffer.allocateDirect(size + ROW_ALIGNMENT)
                    .alignedSlice(ROW_ALIGNMENT)
                    .limit(size)
                    .slice();
        }
        return checked(layout, width, height, planes, strides);
    }

    /** Returns how the pixels lie in memory. */
    public PixelLayout layout() {
        return layout;
    }

    /** Returns the width in pixels. */
    public int width() {
        return width;
    }

    /** Returns the height in pixels. */
    public int height() {
        return height;
    }

    /** Returns the memory of a plane, the first row at index 0. Each call returns the same buffer: leave its position. */
    public ByteBuffer plane(int plane) {
        return planes[plane];
    }

    /** Returns the bytes from the start of one row of a plane to the start of the next. */
    public int stride(int plane) {
        return strides[plane];
    }

    int rowBytes(int plane) {
        return layout.rowBytes(plane, width);
    }

    int rows(int plane) {
        return layout.rows(plane, height);
    }

    /** Returns whether another picture has the same layout and size. */
    public boolean isLike(Picture other) {
        return layout == other.layout && width == other.width && height == other.height;
    }

    /** Returns whether every row, the last one too, has room for writes in blocks of {@link #ROW_ALIGNMENT}. */
    boolean isPadded() {
        for (int i = 0; i < planes.length; i++) {
            long size = (long) rows(i) * strides[i];
            if (strides[i] % ROW_ALIGNMENT != 0 || planes[i].capacity() < size) {
                return false;
            }
        }
        return true;
    }

    /** Returns where a plane is, for native code. */
    Pointer address(int plane) {
        Pointer known = addresses[plane];
        if (known == null) {
            known = new BytePointer(planes[plane]);
            addresses[plane] = known;
        }
        return known;
    }

    /** Sets the alpha of every pixel of a BGRA picture to 255. */
    void makeOpaque() {
        for (int row = 0; row < height; row++) {
            int start = row * strides[0];
            for (int alpha = start + 3; alpha < start + 4 * width; alpha += 4) {
                planes[0].put(alpha, (byte) 0xFF);
            }
        }
    }

    /** Copies the visible bytes of {@code source}, a picture of the same layout and size. */
    void copyFrom(Picture source) {
        for (int i = 0; i < planes.length; i++) {
            for (int row = 0; row < rows(i); row++) {
                planes[i].put(row * strides[i], source.planes[i], row * source.strides[i], rowBytes(i));
            }
        }
    }

    static int alignUp(int bytes) {
        return Math.addExact(bytes, ROW_ALIGNMENT - 1) & -ROW_ALIGNMENT;
    }

    private static Picture checked(PixelLayout layout, int width, int height, ByteBuffer[] planes, int[] strides) {
        if (width < 1 || height < 1) {
            throw new IllegalArgumentException("a picture of " + width + "x" + height + " pixels");
        }
        if (planes.length != layout.planeCount()) {
            throw new IllegalArgumentException(layout.code() + " has " + layout.planeCount() + " planes");
        }
        for (int i = 0; i < planes.length; i++) {
            checkPlane(i, planes[i], strides[i], layout.rowBytes(i, width), layout.rows(i, height));
        }
        return new Picture(layout, width, height, planes, strides);
    }

    private static void checkPlane(int plane, ByteBuffer bytes, int stride, int rowBytes, int rows) {
        if (!bytes.isDirect()) {
            throw new IllegalArgumentException("plane " + plane + " is not in native memory");
        }
        long needed = (rows - 1L) * stride + rowBytes;
        if (stride < rowBytes || bytes.capacity() < needed) {
            throw new IllegalArgumentException("plane " + plane + " needs " + rows + " rows of " + rowBytes
                    + " bytes, but has " + bytes.capacity() + " bytes with a stride of " + stride);
        }
    }
}
