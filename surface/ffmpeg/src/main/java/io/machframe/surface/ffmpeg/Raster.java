/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.ffmpeg;

import io.machframe.surface.property.Orientation;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Memory that a picture is written into, or part of it: a surface's planes under its lock, or memory of our own. A view
 * that owns nothing.
 */
final class Raster {
    private final TargetFormat format;
    private final int width;
    private final int height;
    private final ByteBuffer[] planes;
    private final int[] starts;
    private final int[] strides;

    Raster(TargetFormat format, int width, int height, ByteBuffer[] planes, int[] starts, int[] strides) {
        this.format = format;
        this.width = width;
        this.height = height;
        this.planes = planes;
        this.starts = starts;
        this.strides = strides;
    }

    /** Returns a picture in memory of its own. */
    static Raster allocate(TargetFormat format, int width, int height) {
        int count = format.planeCount();
        ByteBuffer[] planes = new ByteBuffer[count];
        int[] strides = new int[count];
        for (int i = 0; i < count; i++) {
            strides[i] = Math.multiplyExact(format.elementBytes(i), format.elements(i, width));
            planes[i] = ByteBuffer.allocate(Math.multiplyExact(strides[i], format.rows(i, height)))
                    .order(ByteOrder.LITTLE_ENDIAN);
        }
        return new Raster(format, width, height, planes, new int[count], strides);
    }

    TargetFormat format() {
        return format;
    }

    int width() {
        return width;
    }

    int height() {
        return height;
    }

    boolean is(TargetFormat otherFormat, int otherWidth, int otherHeight) {
        return format == otherFormat && width == otherWidth && height == otherHeight;
    }

    /** Returns a part, at an even place, so that chroma has one too. */
    Raster part(int x, int y, int partWidth, int partHeight) {
        int[] partStarts = starts.clone();
        for (int i = 0; i < planes.length; i++) {
            int halved = i == 0 ? 1 : 2;
            partStarts[i] += y / halved * strides[i] + x / halved * format.elementBytes(i);
        }
        return new Raster(format, partWidth, partHeight, planes, partStarts, strides);
    }

    void put(int plane, int row, byte[] bytes, int count) {
        planes[plane].put(starts[plane] + row * strides[plane], bytes, 0, count);
    }

    /** Returns the bytes of an element, the first one lowest. */
    int get(int plane, int row, int element) {
        int each = format.elementBytes(plane);
        int at = starts[plane] + row * strides[plane] + element * each;
        int value = 0;
        for (int i = 0; i < each; i++) {
            value |= (planes[plane].get(at + i) & 0xFF) << (8 * i);
        }
        return value;
    }

    /** Fills all of it with black. */
    void blacken() {
        for (int plane = 0; plane < planes.length; plane++) {
            byte[] row = new byte[format.elements(plane, width) * format.elementBytes(plane)];
            format.fillBlack(plane, row);
            for (int y = 0; y < format.rows(plane, height); y++) {
                put(plane, y, row, row.length);
            }
        }
    }

    /** Copies a picture of the same format into this one, turned; its size must be this one's, before the turn. */
    void copyTurned(Raster from, Orientation orientation) {
        for (int plane = 0; plane < planes.length; plane++) {
            int columns = format.elements(plane, width);
            int rows = format.rows(plane, height);
            int fromColumns = format.elements(plane, from.width);
            int fromRows = format.rows(plane, from.height);
            int each = format.elementBytes(plane);
            byte[] row = new byte[columns * each];
            // The way back from a place on the screen to the pixel is the transpose of the way there.
            int stepX = orientation.a();
            int stepY = orientation.c();
            for (int y = 0; y < rows; y++) {
                int fromX = orientation.b() * y + (orientation.a() + orientation.b() < 0 ? fromColumns - 1 : 0);
                int fromY = orientation.d() * y + (orientation.c() + orientation.d() < 0 ? fromRows - 1 : 0);
                int at = from.starts[plane] + fromY * from.strides[plane] + fromX * each;
                int step = stepY * from.strides[plane] + stepX * each;
                copyElements(from.planes[plane].array(), at, step, row, each);
                put(plane, y, row, row.length);
            }
        }
    }

    private static void copyElements(byte[] from, int start, int step, byte[] into, int each) {
        int at = start;
        for (int x = 0; x < into.length; x += each, at += step) {
            for (int i = 0; i < each; i++) {
                into[x + i] = from[at + i];
            }
        }
    }

    @Override
    public String toString() {
        return width + "x" + height + " " + format + Arrays.toString(strides);
    }
}
