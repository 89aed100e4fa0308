/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.viewer.pixel;

/** How much red and blue count towards the luma of a picture, which decides how chroma turns back into colour. */
public enum YuvMatrix {
    /** ITU-R BT.601: standard definition. */
    BT601(0.299, 0.114),
    /** ITU-R BT.709: high definition. */
    BT709(0.2126, 0.0722);

    private static final int FIRST_HIGH_DEFINITION_HEIGHT = 720;

    private final double red;
    private final double blue;

    YuvMatrix(double red, double blue) {
        this.red = red;
        this.blue = blue;
    }

    /** Returns the matrix that a picture {@code height} pixels high most likely has when nothing tells. */
    public static YuvMatrix forHeight(int height) {
        return height >= FIRST_HIGH_DEFINITION_HEIGHT ? BT709 : BT601;
    }

    double redOfCr() {
        return 2 * (1 - red);
    }

    double greenOfCr() {
        return -redOfCr() * red / green();
    }

    double greenOfCb() {
        return -blueOfCb() * blue / green();
    }

    double blueOfCb() {
        return 2 * (1 - blue);
    }

    private double green() {
        return 1 - red - blue;
    }
}
