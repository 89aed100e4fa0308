/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import io.machframe.core.error.MachException;

/**
 * What keeps the surface of a received frame from being drawn over. At first it is the client's mailbox, which tells the
 * server without a system call; if the frame is still held when its client goes on, it is the surface's use count. Any
 * thread may end it.
 */
final class FrameLease {
    private final ReceivedSurface received;
    private final Mailbox mailbox;
    private final long ticket;
    private boolean counted;
    private boolean ended;

    /** @param ticket taken from the mailbox and not confirmed yet */
    FrameLease(ReceivedSurface received, Mailbox mailbox, long ticket) {
        this.received = received;
        this.mailbox = mailbox;
        this.ticket = ticket;
        received.hold();
    }

    ReceivedSurface received() {
        return received;
    }

    /** Holds by the use count from now on, because the client needs the mailbox for another frame. */
    synchronized void count() throws MachException {
        if (!ended && !counted) {
            received.surface().incrementUseCount();
            counted = true;
            mailbox.confirm(ticket);
        }
    }

    /** Gives the surface back. Idempotent. */
    synchronized void end() {
        if (ended) {
            return;
        }
        ended = true;
        if (counted) {
            received.surface().decrementUseCount();
        } else {
            mailbox.confirm(ticket);
        }
        received.drop();
    }
}
