/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import io.machframe.core.lifetime.Hold;
import io.machframe.surface.Surface;
import io.machframe.surface.SurfaceLock;

/**
 * A frame that a client received. Its surface is not drawn over until the frame is closed; one that is forgotten is
 * closed by the garbage collector and reported. Any thread may read and close it.
 */
public final class Frame implements AutoCloseable {
    private final FrameLease lease;
    private final long sequence;
    private final long ptsNanos;
    private final long publishedNanos;
    private final long receivedNanos;
    private final Hold hold;

    /** Takes over the lease. */
    Frame(FrameLease lease, long sequence, long ptsNanos, long publishedNanos) {
        this.lease = lease;
        this.sequence = sequence;
        this.ptsNanos = ptsNanos;
        this.publishedNanos = publishedNanos;
        this.receivedNanos = System.nanoTime();
        this.hold = Hold.of(this, "the frame", lease::end);
    }

    /**
     * Returns the memory that the publisher drew into, to be read under its lock until the frame is closed. The same
     * object for each frame in that memory.
     *
     * @throws IllegalStateException if the frame is closed
     */
    public Surface surface() {
        hold.requireOpen();
        return lease.received().readOnly();
    }

    /**
     * Locks the surface for reading, otherwise as {@link Surface#lock}.
     *
     * @throws IllegalStateException if the frame is closed
     */
    public SurfaceLock lock() {
        return surface().lock();
    }

    /** Returns the frame's number in its stream, from 0; gaps are frames that were skipped. */
    public long sequence() {
        return sequence;
    }

    /** Returns when the frame is to be shown, nanoseconds from the start of the stream. */
    public long ptsNanos() {
        return ptsNanos;
    }

    /** Returns when it was published, on the clock of {@link System#nanoTime}, which the processes of a machine share. */
    public long publishedNanos() {
        return publishedNanos;
    }

    /** Returns when it was received, on the same clock. */
    public long receivedNanos() {
        return receivedNanos;
    }

    /** Gives the surface back. Idempotent. */
    @Override
    public void close() {
        hold.close();
    }
}
