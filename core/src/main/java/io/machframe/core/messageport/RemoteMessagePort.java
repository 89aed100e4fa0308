/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.messageport;

import io.machframe.core.bootstrap.Bootstrap;
import io.machframe.core.error.DeadPortException;
import io.machframe.core.error.InterruptedCallException;
import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;
import io.machframe.core.machport.MachPort;
import io.machframe.core.machport.MachPortListener;
import io.machframe.core.message.OutgoingMessage;
import io.machframe.core.message.ReceivedMessage;
import io.machframe.core.platform.VirtualThreads;
import io.machframe.core.port.SendRight;
import io.machframe.core.runloop.RunLoopMode;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The end of a message port that asks. Several threads may send at once; each answer goes to the thread that asked.
 *
 * <p>A send time-out of less than a millisecond does not wait; one of ten days or more is indefinitely.
 */
public final class RemoteMessagePort extends MessagePort {
    private static final Map<String, WeakReference<RemoteMessagePort>> PORTS = new HashMap<>();
    private static final Duration LOOK_UP_LIMIT = Duration.ofSeconds(10);
    private static final Duration FOREVER = Duration.ofDays(10);
    private static final long RETRY_NANOS = 1_000_000;

    private final WeakReference<RemoteMessagePort> reference = new WeakReference<>(this);
    private final String name;
    private final SendRight right;
    private final MachPort machPort;
    private final ArrayDeque<ReplyPort> idle = new ArrayDeque<>();
    private final Set<ReplyPort> waiting = new HashSet<>();
    private int lastConversation;

    private RemoteMessagePort(String name, SendRight right) throws MachException {
        this.name = name;
        this.right = right;
        this.machPort = MachPort.of(right, new DeathListener(reference));
        machPort.setInvalidationListener(DeathListener::invalidated);
    }

    /** Learns of the peer's death; does not keep a port that was forgotten. */
    private record DeathListener(WeakReference<RemoteMessagePort> port) implements MachPortListener {
        @Override
        public void received(MachPort from, ReceivedMessage message) {}

        @Override
        public void died(MachPort dead) {
            RemoteMessagePort remote = port.get();
            if (remote != null) {
                remote.pokeAll();
                remote.invalidationExecutor().ifPresent(executor -> executor.execute(remote::invalidate));
            }
        }

        static void invalidated(MachPort dead) {
            dead.listener().ifPresent(listener -> {
                RemoteMessagePort remote = listener instanceof DeathListener death ? death.port.get() : null;
                if (remote != null) {
                    remote.invalidate();
                }
            });
        }
    }

    /**
     * Finds the port that serves a name, {@code CFMessagePortCreateRemote}. For one name this process has one object: if
     * there is a valid one, it is returned. A port of this very process can be asked too.
     *
     * @param name as for {@link LocalMessagePort#create}
     * @throws io.machframe.core.error.UnknownServiceException if nobody serves the name
     * @throws DeadPortException if the object that this process had is found dead; the next call looks the name up anew
     * @throws IllegalArgumentException if the name is empty or has a 0 character
     */
    public static RemoteMessagePort connect(String name) throws MachException {
        String cut = PortNames.cut(name);
        RemoteMessagePort existing;
        synchronized (PORTS) {
            existing = lookUp(cut);
        }
        return existing != null ? requireAlive(existing) : register(find(cut));
    }

    /** Returns the valid port of a name. */
    private static @Nullable RemoteMessagePort lookUp(String name) {
        WeakReference<RemoteMessagePort> reference = PORTS.get(name);
        RemoteMessagePort port = reference == null ? null : reference.get();
        return port != null && port.isMarkedValid() ? port : null;
    }

    private static RemoteMessagePort register(RemoteMessagePort found) {
        RemoteMessagePort earlier;
        synchronized (PORTS) {
            earlier = lookUp(found.name);
            if (earlier == null) {
                PORTS.put(found.name, found.reference);
                return found;
            }
        }
        found.close();
        return earlier;
    }

