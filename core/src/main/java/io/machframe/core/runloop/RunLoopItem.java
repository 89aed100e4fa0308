/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.runloop;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What can be added to a run loop: a source, a timer or an observer. It works in each mode that it was added to until it
 * is removed there, or invalidated.
 *
 * <p>Invalidating takes effect at once. Removing does not reach into a round that the loop has begun: an observer or
 * signalled source that is removed by an earlier one of the same round still has its turn in it, and so has a due timer
 * that stays in another mode of the loop.
 *
 * <p><b>Threads.</b> Thread-safe. Callbacks come on the thread that runs the loop, one at a time, and may add, remove and
 * invalidate too.
 */
public abstract sealed class RunLoopItem permits RunLoopSource, RunLoopTimer, RunLoopObserver {
    private static final AtomicLong COUNTER = new AtomicLong();

    private final long serial = COUNTER.incrementAndGet();
    private final long order;
    private final Set<RunLoop> loops = new LinkedHashSet<>();
    private boolean valid = true;

    RunLoopItem(long order) {
        this.order = order;
    }

    /** Returns the number that sorts items of a kind within a mode, lowest first. */
    public final long order() {
        return order;
    }

    /** Returns whether it was not invalidated yet. */
    public final synchronized boolean isValid() {
        return valid;
    }

    /** Takes this out of all modes of all loops for good. Idempotent. */
    public final void invalidate() {
        List<RunLoop> left;
        synchronized (this) {
            if (!valid) {
                return;
            }
            valid = false;
            left = List.copyOf(loops);
            loops.clear();
        }
        left.forEach(loop -> loop.forget(this));
    }

    /** Returns a number that is lower for what was made earlier. */
    final long serial() {
        return serial;
    }

    /**
     * Notes that a loop has this now. Called with the loop's monitor held, which is taken before this one's.
     *
     * @return false if this is no longer valid and is not to be added
     */
    final synchronized boolean join(RunLoop loop) {
        if (valid && !loops.contains(loop)) {
            if (!sharesLoops() && !loops.isEmpty()) {
                throw new IllegalStateException("a timer or an observer belongs to one loop at a time: " + this);
            }
            loops.add(loop);
        }
        return valid;
    }

    /** Notes that no mode of a loop has this any more. */
    final synchronized void leave(RunLoop loop) {
        loops.remove(loop);
    }

    final synchronized boolean isIn(RunLoop loop) {
        return loops.contains(loop);
    }

    final synchronized List<RunLoop> loops() {
        return List.copyOf(loops);
    }

    /** Returns whether several loops may have this. */
    boolean sharesLoops() {
        return false;
    }
}
