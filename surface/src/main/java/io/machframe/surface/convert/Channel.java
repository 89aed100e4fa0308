/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.convert;

import io.machframe.surface.format.Component;
import io.machframe.surface.format.ComponentName;
import io.machframe.surface.format.ComponentType;
import io.machframe.surface.format.FormatDescription.PlaneShape;
import java.nio.ByteOrder;
import java.util.List;

/** One component of a format, as red or luma: where its samples are in the rows of a plane, and what they stand for. */
final class Channel {
    private static final int HALF_BITS = 16;

    private final int plane;
    private final int heightDivisor;
    private final int bytesPerElement;

    /** Of each sample in an element: the first byte of its bits, and how far these must be shifted down. */
    private final int[] firstBytes;

    private final int[] shifts;

    /** From one byte of a number to the next more significant one. */
    private final int byteStep;

    private final int bytes;
    private final int mask;
    private final boolean real;
    private final int bits;
    private final float zero;
    private final float scale;
    private final int pixelsPerSample;
    private float[] values = {};

    /**
     * @param all the samples of the component in one element
     * @param exposure what floats are multiplied by
     */
    Channel(int plane, PlaneShape shape, ByteOrder order, List<Component> all, float exposure) {
        Component first = all.get(0);
        boolean bigEndian = order == ByteOrder.BIG_ENDIAN;
        this.plane = plane;
        this.heightDivisor = shape.heightDivisor();
        this.bytesPerElement = shape.bytesPerElement();
        this.byteStep = bigEndian ? -1 : 1;
        this.firstBytes = new int[all.size()];
        this.shifts = new int[all.size()];
        int most = 0;
        for (int i = 0; i < all.size(); i++) {
            int offset = all.get(i).bitOffset();
            firstBytes[i] = bigEndian ? bytesPerElement - 1 - offset / Byte.SIZE : offset / Byte.SIZE;
            shifts[i] = offset % Byte.SIZE;
            most = Math.max(most, (shifts[i] + first.bitDepth() + Byte.SIZE - 1) / Byte.SIZE);
        }
        this.bytes = most;
        this.bits = first.bitDepth();
        this.mask = bits == Integer.SIZE ? -1 : (1 << bits) - 1;
        this.real = first.type() == ComponentType.FLOAT;
        boolean chroma = first.name() == ComponentName.CHROMA_BLUE || first.name() == ComponentName.CHROMA_RED;
        Samples samples = real ? new Samples(0, exposure) : new Samples(first.range(), chroma, bits);
        this.zero = (float) samples.zero();
        this.scale = (float) samples.scale();
        this.pixelsPerSample = shape.widthDivisor() * shape.elementWidth() / all.size();
    }

    int plane() {
        return plane;
    }

    int heightDivisor() {
        return heightDivisor;
    }

    /** Reads the samples of a row, each repeated for the pixels it covers. */
    float[] read(byte[] row, int width) {
        if (values.length < width) {
            values = new float[width];
        }
        int samples = firstBytes.length;
        int count = (width + pixelsPerSample - 1) / pixelsPerSample;
        for (int i = 0; i < count; i++) {
            int inElement = i % samples;
            float value = value(row, i / samples * bytesPerElement + firstBytes[inElement], shifts[inElement]);
            int end = Math.min(width, (i + 1) * pixelsPerSample);
            for (int x = i * pixelsPerSample; x < end; x++) {
                values[x] = value;
            }
        }
        return values;
    }

    private float value(byte[] row, int at, int shift) {
        int number = 0;
        for (int i = 0; i < bytes; i++) {
            int index = at + i * byteStep;
            if (index >= 0 && index < row.length) {
                number |= (row[index] & 0xff) << (i * Byte.SIZE);
            }
        }
        number = number >>> shift & mask;
        if (!real) {
            return (number - zero) * scale;
        }
        return scale * (bits == HALF_BITS ? half(number) : Float.intBitsToFloat(number));
    }

    /** Returns the value of a half float: 1 bit of sign, 5 of exponent, 10 of fraction. */
    private static float half(int number) {
        int exponent = number >> 10 & 0x1f;
        int fraction = number & 0x3ff;
        float value = exponent == 0
                ? Math.scalb((float) fraction, -24)
                : exponent == 0x1f
                        ? (fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN)
                        : Math.scalb((float) (fraction | 0x400), exponent - 25);
        return number >> 15 == 0 ? value : -value;
    }
}