    private static RemoteMessagePort requireAlive(RemoteMessagePort existing) throws DeadPortException {
        if (!existing.isValid()) {
            throw new DeadPortException(
                    "CFMessagePortCreateRemote",
                    new KernReturn(KernReturn.MACH_SEND_INVALID_DEST),
                    "the port that served the name died");
        }
        return existing;
    }

    private static RemoteMessagePort find(String name) throws MachException {
        SendRight right;
        try {
            right = Bootstrap.lookUp(PortNames.service(name), LOOK_UP_LIMIT);
        } catch (InterruptedException e) {
            throw InterruptedCallException.of(e);
        }
        try {
            return new RemoteMessagePort(name, right);
        } catch (MachException e) {
            right.close();
            throw e;
        }
    }

    @Override
    public Optional<String> name() {
        return Optional.of(name);
    }

    /**
     * Sends a request and asks for no answer, {@code CFMessagePortSendRequest} without a reply mode.
     *
     * @param id any number, for the peer
     * @param data at most 0x60000000 bytes; their position stays
     * @param sendTimeout how long the peer's queue may be full
     * @return why it was not sent; {@link SendResult#SUCCESS} as soon as it is in the queue
     * @throws InterruptedCallException if the thread is interrupted while it waits
     */
    public SendResult send(int id, ByteBuffer data, Duration sendTimeout) throws InterruptedCallException {
        if (!isMarkedValid()) {
            return SendResult.INVALID;
        }
        return send(id, nextConversation(), data, sendTimeout, null);
    }

    /**
     * Sends a request and waits for the answer. The thread does nothing else meanwhile; a virtual thread does not hold
     * its carrier.
     *
     * @param id any number, for the peer
     * @param data at most 0x60000000 bytes; their position stays
     * @param sendTimeout how long the peer's queue may be full
     * @param replyTimeout how long the answer may take, from when the request is in the queue
     * @throws InterruptedCallException if the thread is interrupted while it waits
     */
    public Reply request(int id, ByteBuffer data, Duration sendTimeout, Duration replyTimeout)
            throws InterruptedCallException {
        return request(id, data, sendTimeout, replyTimeout, ReplyPort::await);
    }

    /**
     * As {@link #request(int, ByteBuffer, Duration, Duration)}, while this thread's run loop runs in a mode,
     * {@code CFMessagePortSendRequest} with a reply mode. Whatever else is in that mode goes on; its callbacks may make
     * requests too.
     */
    public Reply request(int id, ByteBuffer data, Duration sendTimeout, Duration replyTimeout, RunLoopMode replyMode)
            throws InterruptedCallException {
        return request(id, data, sendTimeout, replyTimeout, (port, nanos) -> port.await(replyMode, nanos));
    }

    /** One wait for a message to a reply port. */
    private interface Waiting {
        void await(ReplyPort port, long nanos) throws MachException;
    }

    private Reply request(int id, ByteBuffer data, Duration sendTimeout, Duration replyTimeout, Waiting how)
            throws InterruptedCallException {
        ReplyPort port = null;
        try {
            port = takeReplyPort();
            if (port == null) {
                return Reply.failed(SendResult.INVALID);
            }
            int conversation = nextConversation();
            port.expect(conversation);
            SendResult sent = send(id, conversation, data, sendTimeout, port);
            if (sent != SendResult.SUCCESS) {
                return Reply.failed(sent);
            }
            return await(port, replyTimeout, how);
        } catch (InterruptedCallException e) {
            throw e;
        } catch (MachException e) {
            return Reply.failed(SendResult.TRANSPORT_ERROR);
        } finally {
            giveBack(port);
        }
    }

    private Reply await(ReplyPort port, Duration limit, Waiting how) throws MachException {
        long start = System.nanoTime();
        long nanos = limit.compareTo(FOREVER) >= 0 ? Long.MAX_VALUE : Math.max(0, limit.toNanos());
        while (true) {
            long left = Math.max(0, nanos - (System.nanoTime() - start));
            how.await(port, left);
            boolean alive = port.answer() != null || isValid();
            ByteBuffer answer = alive ? port.answer() : port.lastAnswer(); // a peer may answer and go
            if (answer != null) {
                return new Reply(SendResult.SUCCESS, answer);
            }
            if (!alive) {
                return Reply.failed(SendResult.BECAME_INVALID);
            }
            if (left == 0 || nanos - (System.nanoTime() - start) <= 0) {
                return Reply.failed(SendResult.RECEIVE_TIMED_OUT);
            }
        }
    }

