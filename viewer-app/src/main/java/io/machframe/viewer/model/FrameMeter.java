/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.viewer.model;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/** Counts the frames of one connection, and measures those of the last second. Allocates nothing for a frame. */
final class FrameMeter {
    private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** Above this rate only the newest frames of the last second are measured. */
    private static final int SAMPLES = 1024;

    private final long[] arrivals = new long[SAMPLES];
    private final long[] handOffs = new long[SAMPLES];

    private long received;
    private long skipped;
    private long lastSequence;
    private int width;
    private int height;
    private String format = "";

    /** Counts a frame that came at {@code now}, a time of {@link System#nanoTime}. */
    void received(ReceivedFrame frame, long now) {
        int slot = (int) (received % SAMPLES);
        arrivals[slot] = now;
        handOffs[slot] = now - frame.publishedNanos();
        if (received > 0) {
            skipped += Math.max(0, frame.sequence() - lastSequence - 1);
        }
        received++;
        lastSequence = frame.sequence();
        width = frame.width();
        height = frame.height();
        format = frame.format();
    }

    /** Counts a frame that was received but never drawn. */
    void skipped() {
        skipped++;
    }

    StreamStatus status(long now) {
        int recent = recentFrames(now);
        return new StreamStatus(width, height, format, rate(recent), medianHandOff(recent), received, skipped);
    }

    private int recentFrames(long now) {
        int most = (int) Math.min(received, SAMPLES);
        int recent = 0;
        while (recent < most && now - arrivals[slot(recent)] <= WINDOW_NANOS) {
            recent++;
        }
        return recent;
    }

    private double rate(int recent) {
        if (recent < 2) {
            return recent;
        }
        long span = arrivals[slot(0)] - arrivals[slot(recent - 1)];
        return (recent - 1) * (double) WINDOW_NANOS / Math.max(1, span);
    }

    private long medianHandOff(int recent) {
        if (recent == 0) {
            return 0;
        }
        long[] sorted = new long[recent];
        for (int age = 0; age < recent; age++) {
            sorted[age] = handOffs[slot(age)];
        }
        Arrays.sort(sorted);
        return sorted[recent / 2];
    }

    private int slot(int age) {
        return (int) ((received - 1 - age) % SAMPLES);
    }
}
