/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.runloop;

import java.util.EnumSet;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Is told what a loop is about to do, {@code CFRunLoopObserver}. Observers of a mode are told in the order of their
 * numbers, those of equal number in the order in which they were made. It belongs to one loop at a time.
 */
public final class RunLoopObserver extends RunLoopItem {
    private final Set<Activity> activities;
    private final boolean repeats;
    private final BiConsumer<RunLoopObserver, Activity> callback;
    private boolean firing;

    private RunLoopObserver(
            Set<Activity> activities, boolean repeats, long order, BiConsumer<RunLoopObserver, Activity> callback) {
        super(order);
        this.activities = EnumSet.copyOf(activities);
        this.repeats = repeats;
        this.callback = callback;
    }

    /**
     * Makes an observer, {@code CFRunLoopObserverCreate}.
     *
     * @param activities what it is told of, at least one
     * @param repeats whether it is told more than once; if not, it is invalidated after the first time
     */
    public static RunLoopObserver of(
            Set<Activity> activities, boolean repeats, long order, BiConsumer<RunLoopObserver, Activity> callback) {
        if (activities.isEmpty()) {
            throw new IllegalArgumentException("an observer of no activity is never told anything");
        }
        return new RunLoopObserver(activities, repeats, order, callback);
    }

    /** Makes an observer that repeats, with order 0. */
    public static RunLoopObserver of(Set<Activity> activities, BiConsumer<RunLoopObserver, Activity> callback) {
        return of(activities, true, 0, callback);
    }

    /** Returns what it is told of, {@code CFRunLoopObserverGetActivities}. */
    public Set<Activity> activities() {
        return EnumSet.copyOf(activities);
    }

    /** Returns whether it is told more than once, {@code CFRunLoopObserverDoesRepeat}. */
    public boolean repeats() {
        return repeats;
    }

    boolean wants(Activity activity) {
        return activities.contains(activity);
    }

    /** Tells it, on the loop's thread. It is not told anything while it is in its callback, in nested runs. */
    void fire(Activity activity) {
        if (firing || !isValid()) {
            return;
        }
        firing = true;
        try {
            Callbacks.run(this, () -> callback.accept(this, activity));
        } finally {
            firing = false;
            if (!repeats) {
                invalidate();
            }
        }
    }
}
