/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.format;

import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a pixel format arranges its bytes.
 *
 * @param format the format described
 * @param title a few words for people
 * @param range which numbers its colours use; alpha is always of full range
 * @param subsampling of its colour
 * @param byteOrder how an element is to be read as the number in which components have their bit offsets
 * @param planes one shape for each plane; a format that is not planar has one too
 * @param rowAlignment rows are a multiple of this many bytes whatever else is asked for; 1 if the format has no such rule
 * @param names what others call it, the exact name first, then those that ignore something, as alpha; a dialect that has
 *     no name for it is missing
 */
public record FormatDescription(
        PixelFormat format,
        String title,
        ComponentRange range,
        Subsampling subsampling,
        ByteOrder byteOrder,
        List<PlaneShape> planes,
        int rowAlignment,
        Map<Dialect, List<String>> names) {
    public FormatDescription {
        planes = List.copyOf(planes);
        names = Map.copyOf(names);
    }

    /** Returns whether surfaces of this format have planes in the sense of {@code IOSurfaceGetPlaneCount}. */
    public boolean isPlanar() {
        return planes.size() > 1;
    }

    /** Returns what somebody else calls this format, or nothing if they have no name for it. */
    public Optional<String> name(Dialect dialect) {
        return names.getOrDefault(dialect, List.of()).stream().findFirst();
    }

    /**
     * One plane of a format.
     *
     * @param widthDivisor how many pixels of the surface's width are one of the plane's; what is left over counts as one
     * @param heightDivisor the same for the height
     * @param bytesPerElement the bytes of one element
     * @param elementWidth how many pixels of the plane stand side by side in one element
     * @param elementHeight how many stand on top of each other
     * @param components what an element consists of, the lowest bits first
     * @param texture how it is bound in OpenGL; nothing if only after a conversion
     */
    public record PlaneShape(
            int widthDivisor,
            int heightDivisor,
            int bytesPerElement,
            int elementWidth,
            int elementHeight,
            List<Component> components,
            Optional<GlTexture> texture) {
        public PlaneShape {
            components = List.copyOf(components);
        }
    }
}
