/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.gl;

import io.machframe.surface.IOSurface;
import io.machframe.surface.Surface;
import io.machframe.surface.SurfaceLock;
import io.machframe.surface.format.GlTexture;
import io.machframe.surface.format.PixelFormat;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;

/** What OpenGL has to sample where a surface has some bytes, computed without OpenGL. */
final class Texels {
    private Texels() {}

    /** All formats of which each plane is a texture. */
    static List<PixelFormat> formats() {
        return PixelFormat.known().stream()
                .filter(format -> format.description().orElseThrow().planes().stream()
                        .allMatch(plane -> plane.texture().isPresent()))
                .toList();
    }

    static boolean isFloat(GlTexture format) {
        return format.type() == 0x140b || format.type() == 0x1406;
    }

    /** Returns how many of red, green, blue, alpha a texture has. */
    static int channels(GlTexture format) {
        return switch (format.format()) {
            case 0x1903 -> 1;
            case 0x8227 -> 2;
            case 0x1907 -> 3;
            default -> 4;
        };
    }

    /** Returns red, green, blue and alpha of a texel. */
    static float[] decode(GlTexture format, ByteBuffer bytes, int at) {
        return switch (format) {
            case R8 -> rgba(u8(bytes, at), 0, 0, 1);
            case RG8, UYVY, YUYV -> rgba(u8(bytes, at), u8(bytes, at + 1), 0, 1);
            case R16 -> rgba(u16(bytes, at), 0, 0, 1);
            case RG16 -> rgba(u16(bytes, at), u16(bytes, at + 2), 0, 1);
            case R16F -> rgba(half(bytes, at), 0, 0, 1);
            case RG16F -> rgba(half(bytes, at), half(bytes, at + 2), 0, 1);
            case R32F -> rgba(bytes.getFloat(at), 0, 0, 1);
            case RG32F -> rgba(bytes.getFloat(at), bytes.getFloat(at + 4), 0, 1);
            case RGBA16 -> rgba(u16(bytes, at), u16(bytes, at + 2), u16(bytes, at + 4), u16(bytes, at + 6));
            case RGBA16F -> rgba(half(bytes, at), half(bytes, at + 2), half(bytes, at + 4), half(bytes, at + 6));
            case RGBA32F ->
                rgba(bytes.getFloat(at), bytes.getFloat(at + 4), bytes.getFloat(at + 8), bytes.getFloat(at + 12));
            case RGBA8 -> rgba(u8(bytes, at), u8(bytes, at + 1), u8(bytes, at + 2), u8(bytes, at + 3));
            case BGRA8 -> rgba(u8(bytes, at + 2), u8(bytes, at + 1), u8(bytes, at), u8(bytes, at + 3));
            case ARGB8 -> rgba(u8(bytes, at + 1), u8(bytes, at + 2), u8(bytes, at + 3), u8(bytes, at));
            case ABGR8 -> rgba(u8(bytes, at + 3), u8(bytes, at + 2), u8(bytes, at + 1), u8(bytes, at));
            case BGR10_A2 -> {
                int all = bytes.getInt(at);
                yield rgba(bits(all, 20, 10), bits(all, 10, 10), bits(all, 0, 10), bits(all, 30, 2));
            }
            case BGR5_A1 -> {
                int all = bytes.getShort(at);
                yield rgba(bits(all, 10, 5), bits(all, 5, 5), bits(all, 0, 5), bits(all, 15, 1));
            }
            case RGB565 -> {
                int all = bytes.getShort(at);
                yield rgba(bits(all, 11, 5), bits(all, 5, 6), bits(all, 0, 5), 1);
            }
            case RGBA5551 -> {
                int all = bytes.getShort(at);
                yield rgba(bits(all, 11, 5), bits(all, 6, 5), bits(all, 1, 5), bits(all, 0, 1));
            }
            default -> throw new IllegalArgumentException(format.toString());
        };
    }

    private static float[] rgba(float red, float green, float blue, float alpha) {
        return new float[] {red, green, blue, alpha};
    }

    private static float u8(ByteBuffer bytes, int at) {
        return (bytes.get(at) & 0xff) / 255f;
    }

    private static float u16(ByteBuffer bytes, int at) {
        return (bytes.getShort(at) & 0xffff) / 65535f;
    }

    private static float bits(int all, int shift, int count) {
        return (all >>> shift & (1 << count) - 1) / (float) ((1 << count) - 1);
    }

    private static float half(ByteBuffer bytes, int at) {
        int all = bytes.getShort(at) & 0xffff;
        int exponent = all >>> 10 & 0x1f;
        double fraction = all & 0x3ff;
        double value = exponent == 0 ? Math.scalb(fraction, -24) : Math.scalb(1024 + fraction, exponent - 25);
        return (float) (all >>> 15 == 0 ? value : -value);
    }

    /** Fills a surface with pixels that differ from place to place, and what is between rows with something else. */
    static void fill(Surface surface, long seed) throws GlException {
        Random random = new Random(seed);
        try (SurfaceLock lock = surface.lock()) {
            ByteBuffer all = lock.buffer();
            for (int i = 0; i < all.capacity(); i++) {
                all.put(i, (byte) 0x5a);
            }
            for (int i = 0; i < surface.planes().size(); i++) {
                PlaneTexels plane = PlaneTexels.of(surface, i);
                ByteBuffer bytes = lock.plane(i).bytes();
                for (int y = 0; y < plane.height(); y++) {
                    for (int x = 0; x < plane.width(); x++) {
                        put(plane, bytes, y * plane.bytesPerRow() + x * plane.bytesPerTexel(), random);
                    }
                }
            }
        }
    }

    private static void put(PlaneTexels plane, ByteBuffer bytes, int at, Random random) {
        for (int i = 0; i < plane.bytesPerTexel(); i++) {
            bytes.put(at + i, (byte) random.nextInt());
        }
        if (plane.format().type() == 0x1406) {
            for (int i = 0; i < plane.bytesPerTexel(); i += 4) {
                bytes.putFloat(at + i, random.nextInt(4096) / 64f - 16);
            }
        } else if (isFloat(plane.format())) {
            for (int i = 0; i < plane.bytesPerTexel(); i += 2) {
                bytes.putShort(at + i, (short) (random.nextInt(0x7800) + 0x400 & 0x7bff)); // finite and normal
            }
        }
    }

    /** Returns a surface whose memory has room for the rows that software OpenGL draws in blocks. */
    static IOSurface surface(int width, int height, PixelFormat format) throws Exception {
        return IOSurface.create(GlInterop.properties(width, height, format));
    }
}
