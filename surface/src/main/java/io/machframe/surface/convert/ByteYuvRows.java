/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.convert;

import io.machframe.surface.PlaneBuffer;
import io.machframe.surface.format.Component;
import io.machframe.surface.format.ComponentName;
import io.machframe.surface.format.ComponentRange;
import io.machframe.surface.format.FormatDescription;
import io.machframe.surface.format.FormatDescription.PlaneShape;
import io.machframe.surface.property.YCbCrMatrix;
import java.util.List;

/**
 * The formats of nearly all video: a plane of luma in bytes, and chroma in bytes beside it, in one plane or two, as wide or
 * half as wide. Sums of tables in fixed point, within one level of the exact formula.
 */
final class ByteYuvRows implements RowConverter {
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

    private final PlaneShape chroma;
    private final int cbPlane;
    private final int crPlane;
    private final int crByte;

    private byte[] lumaRow = {};
    private byte[] cbRow = {};
    private byte[] crRow = {};

    ByteYuvRows(FormatDescription format, YCbCrMatrix matrix) {
        int planes = format.planes().size();
        chroma = format.planes().get(1);
        boolean cbFirst = chroma.components().get(0).name() == ComponentName.CHROMA_BLUE;
        cbPlane = cbFirst ? 1 : 2;
        crPlane = planes == 2 || !cbFirst ? 1 : 2;
        crByte = planes == 3 ? 0 : 1;
        Samples lumaSamples = new Samples(format.range(), false, Byte.SIZE);
        Samples chromaSamples = new Samples(format.range(), true, Byte.SIZE);
        for (int sample = 0; sample < 256; sample++) {
            luma[sample] = fixed(255 * lumaSamples.value(sample) + BELOW_ZERO) + HALF;
            double value = 255 * chromaSamples.value(sample);
            redOfCr[sample] = fixed(matrix.redOfCr() * value);
            greenOfCr[sample] = fixed(matrix.greenOfCr() * value);
            greenOfCb[sample] = fixed(matrix.greenOfCb() * value);
            blueOfCb[sample] = fixed(matrix.blueOfCb() * value);
        }
    }

    /** Returns whether this reads a format: one plane of luma and one or two of chroma, all bytes, no alpha. */
    static boolean fits(FormatDescription format) {
        List<PlaneShape> planes = format.planes();
        boolean bytes = format.range() != ComponentRange.WIDE
                && planes.stream()
                        .allMatch(plane -> plane.elementWidth() == 1
                                && plane.components().stream().allMatch(ByteYuvRows::isByte));
        if (!bytes || planes.get(0).components().get(0).name() != ComponentName.LUMA) {
            return false;
        }
        int chroma = planes.stream()
                .skip(1)
                .mapToInt(plane -> plane.components().size())
                .sum();
        boolean interleaved =
                planes.size() == 2 && planes.get(1).components().get(0).name() == ComponentName.CHROMA_BLUE;
        return planes.get(0).components().size() == 1
                && (interleaved || planes.size() == 3)
                && chroma == 2
                && planes.get(1).widthDivisor() <= 2;
    }

    private static boolean isByte(Component component) {
        return component.bitDepth() == Byte.SIZE && component.name() != ComponentName.ALPHA;
    }

    @Override
    public void convert(List<PlaneBuffer> planes, int row, int width, int[] pixels, int at) {
        if (lumaRow.length != width) {
            lumaRow = new byte[width];
            cbRow = new byte[(int) chroma.rowBytes(width)];
            crRow = cbPlane == crPlane ? cbRow : new byte[cbRow.length];
        }
        read(planes.get(0), row, lumaRow);
        int chromaRow = row / chroma.heightDivisor();
        read(planes.get(cbPlane), chromaRow, cbRow);
        if (cbPlane != crPlane) {
            read(planes.get(crPlane), chromaRow, crRow);
        }
        if (chroma.widthDivisor() == 1) {
            convertEach(width, pixels, at);
        } else if (cbPlane == crPlane) {
            convertInterleaved(width, pixels, at);
        } else {
            convertPlanar(width, pixels, at);
        }
    }

    private static void read(PlaneBuffer plane, int row, byte[] bytes) {
        plane.bytes().get(row * plane.bytesPerRow(), bytes);
    }

    private void convertInterleaved(int width, int[] pixels, int at) {
        byte[] samples = cbRow;
        byte[] lumas = lumaRow;
        for (int x = 0; x < width; x += 2) {
            int cb = samples[x] & 0xff;
            int cr = samples[x + 1] & 0xff;
            int red = redOfCr[cr];
            int green = greenOfCb[cb] + greenOfCr[cr];
            int blue = blueOfCb[cb];
            int left = luma[lumas[x] & 0xff];
            pixels[at + x] = pixel(left + red, left + green, left + blue);
            if (x + 1 < width) {
                int right = luma[lumas[x + 1] & 0xff];
                pixels[at + x + 1] = pixel(right + red, right + green, right + blue);
            }
        }
    }

    private void convertPlanar(int width, int[] pixels, int at) {
        for (int x = 0; x < width; x += 2) {
            convertPair(x, width, cbRow[x >> 1] & 0xff, crRow[x >> 1] & 0xff, pixels, at);
        }
    }

    private void convertPair(int x, int width, int cb, int cr, int[] pixels, int at) {
        int red = redOfCr[cr];
        int green = greenOfCb[cb] + greenOfCr[cr];
        int blue = blueOfCb[cb];
        int left = luma[lumaRow[x] & 0xff];
        pixels[at + x] = pixel(left + red, left + green, left + blue);
        if (x + 1 < width) {
            int right = luma[lumaRow[x + 1] & 0xff];
            pixels[at + x + 1] = pixel(right + red, right + green, right + blue);
        }
    }

    private void convertEach(int width, int[] pixels, int at) {
        int step = chroma.bytesPerElement();
        for (int x = 0; x < width; x++) {
            int cb = cbRow[x * step] & 0xff;
            int cr = crRow[x * step + crByte] & 0xff;
            int grey = luma[lumaRow[x] & 0xff];
            pixels[at + x] = pixel(grey + redOfCr[cr], grey + greenOfCb[cb] + greenOfCr[cr], grey + blueOfCb[cb]);
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
}
