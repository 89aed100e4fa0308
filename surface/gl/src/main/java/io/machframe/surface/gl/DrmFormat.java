/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.gl;

import io.machframe.surface.format.GlTexture;

/** The formats of single planes in {@code drm_fourcc.h}. */
final class DrmFormat {
    private DrmFormat() {}

    /** Returns the number of a plane's format. Throws {@link GlException} if DRM has none. */
    static int of(GlTexture format) throws GlException {
        return switch (format) {
            case R8 -> code("R8  ");
            case RG8, UYVY, YUYV -> code("GR88");
            case R16 -> code("R16 ");
            case RG16 -> code("GR32");
            case BGRA8 -> code("AR24");
            case RGBA8 -> code("AB24");
            case ARGB8 -> code("BA24");
            case ABGR8 -> code("RA24");
            case BGR10_A2 -> code("AR30");
            case RGBA16 -> code("AB48");
            case RGBA16F -> code("AB4H");
            case RGB565 -> code("RG16");
            case BGR5_A1 -> code("AR15");
            case RGBA5551 -> code("RA15");
            case R16F, RG16F, R32F, RG32F, RGBA32F, APPLE_UYVY, APPLE_YUYV ->
                throw new GlException("DRM has no format for " + format);
        };
    }

    private static int code(String characters) {
        return characters.charAt(0)
                | characters.charAt(1) << 8
                | characters.charAt(2) << 16
                | characters.charAt(3) << 24;
    }
}
