/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.format;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a plane becomes an OpenGL texture without a copy: the three constants of {@code glTexImage2D}, on a little-endian
 * machine.
 *
 * <p>macOS takes fewer combinations ({@code CGLTexImageIOSurface2D}, rectangle textures only): {@link #cgl} tells which
 * one stands in, and {@link #cglSwizzle} how the shader then finds red, green, blue and alpha. YUV planes come as their
 * plain components, to be turned into colours by a shader.
 */
public enum GlTexture {
    R8(0x8229, Gl.RED, Gl.UNSIGNED_BYTE),
    RG8(0x822b, Gl.RG, Gl.UNSIGNED_BYTE),
    R16(0x822a, Gl.RED, Gl.UNSIGNED_SHORT),
    RG16(0x822c, Gl.RG, Gl.UNSIGNED_SHORT),
    R16F(0x822d, Gl.RED, Gl.HALF_FLOAT),
    RG16F(0x822f, Gl.RG, Gl.HALF_FLOAT),
    R32F(0x822e, Gl.RED, Gl.FLOAT),
    RG32F(0x8230, Gl.RG, Gl.FLOAT),
    RGBA16(0x805b, Gl.RGBA, Gl.UNSIGNED_SHORT),
    RGBA16F(0x881a, Gl.RGBA, Gl.HALF_FLOAT),
    RGBA32F(0x8814, Gl.RGBA, Gl.FLOAT),
    BGR10_A2(0x8059, Gl.BGRA, Gl.UNSIGNED_INT_2_10_10_10_REV),
    BGR5_A1(0x8057, Gl.BGRA, Gl.UNSIGNED_SHORT_1_5_5_5_REV),
    BGRA8(Gl.RGBA8, Gl.BGRA, Gl.UNSIGNED_INT_8_8_8_8_REV),

    // CGL has no other order of four bytes than BGRA: those below are bound as that and put right by a swizzle.
    RGBA8(Gl.RGBA8, Gl.RGBA, Gl.UNSIGNED_BYTE, BGRA8, "bgra"),
    ARGB8(Gl.RGBA8, Gl.BGRA, Gl.UNSIGNED_INT_8_8_8_8, BGRA8, "grab"),
    ABGR8(Gl.RGBA8, Gl.RGBA, Gl.UNSIGNED_INT_8_8_8_8, BGRA8, "argb"),

    // Of two packed pixels: macOS samples them as colours, elsewhere they are pairs of bytes.
    APPLE_UYVY(0x8051, Gl.RGB_422_APPLE, 0x85ba),
    APPLE_YUYV(0x8051, Gl.RGB_422_APPLE, 0x85bb),
    UYVY(0x822b, Gl.RG, Gl.UNSIGNED_BYTE, APPLE_UYVY, Gl.IN_ORDER),
    YUYV(0x822b, Gl.RG, Gl.UNSIGNED_BYTE, APPLE_YUYV, Gl.IN_ORDER),

    // Not in the list of CGL.
    RGB565(0x8d62, Gl.RGB, 0x8363, null, Gl.IN_ORDER),
    RGBA5551(0x8057, Gl.RGBA, 0x8034, null, Gl.IN_ORDER);

    private final int internalFormat;
    private final int format;
    private final int type;
    private final boolean sameInCgl;
    private final @Nullable GlTexture cgl;
    private final String cglSwizzle;

    /** Constants that several textures share. */
    private static final class Gl {
        static final int RGBA8 = 0x8058;
        static final int RED = 0x1903;
        static final int RG = 0x8227;
        static final int RGB = 0x1907;
        static final int RGBA = 0x1908;
        static final int BGRA = 0x80e1;
        static final int RGB_422_APPLE = 0x8a1f;
        static final int UNSIGNED_BYTE = 0x1401;
        static final int UNSIGNED_SHORT = 0x1403;
        static final int FLOAT = 0x1406;
        static final int HALF_FLOAT = 0x140b;
        static final int UNSIGNED_SHORT_1_5_5_5_REV = 0x8366;
        static final int UNSIGNED_INT_8_8_8_8 = 0x8035;
        static final int UNSIGNED_INT_8_8_8_8_REV = 0x8367;
        static final int UNSIGNED_INT_2_10_10_10_REV = 0x8368;
        static final String IN_ORDER = "rgba";
    }

    GlTexture(int internalFormat, int format, int type) {
        this(internalFormat, format, type, true, null, Gl.IN_ORDER);
    }

    GlTexture(int internalFormat, int format, int type, @Nullable GlTexture cgl, String cglSwizzle) {
        this(internalFormat, format, type, false, cgl, cglSwizzle);
    }

    GlTexture(int internalFormat, int format, int type, boolean sameInCgl, @Nullable GlTexture cgl, String cglSwizzle) {
        this.internalFormat = internalFormat;
        this.format = format;
        this.type = type;
        this.sameInCgl = sameInCgl;
        this.cgl = cgl;
        this.cglSwizzle = cglSwizzle;
    }

    /** Returns the internal format, for example {@code GL_RGBA8}. */
    public int internalFormat() {
        return internalFormat;
    }

    /** Returns the format, for example {@code GL_BGRA}. */
    public int format() {
        return format;
    }

    /** Returns the type, for example {@code GL_UNSIGNED_BYTE}. */
    public int type() {
        return type;
    }

    /** Returns what to hand to {@code CGLTexImageIOSurface2D} on macOS, or nothing if no combination fits. */
    public Optional<GlTexture> cgl() {
        return Optional.ofNullable(sameInCgl ? this : cgl);
    }

    /** Returns which channel of the texture of {@link #cgl} is red, green, blue and alpha: {@code rgba} if it is itself. */
    public String cglSwizzle() {
        return cglSwizzle;
    }
}
