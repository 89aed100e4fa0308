/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.bench;

import java.util.Arrays;
import java.util.Locale;

/** The ratios that the repetitions of a comparison gave: the median of them, and how far they spread. */
record Ratio(double median, double lowest, double highest) {
    static Ratio of(double... ratios) {
        double[] sorted = ratios.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Ratio(median, sorted[0], sorted[sorted.length - 1]);
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%.2f (%.2f to %.2f)", median, lowest, highest);
    }
}
