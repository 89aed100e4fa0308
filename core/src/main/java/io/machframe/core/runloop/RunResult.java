/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.runloop;

/** Why a run of a loop ended, {@code CFRunLoopRunResult}. */
public enum RunResult {
    /** The mode has no source, no timer and nothing to perform, {@code kCFRunLoopRunFinished}. */
    FINISHED(1),
    /** {@link RunLoop#stop} was called, {@code kCFRunLoopRunStopped}. */
    STOPPED(2),
    /** The time is over, {@code kCFRunLoopRunTimedOut}. */
    TIMED_OUT(3),
    /** A source was handled, and the caller wanted to return then, {@code kCFRunLoopRunHandledSource}. */
    HANDLED_SOURCE(4);

    private final int code;

    RunResult(int code) {
        this.code = code;
    }

    /** Returns the number of this result in C. */
    public int code() {
        return code;
    }
}
