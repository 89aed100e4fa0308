/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.ffmpeg;

/**
 * Turns the time stamps of a file into times that start at zero and only grow. Files may start anywhere, leave stamps
 * out, repeat them, or jump where recordings were joined; and a file that is played again goes on where it ended.
 *
 * <p>A stamp counts from the start of the file, so a picture whose stamp cannot be kept, for example since it repeats the
 * one before, moves alone: those after it stay where they are.
 */
final class Timeline {
    /** Longer than any picture stands still: a larger step forward is a clock that was set. */
    private static final long LARGEST_STEP_NANOS = 60_000_000_000L;

    private long offset;
    private long lastStamp;
    private long last;
    private long end;
    private boolean started;
    private boolean based;

    /** Says that the next stamp is of a new clock. */
    void restart() {
        based = false;
    }

    /** Returns the time of a frame whose file says {@code stamp}. */
    long at(long stamp, long duration) {
        if (!based || isOfNewClock(stamp, duration)) {
            offset = end - stamp;
            based = true;
        }
        lastStamp = stamp;
        long time = stamp + offset;
        if (started && time <= last) {
            // Half of what is left of the time in which the one before was to be shown.
            time = last + Math.max(1, (end - last) / 2);
            last = time;
            return time;
        }
        return passed(time, duration);
    }

    /** Returns the time of a frame that the file says nothing of. */
    long unstamped(long duration) {
        return passed(end, duration);
    }

    /** A stamp that steps back by less than a picture is one that was rounded, or repeated. */
    private boolean isOfNewClock(long stamp, long duration) {
        return stamp <= lastStamp - Math.max(duration, 1) || stamp + offset - last > LARGEST_STEP_NANOS;
    }

    private long passed(long time, long duration) {
        started = true;
        last = time;
        end = time + Math.max(duration, 1);
        return time;
    }
}
