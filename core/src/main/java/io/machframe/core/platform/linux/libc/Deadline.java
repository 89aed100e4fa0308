/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.libc;

/** When a wait ends, so that waking up in between does not stretch it. */
public final class Deadline {
    private static final Deadline NEVER = new Deadline(0, -1);
    private static final Deadline NOW = new Deadline(0, 0);

    private final long end;
    private final int millis;

    private Deadline(long end, int millis) {
        this.end = end;
        this.millis = millis;
    }

    /** Returns the deadline that many milliseconds from now; negative for never. */
    public static Deadline after(int millis) {
        if (millis <= 0) {
            return millis < 0 ? NEVER : NOW;
        }
        return new Deadline(System.nanoTime() + millis * 1_000_000L, millis);
    }

    /** Returns the lesser of two waits, of which each may be negative for never. */
    public static int earlier(int millis, int otherMillis) {
        return millis < 0 || otherMillis < 0 ? Math.max(millis, otherMillis) : Math.min(millis, otherMillis);
    }

    public boolean isOver() {
        return remainingMillis() == 0;
    }

    /** Returns what is left, rounded up so that a wait does not end early; -1 indefinitely. */
    public int remainingMillis() {
        if (millis <= 0) {
            return millis;
        }
        long left = end - System.nanoTime();
        return left <= 0 ? 0 : (int) ((left + 999_999) / 1_000_000);
    }
}
