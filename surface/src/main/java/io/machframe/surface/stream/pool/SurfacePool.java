/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream.pool;

import io.machframe.surface.IOSurface;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The surfaces of a stream, each in a slot, and what each is used for. It makes none and closes none by itself, because
 * both take long: its user does, without holding the lock that guards the pool. Not thread-safe.
 *
 * <p>A slot may also have a surface that is lent by whoever publishes. Nothing else is drawn into that, and it stays until it
 * is taken back and free.
 *
 * <p>A slot is free if it is not being drawn into, not the newest frame, and held by no client. Of the free ones the one
 * drawn into last is taken, so that its pages are warm and little has changed since; the others rest, and those that
 * rested for long are more than the stream needs.
 */
public final class SurfacePool {
    /** Asked whether a client holds the frame in a slot, or may come to. */
    @FunctionalInterface
    public interface Holders {
        boolean hold(int slot);
    }

    private enum State {
        /** No surface, and none is being made. */
        EMPTY,
        /** Its surface is being made. */
        RESERVED,
        /** Nobody draws into it; free, unless it is the newest or held. */
        IDLE,
        /** Being drawn into. */
        DRAWN
    }

    private static final int NONE = -1;

    /** A surface that was not drawn into for so many frames is not needed. */
    private static final int REST = 120;

    private final int min;
    private final int max;
    private final Holders holders;
    private final State[] states;
    private final @Nullable IOSurface[] surfaces;
    private final int[] serials;
    private final int[] generations;

    /** Whether the surface of a slot is lent, and whether it was taken back. */
    private final boolean[] lent;

    private final boolean[] withdrawn;

    /** The number of the frame last drawn into a slot, and one; 0 for none. */
    private final long[] lastDrawn;

    private int generation = 1;
    private int serial;
    private int size;
    private int lentSize;
    private int newest = NONE;

    /** No slot from here on was ever used. */
    private int used;

    /**
     * @param min to have once they were needed
     * @param max of which the clients have a share each
     * @param slots the most surfaces, whatever the clients hold
     */
    public SurfacePool(int min, int max, int slots, Holders holders) {
        this.min = min;
        this.max = max;
        this.holders = holders;
        this.states = new State[slots];
        this.surfaces = new IOSurface[slots];
        this.serials = new int[slots];
        this.generations = new int[slots];
        this.lent = new boolean[slots];
        this.withdrawn = new boolean[slots];
        this.lastDrawn = new long[slots];
        Arrays.fill(states, State.EMPTY);
    }

    /** Takes the free slot that was drawn into last, to draw. Returns -1 if none is free. */
    public int take() {
        int best = NONE;
        for (int slot = 0; slot < used; slot++) {
            boolean better = !lent[slot] && (best == NONE || lastDrawn[slot] > lastDrawn[best]);
            if (better && generations[slot] == generation && isFree(slot)) {
                best = slot;
            }
        }
        if (best != NONE) {
            states[best] = State.DRAWN;
        }
        return best;
    }

    private boolean isFree(int slot) {
        return states[slot] == State.IDLE && slot != newest && !holders.hold(slot);
    }

    /**
     * Reserves a slot for a new surface, which is then {@linkplain #install installed}.
     *
     * @param lent how many surfaces clients hold above their shares; they do not count
     * @return -1 if there are as many as there may be
     */
    public int reserve(int lent) {
        if (size - lent >= max) {
            return NONE;
        }
        int slot = empty();
        if (slot != NONE) {
            states[slot] = State.RESERVED;
            generations[slot] = generation;
            size++;
        }
        return slot;
    }

    private int empty() {
        for (int slot = 0; slot < states.length; slot++) {
            if (states[slot] == State.EMPTY) {
                return slot;
            }
        }
        return NONE;
    }

    /**
     * Puts a surface that is lent into a slot. Takes ownership of it.
     *
     * @return -1 if there is no slot for it, and nothing was done
     */
    public int lend(IOSurface surface) {
        int slot = empty();
        if (slot != NONE) {
            install(slot, surface);
            states[slot] = State.IDLE;
            generations[slot] = generation;
            lent[slot] = true;
            lentSize++;
        }
        return slot;
    }

    /**
     * Takes the slot of a lent surface, to draw.
     *
     * @return false if it is not free
     */
    public boolean takeLent(int slot) {
        boolean free = isFree(slot);
        if (free) {
            states[slot] = State.DRAWN;
        }
        return free;
    }

