/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import io.machframe.core.bootstrap.Bootstrap;
import io.machframe.core.error.MachException;
import io.machframe.core.error.UnknownServiceException;
import io.machframe.core.message.MachMessage;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendRight;
import io.machframe.core.port.Task;
import io.machframe.surface.IOSurface;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Receives the frames of one stream: always the newest, each at most once, in order.
 *
 * <p>The frames are the publisher's own memory; nothing is copied. A client that is slow skips frames. One that keeps
 * frames open keeps their surfaces from the publisher, so close each frame soon.
 *
 * <p><b>Threads.</b> One thread receives at a time; any thread may close the client, which ends a blocked receive.
 */
public final class FrameClient implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(FrameClient.class.getName());

    /** How often a client that waits looks whether the publisher lives. */
    private static final Duration LOOK = Duration.ofMillis(200);

    private static final Duration ANSWER = Duration.ofSeconds(5);

    private final String name;
    private final SendRight server;
    private final ReceiveRight inbox;
    private final ReceiveRight replies;
    private final Mailbox mailbox;
    private final FrameFormat format;
    private final @Nullable ReceivedSurface[] surfaces = new ReceivedSurface[Mailbox.MAX_SLOTS];

    /** The last frame received, which the mailbox may hold. */
    private volatile @Nullable Frame last;

    private long received;
    private long skipped;
    private long expected = -1;
    private boolean closed;

    private FrameClient(
            String name,
            SendRight server,
            ReceiveRight inbox,
            ReceiveRight replies,
            Mailbox mailbox,
            FrameFormat format) {
        this.name = name;
        this.server = server;
        this.inbox = inbox;
        this.replies = replies;
        this.mailbox = mailbox;
        this.format = format;
    }

    /**
     * Subscribes to a stream. The first frame received is the newest at that time.
     *
     * @throws UnknownServiceException if nobody publishes under that name
     * @throws MachException if the publisher does not answer within 5 seconds, or answers nonsense
     */
    public static FrameClient connect(String name) throws MachException {
        SendRight server = lookUp(name);
        ReceiveRight inbox = null;
        ReceiveRight replies = null;
        try {
            inbox = Task.self().allocatePort();
            replies = Task.self().allocatePort();
            try (MachMessage subscribe = Protocol.subscribe(inbox)) {
                subscribe.trySendTo(server, ANSWER);
            }
            try (MachMessage welcome = await(name, server, inbox)) {
                FrameFormat format = Protocol.format(welcome);
                int pool = Protocol.surfaces(welcome);
                try (SendRight port = welcome.takeSendRight(0)) {
                    FrameClient client = new FrameClient(name, server, inbox, replies, Mailbox.open(port), format);
                    client.requestAll(pool);
                    return client;
                }
            }
        } catch (MachException | RuntimeException e) {
            close(server, inbox, replies);
            throw e;
        }
    }

    private static SendRight lookUp(String name) throws MachException {
        try {
            return Bootstrap.lookUp(StreamName.service(name), ANSWER);
        } catch (UnknownServiceException e) {
            throw new UnknownServiceException(e.call(), e.reason(), "nobody publishes a stream named \"" + name + "\"");
        }
    }

    /** Waits for the answer to a request; a publisher that died, or is stopped, does not give one. */
    private static MachMessage await(String name, SendRight server, ReceiveRight port) throws MachException {
        long end = System.nanoTime() + ANSWER.toNanos();
        while (System.nanoTime() - end < 0) {
            Optional<MachMessage> message = MachMessage.tryReceiveFrom(port, LOOK);
            if (message.isPresent()) {
                return message.get();
            }
            if (server.isDead()) {
                throw new StreamEndedException(name, false);
            }
        }
        throw Protocol.violation("the publisher of \"" + name + "\" did not answer");
    }

    public String name() {
        return name;
    }

    public FrameFormat format() {
        return format;
    }

    /**
     * Waits for a frame newer than the last one received. The caller closes it.
     *
     * @return the frame, or empty if none was published in that time
     * @throws StreamEndedException if the stream is over and its last frame was received
     * @throws io.machframe.core.error.PortClosedException if this client is closed meanwhile
     * @throws IllegalStateException if it was closed before
     */
    public Optional<Frame> receive(Duration limit) throws MachException {
        long end = System.nanoTime() + limit.toNanos();
        countLast();
        while (true) {
            long left = end - System.nanoTime();
            Duration wait = left <= 0 ? Duration.ZERO : left < LOOK.toNanos() ? Duration.ofNanos(left) : LOOK;
            boolean told = awaitMessage(wait);
            Frame frame = take();
            if (frame != null) {
                return Optional.of(frame);
            }
            if (mailbox.hasEnded()) {
                throw new StreamEndedException(name, true);
            }
            if (!told) {
                if (server.isDead()) {
                    throw new StreamEndedException(name, mailbox.hasEnded());
                }
                if (left <= 0) {
                    return Optional.empty();
                }
            }
        }
    }

    private boolean awaitMessage(Duration wait) throws MachException {
        Optional<MachMessage> message = MachMessage.tryReceiveFrom(inbox, wait);
        message.ifPresent(MachMessage::close);
        return message.isPresent();
    }

    private @Nullable Frame take() throws MachException {
        long ticket = mailbox.take();
        if (ticket == 0) {
            return null;
        }
        Frame frame = new Frame(surface(Mailbox.slot(ticket)), mailbox, ticket);
        if (!accept(frame)) {
            frame.close();
            return null;
        }
        return frame;
    }

    /** Returns whether this client is still open and so answers for the frame. */
    private synchronized boolean accept(Frame frame) {
        if (closed) {
            return false;
        }
        if (expected < 0) {
            expected = mailbox.first();
        }
        skipped += frame.sequence() - expected;
        expected = frame.sequence() + 1;
        received++;
        last = frame;
        return true;
    }

    /** The mailbox holds one frame at a time for this client; an older one that is still open needs a use count. */
    private void countLast() throws MachException {
        Frame frame = last;
        if (frame != null) {
            frame.count();
        }
    }

    private ReceivedSurface surface(int slot) throws MachException {
        if (slot < 0 || slot >= surfaces.length) {
            throw Protocol.violation("a frame is in surface " + slot);
        }
        ReceivedSurface known = surfaces[slot];
        if (known == null) {
            known = new ReceivedSurface(request(slot));
            surfaces[slot] = known;
        }
        return known;
    }

    private void requestAll(int pool) throws MachException {
        try {
            for (int slot = 0; slot < pool; slot++) {
                surface(slot);
            }
        } catch (MachException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private IOSurface request(int slot) throws MachException {
        try (MachMessage request = Protocol.surfaceRequest(slot, replies)) {
            request.trySendTo(server, ANSWER);
        }
        try (MachMessage answer = await(name, server, replies)) {
            if (answer.id() != Protocol.SURFACE || answer.rightCount() == 0) {
                throw Protocol.violation("the publisher has no surface " + slot);
            }
            try (SendRight port = answer.takeSendRight(0)) {
                IOSurface surface = IOSurface.fromMachPort(port);
                requireFormat(surface);
                return surface;
            }
        }
    }

    private void requireFormat(IOSurface surface) throws MachException {
        boolean fits = surface.width() == format.width()
                && surface.height() == format.height()
                && surface.pixelFormat().equals(format.pixelFormat());
        if (!fits) {
            surface.close();
            throw Protocol.violation("a surface is not " + format);
        }
    }

    /** Returns the figures up to now. */
    public synchronized ClientStatistics statistics() {
        return new ClientStatistics(received, skipped);
    }

    /** Unsubscribes. Frames received before stay valid until they are closed. Idempotent. */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        try {
            countLast(); // because the server forgets the mailbox with this client
        } catch (MachException e) {
            LOG.log(System.Logger.Level.WARNING, "a frame of \"" + name + "\" that is still open may be drawn over", e);
        }
        close(server, inbox, replies);
        mailbox.close();
        for (ReceivedSurface surface : surfaces) {
            if (surface != null) {
                surface.drop();
            }
        }
    }

    private static void close(SendRight server, @Nullable ReceiveRight inbox, @Nullable ReceiveRight replies) {
        server.close();
        if (inbox != null) {
            inbox.close();
        }
        if (replies != null) {
            replies.close();
        }
    }
}
