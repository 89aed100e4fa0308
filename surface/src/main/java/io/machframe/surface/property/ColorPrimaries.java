/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.property;

import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which red, green and blue a surface's colours are made of. Attached under {@link #KEY}, where browsers on macOS put it,
 * with the values that CoreVideo has for {@code kCVImageBufferColorPrimariesKey}.
 */
public enum ColorPrimaries {
    /** ITU-R BT.709, and sRGB. */
    BT709(1, "ITU_R_709_2"),
    /** European standard definition: EBU 3213, ITU-R BT.601 with 625 lines. */
    EBU3213(5, "EBU_3213"),
    /** American standard definition: SMPTE C, ITU-R BT.601 with 525 lines. */
    SMPTE_C(6, "SMPTE_C"),
    DCI_P3(11, "DCI_P3"),
    P3_D65(12, "P3_D65"),
    BT2020(9, "ITU_R_2020"),
    P22(22, "P22");

    /** The key that the primaries of a surface are attached under. */
    public static final String KEY = "IOSurfaceColorPrimaries";

    private static final int SMPTE_240M = 7; // the same colours

    private final int code;
    private final String value;

    ColorPrimaries(int code, String value) {
        this.code = code;
        this.value = value;
    }

    /** Returns the primaries that CoreVideo calls by this name, or nothing if they are none of these. */
    public static Optional<ColorPrimaries> ofAttachment(@Nullable Object value) {
        return Arrays.stream(values())
                .filter(primaries -> primaries.value.equals(value))
                .findFirst();
    }

    /** Returns the primaries with a number of H.273, or nothing if it is of none of these. */
    public static Optional<ColorPrimaries> ofCode(int code) {
        int named = code == SMPTE_240M ? SMPTE_C.code : code;
        return Arrays.stream(values())
                .filter(primaries -> primaries.code == named)
                .findFirst();
    }

    /** Returns the number that H.273 has for these primaries. */
    public int code() {
        return code;
    }

    /** Returns what CoreVideo calls these primaries: the value attached to a surface. */
    public String attachment() {
        return value;
    }
}
