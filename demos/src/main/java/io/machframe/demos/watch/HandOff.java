/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.watch;

/**
 * How long frames took from being published to being received.
 *
 * @param medianNanos half of them took no longer
 * @param p99Nanos 99 in 100 took no longer
 * @param maxNanos none took longer
 */
public record HandOff(long medianNanos, long p99Nanos, long maxNanos) {
    private static final double NANOS_PER_MICRO = 1000;

    /** Returns the three in words. */
    @Override
    public String toString() {
        return String.format(
                "p50 %.0f µs, p99 %.0f µs, max %.0f µs",
                medianNanos / NANOS_PER_MICRO, p99Nanos / NANOS_PER_MICRO, maxNanos / NANOS_PER_MICRO);
    }
}
