/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.convert;

import io.machframe.surface.format.ComponentRange;

/**
 * What a whole number of some bits stands for: colours and luma from 0 to 1, chroma from -0.5 to 0.5. The quantisation of
 * ITU-T H.273.
 *
 * @param zero the number that stands for 0
 * @param scale by how much the value grows with each number
 */
public record Samples(double zero, double scale) {
    /** Of 8 bits, in the range of video: where black and white are, and how far chroma reaches around its middle. */
    private static final int VIDEO_BLACK = 16;

    private static final int VIDEO_LUMA = 219;
    private static final int VIDEO_CHROMA = 224;

    /** Of 10 bits, in the range of wide gamut. */
    private static final int WIDE_BLACK = 384;

    private static final int WIDE_WHITE = 895;

    /**
     * Returns those of a component.
     *
     * @param chroma whether it is chroma, else luma, or red, green and blue
     * @param bits its meaningful bits
     */
    public Samples(ComponentRange range, boolean chroma, int bits) {
        this(zero(range, chroma, bits), 1 / size(range, chroma, bits));
    }

    /** Returns what a number stands for. */
    public double value(int sample) {
        return (sample - zero) * scale;
    }

    private static double zero(ComponentRange range, boolean chroma, int bits) {
        double unit = Math.scalb(1.0, bits - Byte.SIZE);
        if (chroma) {
            return 128 * unit;
        }
        return switch (range) {
            case VIDEO -> VIDEO_BLACK * unit;
            case WIDE -> WIDE_BLACK * unit / 4;
            default -> 0;
        };
    }

    private static double size(ComponentRange range, boolean chroma, int bits) {
        double unit = Math.scalb(1.0, bits - Byte.SIZE);
        return switch (range) {
            case VIDEO -> (chroma ? VIDEO_CHROMA : VIDEO_LUMA) * unit;
            case WIDE -> (WIDE_WHITE - WIDE_BLACK) * unit / 4;
            default -> Math.scalb(1.0, bits) - 1;
        };
    }
}
