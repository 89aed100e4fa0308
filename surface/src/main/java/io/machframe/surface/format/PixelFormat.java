/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.format;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * How the bytes of a surface are to be read as pixels: a four-character code, as {@code kIOSurfacePixelFormat} has it.
 *
 * <p>Any code is a pixel format. The library knows the layout of those in its catalogue ({@link #description}); a surface
 * of another one is made by giving its planes, or its bytes per element, explicitly.
 *
 * @param code the four characters, the first in the highest byte; 0 stands for none
 */
public record PixelFormat(int code) {
    /** No format: what a surface answers whose maker set none. */
    public static final PixelFormat NONE = new PixelFormat(0);

    /** 8 bits each, in memory blue, green, red, alpha. */
    public static final PixelFormat BGRA = of("BGRA");

    /** 8 bits each, in memory red, green, blue, alpha. */
    public static final PixelFormat RGBA = of("RGBA");

    /** Half floats, in memory red, green, blue, alpha. */
    public static final PixelFormat RGBA_HALF = of("RGhA");

    /** 8 bits of grey. */
    public static final PixelFormat GRAY8 = of("L008");

    /** NV12, video range: a plane of luma and one of chroma pairs, half as wide and high. */
    public static final PixelFormat NV12_VIDEO = of("420v");

    /** NV12, full range. */
    public static final PixelFormat NV12_FULL = of("420f");

    /** NV12, video range, with a third plane of alpha. */
    public static final PixelFormat NV12_ALPHA_VIDEO = of("v0a8");

    /** P010, video range: as NV12 with 10 bits, at the top of 16. */
    public static final PixelFormat P010_VIDEO = of("x420");

    /** P010, full range. */
    public static final PixelFormat P010_FULL = of("xf20");

    /** I420, video range: planes of luma, blue and red chroma. */
    public static final PixelFormat I420_VIDEO = of("y420");

    /** I420, full range. */
    public static final PixelFormat I420_FULL = of("f420");

    /** 4:2:2 packed with 8 bits, in memory Cb, Y, Cr, Y; video range. */
    public static final PixelFormat UYVY_VIDEO = of("2vuy");

    /** 4:2:2 packed with 8 bits, in memory Y, Cb, Y, Cr; video range. */
    public static final PixelFormat YUYV_VIDEO = of("yuvs");

    /** 4:2:2 packed with 10 bits, six pixels in 16 bytes; video range. */
    public static final PixelFormat V210_VIDEO = of("v210");

    private static final int FIRST_PRINTABLE = 0x20;
    private static final int LAST_PRINTABLE = 0x7e;

    /** Apple's oldest formats are plain numbers, the count of bits. */
    private static final int NUMBERS = 256;

    /** Returns the format of a code of four characters of ASCII, for example {@code 420v}. */
    public static PixelFormat of(String fourCharacters) {
        if (fourCharacters.length() != 4 || !fourCharacters.chars().allMatch(PixelFormat::isPrintable)) {
            throw new IllegalArgumentException(
                    "a pixel format has four characters of ASCII, not '" + fourCharacters + "'");
        }
        return new PixelFormat(ByteBuffer.wrap(fourCharacters.getBytes(StandardCharsets.US_ASCII))
                .getInt());
    }

    /** Reads what {@link #toString} writes: four characters, or a number, decimal or in hexadecimal after {@code 0x}. */
    public static PixelFormat parse(String text) {
        Objects.requireNonNull(text);
        if (text.length() == 4 && !text.startsWith("0x")) {
            return of(text);
        }
        try {
            return text.startsWith("0x")
                    ? new PixelFormat(Integer.parseUnsignedInt(text.substring(2), 16))
                    : new PixelFormat(Integer.parseUnsignedInt(text));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("a pixel format is four characters or a number, not '" + text + "'", e);
        }
    }

    /** Returns all formats of the catalogue. */
    public static List<PixelFormat> known() {
        return FormatCatalogue.formats();
    }

    /**
     * Returns the formats of the catalogue that somebody else calls by a name. There is more than one where the name
     * leaves something open, mostly whether the range is that of video, which then comes first.
     */
    public static List<PixelFormat> named(Dialect dialect, String name) {
        return FormatCatalogue.named(dialect, name);
    }

    /**
     * Returns whether surfaces of this format are compressed by a GPU, as the codes of CoreVideo that begin with
     * {@code &} (without loss) or {@code -} (with some) are. Their bytes mean nothing to a CPU.
     */
    public boolean isCompressed() {
        String text = toString();
        return text.length() == 4 && (text.charAt(0) == '&' || text.charAt(0) == '-');
    }

    /** Returns the planes and elements of this format, or nothing for one that the catalogue lacks. */
    public Optional<FormatDescription> description() {
        return FormatCatalogue.find(this);
    }

    /** Returns the four characters; a code below 256 as a decimal number, one that cannot be printed in hexadecimal. */
    @Override
    public String toString() {
        if (code >= 0 && code < NUMBERS) {
            return Integer.toString(code);
        }
        byte[] bytes = ByteBuffer.allocate(4).putInt(code).array();
        String characters = new String(bytes, StandardCharsets.ISO_8859_1);
        return characters.chars().allMatch(PixelFormat::isPrintable) ? characters : String.format("0x%08x", code);
    }

    private static boolean isPrintable(int character) {
        return character >= FIRST_PRINTABLE && character <= LAST_PRINTABLE;
    }
}
