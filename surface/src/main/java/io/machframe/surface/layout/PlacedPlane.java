/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.layout;

/**
 * A plane and what only its maker says of it.
 *
 * @param start where what belongs to the plane begins, at or before its first pixel
 * @param end where it ends
 * @param bitsPerElement the bytes' unless something else was said
 */
public record PlacedPlane(Plane plane, long start, long end, long bitsPerElement) {
    /** A plane of which nothing more is known. */
    public static PlacedPlane of(Plane plane) {
        return new PlacedPlane(
                plane, plane.offset(), plane.offset() + plane.size(), plane.bytesPerElement() * (long) Byte.SIZE);
    }

    public boolean hasHeader() {
        return start != plane.offset();
    }

    public boolean hasPartialBytes() {
        return bitsPerElement != plane.bytesPerElement() * (long) Byte.SIZE;
    }
}
