/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;
import io.machframe.core.error.PortClosedException;
import io.machframe.core.error.UnknownServiceException;
import io.machframe.core.lifetime.Hold;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Receives the frames of one stream: always the newest, each at most once, in order.
 *
 * <p>The frames are the publisher's own memory; nothing is copied. A client that is slow skips frames. One that keeps
 * frames open keeps their surfaces from the publisher, so close each frame soon.
 *
 * <p><b>Ownership.</b> A client that is forgotten is closed by the garbage collector and reported.
 *
 * <p><b>Threads.</b> One thread receives at a time; any thread may close the client, which ends a blocked receive.
 */
public final class FrameClient implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Subscription subscription;
    private final Hold hold;

    private boolean closed;
    private long received;
    private long skipped;
    private long expected = -1;

    /** Takes over the subscription. */
    private FrameClient(Subscription subscription) {
        this.subscription = subscription;
        this.hold = Hold.of(this, "the client of the stream \"" + name() + "\"", subscription::close);
    }

    /** Subscribes to a stream, as {@link #connect(String, Duration)}, whose publisher has 5 seconds for each answer. */
    public static FrameClient connect(String name) throws MachException {
        return connect(name, PATIENCE);
    }

    /**
     * Subscribes to a stream. The first frame received is the newest at that time.
     *
     * @param patience how long the publisher may take for each answer; one that lives takes no time, unless it is stopped
     * @throws UnknownServiceException if nobody publishes under that name
     * @throws StreamEndedException if the publisher ends meanwhile
     * @throws MachException if the publisher refuses, does not answer in time, or answers nonsense
     */
    public static FrameClient connect(String name, Duration patience) throws MachException {
        return new FrameClient(Subscription.open(name, patience));
    }

    /** Returns the name of the stream. */
    public String name() {
        return subscription.link().name();
    }

    /** Returns what the frames look like. */
    public FrameFormat format() {
        return subscription.format();
    }

    /**
     * Waits for a frame newer than the last one received. The caller closes it.
     *
     * @return the frame, or empty if none was published in that time
     * @throws StreamEndedException if the stream is over and its last frame was received
     * @throws PortClosedException if this client is closed meanwhile
     * @throws MachException if the publisher sends nonsense, or this process is out of descriptors
     * @throws IllegalStateException if it was closed before
     */
    public Optional<Frame> receive(Duration limit) throws MachException {
        Deadline deadline = Deadline.after(limit);
        hold.pin(); // so that a close meanwhile takes nothing away under this call
        try {
            subscription.countLast();
            return Optional.ofNullable(receive(deadline));
        } catch (IllegalStateException e) {
            if (hold.isOpen()) {
                throw e;
            }
            throw closedMeanwhile();
        } finally {
            hold.unpin();
        }
    }

    private @Nullable Frame receive(Deadline deadline) throws MachException {
        ServerLink link = subscription.link();
        while (true) {
            boolean told = link.awaitWord(deadline.remaining(ServerLink.LOOK));
            // Before the mailbox is looked into, so that the last frame is not missed.
            boolean over = subscription.mailbox().hasEnded() || (!told && link.isBroken());
            Frame frame = take();
            if (frame != null) {
                return frame;
            }
            if (over) {
                throw subscription.ended();
            }
            if (deadline.isOver()) {
                return null;
            }
        }
    }

    private @Nullable Frame take() throws MachException {
        Mailbox mailbox = subscription.mailbox();
        long ticket = mailbox.take();
        if (ticket == 0) {
            return null;
        }
        int slot = Mailbox.slot(ticket);
        FrameLease lease = new FrameLease(surface(slot), mailbox, ticket);
        long sequence = mailbox.sequence(slot);
        accept(lease, sequence);
        return new Frame(lease, sequence, mailbox.ptsNanos(slot), mailbox.publishedNanos(slot));
    }

    private ReceivedSurface surface(int slot) throws MachException {
        try {
            return subscription.surface(slot);
        } catch (StreamEndedException e) {
            throw subscription.ended(); // which knows how it ended
        }
    }

    /** From here on {@link #close} sees to the lease; before, nobody knows of it. */
    private synchronized void accept(FrameLease lease, long sequence) throws MachException {
        if (closed) {
            lease.end();
            throw closedMeanwhile();
        }
        subscription.leased(lease);
        if (expected < 0) {
            expected = subscription.mailbox().first();
        }
        skipped += sequence - expected;
        expected = sequence + 1;
        received++;
    }

    private static PortClosedException closedMeanwhile() {
        return new PortClosedException(
                "mach_msg",
                new KernReturn(KernReturn.MACH_RCV_PORT_CHANGED),
                "the client was closed while it received");
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
        subscription.countLastOrWarn(); // because the server forgets the mailbox with this client
        subscription.link().interrupt();
        hold.close();
    }
}
