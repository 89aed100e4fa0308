/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.ffmpeg;

/**
 * Turns the time stamps of a file into times that start at zero and only grow. Files may start anywhere, leave stamps
 * out, repeat them, or jump where recordings were joined; and a file that is played again goes on where it ended.
 */
final class Timeline {
    /** Longer than any picture stands still: a larger step forward is a clock that was set. */
    private static final long LARGEST_STEP_NANOS = 60_000_000_000L;

    private long offset;
    private long last;
    private long lastDuration;
    private boolean started;
    private boolean based;

    /** Says that the next stamp is of a new clock. */
    void restart() {
        based = false;
    }

    /** Returns the time of a frame whose file says {@code stamp}. */
    long at(long stamp, long duration) {
        if (!based) {
            offset = expected() - stamp;
            based = true;
        }
        long time = stamp + offset;
        if (started && (time <= last || time - last > LARGEST_STEP_NANOS)) {
            time = expected();
            offset = time - stamp;
        }
        return passed(time, duration);
    }

    /** Returns the time of a frame that the file says nothing of. */
    long unstamped(long duration) {
        return passed(expected(), duration);
    }

    private long expected() {
        return started ? last + lastDuration : 0;
    }

    private long passed(long time, long duration) {
        started = true;
        last = time;
        lastDuration = Math.max(duration, 1);
        return time;
    }
}
