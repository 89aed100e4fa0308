/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import java.time.Duration;

/** When a wait of several steps ends. */
final class Deadline {
    /** {@link System#nanoTime} can tell times apart that are less than 292 years from each other. */
    private static final Duration LONGEST = Duration.ofDays(100 * 365);

    private final long end;

    private Deadline(long end) {
        this.end = end;
    }

    /** @throws IllegalArgumentException if {@code limit} is negative */
    static Deadline after(Duration limit) {
        if (limit.isNegative()) {
            throw new IllegalArgumentException("a time limit is not negative: " + limit);
        }
        Duration wait = limit.compareTo(LONGEST) < 0 ? limit : LONGEST;
        return new Deadline(System.nanoTime() + wait.toNanos());
    }

    boolean isOver() {
        return end - System.nanoTime() <= 0;
    }

    Duration remaining() {
        return Duration.ofNanos(Math.max(0, end - System.nanoTime()));
    }

    /** Returns what is left, but no more than one step. */
    Duration remaining(Duration step) {
        Duration left = remaining();
        return left.compareTo(step) < 0 ? left : step;
    }
}
