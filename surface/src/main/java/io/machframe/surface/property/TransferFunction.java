/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.property;

import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How the numbers of a surface's colours become light. Attached under {@link #KEY}, where browsers on macOS put it, with
 * the values that CoreVideo has for {@code kCVImageBufferTransferFunctionKey}.
 */
public enum TransferFunction {
    /** ITU-R BT.709, and BT.601 and 2020, which have the same. */
    BT709(1, "ITU_R_709_2"),
    SMPTE240M(7, "SMPTE_240M_1995"),
    /** IEC 61966-2-1. */
    SRGB(13, "IEC_sRGB"),
    LINEAR(8, "Linear"),
    /** Digital cinema: SMPTE ST 428-1. */
    ST428(17, "SMPTE_ST_428_1"),
    /** Perceptual quantizer: SMPTE ST 2084, high dynamic range. */
    PQ(16, "SMPTE_ST_2084_PQ"),
    /** Hybrid log-gamma: ITU-R BT.2100, high dynamic range. */
    HLG(18, "ITU_R_2100_HLG");

    /** The key that the transfer function of a surface is attached under. */
    public static final String KEY = "IOSurfaceTransferFunction";

    private static final int BT601_CODE = 6;
    private static final int BT2020_10_CODE = 14;
    private static final int BT2020_12_CODE = 15;

    private final int code;
    private final String value;

    TransferFunction(int code, String value) {
        this.code = code;
        this.value = value;
    }

    /** Returns the function that CoreVideo calls by this name, or nothing if it is none of these. */
    public static Optional<TransferFunction> ofAttachment(@Nullable Object value) {
        return Arrays.stream(values())
                .filter(function -> function.value.equals(value))
                .findFirst();
    }

    /** Returns the function with a number of H.273, or nothing if it is of none of these. */
    public static Optional<TransferFunction> ofCode(int code) {
        int named = code == BT601_CODE || code == BT2020_10_CODE || code == BT2020_12_CODE ? BT709.code : code;
        return Arrays.stream(values())
                .filter(function -> function.code == named)
                .findFirst();
    }

    /** Returns the number that H.273 has for this function. */
    public int code() {
        return code;
    }

    /** Returns what CoreVideo calls this function: the value attached to a surface. */
    public String attachment() {
        return value;
    }

    /** Returns whether the function reaches beyond the white of a page. */
    public boolean isHdr() {
        return this == PQ || this == HLG;
    }
}
