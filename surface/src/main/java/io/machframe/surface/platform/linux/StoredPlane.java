/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.platform.linux;

import io.machframe.surface.property.SurfaceKey;
import java.util.List;
import java.util.Map;

/**
 * One plane as the control block of a surface has it; of a surface that is not planar, all of it.
 *
 * @param bitsPerElement 0 if they are those of the bytes
 * @param offset where what is kept for the plane begins, from the start of the surface's bytes
 * @param size bytes kept for the plane
 * @param base where its first pixel is
 * @param components of an element, at most {@link ControlBlock#MAX_COMPONENTS}
 */
record StoredPlane(
        int width,
        int height,
        int bytesPerElement,
        int elementWidth,
        int elementHeight,
        long bytesPerRow,
        long offset,
        long size,
        long base,
        int bitsPerElement,
        List<StoredComponent> components) {
    /** Software GL draws in blocks of this many rows, also past the last one. */
    private static final int BLOCK_ROWS = 4;

    StoredPlane {
        components = List.copyOf(components);
    }

    static StoredPlane ofPlane(Map<SurfaceKey, ?> values) {
        long offset = wide(values, SurfaceKey.PLANE_OFFSET, -1);
        return new StoredPlane(
                number(values, SurfaceKey.PLANE_WIDTH),
                number(values, SurfaceKey.PLANE_HEIGHT),
                number(values, SurfaceKey.PLANE_BYTES_PER_ELEMENT),
                number(values, SurfaceKey.PLANE_ELEMENT_WIDTH),
                number(values, SurfaceKey.PLANE_ELEMENT_HEIGHT),
                wide(values, SurfaceKey.PLANE_BYTES_PER_ROW, -1),
                offset,
                wide(values, SurfaceKey.PLANE_SIZE, -1),
                wide(values, SurfaceKey.PLANE_BASE, offset),
                number(values, SurfaceKey.PLANE_BITS_PER_ELEMENT, 0),
                StoredComponent.of(values));
    }

    static StoredPlane ofSurface(Map<SurfaceKey, ?> values, long allocSize) {
        if (!values.containsKey(SurfaceKey.WIDTH)) {
            return new StoredPlane(0, 0, 1, 1, 1, 0, 0, allocSize, 0, 0, List.of()); // memory that is no picture
        }
        long offset = wide(values, SurfaceKey.OFFSET, 0);
        return new StoredPlane(
                number(values, SurfaceKey.WIDTH),
                number(values, SurfaceKey.HEIGHT),
                number(values, SurfaceKey.BYTES_PER_ELEMENT),
                number(values, SurfaceKey.ELEMENT_WIDTH),
                number(values, SurfaceKey.ELEMENT_HEIGHT),
                wide(values, SurfaceKey.BYTES_PER_ROW, -1),
                offset,
                allocSize - offset,
                offset,
                0,
                StoredComponent.of(values));
    }

    /** Returns whether the numbers fit together and the plane lies in so many bytes. Trusts none of them. */
    boolean makesSense(long allocSize) {
        if (components.size() > ControlBlock.MAX_COMPONENTS) {
            return false;
        }
        if (offset < 0 || size < 0 || size > allocSize || offset > allocSize - size) {
            return false;
        }
        if (base < offset || base > offset + size || bitsPerElement < 0) {
            return false;
        }
        if (width == 0 && height == 0) {
            return bytesPerElement == 1 && elementWidth == 1 && elementHeight == 1 && bytesPerRow == 0;
        }
        if (width < 1 || height < 1 || bytesPerElement < 1 || elementWidth < 1 || elementHeight < 1) {
            return false;
        }
        long elements = ceilDiv(width, elementWidth);
        long rowBytes = bitsPerElement > 0 ? ceilDiv(elements * bitsPerElement, Byte.SIZE) : elements * bytesPerElement;
        return bytesPerRow >= rowBytes
                && bytesPerRow <= Integer.MAX_VALUE
                && bytesPerRow <= (offset + size - base) / ceilDiv(height, elementHeight);
    }

    /** Returns where the plane ends with the rows that software GL may touch; only for a plane that makes sense. */
    long paddedEnd() {
        long rows = ceilDiv(height, elementHeight);
        long padded = bytesPerRow * (ceilDiv(rows, BLOCK_ROWS) * BLOCK_ROWS);
        return Math.max(offset + size, base + padded);
    }

    private static long ceilDiv(long value, long divisor) {
        return (value + divisor - 1) / divisor;
    }

    private static int number(Map<SurfaceKey, ?> values, SurfaceKey key) {
        return number(values, key, -1);
    }

    static long wide(Map<SurfaceKey, ?> values, SurfaceKey key, long missing) {
        return values.get(key) instanceof Number number ? number.longValue() : missing;
    }

    /** Returns a number of the dictionary; -1, which makes no sense anywhere, if it is negative or too large. */
    static int number(Map<SurfaceKey, ?> values, SurfaceKey key, long missing) {
        long value = wide(values, key, missing);
        return value < 0 || value > Integer.MAX_VALUE ? -1 : (int) value;
    }
}
