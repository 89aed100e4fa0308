/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.runloop;

import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;

/**
 * Does something at a time, once or again and again, {@code CFRunLoopTimer}. It belongs to one loop at a time.
 *
 * <p>A timer never fires early. A repeating one keeps to the times it was made for, however late it was: if some of them
 * have passed meanwhile they are left out, not made up for. Time is the monotonic clock's; setting the system's clock
 * does not move a timer, only the date at which it says it will fire.
 */
public final class RunLoopTimer extends RunLoopItem {
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private final long intervalNanos;
    private final Consumer<RunLoopTimer> callback;
    private volatile Firing next;
    private volatile long toleranceNanos;

    private volatile boolean firing;

    /**
     * When a timer fires next.
     *
     * @param nanoTime on the monotonic clock, not in the past when this was made
     * @param due the same on the system's clock
     * @param date what was asked for, which may lie in the past
     */
    private record Firing(long nanoTime, Instant due, Instant date) {
        static Firing at(Instant date) {
            Instant now = Instant.now();
            Duration away = Duration.between(now, date);
            if (away.isNegative()) {
                return new Firing(System.nanoTime(), now, date);
            }
            Duration bounded = away.compareTo(LONGEST) > 0 ? LONGEST : away;
            return new Firing(System.nanoTime() + bounded.toNanos(), date, date);
        }

        /** Returns the first time after {@code now} that lies a whole number of intervals after this one. */
        Firing following(long interval, long now) {
            long steps = Math.max(0, now - nanoTime) / interval + 1;
            Instant next = due.plusNanos(steps * interval);
            return new Firing(nanoTime + steps * interval, next, next);
        }
    }

    private RunLoopTimer(Instant first, Duration interval, long order, Consumer<RunLoopTimer> callback) {
        super(order);
        Duration bounded = interval.compareTo(LONGEST) > 0 ? LONGEST : interval;
        this.next = Firing.at(first);
        this.intervalNanos = interval.isNegative() ? 0 : bounded.toNanos();
        this.callback = callback;
    }

    /**
     * Makes a timer, {@code CFRunLoopTimerCreate}.
     *
     * @param first when it fires first; a date in the past means now, and later firings count from now
     * @param interval from one firing to the next; zero or less for a timer that fires once
     * @param order kept, but without effect: timers fire in the order of their times
     */
    public static RunLoopTimer of(Instant first, Duration interval, long order, Consumer<RunLoopTimer> callback) {
        return new RunLoopTimer(first, interval, order, callback);
    }

    /** Makes a timer that fires once and is invalidated after that. */
    public static RunLoopTimer after(Duration delay, Consumer<RunLoopTimer> callback) {
        return new RunLoopTimer(Instant.now().plus(delay), Duration.ZERO, 0, callback);
    }

    /** Makes a timer that fires again and again, first after one interval. */
    public static RunLoopTimer every(Duration interval, Consumer<RunLoopTimer> callback) {
        if (interval.isZero() || interval.isNegative()) {
            throw new IllegalArgumentException("a timer that repeats needs an interval");
        }
        return new RunLoopTimer(Instant.now().plus(interval), interval, 0, callback);
    }

    /** Returns the time from one firing to the next, {@code CFRunLoopTimerGetInterval}; zero if it fires once. */
    public Duration interval() {
        return Duration.ofNanos(intervalNanos);
    }

    /** Returns whether it fires more than once, {@code CFRunLoopTimerDoesRepeat}. */
    public boolean repeats() {
        return intervalNanos > 0;
    }

    /**
     * Returns when it fires next, {@code CFRunLoopTimerGetNextFireDate}: the date that was asked for, or what follows from
     * it once it has fired. Meaningless once the timer is invalid.
     */
    public Instant nextFireDate() {
        return next.date;
    }

    /**
     * Moves the next firing, {@code CFRunLoopTimerSetNextFireDate}; a date in the past means now. Later firings count
     * from there. A timer that fires once and is moved in its callback is invalid after that all the same.
     */
    public void setNextFireDate(Instant date) {
        Firing moved = Firing.at(date);
        synchronized (this) {
            next = moved;
        }
        reschedule();
    }

    private void reschedule() {
        loops().forEach(loop -> loop.reschedule(this));
    }

    /** Returns how much later than its time it may fire, {@code CFRunLoopTimerGetTolerance}. */
    public Duration tolerance() {
        return Duration.ofNanos(toleranceNanos);
    }

    /**
     * Lets the timer fire later by at most some time, {@code CFRunLoopTimerSetTolerance}, so that the loop can wake once
     * for several. The times after are not shifted.
     *
     * @param tolerance cut to half the interval of a timer that repeats; negative means none
     */
    public void setTolerance(Duration tolerance) {
        long most = repeats() ? intervalNanos / 2 : LONGEST.toNanos();
        boolean longer = tolerance.compareTo(LONGEST) > 0;
        toleranceNanos = longer ? most : Math.max(0, Math.min(tolerance.toNanos(), most));
        reschedule();
    }

    boolean isFiring() {
        return firing;
    }

    /** Takes the right to fire: it must be valid, due, and not in its callback in a run around this one. */
    boolean beginFiring(RunLoop loop) {
        if (firing || fireTime() - System.nanoTime() > 0 || !isIn(loop)) {
            return false;
        }
        firing = true;
        return true;
    }

    long fireTime() {
        return next.nanoTime;
    }

    /** Returns when it has to fire at the latest. */
    long deadline() {
        return next.nanoTime + toleranceNanos;
    }

    /** Fires, on the loop's thread, and works out the next time. */
    void fire() {
        Firing fired = next;
        try {
            Callbacks.run(this, () -> callback.accept(this));
        } finally {
            if (repeats()) {
                follow(fired);
            } else {
                invalidate();
            }
            firing = false;
            reschedule();
        }
    }

    private synchronized void follow(Firing fired) {
        if (next.nanoTime - fired.nanoTime <= 0) { // else the callback moved it
            next = fired.following(intervalNanos, System.nanoTime());
        }
    }
}
