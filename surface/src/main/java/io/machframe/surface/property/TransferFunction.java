/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.property;

import java.util.Arrays;
import java.util.Optional;

/**
 * How the numbers of a surface's colours become light. Attached under {@link #KEY}, where browsers on macOS put it, with
 * the values that CoreVideo has for {@code kCVImageBufferTransferFunctionKey}.
 */
public enum TransferFunction {
    /** ITU-R BT.709, and BT.601 and 2020, which have the same. */
    BT709("ITU_R_709_2"),
    SMPTE240M("SMPTE_240M_1995"),
    /** IEC 61966-2-1. */
    SRGB("IEC_sRGB"),
    LINEAR("Linear"),
    /** Digital cinema: SMPTE ST 428-1. */
    ST428("SMPTE_ST_428_1"),
    /** Perceptual quantizer: SMPTE ST 2084, high dynamic range. */
    PQ("SMPTE_ST_2084_PQ"),
    /** Hybrid log-gamma: ITU-R BT.2100, high dynamic range. */
    HLG("ITU_R_2100_HLG");

    /** The key that the transfer function of a surface is attached under. */
    public static final String KEY = "IOSurfaceTransferFunction";

    private final String value;

    TransferFunction(String value) {
        this.value = value;
    }

    /** Returns the function that CoreVideo calls by this name, or nothing if it is none of these. */
    public static Optional<TransferFunction> ofAttachment(Object value) {
        return Arrays.stream(values())
                .filter(function -> function.value.equals(value))
                .findFirst();
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
