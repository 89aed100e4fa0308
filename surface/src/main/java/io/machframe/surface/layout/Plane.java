/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.layout;

/**
 * Where one plane of a surface lies and how it is divided. Of a surface that is not planar, all of it.
 *
 * @param width pixels of this plane side by side; 0 if the surface has no dimensions
 * @param height rows of pixels of this plane; 0 if the surface has no dimensions
 * @param bytesPerElement bytes of one element, the smallest group of pixels that has an address
 * @param elementWidth pixels side by side in one element
 * @param elementHeight rows of pixels in one element
 * @param bytesPerRow bytes from one row of elements to the next
 * @param offset bytes from the start of the surface's memory to the plane's first pixel
 * @param size bytes from there to the end of what is kept for it: all its rows, padding included
 * @param header bytes before the first pixel that belong to the plane too, as its maker said; usually 0
 * @param bitsPerElement bits of one element: those of its bytes, unless elements follow each other without regard to bytes
 */
public record Plane(
        int width,
        int height,
        int bytesPerElement,
        int elementWidth,
        int elementHeight,
        int bytesPerRow,
        long offset,
        long size,
        long header,
        long bitsPerElement) {
    /** A plane of whole bytes without a header. */
    public Plane(
            int width,
            int height,
            int bytesPerElement,
            int elementWidth,
            int elementHeight,
            int bytesPerRow,
            long offset,
            long size) {
        this(
                width,
                height,
                bytesPerElement,
                elementWidth,
                elementHeight,
                bytesPerRow,
                offset,
                size,
                0,
                bytesPerElement * (long) Byte.SIZE);
    }

    /** Returns the number of rows of elements. */
    public long rows() {
        return Alignment.ceilDiv(height, elementHeight);
    }

    /** Returns the bytes of a row that are pixels; what follows them up to {@link #bytesPerRow} is padding. */
    public long rowBytes() {
        long elements = Alignment.ceilDiv(width, elementWidth);
        return hasPartialBytes() ? Alignment.ceilDiv(elements * bitsPerElement, Byte.SIZE) : elements * bytesPerElement;
    }

    /** Returns where what belongs to the plane begins: its header, if it has one. */
    public long start() {
        return offset - header;
    }

    /** Returns where what is kept for the plane ends. */
    public long end() {
        return offset + size;
    }

    /** Returns whether elements are not whole bytes. */
    public boolean hasPartialBytes() {
        return bitsPerElement != bytesPerElement * (long) Byte.SIZE;
    }
}
