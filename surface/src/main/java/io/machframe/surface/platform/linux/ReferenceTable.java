/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.platform.linux;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Turns references, which are numbers at the seam, into the surfaces they stand for. A number is never used again, so
 * one that was released finds nothing. Finding neither locks nor allocates.
 */
final class ReferenceTable {
    private static final int FIRST_CAPACITY = 64;

    private record Entry(long reference, LinuxSurface surface) {}

    private volatile AtomicReferenceArray<@Nullable Entry> entries = new AtomicReferenceArray<>(FIRST_CAPACITY);
    private final Deque<Integer> free = new ArrayDeque<>();
    private int used;
    private int serial;

    /** Adds a surface and returns a new number for it: its place, below a serial number that begins at 1. */
    synchronized long add(LinuxSurface surface) {
        Integer recycled = free.poll();
        int index = recycled != null ? recycled : used++;
        if (index == entries.length()) {
            grow();
        }
        serial = serial == Integer.MAX_VALUE ? 1 : serial + 1;
        long reference = (long) serial << 32 | index;
        entries.set(index, new Entry(reference, surface));
        return reference;
    }

    @Nullable
    LinuxSurface find(long reference) {
        Entry entry = entry(reference);
        return entry == null ? null : entry.surface;
    }

    /** Takes a number out and returns the surface it stood for, or null if it stood for none. */
    synchronized @Nullable LinuxSurface remove(long reference) {
        Entry entry = entry(reference);
        if (entry == null) {
            return null;
        }
        int index = (int) reference;
        entries.set(index, null);
        free.add(index);
        return entry.surface;
    }

    private @Nullable Entry entry(long reference) {
        AtomicReferenceArray<@Nullable Entry> current = entries;
        int index = (int) reference;
        if (index < 0 || index >= current.length()) {
            return null;
        }
        Entry entry = current.get(index);
        return entry != null && entry.reference == reference ? entry : null;
    }

    private void grow() {
        AtomicReferenceArray<@Nullable Entry> larger = new AtomicReferenceArray<>(entries.length() * 2);
        for (int i = 0; i < entries.length(); i++) {
            larger.set(i, entries.get(i));
        }
        entries = larger;
    }
}
