/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.testing;

/** One wait in a {@link FakeKernel}, until its monitor is notified, its time is over, or its thread is interrupted. */
final class FakeWait {
    enum Outcome {
        AGAIN,
        TIMED_OUT,
        INTERRUPTED
    }

    private final FakeKernel kernel;
    private final boolean limited;
    private final boolean interruptible;
    private final long end;

    /** @param millis negative for ever */
    FakeWait(FakeKernel kernel, int millis, boolean interruptible) {
        this.kernel = kernel;
        this.limited = millis >= 0;
        this.interruptible = interruptible;
        this.end = System.nanoTime() + millis * 1_000_000L;
    }

    /** Waits once, with the kernel's monitor held. */
    Outcome next() {
        long left = limited ? (end - System.nanoTime() + 999_999) / 1_000_000 : 0;
        if (limited && left <= 0) {
            return Outcome.TIMED_OUT;
        }
        try {
            kernel.wait(left);
            return Outcome.AGAIN;
        } catch (InterruptedException e) {
            if (interruptible) {
                Thread.currentThread().interrupt();
                return Outcome.INTERRUPTED;
            }
            return waitOn();
        }
    }

    /** Not to be interrupted: waits on, and keeps the thread's interrupt status for whoever cares. */
    private Outcome waitOn() {
        try {
            return next();
        } finally {
            Thread.currentThread().interrupt();
        }
    }
}
