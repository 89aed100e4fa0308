/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.lifetime;

import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The hold an owner has on one thing that must be released exactly once: open, then closed or moved, never both.
 *
 * <p>A call that uses the thing pins it. A close during the call takes effect for others at once and releases the
 * thing when the last pin goes, so what a call is using is never released under it, nor given to a stranger. An owner
 * that is forgotten is released by the garbage collector and reported ({@link LeakDetector}). Safe from any thread.
 *
 * <p>An owner is not forgotten while one of its methods works, although nobody may refer to it any more by then: the hold
 * refers to its owner, and each call of the hold keeps both until it is done, a pin so until its unpin. A method that waits
 * without a pin, because a close must end it, needs a {@link Reference#reachabilityFence} of its own.
 */
public final class Hold {
    private static final Cleaner CLEANER = Cleaner.create();

    private final Object owner;
    private final State state;
    private final Cleaner.Cleanable cleanable;

    private Hold(Object owner, State state) {
        this.owner = owner;
        this.state = state;
        this.cleanable = CLEANER.register(owner, state);
    }

    /**
     * Begins to hold.
     *
     * @param owner who holds; when it becomes unreachable the thing is released
     * @param what the thing, for messages: "send right 0x1203"
     * @param release releases it; must refer neither to the owner nor to the hold
     */
    public static Hold of(Object owner, String what, Runnable release) {
        return new Hold(owner, new State(what, release));
    }

    /** Keeps the thing until {@link #unpin}. Throws {@link IllegalStateException} if it was closed or moved. */
    public void pin() {
        state.add(State.PIN);
        keepOwner();
    }

    public void unpin() {
        if (state.addAndGet(-State.PIN) == State.CLOSED) {
            state.release.run();
        }
        keepOwner();
    }

    /**
     * As {@link #pin}, for an object that refers to the owner and stays after the call: if both are forgotten the thing
     * is released all the same.
     */
    public void keep() {
        state.add(State.KEEP);
        keepOwner();
    }

    /** Ends a {@link #keep}. */
    public void letGo() {
        if (state.addAndGet(-State.KEEP) == State.CLOSED) {
            try {
                state.release.run();
            } finally {
                cleanable.clean();
            }
        }
        keepOwner();
    }

    /** Throws {@link IllegalStateException} if the thing was closed or moved. */
    public void requireOpen() {
        if (!isOpen()) {
            throw state.spent();
        }
    }

    public boolean isOpen() {
        boolean open = (state.get() & State.SPENT) == 0;
        keepOwner();
        return open;
    }

    /** Releases the thing unless that was done, or it was moved, before. */
    public void close() {
        try {
            state.close();
        } finally {
            if (state.get() < State.KEEP) { // else there still is somebody to be forgotten
                cleanable.clean(); // also when the release fails
            }
            keepOwner();
        }
    }

    /**
     * Gives the thing away without releasing it. Throws {@link IllegalStateException} if it was closed or moved, or if
     * another thread is using it.
     */
    public void move() {
        if (!state.compareAndSet(State.OPEN, State.MOVED)) {
            throw isOpen()
                    ? new IllegalStateException(state.what + " cannot be moved: another thread is using it")
                    : state.spent();
        }
        cleanable.clean();
        keepOwner();
    }

    /** Until here the owner is not forgotten. A call that throws needs it no more. */
    @SuppressWarnings("ReachabilityFenceUsage")
    private void keepOwner() {
        Reference.reachabilityFence(owner);
    }

    /** Apart from the hold so that it does not keep the owner reachable. */
    static final class State extends AtomicLong implements Runnable {
        private static final long serialVersionUID = 1L;

        static final long OPEN = 0;
        static final long CLOSED = 1;
        static final long MOVED = 2;
        static final long SPENT = CLOSED | MOVED;
        static final long PIN = 4;
        static final long KEEP = 1L << 32;

        final String what;
        final transient Runnable release;
        final transient @Nullable Throwable origin;

        State(String what, Runnable release) {
            this.what = what;
            this.release = release;
            this.origin = LeakDetector.opened(this);
        }

        /** Adds a pin or a keep. */
        void add(long holder) {
            long now;
            do {
                now = get();
                if ((now & SPENT) != 0) {
                    throw spent();
                }
            } while (!compareAndSet(now, now + holder));
        }

        boolean close() {
            long now;
            do {
                now = get();
                if ((now & SPENT) != 0) {
                    return false;
                }
            } while (!compareAndSet(now, now | CLOSED));
            if (now == OPEN) {
                release.run();
            }
            return true;
        }

        IllegalStateException spent() {
            return new IllegalStateException(what + ((get() & MOVED) != 0 ? " was moved away" : " is closed"));
        }

        /** The owner is unreachable, or its hold ended. */
        @Override
        public void run() {
            LeakDetector.ended(this);
            boolean forgotten = close();
            if (endKeeps() || forgotten) {
                LeakDetector.report(this);
            }
        }

        /** Whoever kept the thing is as unreachable as the owner. */
        private boolean endKeeps() {
            long before = getAndUpdate(now -> now % KEEP);
            if (before >= KEEP && before % KEEP == CLOSED) {
                release.run();
            }
            return before >= KEEP;
        }

        // Identity, although AtomicLong has no equality of its own to change.
        @Override
        public String toString() {
            return what;
        }
    }
}
