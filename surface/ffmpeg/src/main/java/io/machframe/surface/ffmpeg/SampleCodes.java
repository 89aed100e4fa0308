/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.ffmpeg;

/**
 * What the numbers of a picture's components mean: from 0 to 1 for luma, red, green and blue, from -0.5 to 0.5 for chroma.
 *
 * @param depths bits of each component: one for grey, otherwise three
 * @param fullRange whether all codes are used, or 16 to 235 (chroma 240) of 8 bits, and as much of more
 * @param chroma whether the second and third component are chroma
 */
record SampleCodes(java.util.List<Integer> depths, boolean fullRange, boolean chroma) {
    private static final int BLACK = 16;
    private static final int LUMA = 219;
    private static final int CHROMA = 224;
    private static final int NEUTRAL = 128;

    int count() {
        return depths.size();
    }

    int depth(int component) {
        return depths.get(component);
    }

    double value(int component, int code) {
        boolean centred = chroma && component > 0;
        int bits = depths.get(component);
        double max = (1 << bits) - 1;
        if (fullRange) {
            return (centred ? code - Math.scalb(0.5, bits) : code) / max;
        }
        double unit = Math.scalb(1.0, bits - Byte.SIZE);
        return centred ? (code / unit - NEUTRAL) / CHROMA : (code / unit - BLACK) / LUMA;
    }
}
