/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.javafx.pixel;

import io.machframe.surface.format.YCbCrMatrix;
import java.nio.ByteBuffer;

/**
 * Turns NV12 pictures (a plane of luma, and a plane of half the size with Cb and Cr side by side) into opaque BGRA
 * pixels, which are ints {@code 0xffRRGGBB}.
 *
 * <p>Each pixel takes the chroma sample that covers it. The result is that of the exact formula, rounded, give or take
 * one.
 *
 * <p><b>Threads.</b> A converter keeps rows between calls: use it from one thread at a time.
 */
public final class PixelConverter {
    private static final int FRACTION_BITS = 16;
    private static final int HALF = 1 << (FRACTION_BITS - 1);
    /** Sums of the tables lie between -BELOW_ZERO and LIMIT - BELOW_ZERO: the widest are -289 and 549. */
    private static final int LIMIT = 1024;

    private static final int BELOW_ZERO = 384;

    private static final int[] RED = channel(0xff000000, 16);
    private static final int[] GREEN = channel(0, 8);
    private static final int[] BLUE = channel(0, 0);

    private final int[] luma = new int[256];
    private final int[] redOfCr = new int[256];
    private final int[] greenOfCr = new int[256];
    private final int[] greenOfCb = new int[256];
    private final int[] blueOfCb = new int[256];

    private byte[] lumaRow = {};
    private byte[] chromaRow = {};

    /** Makes a converter for pictures of the given matrix and range. */
    public PixelConverter(YCbCrMatrix matrix, YuvRange range) {
        for (int sample = 0; sample < 256; sample++) {
            luma[sample] = fixed(range.luma(sample) + BELOW_ZERO) + HALF;
            double chroma = range.chroma(sample);
            redOfCr[sample] = fixed(matrix.redOfCr() * chroma);
            greenOfCr[sample] = fixed(matrix.greenOfCr() * chroma);
            greenOfCb[sample] = fixed(matrix.greenOfCb() * chroma);
            blueOfCb[sample] = fixed(matrix.blueOfCb() * chroma);
        }
    }

    /**
     * Converts a picture of {@code width} by {@code height} pixels; both may be odd, the chroma plane is then rounded up.
     *
     * @param lumaPlane the luma, its first byte at index 0; position and limit are neither used nor moved
     * @param lumaBytesPerRow bytes from one row of luma to the next
     * @param chromaPlane Cb and Cr by turns, its first byte at index 0
     * @param chromaBytesPerRow bytes from one row of chroma to the next
     * @param pixels receives the picture from index 0
     * @param pixelsPerRow ints from one row to the next; what lies between {@code width} and it is left alone
     * @throws IllegalArgumentException if a row or a plane is too small for the picture
     */
    public void convert(
            int width,
            int height,
            ByteBuffer lumaPlane,
            int lumaBytesPerRow,
            ByteBuffer chromaPlane,
            int chromaBytesPerRow,
            int[] pixels,
            int pixelsPerRow) {
        if (width < 1 || height < 1) {
            throw new IllegalArgumentException("no picture is " + width + " by " + height + " pixels");
        }
        int chromaRowBytes = 2 * half(width);
        require("luma", width, height, lumaBytesPerRow, lumaPlane.capacity());
        require("chroma", chromaRowBytes, half(height), chromaBytesPerRow, chromaPlane.capacity());
        require("pixels", width, height, pixelsPerRow, pixels.length);
        if (lumaRow.length != width) {
            lumaRow = new byte[width];
            chromaRow = new byte[chromaRowBytes];
        }
        for (int row = 0; row < height; row++) {
            lumaPlane.get(row * lumaBytesPerRow, lumaRow);
            if (row % 2 == 0) {
                chromaPlane.get(row / 2 * chromaBytesPerRow, chromaRow);
            }
            convertRow(width, pixels, row * pixelsPerRow);
        }
    }

    private void convertRow(int width, int[] pixels, int first) {
        for (int x = 0; x < width; x += 2) {
            int cb = chromaRow[x] & 0xff;
            int cr = chromaRow[x + 1] & 0xff;
            int red = redOfCr[cr];
            int green = greenOfCb[cb] + greenOfCr[cr];
            int blue = blueOfCb[cb];
            int left = luma[lumaRow[x] & 0xff];
            pixels[first + x] = pixel(left + red, left + green, left + blue);
            if (x + 1 < width) {
                int right = luma[lumaRow[x + 1] & 0xff];
                pixels[first + x + 1] = pixel(right + red, right + green, right + blue);
            }
        }
    }

    private static int pixel(int red, int green, int blue) {
        return RED[red >> FRACTION_BITS] | GREEN[green >> FRACTION_BITS] | BLUE[blue >> FRACTION_BITS];
    }

    /** Values from -BELOW_ZERO on, clamped to a byte and shifted into place. */
    private static int[] channel(int opaque, int shift) {
        int[] values = new int[LIMIT];
        for (int i = 0; i < LIMIT; i++) {
            values[i] = opaque | Math.max(0, Math.min(255, i - BELOW_ZERO)) << shift;
        }
        return values;
    }

    private static int fixed(double value) {
        return (int) Math.round(value * (1 << FRACTION_BITS));
    }

    private static int half(int size) {
        return (size + 1) / 2;
    }

    private static void require(String what, int rowSize, int rows, int rowStep, int capacity) {
        if (rowStep < rowSize) {
            throw new IllegalArgumentException(what + ": a row needs " + rowSize + " but has " + rowStep);
        }
        long needed = (long) (rows - 1) * rowStep + rowSize;
        if (capacity < needed) {
            throw new IllegalArgumentException(what + ": needs " + needed + " but has " + capacity);
        }
    }
}
