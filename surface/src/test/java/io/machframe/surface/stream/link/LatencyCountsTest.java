/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class LatencyCountsTest {
    @Test
    void eachTimeIsInTheBucketThatHasIt() {
        Random random = new Random(4);
        for (int i = 0; i < 100_000; i++) {
            long nanos = random.nextLong() >>> (24 + random.nextInt(40));
            int bucket = LatencyCounts.bucket(nanos);
            assertTrue(nanos <= LatencyCounts.longest(bucket), nanos + " in " + bucket);
            assertTrue(bucket == 0 || nanos > LatencyCounts.longest(bucket - 1), nanos + " in " + bucket);
        }
        assertEquals(0, LatencyCounts.bucket(-1));
        assertEquals(0, LatencyCounts.bucket(Long.MIN_VALUE));
        assertEquals(LatencyCounts.BUCKETS - 1, LatencyCounts.bucket(Long.MAX_VALUE));
    }

    @Test
    void percentilesAreRightToAnEighth() {
        Random random = new Random(5);
        long[] times = new long[10_000];
        LatencyCounts counts = new LatencyCounts();
        for (int i = 0; i < times.length; i++) {
            times[i] = (long) (20_000 * Math.exp(2 * random.nextGaussian())) + 300;
            counts.count(times[i]);
        }
        Arrays.sort(times);
        for (double percent : new double[] {1, 50, 90, 99, 99.9, 100}) {
            long exact = times[(int) Math.ceil(times.length * percent / 100) - 1];
            long told = counts.percentile(percent);
            assertTrue(told >= exact && told <= exact * 1.13, percent + ": " + exact + " told as " + told);
        }
        assertEquals(times.length, counts.total());
        assertEquals(0, new LatencyCounts().percentile(50));
    }
}
