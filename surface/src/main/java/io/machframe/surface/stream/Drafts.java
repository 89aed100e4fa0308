/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import io.machframe.core.error.MachException;
import io.machframe.surface.IOSurface;
import io.machframe.surface.stream.link.StreamPage;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The surfaces of a stream as its publisher draws into them: taken, waited for, made, and given back unseen. */
final class Drafts {
    /** What the publisher needs apart from what clients hold: a draft, the newest frame, and the next draft. */
    private static final int OWN_SURFACES = 3;

    private final StreamState state;

    /** Finds one of the pool's, which may be made for that. */
    final Finder any = this::takeSlot;

    /** Drafts that were closed, to be used again; by slot. */
    private final @Nullable FrameDraft[] idle = new FrameDraft[StreamPage.MAX_SLOTS];

    private final Damage damage = new Damage();
    private int mostSurfaces;
    private long forgotten;

    Drafts(StreamState state) {
        this.state = state;
    }

    int mostSurfaces() {
        return mostSurfaces;
    }

    long forgotten() {
        return forgotten;
    }

    /** Finds a slot to draw into. */
    interface Finder {
        /** Returns -1 if there is none now. */
        int find() throws MachException;
    }

    /** Returns what finds a lent surface free. */
    Finder lent(int slot, int serial) {
        return () -> takeLent(slot, serial);
    }

    private int takeLent(int slot, int serial) {
        state.requireOpen();
        requireLent(slot, serial);
        if (state.pool.generation(slot) != state.pool.generation()) {
            throw new IllegalStateException("the format of \"" + state.name + "\" has changed to " + state.format
                    + " since the surface was lent");
        }
        if (state.pool.isWithdrawn(slot)) {
            throw notLent();
        }
        return state.pool.takeLent(slot) ? slot : -1;
    }

    private void requireLent(int slot, int serial) {
        if (state.pool.surface(slot, serial) == null) {
            throw notLent();
        }
    }

    private IllegalStateException notLent() {
        return new IllegalStateException("the surface is not lent to \"" + state.name + "\" any more");
    }

    /** Returns the slot of a surface that is lent from now on. Takes ownership of it, whatever happens. */
    int lend(IOSurface surface) {
        state.lock.lock();
        try {
            state.requireOpen();
            boolean fits = surface.width() == state.format.width()
                    && surface.height() == state.format.height()
                    && surface.pixelFormat().equals(state.format.pixelFormat());
            if (!fits) {
                throw new IllegalArgumentException("the stream \"" + state.name + "\" has frames of " + state.format
                        + ", and a surface of " + surface.width() + "x" + surface.height() + " "
                        + surface.pixelFormat() + " cannot be one");
            }
            int slot = state.pool.lend(surface);
            if (slot < 0) {
                throw new IllegalStateException(
                        "the stream \"" + state.name + "\" has " + StreamPage.MAX_SLOTS + " surfaces, all that it may");
            }
            return slot;
        } catch (RuntimeException | Error e) {
            surface.close();
            throw e;
        } finally {
            state.lock.unlock();
        }
    }

    int serial(int slot) {
        state.lock.lock();
        try {
            return state.pool.serial(slot);
        } finally {
            state.lock.unlock();
        }
    }

    /** Takes a lent surface back: nothing is done with it any more once no client looks at it. */
    void withdraw(int slot, int serial) {
        List<IOSurface> unused = List.of();
        state.lock.lock();
        try {
            if (state.pool.surface(slot, serial) != null) {
                state.pool.withdraw(slot);
                state.changed.signalAll();
                unused = state.takeUnused();
            }
        } finally {
            state.lock.unlock();
        }
        unused.forEach(IOSurface::close);
    }

    /** Returns whether a lent surface is being drawn into, is the newest frame, or is looked at by a client. */
    boolean isInUse(int slot, int serial) {
        state.lock.lock();
        try {
            return state.pool.surface(slot, serial) != null && state.pool.isInUse(slot);
        } finally {
            state.lock.unlock();
        }
    }

    /**
     * Gives a surface to draw into, or to publish as it is.
     *
     * @param nanos how long to wait for one, {@link Deadline#NEVER} for any time
     * @return null if none is free in that time
     */
    @Nullable
    FrameDraft acquire(Publication publication, long nanos, Finder finder) throws MachException, InterruptedException {
        FrameEvents.Acquire event = FrameEvents.beginAcquire();
        state.lock.lock();
        try {
            int slot = finder.find();
            if (slot < 0 && nanos > 0) {
                slot = await(nanos, finder);
            }
            if (slot < 0) {
                return null;
            }
            FrameEvents.acquired(event, state.name, slot);
            return draft(publication, slot);
        } finally {
            state.lock.unlock();
        }
    }

