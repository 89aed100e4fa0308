/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import java.time.Duration;

/** Time limits in nanoseconds. */
final class Deadline {
    /** No limit. */
    static final long NEVER = Long.MAX_VALUE;

    private static final Duration LONGEST = Duration.ofNanos(NEVER);

    private Deadline() {}

    /**
     * Returns a limit in nanoseconds, {@link #NEVER} if it is longer than they can say.
     *
     * @throws IllegalArgumentException if it is negative
     */
    static long nanos(Duration limit) {
        if (limit.isNegative()) {
            throw new IllegalArgumentException("a time limit is not negative: " + limit);
        }
        return limit.compareTo(LONGEST) < 0 ? limit.toNanos() : NEVER;
    }

    /** Returns what is left of a limit that began then. */
    static long left(long nanos, long since) {
        return nanos == NEVER ? NEVER : nanos - (System.nanoTime() - since);
    }
}
