/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.property;

import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How luma and chroma make red, green and blue: how much red and blue count towards the luma of a picture.
 *
 * <p>The matrix of a surface is attached to it under {@link #KEY}, where browsers on macOS look for it, with the values
 * that CoreVideo has for {@code kCVImageBufferYCbCrMatrixKey}. Whether all values of a byte are used or only those of
 * video, the pixel format tells: {@code '420f'} or {@code '420v'}.
 */
public enum YCbCrMatrix {
    /** Standard definition: ITU-R BT.601. {@code kCVImageBufferYCbCrMatrix_ITU_R_601_4}. */
    BT601(6, "ITU_R_601_4", 0.299, 0.114),
    /** High definition: ITU-R BT.709. {@code kCVImageBufferYCbCrMatrix_ITU_R_709_2}. */
    BT709(1, "ITU_R_709_2", 0.2126, 0.0722),
    /** Early high definition. {@code kCVImageBufferYCbCrMatrix_SMPTE_240M_1995}. */
    SMPTE240M(7, "SMPTE_240M_1995", 0.212, 0.087),
    /** Ultra high definition: ITU-R BT.2020. {@code kCVImageBufferYCbCrMatrix_ITU_R_2020}. */
    BT2020(9, "ITU_R_2020", 0.2627, 0.0593);

    /** The key that the matrix of a surface is attached under. */
    public static final String KEY = "IOSurfaceYCbCrMatrix";

    private static final int BT470BG = 5; // the same weights
    private static final int TALLEST_STANDARD_DEFINITION = 576;

    private final int code;
    private final String value;
    private final double red;
    private final double blue;

    YCbCrMatrix(int code, String value, double red, double blue) {
        this.code = code;
        this.value = value;
        this.red = red;
        this.blue = blue;
    }

    /** Returns the matrix that players assume of a picture of {@code height} rows when nothing tells. */
    public static YCbCrMatrix ofHeight(int height) {
        return height > TALLEST_STANDARD_DEFINITION ? BT709 : BT601;
    }

    /** Returns the matrix that CoreVideo calls by this name, or nothing if it is none of these. */
    public static Optional<YCbCrMatrix> ofAttachment(@Nullable Object value) {
        return Arrays.stream(values())
                .filter(matrix -> matrix.value.equals(value))
                .findFirst();
    }

    /** Returns the matrix with a number of H.273, or nothing if it is of none of these. */
    public static Optional<YCbCrMatrix> ofCode(int code) {
        int named = code == BT470BG ? BT601.code : code;
        return Arrays.stream(values()).filter(matrix -> matrix.code == named).findFirst();
    }

    /** Returns the number that H.273 has for this matrix. */
    public int code() {
        return code;
    }

    /** Returns what CoreVideo calls this matrix: the value attached to a surface. */
    public String attachment() {
        return value;
    }

    /** Returns how much of Cr is in red; chroma reaches from -0.5 to 0.5, colours and luma from 0 to 1. */
    public double redOfCr() {
        return 2 * (1 - red);
    }

    /** Returns how much of Cr is in green, which is negative. */
    public double greenOfCr() {
        return -redOfCr() * red / green();
    }

    /** Returns how much of Cb is in green, which is negative. */
    public double greenOfCb() {
        return -blueOfCb() * blue / green();
    }

    /** Returns how much of Cb is in blue. */
    public double blueOfCb() {
        return 2 * (1 - blue);
    }

    private double green() {
        return 1 - red - blue;
    }
}
