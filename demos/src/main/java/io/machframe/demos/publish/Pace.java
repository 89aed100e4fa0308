/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.publish;

import io.machframe.demos.process.StopSignal;
import java.util.concurrent.locks.LockSupport;

/**
 * Keeps a stream to its time stamps, from the first one on. A stream that is late catches up, unless it was held up for so
 * long, as by a debugger or SIGSTOP, that its frames would rush by: then it goes on from where it was.
 */
final class Pace {
    private static final long LONGEST_SLEEP_NANOS = 100_000_000L;

    private static final long LONGEST_CATCH_UP_NANOS = 1_000_000_000L;

    private long start;
    private boolean started;

    /** Returns when a frame of this time is due; at once, for the first. */
    void await(long ptsNanos, StopSignal stop) {
        long now = System.nanoTime();
        if (!started || now - (start + ptsNanos) > LONGEST_CATCH_UP_NANOS) {
            start = now - ptsNanos;
            started = true;
        }
        long due = start + ptsNanos;
        for (long left = due - System.nanoTime(); left > 0 && !stop.isRaised(); left = due - System.nanoTime()) {
            LockSupport.parkNanos(Math.min(left, LONGEST_SLEEP_NANOS));
        }
    }
}
