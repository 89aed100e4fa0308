/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.javafx.pixel;

/** Which part of the 256 values of a byte luma and chroma use. */
public enum YuvRange {
    /** Luma 16 to 235, chroma 16 to 240: {@code '420v'}. */
    VIDEO(16, 255.0 / 219, 255.0 / 224),
    /** All values: {@code '420f'}. */
    FULL(0, 1, 1);

    private final int black;
    private final double lumaScale;
    private final double chromaScale;

    YuvRange(int black, double lumaScale, double chromaScale) {
        this.black = black;
        this.lumaScale = lumaScale;
        this.chromaScale = chromaScale;
    }

    double luma(int sample) {
        return (sample - black) * lumaScale;
    }

    double chroma(int sample) {
        return (sample - 128) * chromaScale;
    }
}
