/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import io.machframe.core.error.MachException;
import io.machframe.core.lifetime.Hold;
import io.machframe.core.port.SendRight;
import io.machframe.surface.IOSurface;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A surface of the publisher's own that a stream can publish, {@link FrameServer#lend}. It is returned when the last lease of a
 * frame in it ends: {@link #acquire} waits for that, {@link #isInUse} tells.
 *
 * <p>It is in use while it is drawn into, while it is the newest frame, which whoever joins is shown, and while a client holds a
 * frame in it; what a client held when it died is returned at once. A publisher with a ring of buffers lends them all, and takes
 * for the next picture one that is not in use.
 *
 * <p><b>Ownership.</b> Closing takes it back from the stream; clients that hold it go on to see it. One that is forgotten is
 * closed by the garbage collector and reported.
 *
 * <p><b>Threads.</b> Thread-safe.
 */
public final class LentSurface implements AutoCloseable {
    private final Publication publication;
    private final int slot;
    private final int serial;
    private final Drafts.Finder finder;
    private final Hold hold;

    private LentSurface(Publication publication, int slot, int serial) {
        this.publication = publication;
        this.slot = slot;
        this.serial = serial;
        this.finder = publication.drafts().lent(slot, serial);
        this.hold = Hold.of(this, "a surface lent to the stream \"" + publication.name() + "\"", () -> publication
                .drafts()
                .withdraw(slot, serial));
    }

    static LentSurface of(Publication publication, IOSurface surface) throws MachException {
        IOSurface own;
        try (SendRight port = surface.createMachPort()) {
            own = IOSurface.fromMachPort(port);
        }
        int slot = publication.drafts().lend(own);
        return new LentSurface(publication, slot, publication.drafts().serial(slot));
    }

    /** Returns whether it is being drawn into, is the newest frame, or is looked at by a client. */
    public boolean isInUse() {
        hold.pin();
        try {
            return publication.drafts().isInUse(slot, serial);
        } finally {
            hold.unpin();
        }
    }

    /**
     * Gives a draft in this surface, waiting until it is returned. To publish what is in it already, publish the draft.
     *
     * @throws IllegalStateException if it was taken back, the server is closed, or its format has changed since
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public FrameDraft acquire() throws MachException, InterruptedException {
        return Objects.requireNonNull(acquire(Deadline.NEVER));
    }

    /** As {@link #acquire}, without waiting: returns null if it is in use. */
    public @Nullable FrameDraft tryAcquire() throws MachException {
        try {
            return acquire(0);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e); // it does not wait
        }
    }

    /** As {@link #acquire}, waiting for at most some time: returns null if it was in use all the time. */
    public @Nullable FrameDraft tryAcquire(Duration limit) throws MachException, InterruptedException {
        return acquire(Deadline.nanos(limit));
    }

    private @Nullable FrameDraft acquire(long nanos) throws MachException, InterruptedException {
        hold.requireOpen();
        try {
            return publication.drafts().acquire(publication, nanos, finder);
        } finally {
            Reference.reachabilityFence(this); // not pinned, because a close ends the wait
        }
    }

    /** Takes the surface back. Idempotent. */
    @Override
    public void close() {
        hold.close();
    }
}
