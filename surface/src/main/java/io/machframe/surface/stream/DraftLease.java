/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import io.machframe.core.lifetime.LeakDetector;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/**
 * What keeps the surface of a draft out of the pool, apart from the {@link FrameDraft} so that it does not keep that
 * reachable. It is begun and ended again and again.
 */
final class DraftLease {
    private static final AtomicIntegerFieldUpdater<DraftLease> OPEN =
            AtomicIntegerFieldUpdater.newUpdater(DraftLease.class, "open");

    private final Publication publication;
    private final int slot;
    private final int serial;
    private volatile int open;
    private Optional<Throwable> origin = Optional.empty();

    DraftLease(Publication publication, int slot, int serial) {
        this.publication = publication;
        this.slot = slot;
        this.serial = serial;
    }

    Publication publication() {
        return publication;
    }

    int slot() {
        return slot;
    }

    int serial() {
        return serial;
    }

    void begin() {
        origin = LeakDetector.trace();
        open = 1;
    }

    void requireOpen() {
        if (open == 0) {
            throw spent();
        }
    }

    static IllegalStateException spent() {
        return new IllegalStateException("the draft was published or closed");
    }

    /** Returns whether it was open. */
    boolean end() {
        return OPEN.compareAndSet(this, 1, 0);
    }

    /** The draft is unreachable. */
    void forgotten() {
        if (end()) {
            LeakDetector.forgotten("a draft of the stream \"" + publication.name() + "\"", origin);
            publication.forgotten(slot, serial);
        }
    }
}
