/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import io.machframe.core.error.DeadPortException;
import io.machframe.core.error.MachException;
import io.machframe.core.message.MachMessage;
import io.machframe.core.port.SendRight;
import java.time.Duration;

/** A client as its server sees it. Guarded by the server. */
final class Subscriber implements AutoCloseable {
    private final SendRight inbox;
    private final Mailbox mailbox;
    private final int pid;

    /** The ticket put last. */
    private long last;

    /** The newest ticket known to have been taken out of the mailbox. */
    private long claimed;

    /** A frame waits in the mailbox and the client was not told, because its queue was full. */
    private boolean owesMessage;

    /** Takes over both. */
    private Subscriber(SendRight inbox, Mailbox mailbox, int pid) {
        this.inbox = inbox;
        this.mailbox = mailbox;
        this.pid = pid;
    }

    /**
     * Makes a mailbox for a client.
     *
     * @param inbox where to tell it of frames; stays the caller's
     * @param pid the process it is in
     */
    static Subscriber open(SendRight inbox, int pid) throws MachException {
        SendRight own = inbox.copy();
        try {
            return new Subscriber(own, Mailbox.create(), pid);
        } catch (MachException e) {
            own.close();
            throw e;
        }
    }

    /** Returns the process the client is in. */
    int pid() {
        return pid;
    }

    /** Sends the client its mailbox. Throws if the client is gone, or has no room even for the first message. */
    void welcome(FrameFormat format, int surfaces) throws MachException {
        try (MachMessage message = Protocol.welcome(format, surfaces, mailbox)) {
            if (!message.trySendTo(inbox, Duration.ZERO)) {
                throw Protocol.violation("its inbox has no room for one message");
            }
        }
    }

    /** Says which frame is the first that is published for this client. */
    void begin(long sequence) {
        mailbox.begin(sequence);
    }

    /**
     * Offers a frame.
     *
     * @return false if the client is gone
     */
    boolean offer(long ticket, long sequence, long ptsNanos, long publishedNanos) {
        long replaced = mailbox.put(ticket, sequence, ptsNanos, publishedNanos);
        if (replaced == 0) {
            claimed = last;
            owesMessage = true;
        }
        last = ticket;
        return tell();
    }

    /** Tells the client of a frame it was not told of yet. Returns false if the client is gone. */
    boolean tell() {
        if (!owesMessage) {
            return true;
        }
        try (MachMessage message = Protocol.frame()) {
            owesMessage = !message.trySendTo(inbox, Duration.ZERO);
            return true;
        } catch (DeadPortException e) {
            return false;
        } catch (MachException e) {
            return true; // the system is short of something: again later
        }
    }

    /** Tells the client that the stream is over; it finds that out by itself if its queue is full. */
    void end() {
        mailbox.end();
        owesMessage = true;
        tell();
    }

    boolean isGone() {
        return inbox.isDead();
    }

    /** Returns whether the client holds the surface of a slot, or may come to, without its use count telling so. */
    boolean reserves(int slot) {
        long waiting = mailbox.waiting();
        if (waiting != 0 && Mailbox.slot(waiting) == slot) {
            return true;
        }
        long confirmed = mailbox.confirmed();
        boolean lastIsOpen = waiting == 0 && Mailbox.slot(last) == slot && last > confirmed;
        return lastIsOpen || (claimed > confirmed && Mailbox.slot(claimed) == slot);
    }

    @Override
    public void close() {
        inbox.close();
        mailbox.close();
    }
}
