/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface;

import java.util.List;

/**
 * How a pixel format arranges its bytes.
 *
 * @param format the format described
 * @param subsampling of its colour
 * @param planes one shape for each plane; a format that is not planar has one too
 * @param rowAlignment rows are a multiple of this many bytes whatever else is asked for; 1 if the format has no such rule
 */
public record FormatDescription(
        PixelFormat format, Subsampling subsampling, List<PlaneShape> planes, int rowAlignment) {
    public FormatDescription {
        planes = List.copyOf(planes);
    }

    /** Returns whether surfaces of this format have planes in the sense of {@code IOSurfaceGetPlaneCount}. */
    public boolean isPlanar() {
        return planes.size() > 1;
    }

    /**
     * One plane of a format.
     *
     * @param widthDivisor how many pixels of the surface's width are one of the plane's; what is left over counts as one
     * @param heightDivisor the same for the height
     * @param bytesPerElement the bytes of one element
     * @param elementWidth how many pixels of the plane stand side by side in one element
     * @param elementHeight how many stand on top of each other
     */
    public record PlaneShape(
            int widthDivisor, int heightDivisor, int bytesPerElement, int elementWidth, int elementHeight) {}
}
