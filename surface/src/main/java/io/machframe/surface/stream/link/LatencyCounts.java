/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream.link;

/**
 * Times, counted in buckets that each are an eighth wider than the one before: up to 256 ns, and so on up to 18 minutes.
 * Counting makes no garbage. Not thread-safe.
 */
public final class LatencyCounts {
    /** How many buckets there are. */
    static final int BUCKETS = 256;

    private static final int STEP_BITS = 3;
    private static final int STEPS = 1 << STEP_BITS;

    /** What is shorter counts as this: 2 to the power of 8. */
    private static final int SHORTEST_BITS = 8;

    private final long[] counts = new long[BUCKETS];

    /** Returns the bucket that a time falls into. */
    static int bucket(long nanos) {
        long units = Math.max(nanos, 0) >> (SHORTEST_BITS - STEP_BITS);
        if (units < STEPS) {
            return 0;
        }
        int octave = Long.SIZE - 1 - STEP_BITS - Long.numberOfLeadingZeros(units);
        int step = (int) (units >> octave) - STEPS;
        return Math.min(BUCKETS - 1, octave * STEPS + step);
    }

    /** Returns the longest time of a bucket. */
    static long longest(int bucket) {
        long units = (long) (STEPS + bucket % STEPS + 1) << (bucket / STEPS);
        return (units << (SHORTEST_BITS - STEP_BITS)) - 1;
    }

    /** Counts a time; what is negative, which a clock that is not the same for all can make of it, as the shortest. */
    public void count(long nanos) {
        counts[bucket(nanos)]++;
    }

    void add(int bucket, long more) {
        counts[bucket] += Math.max(0, more);
    }

    public long total() {
        long total = 0;
        for (long count : counts) {
            total += count;
        }
        return total;
    }

    /** Returns a time that so many of a hundred are not above; 0 if none was counted. */
    public long percentile(double percent) {
        long total = total();
        long wanted = (long) Math.ceil(total * percent / 100);
        long seen = 0;
        for (int bucket = 0; bucket < BUCKETS && total > 0; bucket++) {
            seen += counts[bucket];
            if (seen >= wanted) {
                return longest(bucket);
            }
        }
        return 0;
    }
}
