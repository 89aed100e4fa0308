/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.ffmpeg;

/**
 * A linear map from the three components of a pixel to three others: from luma and chroma to red, green and blue, or the
 * other way, or from one range to another.
 *
 * <p>What each value of each component adds to the three results is looked up: three sums of fixed point lie side by side
 * in a {@code long}, 21 bits each. A field below zero takes one of the finest steps from the next, which does not matter:
 * results are those of exact arithmetic to within a twentieth of a level before they are rounded.
 */
final class ColorMix {
    private static final int FIELD = 21;
    private static final int SIGN = Long.SIZE - FIELD;
    /** Of these a field holds a value that is in range; those above are for others. */
    private static final int VALUE_BITS = 18;

    private static final int RGB_FRACTION = VALUE_BITS - Byte.SIZE;
    private static final int LEVELS = 1 << (FIELD - RGB_FRACTION);
    private static final int[] RED = inRangeTable(16);
    private static final int[] GREEN = inRangeTable(8);
    private static final int[] BLUE = inRangeTable(0);

    private final long[][] tables = new long[3][];
    private final int fraction;
    private final int max;

    /**
     * Prepares a map.
     *
     * @param codes how the numbers of the source mean values
     * @param matrix rows are results, columns components; of values
     * @param offset what is added to each result, in levels
     * @param bits of a result
     * @param spare bits of each sum that are left free, for sums of several pixels
     */
    ColorMix(SampleCodes codes, double[][] matrix, double[] scale, double[] offset, int bits, int spare) {
        fraction = VALUE_BITS - bits - spare;
        max = (1 << bits) - 1;
        for (int component = 0; component < codes.count(); component++) {
            long[] table = new long[1 << codes.depth(component)];
            for (int code = 0; code < table.length; code++) {
                double value = codes.value(component, code);
                long sum = 0;
                for (int result = 0; result < 3; result++) {
                    double levels = matrix[result][component] * value * scale[result]
                            + (component == 0 ? offset[result] + 0.5 : 0);
                    sum = (sum << FIELD) + Math.round(levels * (1 << fraction));
                }
                table[code] = sum;
            }
            tables[component] = table;
        }
    }

    /** Returns what each value of a component adds. */
    long[] table(int component) {
        return tables[component];
    }

    /** Returns the first result of a sum of {@code 1 << log2Count} pixels, in range. */
    int first(long sum, int log2Count) {
        return inRange((int) (sum >> (2 * FIELD)) >> (fraction + log2Count));
    }

    int second(long sum, int log2Count) {
        return inRange((int) (sum << (SIGN - FIELD) >> SIGN) >> (fraction + log2Count));
    }

    int third(long sum, int log2Count) {
        return inRange((int) (sum << SIGN >> SIGN) >> (fraction + log2Count));
    }

    private int inRange(int value) {
        return Math.max(0, Math.min(max, value));
    }

    /** Returns red, green and blue in the lower bytes of an int, of a map to eight bits without spare ones. */
    static int rgb(long sum) {
        return RED[(int) (sum >>> (2 * FIELD + RGB_FRACTION)) & (LEVELS - 1)]
                | GREEN[(int) (sum >>> (FIELD + RGB_FRACTION)) & (LEVELS - 1)]
                | BLUE[((int) sum >>> RGB_FRACTION) & (LEVELS - 1)];
    }

    /** What a field holds above its fraction, which may be negative, in range and shifted. */
    private static int[] inRangeTable(int shift) {
        int[] table = new int[LEVELS];
        for (int i = 0; i < LEVELS; i++) {
            int level = i < LEVELS / 2 ? i : i - LEVELS;
            table[i] = Math.max(0, Math.min(255, level)) << shift;
        }
        return table;
    }
}
