/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import io.machframe.core.error.MachException;
import io.machframe.surface.IOSurface;
import io.machframe.surface.stream.link.StreamPage;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The surfaces of a stream as its publisher draws into them: taken, waited for, made, and given back unseen. */
final class Drafts {
    /** What the publisher needs apart from what clients hold: a draft, the newest frame, and the next draft. */
    private static final int OWN_SURFACES = 3;

    private final StreamState state;

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
    private interface Finder {
        /** Returns -1 if there is none now. */
        int find() throws MachException;
    }

    /**
     * Gives a surface to draw into.
     *
     * @param nanos how long to wait for one, {@link Deadline#NEVER} for any time
     * @return null if none is free in that time
     */
    @Nullable
    FrameDraft acquire(Publication publication, long nanos) throws MachException, InterruptedException {
        return acquire(publication, nanos, any);
    }

    private final Finder any = this::takeSlot;

    private @Nullable FrameDraft acquire(Publication publication, long nanos, Finder finder)
            throws MachException, InterruptedException {
        state.lock.lock();
        try {
            int slot = finder.find();
            if (slot < 0 && nanos > 0) {
                slot = await(nanos, finder);
            }
            return slot < 0 ? null : draft(publication, slot);
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
        if (slot < 0 && state.pool.isExhausted() && state.audience.dismissGreediest()) {
            return takeSlot();
        }
        return slot < 0 ? -1 : make(slot);
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
