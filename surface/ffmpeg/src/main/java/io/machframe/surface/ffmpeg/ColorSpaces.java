/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.ffmpeg;

import io.machframe.surface.format.YCbCrMatrix;
import org.bytedeco.ffmpeg.global.avutil;

/** FFmpeg's numbers of the matrices of luma and chroma, {@code AVColorSpace}. */
final class ColorSpaces {
    private ColorSpaces() {}

    /** Returns the number of the usual matrix of a picture of {@code height} rows. */
    static int ofHeight(int height) {
        return YCbCrMatrix.ofHeight(height) == YCbCrMatrix.BT709 ? avutil.AVCOL_SPC_BT709 : avutil.AVCOL_SPC_SMPTE170M;
    }

    /** Returns the matrix that swscale takes for a number: of those it does not know it thinks as of BT.601. */
    static YCbCrMatrix matrix(int space) {
        return switch (space) {
            case avutil.AVCOL_SPC_BT709 -> YCbCrMatrix.BT709;
            case avutil.AVCOL_SPC_SMPTE240M -> YCbCrMatrix.SMPTE240M;
            case avutil.AVCOL_SPC_BT2020_NCL, avutil.AVCOL_SPC_BT2020_CL -> YCbCrMatrix.BT2020;
            default -> YCbCrMatrix.BT601;
        };
    }
}
