/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.gl;

import io.machframe.surface.Surface;
import io.machframe.surface.format.FormatDescription;
import io.machframe.surface.format.FormatDescription.PlaneShape;
import io.machframe.surface.format.GlTexture;
import io.machframe.surface.layout.Plane;

/**
 * One plane of a surface as texels: elements that hold several pixels are several texels.
 *
 * @param format the constants of OpenGL
 * @param width texels in a row
 * @param height rows
 * @param bytesPerTexel bytes of one texel
 * @param bytesPerRow bytes from row to row
 * @param offset bytes from the start of the surface to the first texel
 */
record PlaneTexels(GlTexture format, int width, int height, int bytesPerTexel, int bytesPerRow, long offset) {
    private static final int UNSIGNED_BYTE = 0x1401;
    private static final int UNSIGNED_SHORT = 0x1403;
    private static final int FLOAT = 0x1406;
    private static final int HALF_FLOAT = 0x140b;
    private static final int RED = 0x1903;
    private static final int RG = 0x8227;
    private static final int SHORT_TYPES = 2;
    private static final int INT_TYPES = 4;

    /** Throws {@link GlException} if the plane is no texture as it is. */
    static PlaneTexels of(Surface surface, int index) throws GlException {
        FormatDescription description = surface.pixelFormat()
                .description()
                .orElseThrow(() -> new GlException("the pixel format of " + surface + " is not known"));
        if (description.planes().size() != surface.planes().size()) {
            throw new GlException(surface + " has " + surface.planes().size() + " planes, its format "
                    + description.planes().size());
        }
        PlaneShape shape = description.planes().get(index);
        Plane plane = surface.plane(index);
        GlTexture format = shape.texture()
                .orElseThrow(() -> new GlException(
                        "OpenGL has no texture for plane " + index + " of " + surface + " as it is: convert it first"));
        if (plane.bytesPerElement() != shape.bytesPerElement() || plane.hasPartialBytes()) {
            throw new GlException("plane " + index + " of " + surface + " has elements of " + plane.bytesPerElement()
                    + " bytes, its format of " + shape.bytesPerElement());
        }
        if (plane.size() > Integer.MAX_VALUE) {
            throw new GlException("plane " + index + " of " + surface + " has " + plane.size()
                    + " bytes; only 2 GiB - 1 can be a texture");
        }
        int bytesPerTexel = bytesPerTexel(format);
        return new PlaneTexels(
                format,
                Math.toIntExact(plane.rowBytes() / bytesPerTexel),
                Math.toIntExact(plane.rows()),
                bytesPerTexel,
                plane.bytesPerRow(),
                plane.offset());
    }

    static int bytesPerTexel(GlTexture format) {
        return switch (format.type()) {
            case UNSIGNED_BYTE -> components(format);
            case UNSIGNED_SHORT, HALF_FLOAT -> SHORT_TYPES * components(format);
            case FLOAT -> INT_TYPES * components(format);
            default -> // several components in one number
                format == GlTexture.RGB565 || format == GlTexture.BGR5_A1 || format == GlTexture.RGBA5551
                        ? SHORT_TYPES
                        : INT_TYPES;
        };
    }

    private static int components(GlTexture format) {
        return switch (format.format()) {
            case RED -> 1;
            case RG -> 2;
            default -> 4;
        };
    }

    /** Returns the bytes of a row that are pixels. */
    int rowBytes() {
        return width * bytesPerTexel;
    }
}
