/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.bench;

import java.util.Arrays;
import org.HdrHistogram.Histogram;

/**
 * What a round came to.
 *
 * @param latencies nanoseconds from publishing to receiving, of each frame received
 * @param skipped frames the consumer did not get because a newer one was there
 * @param publisherBytes garbage of the publisher, all its threads together
 * @param consumerBytes the same of the consumer
 * @param nanos how long the publisher took
 * @param processorNanos processor time of the publisher, 0 if it does not say
 */
record Outcome(
        Histogram latencies, long skipped, long publisherBytes, long consumerBytes, long nanos, long processorNanos) {
    private static final int DIGITS = 3;

    static Histogram histogram() {
        return new Histogram(DIGITS);
    }

    static Outcome parse(String publisher, String consumer) {
        long[] published = numbers(publisher);
        long[] received = numbers(consumer);
        Histogram latencies = histogram();
        for (int i = 2; i < received.length; i++) {
            latencies.recordValue(Math.max(received[i], 0));
        }
        long processor = published.length > 2 ? published[2] : 0;
        return new Outcome(latencies, received[1], published[0], received[0], published[1], processor);
    }

    long median() {
        return latencies.getValueAtPercentile(50);
    }

    long frames() {
        return latencies.getTotalCount() + skipped;
    }

    private static long[] numbers(String line) {
        return Arrays.stream(line.split(" ", -1)).mapToLong(Long::parseLong).toArray();
    }
}
