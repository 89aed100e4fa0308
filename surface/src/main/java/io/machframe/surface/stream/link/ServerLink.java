/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream.link;

import io.machframe.core.bootstrap.Bootstrap;
import io.machframe.core.error.DeadPortException;
import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;
import io.machframe.core.error.PortClosedException;
import io.machframe.core.memory.SharedWord;
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
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A server as its client sees it: its pages, the port to ask at, and the inbox for what it answers, which the run loop in
 * the background serves.
 *
 * <p>One thread at a time takes frames and waits; {@link #release}, {@link #leave} and {@link #close} are thread-safe.
 */
public final class ServerLink implements AutoCloseable {
    /** What {@link #end} says of a server that ended without a word. */
    public static final int LOST = -1;

    private static final int WELCOME_SIZE = 28;

    /** A queue that is read without end while the server writes it is none. */
    private static final int MAX_TRIES = 10_000;

    private final String name;
    private final Duration timeout;
    private final Terms terms;
    private final Hello hello;
    private final ReceiveRight inbox;
    private final PortSource source;
    private @Nullable Welcome welcome;
    private @Nullable Answer answer;
    private @Nullable Runnable news;
    private volatile boolean lost;
    private volatile boolean left;
    private boolean closed;
    private long taken;

    /** What a server sends a client that it lets in. */
    private record Welcome(
            StreamPage stream,
            ClientPage page,
            SendRight connection,
            int width,
            int height,
            int pixelFormat,
            long device,
            int flags) {
        void close() {
            connection.close();
            page.close();
            stream.close();
        }
    }

    /** The answer to a request: a surface, or why there is none. */
    private record Answer(int slot, int serial, @Nullable SendRight surface, @Nullable MachException refusal) {
        void close() {
            if (surface != null) {
                surface.close();
            }
        }
    }

    private ServerLink(String name, Duration timeout, ReceiveRight inbox, Terms terms, Hello hello) {
        this.name = name;
        this.timeout = timeout;
        this.terms = terms;
        this.hello = hello;
        this.inbox = inbox;
        this.source = PortSource.of(0, inbox, this::received);
    }

    /**
     * Subscribes to a stream.
     *
     * @param service the stream's name as a service
     * @param name the stream's name, for messages
     * @param timeout for this and for each later answer
     * @throws DeadPortException if the server ends in the meantime
     * @throws MachException if it refuses, does not answer in time, or answers nonsense
     */
    public static ServerLink open(String service, String name, Terms terms, Hello hello, Duration timeout)
            throws MachException, InterruptedException {
        if (RunLoop.current() == RunLoop.background()) {
            throw new IllegalStateException(
                    "the run loop in the background cannot wait for an answer that it delivers");
        }
        long deadline = System.nanoTime() + nanos(timeout);
        try (SendRight server = Bootstrap.lookUp(service, timeout)) {
            ReceiveRight inbox = Task.self().allocatePort();
            ServerLink link = new ServerLink(name, timeout, inbox, terms, hello);
            try {
                link.subscribe(server, deadline);
                return link;
            } catch (MachException | InterruptedException | RuntimeException | Error e) {
                link.close();
                throw e;
            }
        } catch (MachException e) {
            throw e.reason().code() == KernReturn.MACH_RCV_TIMED_OUT ? noAnswer(e.call(), name) : e;
        }
    }

    private void subscribe(SendRight server, long deadline) throws MachException, InterruptedException {
        inbox.requestNoSenders(inbox, 1).ifPresent(SendOnceRight::close); // when the one in this message is gone
        RunLoop.background().add(source, RunLoopMode.DEFAULT);
        try (OutgoingMessage message = Protocol.subscribe(terms, hello, inbox)) {
            if (!message.trySendTo(server, Duration.ofNanos(Math.max(0, deadline - System.nanoTime())))) {
                throw noAnswer("mach_msg", name);
            }
        } catch (DeadPortException e) {
            throw died();
        }
        synchronized (this) {
            while (welcome == null) {
                awaitAnswer(deadline);
                Answer refused = takeAnswer();
                if (refused != null && refused.refusal != null) {
                    throw refused.refusal;
                }
            }
        }
    }

    /** Waits until the background loop has delivered something. */
    private void awaitAnswer(long deadline) throws MachException, InterruptedException {
        while (answer == null && welcome == null) {
            awaitChange(deadline);
        }
    }

    @SuppressWarnings("WaitNotInLoop") // callers look again
    private void awaitChange(long deadline) throws MachException, InterruptedException {
        if (left) {
            throw closedMeanwhile();
        }
        if (lost) {
            throw died();
        }
        long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime() + 999_999);
        if (millis <= 0) {
            throw noAnswer("mach_msg", name);
        }
        wait(millis);
    }

    private @Nullable Answer takeAnswer() {
        Answer taken = answer;
        answer = null;
        return taken;
    }

    private Optional<OutgoingMessage> received(ReceivedMessage message) {
        try {
            if (message.takeNotification().orElse(null) instanceof Notification.NoSenders) {
                lost();
            } else {
                understand(message);
            }
        } catch (MachException e) {
            deliver(new Answer(-1, 0, null, e));
        } catch (RuntimeException | Error e) {
            lost(); // the link is of no more use, and whoever waits is not left waiting
            throw e;
        }
        return Optional.empty();
    }

    private void understand(ReceivedMessage message) throws MachException {
        switch (message.id()) {
            case Protocol.WELCOME -> welcomed(message);
            case Protocol.FRAME -> signal();
            case Protocol.SURFACE -> {
                ByteBuffer body = Protocol.body(message, 8);
                deliver(new Answer(body.getInt(0), body.getInt(4), Protocol.right(message, 0), null));
            }
            case Protocol.REFUSED -> throw Protocol.refused(message);
            default -> throw Protocol.violation("its id is " + Integer.toHexString(message.id()));
        }
    }

    private void welcomed(ReceivedMessage message) throws MachException {
        Protocol.requireVersion(message);
        ByteBuffer body = Protocol.body(message, WELCOME_SIZE);
        StreamPage stream = StreamPage.open(Protocol.right(message, 0));
        ClientPage page = null;
        try {
            page = ClientPage.open(Protocol.right(message, 1), terms.capacity());
            SendRight connection = Protocol.right(message, 2);
            accept(new Welcome(
                    stream,
                    page,
                    connection,
                    body.getInt(4),
                    body.getInt(8),
                    body.getInt(12),
                    body.getLong(16),
                    body.getInt(24)));
        } catch (MachException | RuntimeException | Error e) {
            if (page != null) {
                page.close();
            }
            stream.close();
            throw e;
        }
    }

    private synchronized void accept(Welcome accepted) {
        if (welcome != null || closed) {
            accepted.close();
        } else {
            welcome = accepted;
            notifyAll();
        }
    }

    private synchronized void deliver(Answer delivered) {
        if (answer != null) {
            answer.close();
        }
        if (closed) {
            delivered.close();
        } else {
            answer = delivered;
            notifyAll();
        }
    }

    private void lost() {
        lost = true;
        signal();
        SharedWord bell = bell();
        if (bell != null) {
            bell.cancel();
        }
    }

    private synchronized @Nullable SharedWord bell() {
        return welcome == null || closed ? null : welcome.stream.bell();
    }

    private void signal() {
        Runnable told;
        synchronized (this) {
            told = news;
            notifyAll();
        }
        if (told != null) {
            told.run();
        }
    }

    /** Has something run on the background loop when a frame, or the end, comes after {@link #wantNews}. */
    public synchronized void onNews(@Nullable Runnable listener) {
        news = listener;
    }

    /** Asks for one call of the listener given to {@link #onNews}, unless there is a frame, or the end, already. */
    public boolean wantNews() {
        opened().page.wants(ClientPage.BY_MESSAGE);
        if (hasNews()) {
            opened().page.wants(ClientPage.AWAKE);
            return false;
        }
        return true;
    }

    private Welcome opened() {
        return Objects.requireNonNull(welcome);
    }

    public int width() {
        return opened().width;
    }

    public int height() {
        return opened().height;
    }

    public int pixelFormat() {
        return opened().pixelFormat;
    }

    /** Returns what the server draws with, 0 if it does not say. */
    public long device() {
        return opened().device;
    }

    /** Returns the rest of what the server says of itself. */
    public int flags() {
        return opened().flags;
    }

    /** Returns the sequence of the first frame that could be received. */
    public long first() {
        return opened().page.first();
    }

    /** Returns the record of a slot. */
    public FrameRecord record(int slot) {
        return opened().stream.record(slot);
    }

    /** Returns the slot of a ticket. */
    public static int slot(long ticket) {
        return ClientPage.slot(ticket);
    }

    /**
     * Takes the oldest frame that waits.
     *
     * @return its ticket, to be {@linkplain #release released}; 0 if none waits
     */
    public long take() throws MachException {
        ClientPage page = opened().page;
        for (int i = 0; i < MAX_TRIES; i++) {
            int entry = (int) (taken % terms.capacity());
            long ticket = page.waiting(entry);
            if (ticket == 0) {
                return 0;
            }
            long offer = ClientPage.offer(ticket) - 1;
            boolean possible = offer >= taken
                    && (offer - taken) % terms.capacity() == 0
                    && ClientPage.slot(ticket) < StreamPage.MAX_SLOTS;
            if (!possible) {
                throw Protocol.violation("it offers the ticket " + Long.toHexString(ticket) + " as number " + taken);
            }
            if (offer > taken) {
                taken = offer - terms.capacity() + 1; // the oldest that has not been replaced since
            } else if (page.take(entry, ticket)) {
                taken++;
                return ticket;
            }
        }
        throw Protocol.violation("its queue does not stand still");
    }

    private boolean hasNews() {
        return opened().page.waiting((int) (taken % terms.capacity())) != 0 || end() != 0 || left;
    }

    /**
     * Waits until a frame waits, the stream is over, this end has {@linkplain #leave left}, or the time is over; may also
     * return for no reason.
     *
     * @param nanos at most how long, {@link Long#MAX_VALUE} for any time
     */
    public void await(long nanos) throws InterruptedException {
        ClientPage page = opened().page;
        SharedWord bell = opened().stream.bell();
        if (bell == null) {
            awaitMessage(nanos);
            return;
        }
        int rung = bell.get();
        page.wants(ClientPage.BY_BELL);
        try {
            if (!hasNews()) { // looked at after the wish is written, so that the server sees it or is seen
                bell.await(rung, nanos);
            }
        } finally {
            page.wants(ClientPage.AWAKE);
        }
    }

    /** As {@link #await}, burning processor time. */
    public void spin(long nanos) {
        long start = System.nanoTime();
        while (!hasNews() && System.nanoTime() - start < nanos) {
            Thread.onSpinWait();
        }
    }

    @SuppressWarnings("WaitNotInLoop") // callers look again
    private synchronized void awaitMessage(long nanos) throws InterruptedException {
        opened().page.wants(ClientPage.BY_MESSAGE);
        if (!hasNews()) {
            long millis = TimeUnit.NANOSECONDS.toMillis(nanos);
            if (millis > 0) {
                wait(nanos == Long.MAX_VALUE ? 0 : millis);
            } else {
                wait(0, (int) Math.max(1, nanos));
            }
        }
        opened().page.wants(ClientPage.AWAKE);
    }

    /** Returns why no more frames are offered, {@link #LOST} if the server did not say; 0 if more may come. */
    public int end() {
        int own = opened().page.end();
        if (own != 0) {
            return own;
        }
        int whole = opened().stream.end();
        return whole == 0 && lost ? LOST : whole;
    }

    /** Releases a frame that was taken: its surface may be drawn into. */
    public void release(long ticket) {
        opened().page.release(ticket);
        progressed();
    }

    /** Lets the server see how long a frame took. */
    public void countLatency(long nanos) {
        opened().page.countLatency(LatencyCounts.bucket(nanos));
    }

    /** Tells the server that a frame was taken or released, if it wants to know. */
    public void progressed() {
        if (opened().page.notifies()) {
            trySend(Protocol.signal(Protocol.PROGRESS));
        }
    }

    /** Says that this client begins to receive. */
    public void ready() {
        trySend(Protocol.signal(Protocol.READY));
    }

    /**
     * Sends bytes for the publisher's program.
     *
     * @return false if the server has no space for them now
     */
    public boolean trySendToProgram(byte[] bytes) {
        return trySend(OutgoingMessage.builder().id(Protocol.USER).body(bytes).build());
    }

    /** Says what this client can bear and wants. Returns false if the server has no space for that now. */
    public boolean trySendWishes(byte[] wishes) {
        return trySend(
                OutgoingMessage.builder().id(Protocol.WISHES).body(wishes).build());
    }

    private boolean trySend(OutgoingMessage message) {
        try (message) {
            return message.trySendTo(opened().connection);
        } catch (MachException | IllegalStateException gone) {
            return false; // which is reported by the loss of the connection
        }
    }

    /** Asks for a surface, and waits for it. The right is the caller's to close. */
    public SendRight requestSurface(int slot, int serial) throws MachException, InterruptedException {
        long deadline = System.nanoTime() + nanos(timeout);
        try (OutgoingMessage message =
                Protocol.of(Protocol.REQUEST, slot, serial).build()) {
            if (!message.trySendTo(opened().connection, timeout)) {
                throw noAnswer("mach_msg", name);
            }
        } catch (DeadPortException e) {
            throw died();
        }
        synchronized (this) {
            while (true) {
                while (answer == null) {
                    awaitChange(deadline);
                }
                Answer got = Objects.requireNonNull(takeAnswer());
                if (got.refusal != null) {
                    throw got.refusal;
                }
                if (got.surface != null && got.slot == slot && got.serial == serial) {
                    return got.surface;
                }
                got.close(); // the answer to an earlier request, for which it came too late
            }
        }
    }

    /** Takes no more frames, and ends all waiting. Frames that were taken stay good until {@link #close}. */
    public void leave() {
        left = true;
        trySend(Protocol.signal(Protocol.LEAVE));
        signal();
        SharedWord bell = bell();
        if (bell != null) {
            bell.cancel();
        }
    }

    /** Releases everything, which the server is notified of. Idempotent. */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            notifyAll();
        }
        source.invalidate();
        inbox.close();
        Answer late = takeAnswer();
        if (late != null) {
            late.close();
        }
        if (welcome != null) {
            welcome.close();
        }
    }

    private MachException died() {
        return died(name);
    }

    static MachException died(String name) {
        return new DeadPortException(
                "mach_msg",
                new KernReturn(KernReturn.MACH_SEND_INVALID_DEST),
                "the publisher of \"" + name + "\" died");
    }

    private static MachException closedMeanwhile() {
        return new PortClosedException(
                "mach_msg",
                new KernReturn(KernReturn.MACH_RCV_PORT_CHANGED),
                "the client was closed while it received");
    }

    static MachException noAnswer(String call, String name) {
        return new MachException(
                call,
                new KernReturn(KernReturn.MACH_RCV_TIMED_OUT),
                "the publisher of \"" + name + "\" does not answer");
    }

    private static long nanos(Duration limit) {
        return limit.compareTo(Duration.ofDays(10_000)) < 0
                ? limit.toNanos()
                : Duration.ofDays(10_000).toNanos();
    }
}
