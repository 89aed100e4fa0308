/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import io.machframe.surface.stream.link.LatencyCounts;

/**
 * How long frames took from being published to being received. The times are right to an eighth.
 *
 * @param count how many frames were measured
 * @param medianNanos half of them took no longer
 * @param p90Nanos nine of ten took no longer
 * @param p99Nanos 99 of 100 took no longer
 * @param p999Nanos 999 of 1000 took no longer
 * @param maxNanos none took longer
 */
public record Latency(long count, long medianNanos, long p90Nanos, long p99Nanos, long p999Nanos, long maxNanos) {
    /** Of no frames. */
    public static final Latency NONE = new Latency(0, 0, 0, 0, 0, 0);

    static Latency of(LatencyCounts counts) {
        return new Latency(
                counts.total(),
                counts.percentile(50),
                counts.percentile(90),
                counts.percentile(99),
                counts.percentile(99.9),
                counts.percentile(100));
    }
}
