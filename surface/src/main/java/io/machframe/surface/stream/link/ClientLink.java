/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream.link;

import io.machframe.core.error.DeadPortException;
import io.machframe.core.error.MachException;
import io.machframe.core.message.Notification;
import io.machframe.core.message.OutgoingMessage;
import io.machframe.core.message.ReceivedMessage;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendOnceRight;
import io.machframe.core.port.SendRight;
import io.machframe.core.port.Task;
import io.machframe.core.runloop.PortSource;
import io.machframe.core.runloop.RunLoop;
import io.machframe.core.runloop.RunLoopMode;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A client as its server sees it: its page, the port it sends to, and what it was offered and has not released. Not
 * thread-safe: guarded by its server, but for {@link #close}.
 */
public final class ClientLink implements AutoCloseable {
    /** What became of an offer. */
    public enum Offer {
        /** The frame waits for the client, in a free entry of its queue. */
        QUEUED,
        /** The frame waits for the client, in the place of an older one, which the client did not get. */
        REPLACED,
        /** The queue is full, and the frame is not in it. */
        FULL,
        /** The client wrote into its page what cannot be there. */
        VIOLATION
    }

    /** What a client has to say, on the run loop in the background. */
    public interface Listener {
        /** It wants a surface: answer by {@link #sendSurface} or {@link #refuse}. */
        void surfaceRequested(ClientLink client, int slot, int serial) throws MachException;

        void ready(ClientLink client);

        /** It took or released a frame after {@link #notifyOfProgress}. */
        void progressed(ClientLink client);

        void userMessage(ClientLink client, byte[] body);

        /** It says what it can bear and wants. */
        void wishes(ClientLink client, ByteBuffer body) throws MachException;

        void left(ClientLink client);

        /** It ended, or broke the rules; nothing follows. */
        void gone(ClientLink client);
    }

    private static final System.Logger LOG = System.getLogger(ClientLink.class.getName());

    private final int id;
    private final int pid;
    private final Terms terms;
    private final SendRight inbox;
    private final ReceiveRight connection;
    private final ClientPage page;
    private final PortSource source;
    private final long[] queued;
    private final long[] held = new long[StreamPage.MAX_SLOTS];

    /** The serial numbers of the surfaces that were offered, and of those that were sent, by slot. */
    private final int[] offered = new int[StreamPage.MAX_SLOTS];

    private final int[] sent = new int[StreamPage.MAX_SLOTS];
    private long offers;
    private long replaced;
    private boolean closed;

    private ClientLink(
            int id,
            int pid,
            Terms terms,
            SendRight inbox,
            ReceiveRight connection,
            ClientPage page,
            Listener listener) {
        this.id = id;
        this.pid = pid;
        this.terms = terms;
        this.inbox = inbox;
        this.connection = connection;
        this.page = page;
        this.queued = new long[terms.capacity()];
        this.source = PortSource.of(0, connection, message -> received(message, listener));
    }

    /**
     * Makes the server's side of a connection; {@link #welcome} makes it known to the client.
     *
     * @param id unique in the stream
     * @param pid the client's process
     * @param inbox stays the caller's
     */
    public static ClientLink open(int id, int pid, Terms terms, SendRight inbox, Listener listener)
            throws MachException {
        ClientPage page = ClientPage.create(terms.capacity());
        ReceiveRight connection = null;
        SendRight own = null;
        try {
            connection = Task.self().allocatePort();
            // Not now, when there is no sender yet, but when the first, which is in the welcome, is gone.
            connection.requestNoSenders(connection, 1).ifPresent(SendOnceRight::close);
            own = inbox.copy();
            return new ClientLink(id, pid, terms, own, connection, page, listener);
        } catch (MachException | RuntimeException | Error e) {
            page.close();
            if (connection != null) {
                connection.close();
            }
            if (own != null) {
                own.close();
            }
            throw e;
        }
    }

    /** Begins to listen to the client, and sends it its pages. Throws if it is gone or has no space for a message. */
    public void welcome(StreamPage stream, int width, int height, int pixelFormat, long device, int flags)
            throws MachException {
        int low = (int) device;
        int high = (int) (device >>> 32);
        try (OutgoingMessage message = Protocol.of(
                        Protocol.WELCOME, Protocol.VERSION, width, height, pixelFormat, low, high, flags)
                .move(stream.right())
                .move(page.right())
                .makeSend(connection)
                .build()) {
            RunLoop.background().add(source, RunLoopMode.DEFAULT);
            if (!message.trySendTo(inbox)) {
                throw Protocol.violation("its inbox has no space for one message");
            }
        }
    }

    private Optional<OutgoingMessage> received(ReceivedMessage message, Listener listener) {
        try {
            if (message.takeNotification().orElse(null) instanceof Notification.NoSenders) {
                listener.gone(this);
            } else {
                understand(message, listener);
            }
        } catch (MachException e) {
            refuse(String.valueOf(e.getMessage()));
        } catch (RuntimeException | Error e) {
            LOG.log(System.Logger.Level.ERROR, "client " + id + " of process " + pid + " is disconnected", e);
            listener.gone(this);
        }
        return Optional.empty();
    }

    private void understand(ReceivedMessage message, Listener listener) throws MachException {
        switch (message.id()) {
            case Protocol.REQUEST -> {
                ByteBuffer body = Protocol.body(message, 8);
                listener.surfaceRequested(this, body.getInt(0), body.getInt(4));
            }
            case Protocol.READY -> listener.ready(this);
            case Protocol.PROGRESS -> listener.progressed(this);
            case Protocol.USER -> {
                ByteBuffer body = message.body();
                byte[] bytes = new byte[Math.min(body.remaining(), Protocol.MAX_USER_BYTES)];
                body.get(bytes);
                listener.userMessage(this, bytes);
            }
            case Protocol.WISHES -> listener.wishes(this, message.body());
            case Protocol.LEAVE -> listener.left(this);
            default -> throw Protocol.violation("its id is " + Integer.toHexString(message.id()));
        }
    }

    /** Returns the client's number in its stream. */
    public int id() {
        return id;
    }

    /** Returns the process the client is in. */
    public int pid() {
        return pid;
    }

    public Terms terms() {
        return terms;
    }

    /** Returns how many frames were offered. */
    public long offers() {
        return offers;
    }

    /** Returns how many of the offered frames were replaced before the client took them. */
    public long replaced() {
        return replaced;
    }

    /** Returns how long frames took to the client, as it says. */
    public LatencyCounts latencies() {
        return page.latencies();
    }

    /** Says which frame is the first that the client can get. */
    public void begin(long sequence) {
        page.first(sequence);
    }

    /**
     * Puts the frame in a slot into the client's queue, by its rule for a full one.
     *
     * @param serial the number of the surface in the slot
     */
    public Offer offer(int slot, int serial) {
        int entry = (int) (offers % queued.length);
        long waits = page.waiting(entry);
        if (waits != 0 && terms.overflow() != Terms.DROP_OLDEST) {
            return waits == queued[entry] ? Offer.FULL : Offer.VIOLATION;
        }
        long ticket = ClientPage.ticket(offers + 1, slot);
        long before = queued[entry];
        queued[entry] = ticket;
        held[slot] = ticket;
        offered[slot] = serial;
        offers++;
        long found = page.swap(entry, ticket);
        if (found == 0) {
            return Offer.QUEUED;
        }
        if (found != before) {
            return Offer.VIOLATION;
        }
        held[ClientPage.slot(before)] = 0;
        replaced++;
        return Offer.REPLACED;
    }

    /** Returns whether the client sleeps until the bell rings; sends a message to one that waits for that instead. */
    public boolean wake() {
        int wants = page.wants();
        if (wants == ClientPage.BY_MESSAGE && page.takeMessageWish()) {
            send(Protocol.signal(Protocol.FRAME));
        }
        return wants == ClientPage.BY_BELL;
    }

    /** Returns whether the client holds the frame in a slot, or may come to. */
    public boolean holds(int slot) {
        long ticket = held[slot];
        if (ticket == 0) {
            return false;
        }
        if (page.released(slot) == ticket) {
            held[slot] = 0;
            return false;
        }
        return true;
    }

    /** Returns how many frames wait for the client. */
    public int waiting() {
        int count = 0;
        for (int entry = 0; entry < queued.length; entry++) {
            if (queued[entry] != 0 && page.waiting(entry) == queued[entry]) {
                count++;
            }
        }
        return count;
    }

    /** Returns how many surfaces the client keeps from being drawn into: those of frames that wait or that it took. */
    public int holdings() {
        int count = 0;
        for (int slot = 0; slot < held.length; slot++) {
            if (holds(slot)) {
                count++;
            }
        }
        return count;
    }

    /** Returns whether it took all that was offered, and was sent the surfaces of all it holds. */
    public boolean hasAll() {
        for (int slot = 0; slot < held.length; slot++) {
            if (sent[slot] != offered[slot] && holds(slot)) {
                return false;
            }
        }
        return waiting() == 0;
    }

    /** Takes back the frames that wait; the client keeps those it took. Returns how many there were. */
    public int withdraw() {
        int count = 0;
        for (int entry = 0; entry < queued.length; entry++) {
            long ticket = queued[entry];
            if (ticket != 0 && page.take(entry, ticket)) {
                held[ClientPage.slot(ticket)] = 0;
                count++;
            }
        }
        return count;
    }

    /** Asks the client to say so when it takes or releases a frame; to be asked before looking whether it did. */
    public void notifyOfProgress(boolean wanted) {
        if (page.notifies() != wanted) {
            page.notifies(wanted);
        }
    }

    /** Says why the client gets no more frames; it finds that after the last one. */
    public void end(int reason) {
        page.end(reason);
    }

    /** Sends a surface. Takes ownership of the right. */
    public void sendSurface(int slot, int serial, SendRight surface) {
        sent[slot] = serial;
        send(Protocol.surface(slot, serial, surface));
    }

    /** Says why a request is not fulfilled. */
    public void refuse(String why) {
        send(Protocol.refusal(why));
    }

    /** One that is gone, or has no space, gets nothing. */
    private void send(OutgoingMessage message) {
        try (message) {
            message.trySendTo(inbox);
        } catch (DeadPortException e) {
            // That its connection has no senders is reported, too.
        } catch (MachException | IllegalStateException e) {
            LOG.log(System.Logger.Level.DEBUG, () -> "nothing is sent to client " + id + " of process " + pid, e);
        }
    }

    /** Forgets the client. Idempotent. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            source.invalidate();
            connection.close();
            inbox.close();
            page.close();
        }
    }

    @Override
    public String toString() {
        return "client " + id + " of process " + pid;
    }
}
