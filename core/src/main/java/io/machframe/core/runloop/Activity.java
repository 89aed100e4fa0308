/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.runloop;

/** The moments of a run that an observer is told of, {@code CFRunLoopActivity}, in the order in which they come. */
public enum Activity {
    /** A run begins, {@code kCFRunLoopEntry}. */
    ENTRY(1),
    /** A pass begins: timers will be looked at, {@code kCFRunLoopBeforeTimers}. */
    BEFORE_TIMERS(1 << 1),
    /** Sources will be looked at, {@code kCFRunLoopBeforeSources}. */
    BEFORE_SOURCES(1 << 2),
    /** Nothing is left to do: the loop is about to sleep, {@code kCFRunLoopBeforeWaiting}. */
    BEFORE_WAITING(1 << 5),
    /** The loop slept and is awake, before what woke it is handled, {@code kCFRunLoopAfterWaiting}. */
    AFTER_WAITING(1 << 6),
    /** A run ends, however it does, {@code kCFRunLoopExit}. */
    EXIT(1 << 7);

    private final int bit;

    Activity(int bit) {
        this.bit = bit;
    }

    /** Returns the bit of this activity in C. */
    public int bit() {
        return bit;
    }
}
