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

        /** Returns the pixels of the plane in a row of a picture of some width. */
        public int width(int ofPicture) {
            return ceilDiv(ofPicture, widthDivisor);
        }

        /** Returns the rows of pixels of the plane in a picture of some height. */
        public int height(int ofPicture) {
            return ceilDiv(ofPicture, heightDivisor);
        }

        /** Returns the rows of elements of the plane in a picture of some height. */
        public int rows(int ofPicture) {
            return ceilDiv(height(ofPicture), elementHeight);
        }

        /** Returns the bytes that a row of the plane needs in a picture of some width, without padding. */
        public long rowBytes(int ofPicture) {
            return (long) ceilDiv(width(ofPicture), elementWidth) * bytesPerElement;
        }

        private static int ceilDiv(int value, int divisor) {
            return (int) ((value + divisor - 1L) / divisor);
        }
    }
}