    private SendResult send(int id, int conversation, ByteBuffer data, Duration limit, @Nullable ReplyPort reply)
            throws InterruptedCallException {
        if (data.remaining() > WireForm.MAX_DATA) {
            return SendResult.TRANSPORT_ERROR;
        }
        try (OutgoingMessage message =
                WireForm.encodeRequest(id, conversation, data, reply == null ? null : reply.port())) {
            return send(message, limit) ? SendResult.SUCCESS : SendResult.SEND_TIMED_OUT;
        } catch (InterruptedCallException e) {
            throw e;
        } catch (DeadPortException e) {
            invalidate();
            return SendResult.TRANSPORT_ERROR;
        } catch (MachException e) {
            return SendResult.TRANSPORT_ERROR;
        } catch (IllegalStateException closedMeanwhile) {
            return SendResult.INVALID;
        }
    }

    private boolean send(OutgoingMessage message, Duration limit) throws MachException {
        if (limit.compareTo(Duration.ofMillis(1)) < 0) {
            return message.trySendTo(right);
        }
        if (VirtualThreads.isCurrent()) {
            return sendPatiently(message, limit);
        }
        try {
            if (limit.compareTo(FOREVER) >= 0) {
                message.sendTo(right);
                return true;
            }
            return message.trySendTo(right, limit);
        } catch (InterruptedException e) {
            throw InterruptedCallException.of(e);
        }
    }

    /** Tries again and again, since this thread is virtual and would hold its carrier in a call that waits. */
    private boolean sendPatiently(OutgoingMessage message, Duration limit) throws MachException {
        long start = System.nanoTime();
        long nanos = limit.compareTo(FOREVER) >= 0 ? Long.MAX_VALUE : limit.toNanos();
        while (!message.trySendTo(right)) {
            if (System.nanoTime() - start >= nanos) {
                return false;
            }
            try {
                TimeUnit.NANOSECONDS.sleep(RETRY_NANOS);
            } catch (InterruptedException e) {
                throw InterruptedCallException.of(e);
            }
        }
        return true;
    }

    private synchronized int nextConversation() {
        lastConversation = lastConversation == Integer.MAX_VALUE ? 1 : lastConversation + 1;
        return lastConversation;
    }

    /** Returns null if this port is invalid. */
    private synchronized @Nullable ReplyPort takeReplyPort() throws MachException {
        if (!isMarkedValid()) {
            return null;
        }
        ReplyPort port = idle.isEmpty() ? ReplyPort.open() : idle.pop();
        waiting.add(port);
        return port;
    }

    /** Keeps a reply port for the next request if nothing can come to it any more. */
    private void giveBack(@Nullable ReplyPort port) {
        if (port == null) {
            return;
        }
        synchronized (this) {
            waiting.remove(port);
            if (port.answer() != null && isMarkedValid()) {
                idle.push(port);
                return;
            }
        }
        port.close();
    }

    /** Returns how many requests are under way. */
    synchronized int waitingCount() {
        return waiting.size();
    }

    /** Lets all that wait for an answer look whether this port is valid. */
    private void pokeAll() {
        List<ReplyPort> poked;
        synchronized (this) {
            poked = List.copyOf(waiting);
        }
        poked.forEach(ReplyPort::poke);
    }

    @Override
    boolean isAlive() {
        return machPort.isValid();
    }

    @Override
    void withdraw() {
        synchronized (PORTS) {
            PORTS.remove(name, reference);
        }
    }

    @Override
    void release() {
        pokeAll();
        List<ReplyPort> closed;
        synchronized (this) {
            closed = List.copyOf(idle);
            idle.clear();
        }
        closed.forEach(ReplyPort::close);
        machPort.removeInvalidationListener();
        machPort.close();
        right.close();
    }
}
