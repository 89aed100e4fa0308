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
 * @param size bytes of all its rows, padding included
 */
public record Plane(
        int width,
        int height,
        int bytesPerElement,
        int elementWidth,
        int elementHeight,
        int bytesPerRow,
        long offset,
        long size) {}
