/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.property;

import java.util.Arrays;
import java.util.Optional;

/**
 * Which red, green and blue a surface's colours are made of. Attached under {@link #KEY}, where browsers on macOS put it,
 * with the values that CoreVideo has for {@code kCVImageBufferColorPrimariesKey}.
 */
public enum ColorPrimaries {
    /** ITU-R BT.709, and sRGB. */
    BT709("ITU_R_709_2"),
    /** European standard definition: EBU 3213, ITU-R BT.601 with 625 lines. */
    EBU3213("EBU_3213"),
    /** American standard definition: SMPTE C, ITU-R BT.601 with 525 lines. */
    SMPTE_C("SMPTE_C"),
    DCI_P3("DCI_P3"),
    P3_D65("P3_D65"),
    BT2020("ITU_R_2020"),
    P22("P22");

    /** The key that the primaries of a surface are attached under. */
    public static final String KEY = "IOSurfaceColorPrimaries";

    private final String value;

    ColorPrimaries(String value) {
        this.value = value;
    }

    /** Returns the primaries that CoreVideo calls by this name, or nothing if they are none of these. */
    public static Optional<ColorPrimaries> ofAttachment(Object value) {
        return Arrays.stream(values())
                .filter(primaries -> primaries.value.equals(value))
                .findFirst();
    }

    /** Returns what CoreVideo calls these primaries: the value attached to a surface. */
    public String attachment() {
        return value;
    }
}
