/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import java.util.concurrent.TimeUnit;

/** Measures how many frames come per second, over the last second. Makes no garbage. Not thread-safe. */
final class FrameRate {
    private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Above this rate only the newest frames of the last second are measured. */
    private static final int SAMPLES = 256;

    private final long[] times = new long[SAMPLES];
    private long frames;

    /** @param now on the clock of {@link System#nanoTime} */
    void count(long now) {
        times[(int) (frames % SAMPLES)] = now;
        frames++;
    }

    /** Returns the frames per second: 0 if none came in the last one. */
    double perSecond(long now) {
        int most = (int) Math.min(frames, SAMPLES);
        int recent = 0;
        while (recent < most && now - time(recent) <= WINDOW_NANOS) {
            recent++;
        }
        if (recent < 2) {
            return recent;
        }
        return (recent - 1) * (double) WINDOW_NANOS / Math.max(1, time(0) - time(recent - 1));
    }

    private long time(int age) {
        return times[(int) ((frames - 1 - age) % SAMPLES)];
    }
}
