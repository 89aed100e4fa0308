/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import io.machframe.core.error.MachException;
import io.machframe.core.error.PortClosedException;
import io.machframe.core.error.UnknownServiceException;
import io.machframe.core.lifetime.Hold;
import io.machframe.core.runloop.RunLoopSource;
import io.machframe.surface.stream.link.LatencyCounts;
import io.machframe.surface.stream.link.Protocol;
import io.machframe.surface.stream.link.ServerLink;
import io.machframe.surface.stream.link.Terms;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Receives the frames of one stream, each at most once, in order. The first is the newest at the time of connecting.
 *
 * <p>The frames are the publisher's own memory; nothing is copied. A client that is slow gets what its {@link Delivery}
 * says. Close each frame soon: the client may hold some, {@link Builder#maxAcquired}, and receives none above that.
 *
 * <p><b>Ownership.</b> A client that is forgotten is closed by the garbage collector and reported; one with a listener is
 * not forgotten until its stream has ended.
 *
 * <p><b>Threads.</b> One thread receives at a time; any thread may close the client, which ends a receive that waits.
 */
public final class FrameClient implements AutoCloseable {
    /** The most bytes of a message to the publisher. */
    public static final int MAX_MESSAGE_BYTES = Protocol.MAX_USER_BYTES;

    private final FrameFeed feed;
    private final Hold hold;
    private final AtomicBoolean listening = new AtomicBoolean();

    /** Takes ownership of the feed. */
    private FrameClient(FrameFeed feed) {
        this.feed = feed;
        this.hold = Hold.of(this, "the client of the stream \"" + feed.name() + "\"", feed::close);
    }

    /** Begins to describe a client of the stream of that name. */
    public static Builder builder(String name) {
        return new Builder(name);
    }

    /** Connects to a stream for its newest frames, as {@link Builder#connect}. */
    public static FrameClient connect(String name) throws MachException, InterruptedException {
        return builder(name).connect();
    }

    FrameFeed feed() {
        return feed;
    }

    /** Returns the name of the stream. */
    public String name() {
        return feed.name();
    }

    /**
     * Returns what the frame received last looks like; before the first, what was published when this connected.
     *
     * @throws IllegalStateException if it follows a name that it has not found yet
     */
    public FrameFormat format() {
        return feed.format();
    }

    /**
     * Waits for the next frame. The caller closes it.
     *
     * @return null if the stream is over and its last frame was received: {@link #end} says why, or {@link #lastEnd} if
     *     this follows a name
     * @throws InterruptedException if the thread is interrupted while it waits
     * @throws PortClosedException if this client is closed meanwhile
     * @throws MachException if the publisher sends nonsense, or this process is out of descriptors
     * @throws IllegalStateException if it was closed before, holds as many frames as it may, or another thread receives
     */
    public @Nullable Frame receive() throws MachException, InterruptedException {
        return receive(Deadline.NEVER);
    }

    /** As {@link #receive}, without waiting for one to be published: returns null if none waits, or the stream is over. */
    public @Nullable Frame tryReceive() throws MachException, InterruptedException {
        return receive(0);
    }

    /** As {@link #receive}, waiting for at most some time: returns null if none came, or the stream is over. */
    public @Nullable Frame tryReceive(Duration limit) throws MachException, InterruptedException {
        return receive(Deadline.nanos(limit));
    }

    private @Nullable Frame receive(long nanos) throws MachException, InterruptedException {
        try {
            return feed.receive(nanos);
        } finally {
            Reference.reachabilityFence(this); // not pinned, because a close ends the wait
        }
    }

    /**
     * Has a listener called for each frame, on an executor, until the stream or this client ends. No thread waits in between.
     * The frames are those that {@link #receive} would return, which must not be called from then on.
     *
     * @throws IllegalStateException if a listener was given before
     */
    public void listen(Executor executor, FrameListener listener) {
        hold.pin();
        try {
            beginListening();
            new FrameCalls(this, listener, executor::execute).start();
        } finally {
            hold.unpin();
        }
    }

    /**
     * Returns the frames as a {@link Flow.Publisher}, for one subscriber, on an executor. No thread waits in between.
     *
     * <p>The subscriber <em>owns</em> each frame that {@code onNext} gives it, and closes it, on any thread: so frames may go on
     * through stages that are asynchronous. It gets no more than it requests, and while it has as many open as {@link
     * Builder#maxAcquired} says, no more until it closes one. What is published meanwhile is dealt with as {@link Delivery}
     * says. {@code onComplete} follows the last frame, and {@link #end} says why; {@code onError} if one could not be
     * received. Cancelling ends the calls, and leaves the client to its owner.
     *
     * @throws IllegalStateException if a listener was given before
     */
    public Flow.Publisher<Frame> publisher(Executor executor) {
        hold.pin();
        try {
            beginListening();
            return new FramePublisher(this, executor);
        } finally {
            hold.unpin();
        }
    }

    /**
     * Returns a source by which a run loop calls a listener for each frame, as {@link #listen}: add it to the loop.
     *
     * @param order counts among the signalled sources of a loop
     * @throws IllegalStateException if a listener was given before
     */
    public RunLoopSource runLoopSource(long order, FrameListener listener) {
        hold.pin();
        try {
            beginListening();
            return FrameSource.open(this, listener, order);
        } finally {
            hold.unpin();
        }
    }

    private void beginListening() {
        if (!listening.compareAndSet(false, true)) {
            throw new IllegalStateException("the client of the stream \"" + name() + "\" has a listener");
        }
    }

    /** Returns how this client stands with the stream now. */
    public ClientState state() {
        return feed.state();
    }

    /** Returns why the stream is over, once its last frame was received; empty before. */
    public Optional<StreamEnd> end() {
        return Optional.ofNullable(feed.end());
    }

    /**
     * Returns why the last connection that ended did; empty if none has. Differs from {@link #end} for a client that follows
     * a name, which goes on.
     */
    public Optional<StreamEnd> lastEnd() {
        return Optional.ofNullable(feed.lastEnd());
    }

    /**
     * Sends something to the publisher's program, {@link ClientListener#message}. Does not wait.
     *
     * @param message at most {@value #MAX_MESSAGE_BYTES} bytes
     * @return false if the publisher has no space for it now, or is gone
     */
    public boolean trySend(byte[] message) {
        if (message.length > MAX_MESSAGE_BYTES) {
            throw new IllegalArgumentException(
                    "a message has at most " + MAX_MESSAGE_BYTES + " bytes, not " + message.length);
        }
        hold.pin();
        try {
            return feed.trySend(message);
        } finally {
            hold.unpin();
        }
    }

    /**
     * Tells the publisher what this client can bear and wants, as often as that changes; it may adapt. Does not wait. A client
     * that follows a name tells it to each publisher anew.
     *
     * @return false if the publisher has no space for it now, or is gone: tell it again later
     */
    public boolean tryTell(ClientWishes wishes) {
        hold.pin();
        try {
            return feed.tryTell(wishes);
        } finally {
            hold.unpin();
        }
    }

    /**
     * Returns what the publisher says of itself.
     *
     * @throws IllegalStateException if this follows a name and is not connected
     */
    public ServerCapabilities server() {
        hold.pin();
        try {
            return feed.server();
        } finally {
            hold.unpin();
        }
    }

    /** Returns the statistics up to now. */
    public ClientStatistics statistics() {
        return feed.statistics();
    }

    /** Disconnects. Frames received before stay valid until they are closed. Idempotent. */
    @Override
    public void close() {
        hold.close();
    }

    /** Describes a client; {@link #connect} connects it, or {@link #follow}. Not thread-safe. */
    public static final class Builder {
        private static final int DEFAULT_ACQUIRED = 3;
        private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);

        private final String name;
        private ClientCapabilities capabilities = ClientCapabilities.DEFAULT;
        private Delivery delivery = Delivery.latest();
        private int maxAcquired = DEFAULT_ACQUIRED;
        private Duration timeout = DEFAULT_TIMEOUT;
        private long spinNanos;

        private Builder(String name) {
            this.name = name;
            StreamName.service(name);
        }

        /** Sets which frames it gets; {@link Delivery#latest} if never called. */
        public Builder delivery(Delivery which) {
            this.delivery = which;
            return this;
        }

        /**
         * Says what the client can. If it names formats, a publisher of another refuses it, and says why; one that changes to
         * another ends its stream, {@link StreamEnd#UNSUITABLE}. {@link ClientCapabilities#DEFAULT} if never called.
         */
        public Builder capabilities(ClientCapabilities of) {
            this.capabilities = of;
            return this;
        }

        /** Sets how many frames it may hold at a time, 1 to 32; {@value #DEFAULT_ACQUIRED} if never called. */
        public Builder maxAcquired(int most) {
            if (most < 1 || most > Terms.MAX_ACQUIRED) {
                throw new IllegalArgumentException(
                        "a client may hold 1 to " + Terms.MAX_ACQUIRED + " frames, not " + most);
            }
            this.maxAcquired = most;
            return this;
        }

        /**
         * Sets how long the publisher may take for each answer, when this connects and when it fetches a surface; 5 seconds
         * if never called. One that lives takes no time, unless it is stopped.
         */
        public Builder timeout(Duration limit) {
            Deadline.nanos(limit);
            this.timeout = limit;
            return this;
        }

        /**
         * Lets a receive look for frames without sleeping for some time, before it sleeps: less latency for more processor
         * time. Never, if not called.
         */
        public Builder spin(Duration atMost) {
            this.spinNanos = Deadline.nanos(atMost);
            return this;
        }

        /**
         * Makes a client that follows the name: it connects when the name is published, now or later, and again whenever a
         * stream of that name has ended or its publisher died and one is published again. It does not end by itself, unless
         * its publisher {@linkplain StreamEnd#REFUSED finds fault with it}. A receive waits until the name is published, and
         * returns null when the connection has ended, so that each end is seen: {@link FrameClient#state} is WAITING then, and
         * {@link FrameClient#lastEnd} says why. Listeners are told by {@link FrameListener#connected} and {@link
         * FrameListener#waiting}. Frames that are open stay good; the next stream counts its frames from 0.
         *
         * <p>It connects in the thread that receives, which a publisher that is stopped can keep for as long as {@link
         * #timeout} says. A receive throws, once, if the publisher refuses it.
         *
         * @throws MachException if the list of streams cannot be watched
         */
        public FrameClient follow() throws MachException {
            Builder settings = copy();
            LatencyCounts latencies = new LatencyCounts();
            return new FrameClient(Following.open(name, () -> settings.open(latencies)));
        }

        /**
         * Connects.
         *
         * @throws UnknownServiceException if nothing is published under that name
         * @throws MachException if the publisher refuses, does not answer in time, answers nonsense, or ends meanwhile
         */
        public FrameClient connect() throws MachException, InterruptedException {
            return new FrameClient(open(new LatencyCounts()));
        }

        private Subscription open(LatencyCounts latencies) throws MachException, InterruptedException {
            ServerLink link;
            try {
                link = ServerLink.open(StreamName.service(name), name, terms(), capabilities.hello(), timeout);
            } catch (UnknownServiceException e) {
                throw StreamName.unknown(e, name);
            }
            try {
                return new Subscription(name, link, maxAcquired, spinNanos, latencies);
            } catch (MachException | RuntimeException | Error e) {
                link.close();
                throw e;
            }
        }

        private Builder copy() {
            Builder copy = new Builder(name);
            copy.capabilities = capabilities;
            copy.delivery = delivery;
            copy.maxAcquired = maxAcquired;
            copy.timeout = timeout;
            copy.spinNanos = spinNanos;
            return copy;
        }

        private Terms terms() {
            if (!(delivery instanceof Delivery.Queue queue)) {
                return new Terms(1, Terms.DROP_OLDEST, 0, maxAcquired);
            }
            int overflow =
                    switch (queue.overflow()) {
                        case DROP_OLDEST -> Terms.DROP_OLDEST;
                        case DROP_NEWEST -> Terms.DROP_NEWEST;
                        case BLOCK -> Terms.BLOCK;
                        case DISCONNECT -> Terms.DISCONNECT;
                    };
            return new Terms(queue.capacity(), overflow, Deadline.nanos(queue.timeout()), maxAcquired);
        }
    }
}
