/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.format;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The pixel formats whose layout the library knows: a table, one row for each format, to be read and added to.
 *
 * <p><b>Columns.</b> The code; a few words; the range of its numbers; its subsampling; its planes; the texture of each
 * plane; its names elsewhere, the exact one first, then those that ignore something. {@code -} stands for none.
 *
 * <p><b>Planes</b> are separated by {@code +}. One lists the components of an element from the lowest bit on, each a
 * letter ({@link io.machframe.surface.format.ComponentName#letter}) and its bits, {@code f} if it is a float, {@code _}
 * if nobody reads it. Before them may stand {@code /2x1}: one pixel of the plane for so many of the surface; {@code 2x1}:
 * pixels in an element, 1x1 otherwise; {@code be}: the element is a big-endian number; {@code rows128}: rows are a
 * multiple of so many bytes.
 */
final class FormatCatalogue {
    // spotless:off
    static final String TABLE =
            """
        BGRA | 8-bit RGB with alpha                   | full    | none | B8 G8 R8 A8                     | BGRA8        | AR24 XR24 | bgra bgr0  | BGRA BGRx | BYTE_BGRA_PRE INT_ARGB_PRE
        RGBA | 8-bit RGB with alpha                   | full    | none | R8 G8 B8 A8                     | RGBA8        | AB24 XB24 | rgba rgb0  | RGBA RGBx | -
        32   | 8-bit RGB with alpha, ARGB             | full    | none | A8 R8 G8 B8                     | ARGB8        | BA24 BX24 | argb 0rgb  | ARGB xRGB | -
        ABGR | 8-bit RGB with alpha                   | full    | none | A8 B8 G8 R8                     | ABGR8        | RA24 RX24 | abgr 0bgr  | ABGR xBGR | -
        24   | 8-bit RGB in 3 bytes                   | full    | none | R8 G8 B8                        | -            | BG24      | rgb24      | RGB       | BYTE_RGB
        24BG | 8-bit RGB in 3 bytes, reversed         | full    | none | B8 G8 R8                        | -            | RG24      | bgr24      | BGR       | -
        L565 | 16-bit RGB                             | full    | none | B5 G6 R5                        | RGB565       | RG16      | rgb565le   | RGB16     | -
        B565 | 16-bit RGB, big-endian                 | full    | none | be B5 G6 R5                     | -            | -         | rgb565be   | -         | -
        L555 | 15-bit RGB                             | full    | none | B5 G5 R5 _1                     | BGR5_A1      | XR15      | rgb555le   | RGB15     | -
        16   | 15-bit RGB, big-endian                 | full    | none | be B5 G5 R5 _1                  | -            | -         | rgb555be   | -         | -
        5551 | 15-bit RGB with 1-bit alpha            | full    | none | A1 B5 G5 R5                     | RGBA5551     | RA15      | -          | -         | -
        l10r | 10-bit RGB with 2-bit alpha            | full    | none | B10 G10 R10 A2                  | BGR10_A2     | AR30 XR30 | x2rgb10le  | BGR10A2_LE | -
        R10k | 10-bit RGB, big-endian                 | unknown | none | be _2 B10 G10 R10               | -            | -         | -          | -         | -
        w30r | 10-bit RGB of wide gamut               | wide    | none | B10 G10 R10 _2                  | BGR10_A2     | -         | -          | -         | -
        l64r | 16-bit RGB with alpha                  | full    | none | R16 G16 B16 A16                 | RGBA16       | AB48      | rgba64le   | RGBA64_LE | -
        b64a | 16-bit RGB with alpha, big-endian ARGB | full    | none | be B16 G16 R16 A16              | -            | -         | -          | ARGB64_BE | -
        b48r | 16-bit RGB, big-endian                 | full    | none | be B16 G16 R16                  | -            | -         | rgb48be    | -         | -
        RGhA | half float RGB with alpha              | full    | none | R16f G16f B16f A16f             | RGBA16F      | AB4H      | rgbaf16le  | RGBA_F16LE | -
        RGfA | float RGB with alpha                   | full    | none | R32f G32f B32f A32f             | RGBA32F      | -         | rgbaf32le  | RGBA_F32LE | -

        L008 | 8-bit grey                             | full    | none | Y8                              | R8           | R8        | gray       | GRAY8     | -
        L010 | 10-bit grey, at the top of 16          | full    | none | _6 Y10                          | R16          | R16       | gray16le   | GRAY16_LE | -
        L012 | 12-bit grey, at the top of 16          | full    | none | _4 Y12                          | R16          | R16       | gray16le   | GRAY16_LE | -
        L016 | 16-bit grey                            | full    | none | Y16                             | R16          | R16       | gray16le   | GRAY16_LE | -
        b16g | 16-bit grey, big-endian                | full    | none | be Y16                          | -            | -         | gray16be   | GRAY16_BE | -
        L00h | half float grey                        | full    | none | Y16f                            | R16F         | -         | grayf16le  | -         | -
        L00f | float grey                             | full    | none | Y32f                            | R32F         | -         | grayf32le  | -         | -
        2C08 | two of 8 bits                          | full    | none | R8 G8                           | RG8          | GR88      | -          | -         | -
        2C16 | two of 16 bits                         | full    | none | R16 G16                         | RG16         | GR32      | -          | -         | -
        2C0h | two half floats                        | full    | none | R16f G16f                       | RG16F        | -         | -          | -         | -
        2C0f | two floats                             | full    | none | R32f G32f                       | RG32F        | -         | -          | -         | -
        hdep | depth, half float                      | unknown | none | ?16f                            | R16F         | -         | -          | -         | -
        fdep | depth, float                           | unknown | none | ?32f                            | R32F         | -         | -          | -         | -
        hdis | disparity, half float                  | unknown | none | ?16f                            | R16F         | -         | -          | -         | -
        fdis | disparity, float                       | unknown | none | ?32f                            | R32F         | -         | -          | -         | -

        420v | NV12: 8-bit 4:2:0                      | video   | 420  | Y8 + /2x2 U8 V8                 | R8 + RG8     | NV12      | nv12       | NV12      | -
        420f | NV12: 8-bit 4:2:0                      | full    | 420  | Y8 + /2x2 U8 V8                 | R8 + RG8     | NV12      | nv12       | NV12      | -
        422v | NV16: 8-bit 4:2:2                      | video   | 422  | Y8 + /2x1 U8 V8                 | R8 + RG8     | NV16      | nv16       | NV16      | -
        422f | NV16: 8-bit 4:2:2                      | full    | 422  | Y8 + /2x1 U8 V8                 | R8 + RG8     | NV16      | nv16       | NV16      | -
        444v | NV24: 8-bit 4:4:4                      | video   | none | Y8 + U8 V8                      | R8 + RG8     | NV24      | nv24       | NV24      | -
        444f | NV24: 8-bit 4:4:4                      | full    | none | Y8 + U8 V8                      | R8 + RG8     | NV24      | nv24       | NV24      | -
        x420 | P010: 10-bit 4:2:0, at the top of 16   | video   | 420  | _6 Y10 + /2x2 _6 U10 _6 V10     | R16 + RG16   | P010      | p010le     | P010_10LE | -
        xf20 | P010: 10-bit 4:2:0, at the top of 16   | full    | 420  | _6 Y10 + /2x2 _6 U10 _6 V10     | R16 + RG16   | P010      | p010le     | P010_10LE | -
        x422 | P210: 10-bit 4:2:2, at the top of 16   | video   | 422  | _6 Y10 + /2x1 _6 U10 _6 V10     | R16 + RG16   | P210      | p210le     | -         | -
        xf22 | P210: 10-bit 4:2:2, at the top of 16   | full    | 422  | _6 Y10 + /2x1 _6 U10 _6 V10     | R16 + RG16   | P210      | p210le     | -         | -
        x444 | P410: 10-bit 4:4:4, at the top of 16   | video   | none | _6 Y10 + _6 U10 _6 V10          | R16 + RG16   | -         | p410le     | -         | -
        xf44 | P410: 10-bit 4:4:4, at the top of 16   | full    | none | _6 Y10 + _6 U10 _6 V10          | R16 + RG16   | -         | p410le     | -         | -
        sv22 | P216: 16-bit 4:2:2                     | video   | 422  | Y16 + /2x1 U16 V16              | R16 + RG16   | -         | p216le     | -         | -
        sv44 | P416: 16-bit 4:4:4                     | video   | none | Y16 + U16 V16                   | R16 + RG16   | -         | p416le     | -         | -
        y420 | I420: 8-bit 4:2:0 in three planes      | video   | 420  | Y8 + /2x2 U8 + /2x2 V8          | R8 + R8 + R8 | YU12      | yuv420p    | I420      | -
        f420 | I420: 8-bit 4:2:0 in three planes      | full    | 420  | Y8 + /2x2 U8 + /2x2 V8          | R8 + R8 + R8 | YU12      | yuvj420p yuv420p | I420 | -
        YV12 | 8-bit 4:2:0 in three planes, V first   | video   | 420  | Y8 + /2x2 V8 + /2x2 U8          | R8 + R8 + R8 | YV12      | -          | YV12      | -
        v0a8 | NV12 with a plane of alpha             | video   | 420  | Y8 + /2x2 U8 V8 + A8            | R8 + RG8 + R8 | -        | -          | AV12      | -
        a2vy | UYVY with a plane of alpha             | video   | 422  | 2x1 U8 Y8 V8 Y8 + A8            | UYVY + R8    | -         | -          | -         | -

        2vuy | UYVY: 8-bit 4:2:2 packed               | video   | 422  | 2x1 U8 Y8 V8 Y8                 | UYVY         | UYVY      | uyvy422    | UYVY      | -
        yuvs | YUYV: 8-bit 4:2:2 packed               | video   | 422  | 2x1 Y8 U8 Y8 V8                 | YUYV         | YUYV      | yuyv422    | YUY2      | -
        yuvf | YUYV: 8-bit 4:2:2 packed               | full    | 422  | 2x1 Y8 U8 Y8 V8                 | YUYV         | YUYV      | yuyv422    | YUY2      | -
        v210 | 10-bit 4:2:2 packed, 6 pixels in 16 bytes | video | 422 | 6x1 rows128 U10 Y10 V10 _2 Y10 U10 Y10 _2 V10 Y10 U10 _2 Y10 V10 Y10 _2 | - | - | - | v210 | -
        v216 | 16-bit 4:2:2 packed                    | video   | 422  | 2x1 U16 Y16 V16 Y16             | -            | -         | -          | v216      | -
        y408 | 8-bit 4:4:4 packed, alpha first        | video   | none | A8 Y8 U8 V8                     | -            | -         | ayuv       | AYUV      | -
        v408 | 8-bit 4:4:4 packed, alpha last         | video   | none | U8 Y8 V8 A8                     | -            | -         | uyva       | -         | -
        r408 | 8-bit 4:4:4 packed, luma from zero     | unknown | none | A8 Y8 U8 V8                     | -            | -         | -          | -         | -
        y416 | 16-bit 4:4:4 packed, alpha first       | video   | none | A16 Y16 U16 V16                 | -            | -         | ayuv64le   | AYUV64    | -
        v308 | 8-bit 4:4:4 packed in 3 bytes          | video   | none | V8 Y8 U8                        | -            | -         | vyu444     | -         | -
        v410 | 10-bit 4:4:4 packed                    | video   | none | _2 U10 Y10 V10                  | -            | -         | v30xle     | -         | -
        """;
    // spotless:on

    private static final Map<PixelFormat, FormatDescription> ROWS = new LinkedHashMap<>();

    static {
        TABLE.lines().filter(line -> !line.isBlank()).map(FormatRow::parse).forEach(row -> ROWS.put(row.format(), row));
    }

    private FormatCatalogue() {}

    static Optional<FormatDescription> find(PixelFormat format) {
        return Optional.ofNullable(ROWS.get(format));
    }

    /** Returns all formats in the order of the table. */
    static List<PixelFormat> formats() {
        return List.copyOf(ROWS.keySet());
    }

    /** Returns the formats that somebody else calls by one name, which may not tell their ranges apart. */
    static List<PixelFormat> named(Dialect dialect, String name) {
        return ROWS.values().stream()
                .filter(row -> row.names().getOrDefault(dialect, List.of()).contains(name))
                .map(FormatDescription::format)
                .toList();
    }
}
