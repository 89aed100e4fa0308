/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.javafx;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * Measures the frames of the last second. All times are of {@link System#nanoTime}. Allocates nothing for a frame. Used by
 * one thread.
 */
final class FrameMeter {
    private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** Above this rate only the newest frames of the last second are measured. */
    private static final int SAMPLES = 1024;

    private final long[] arrivals = new long[SAMPLES];
    private final long[] latencies = new long[SAMPLES];
    private long frames;

    void received(long publishedNanos, long receivedNanos) {
        int slot = (int) (frames % SAMPLES);
        arrivals[slot] = receivedNanos;
        latencies[slot] = receivedNanos - publishedNanos;
        frames++;
    }

    /** Returns the frames per second. */
    double rate(long now) {
        int recent = recentFrames(now);
        if (recent < 2) {
            return recent;
        }
        long span = arrivals[slot(0)] - arrivals[slot(recent - 1)];
        return (recent - 1) * (double) WINDOW_NANOS / Math.max(1, span);
    }

    /** Returns the median time from publishing a frame to having received it; 0 if none came. */
    long latencyNanos(long now) {
        int recent = recentFrames(now);
        if (recent == 0) {
            return 0;
        }
        long[] sorted = new long[recent];
        for (int age = 0; age < recent; age++) {
            sorted[age] = latencies[slot(age)];
        }
        Arrays.sort(sorted);
        return sorted[recent / 2];
    }

    private int recentFrames(long now) {
        int most = (int) Math.min(frames, SAMPLES);
        int recent = 0;
        while (recent < most && now - arrivals[slot(recent)] <= WINDOW_NANOS) {
            recent++;
        }
        return recent;
    }

    private int slot(int age) {
        return (int) ((frames - 1 - age) % SAMPLES);
    }
}