    /** Returns whether a slot has a surface that was taken back. */
    public boolean isWithdrawn(int slot) {
        return withdrawn[slot];
    }

    /** Returns whether a slot that has a surface is not free. */
    public boolean isInUse(int slot) {
        return !isFree(slot);
    }

    /** Takes a lent surface back: once it is free, it is not needed. */
    public void withdraw(int slot) {
        withdrawn[slot] = true;
    }

    /** Returns whether every slot has a surface, so that nothing but releasing one helps. */
    public boolean isExhausted() {
        return size + lentSize == states.length;
    }

    /** Puts a new surface into a reserved slot, to be drawn into. Takes ownership of it. */
    public void install(int slot, IOSurface surface) {
        surfaces[slot] = surface;
        serials[slot] = ++serial;
        states[slot] = State.DRAWN;
        lastDrawn[slot] = 0;
        used = Math.max(used, slot + 1);
    }

    /** Gives a reserved slot up. */
    public void cancel(int slot) {
        states[slot] = State.EMPTY;
        size--;
    }

    /** Ends the drawing; the slot has the newest frame from now on. */
    public void publish(int slot, long sequence) {
        states[slot] = State.IDLE;
        lastDrawn[slot] = sequence + 1;
        newest = slot;
    }

    /** Ends the drawing, of which nothing is seen. */
    public void discard(int slot) {
        states[slot] = State.IDLE;
    }

    /** Says that surfaces made from now on are different, and those before are only kept while they are held. */
    public void beginGeneration() {
        generation++;
    }

    public int generation() {
        return generation;
    }

    /** Returns the generation that a slot's surface was made in. */
    public int generation(int slot) {
        return generations[slot];
    }

    /** Returns the slot of the newest frame, -1 if there is none. */
    public int newest() {
        return newest;
    }

    /** Says that there is no newest frame any more for clients that join. */
    public void forgetNewest() {
        newest = NONE;
    }

    /** Returns a slot's surface, which has that serial number; null if it has another one, or none. */
    public @Nullable IOSurface surface(int slot, int withSerial) {
        boolean known = slot >= 0 && slot < surfaces.length && serials[slot] == withSerial;
        return known ? surfaces[slot] : null;
    }

    /** Returns the surface of a slot that is drawn into or published. */
    public IOSurface surface(int slot) {
        return Objects.requireNonNull(surfaces[slot]);
    }

    /** Returns the serial number of a slot's surface. */
    public int serial(int slot) {
        return serials[slot];
    }

    /** Returns the number of the frame drawn last into a slot, -1 if there was none. */
    public long lastDrawn(int slot) {
        return lastDrawn[slot] - 1;
    }

    /** Returns how many surfaces there are, apart from those that are lent. */
    public int size() {
        return size;
    }

    /**
     * Takes out free surfaces that are not needed: of an earlier generation, or rested while there are more than the least.
     *
     * @param published how many frames were published so far
     * @return the caller's to close; seldom any
     */
    public List<IOSurface> trim(long published) {
        List<IOSurface> trimmed = List.of();
        for (int slot = 0; slot < used; slot++) {
            boolean old = generations[slot] != generation;
            boolean rested = size > min && published - lastDrawn[slot] > REST;
            boolean unneeded = lent[slot] ? withdrawn[slot] : old || rested;
            if (unneeded && isFree(slot)) {
                trimmed = trimmed.isEmpty() ? new ArrayList<>() : trimmed;
                trimmed.add(remove(slot));
            }
        }
        return trimmed;
    }

    /** Takes out all surfaces that no client holds and nobody draws into. */
    public List<IOSurface> clear() {
        newest = NONE;
        List<IOSurface> cleared = new ArrayList<>();
        for (int slot = 0; slot < used; slot++) {
            if (isFree(slot)) {
                cleared.add(remove(slot));
            }
        }
        return cleared;
    }

    private IOSurface remove(int slot) {
        IOSurface removed = surface(slot);
        surfaces[slot] = null;
        serials[slot] = 0;
        states[slot] = State.EMPTY;
        if (lent[slot]) {
            lent[slot] = false;
            withdrawn[slot] = false;
            lentSize--;
        } else {
            size--;
        }
        return removed;
    }
}