    private int await(long nanos, Finder finder) throws MachException, InterruptedException {
        long since = System.nanoTime();
        state.audience.beginWaiting();
        try {
            int slot = finder.find(); // again, after clients were asked to tell
            long left = nanos;
            while (slot < 0 && left > 0) {
                if (nanos == Deadline.NEVER) {
                    state.changed.await();
                } else {
                    state.changed.awaitNanos(left);
                    left = Deadline.left(nanos, since);
                }
                slot = finder.find();
            }
            return slot;
        } finally {
            state.audience.endWaiting();
        }
    }

    private int takeSlot() throws MachException {
        state.requireOpen();
        int slot = state.pool.take();
        if (slot >= 0) {
            return slot;
        }
        slot = state.pool.reserve(lent());
        if (slot < 0 && closeUnused()) {
            return takeSlot();
        }
        if (slot < 0 && state.pool.isExhausted() && state.audience.dismissGreediest()) {
            return takeSlot();
        }
        return slot < 0 ? -1 : make(slot);
    }

    /** Makes room of surfaces that nobody needs any more, such as those of an earlier format. Returns whether there were any. */
    private boolean closeUnused() {
        List<IOSurface> unused = state.takeUnused();
        if (unused.isEmpty()) {
            return false;
        }
        state.lock.unlock();
        try {
            unused.forEach(IOSurface::close);
        } finally {
            state.lock.lock();
        }
        return true;
    }

    /** Returns how many surfaces clients hold beyond what the pool has for them. */
    private int lent() {
        return state.audience.heldBeyond(Math.max(0, state.settings.maxSurfaces() - OWN_SURFACES));
    }

    /** Makes a surface for a reserved slot, without the lock meanwhile. */
    private int make(int slot) throws MachException {
        FrameFormat wanted = state.format;
        int generation = state.pool.generation();
        IOSurface made = null;
        state.lock.unlock();
        try {
            made = state.settings.createSurface(wanted);
        } finally {
            state.lock.lock();
            boolean useful = made != null && !state.closed && generation == state.pool.generation();
            if (!useful) {
                state.pool.cancel(slot);
                state.changed.signalAll();
                if (made != null) {
                    made.close();
                }
            }
        }
        if (state.closed || generation != state.pool.generation()) {
            return takeSlot(); // throws if it was closed
        }
        state.pool.install(slot, made);
        mostSurfaces = Math.max(mostSurfaces, state.pool.size());
        return slot;
    }

    private FrameDraft draft(Publication publication, int slot) {
        FrameDraft draft = idle[slot];
        idle[slot] = null;
        if (draft == null || draft.serial() != state.pool.serial(slot)) {
            draft = new FrameDraft(publication, slot, state.pool.serial(slot), state.pool.surface(slot), state.format);
        }
        draft.begin(state.settings.info());
        return draft;
    }

    /** A draft was closed: its object can be used again, and its surface too, if the draft was not published. */
    void ended(FrameDraft draft, boolean unseen) {
        state.lock.lock();
        try {
            if (unseen) {
                giveBack(draft.slot());
            }
            idle[draft.slot()] = draft;
        } finally {
            state.lock.unlock();
        }
    }

    /** A draft is unreachable that was neither published nor closed. */
    void forgotten(int slot, int serial) {
        state.lock.lock();
        try {
            forgotten++;
            if (state.pool.serial(slot) == serial) {
                giveBack(slot);
            }
        } finally {
            state.lock.unlock();
        }
    }

    private void giveBack(int slot) {
        state.pool.discard(slot);
        state.changed.signalAll();
        if (state.closed) {
            state.pool.clear().forEach(IOSurface::close);
        }
    }

    Optional<FrameArea> missed(int slot) {
        state.lock.lock();
        try {
            return damage.since(state.pool.lastDrawn(slot));
        } finally {
            state.lock.unlock();
        }
    }

    /** Counts what a frame changed. Under the lock. */
    void published(FrameDraft draft, long sequence) {
        damage.add(draft, sequence);
    }

    /** Surfaces are of another format from now on. Under the lock. */
    void beginGeneration() {
        state.pool.beginGeneration();
        damage.restart();
    }
}
