/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import io.machframe.core.error.MachException;
import io.machframe.surface.IOSurface;

/**
 * A frame that a client received. Its surface is not drawn over until the frame is closed. Any thread may read and close
 * it.
 *
 * <p>At first the client's mailbox tells the server that the frame is held, which costs no system call. It is counted as
 * a use of its surface only if it is still held when its client goes on to the next frame, or closes.
 */
public final class Frame implements AutoCloseable {
    private final ReceivedSurface received;
    private final Mailbox mailbox;
    private final long ticket;
    private final long sequence;
    private final long ptsNanos;
    private final long publishedNanos;
    private final long receivedNanos;
    private boolean counted;
    private boolean closed;

    /** Makes a frame of a ticket that was taken from the mailbox and is not confirmed yet. */
    Frame(ReceivedSurface received, Mailbox mailbox, long ticket) {
        int slot = Mailbox.slot(ticket);
        this.received = received;
        this.mailbox = mailbox;
        this.ticket = ticket;
        this.sequence = mailbox.sequence(slot);
        this.ptsNanos = mailbox.ptsNanos(slot);
        this.publishedNanos = mailbox.publishedNanos(slot);
        received.hold();
        this.receivedNanos = System.nanoTime();
    }

    /** Returns the memory that the publisher drew into, the client's to read under its lock; it must not be closed. */
    public IOSurface surface() {
        return received.surface();
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

    /** Holds the surface by its use count from now on and not by the mailbox, which the client needs for others. */
    synchronized void count() throws MachException {
        if (!closed && !counted) {
            received.surface().incrementUseCount();
            counted = true;
            mailbox.confirm(ticket);
        }
    }

    /** Gives the surface back. Idempotent. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (counted) {
            received.surface().decrementUseCount();
        } else {
            mailbox.confirm(ticket);
        }
        received.drop();
    }
}
