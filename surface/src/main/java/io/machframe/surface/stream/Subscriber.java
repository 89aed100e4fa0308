/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import io.machframe.core.error.MachException;
import io.machframe.core.message.MachMessage;
import io.machframe.core.port.SendRight;
import java.time.Duration;

/** A client as its server sees it. Guarded by the server. */
final class Subscriber implements AutoCloseable {
    private final SendRight inbox;
    private final Mailbox mailbox;

    /** The ticket put last. */
    private long last;

    /** The newest ticket known to have been taken out of the mailbox. */
    private long claimed;

    /** A frame waits in the mailbox and the client was not told, because its queue was full. */
    private boolean owesMessage;

    /** Takes over both. */
    Subscriber(SendRight inbox, Mailbox mailbox) {
        this.inbox = inbox;
        this.mailbox = mailbox;
    }

    /** Says which frame is the first that is published for this client. */
    void begin(long sequence) {
        mailbox.begin(sequence);
    }

    /** Sends the client its mailbox. Throws if the client is gone, or does not even read its first message. */
    void welcome(MachMessage message) throws MachException {
        if (!message.trySendTo(inbox, Duration.ZERO)) {
            throw Protocol.violation("the client's inbox has no room for one message");
        }
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
        } catch (MachException e) {
            return false;
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
