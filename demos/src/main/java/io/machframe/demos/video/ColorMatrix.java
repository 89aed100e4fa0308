/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.video;

import org.bytedeco.ffmpeg.global.avutil;

/** How luma and chroma make red, green and blue: the weights of red and blue in luma. */
enum ColorMatrix {
    /** Standard definition: ITU-R BT.601. */
    BT601(0.299, 0.114, avutil.AVCOL_SPC_SMPTE170M),
    /** High definition: ITU-R BT.709. */
    BT709(0.2126, 0.0722, avutil.AVCOL_SPC_BT709);

    private static final int TALLEST_STANDARD_DEFINITION = 576;

    private final double red;
    private final double blue;
    private final int libavSpace;

    ColorMatrix(double red, double blue, int libavSpace) {
        this.red = red;
        this.blue = blue;
        this.libavSpace = libavSpace;
    }

    /** Returns the matrix that players assume of a picture of {@code height} rows that does not say. */
    static ColorMatrix ofHeight(int height) {
        return height > TALLEST_STANDARD_DEFINITION ? BT709 : BT601;
    }

    double red() {
        return red;
    }

    double blue() {
        return blue;
    }

    /** Returns the {@code AVColorSpace}. */
    int libavSpace() {
        return libavSpace;
    }
}
