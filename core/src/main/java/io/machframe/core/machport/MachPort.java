/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.machport;

import io.machframe.core.error.DeadPortException;
import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;
import io.machframe.core.error.PortClosedException;
import io.machframe.core.message.OutgoingMessage;
import io.machframe.core.message.ReceivedMessage;
import io.machframe.core.port.PortName;
import io.machframe.core.port.PortRight;
import io.machframe.core.port.PortSet;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.RightType;
import io.machframe.core.port.SendRight;
import io.machframe.core.port.Task;
import io.machframe.core.runloop.PortSource;
import java.lang.System.Logger;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A Mach port that calls a listener for each message, from a run loop, and tells when it becomes invalid:
 * {@code CFMachPort}.
 *
 * <p>Becoming invalid happens once, in this order: {@link #isValid} is false; the invalidation listener is called, while
 * {@link #listener} still answers; the run loop source is invalidated; the listener is
 * {@linkplain MachPortListener#released released} and forgotten. The Mach port itself stays as it is.
 *
 * <p><b>Ownership.</b> A port from {@link #create} owns a receive right and a send right, and {@link #close} releases
 * them: the send right first. One from {@link #of} uses a right that stays the caller's. Equal ports are those of one
 * name.
 *
 * <p><b>Threads.</b> For any thread. The invalidation listener is called by the thread that invalidates; if the peer
 * died, by the {@linkplain io.machframe.core.runloop.RunLoop#main main
 * loop}: a program that never runs it invalidates the port itself when {@link MachPortListener#died} says so.
 */
public final class MachPort implements AutoCloseable {
    private static final Logger LOG = System.getLogger(MachPort.class.getName());
    private static final Set<RightType> VALID_TYPES = Set.of(RightType.SEND, RightType.SEND_ONCE, RightType.RECEIVE);
    private static final Map<PortName, WeakReference<MachPort>> PORTS = new HashMap<>();

    private enum State {
        READY,
        /** The peer died; what belongs to that waits for the main loop. */
        DYING,
        INVALID
    }

    private final WeakReference<MachPort> reference = new WeakReference<>(this);
    private final PortRight right;

    /** With a port of its own: its send right. */
    private final @Nullable SendRight owned;

    private State state = State.READY;
    private @Nullable MachPortListener listener;
    private @Nullable Consumer<MachPort> invalidationListener;
    private @Nullable PortSource source;
    private boolean watched;

    private MachPort(PortRight right, @Nullable SendRight owned, MachPortListener listener) {
        this.right = right;
        this.owned = owned;
        this.listener = listener;
    }

    /** Makes a new port, with a send right to it, {@code CFMachPortCreate}. */
    public static MachPort create(MachPortListener listener) throws MachException {
        ReceiveRight receive = Task.self().allocatePort();
        try {
            SendRight send = receive.makeSend();
            try {
                return register(new MachPort(receive, send, listener));
            } catch (MachException e) {
                send.close();
                throw e;
            }
        } catch (MachException e) {
            receive.close();
            throw e;
        }
    }

    /**
     * Serves a port by a right that stays the caller's, {@code CFMachPortCreateWithPort}. If a valid object for the same
     * name exists, that is returned: it keeps its own listener, and whoever closes it closes it for both.
     *
     * @param right a receive right; or a send or send-once right, of which no message comes
     * @throws DeadPortException if the right is dead
     * @throws IllegalArgumentException if it is a port set
     * @throws IllegalStateException if it was closed or moved
     */
    public static MachPort of(PortRight right, MachPortListener listener) throws MachException {
        if (right instanceof PortSet) {
            throw new IllegalArgumentException("a Mach port is one port, not a set of them: " + right);
        }
        if (right.types().contains(RightType.DEAD_NAME)) {
            throw new DeadPortException(
                    "CFMachPortCreateWithPort", new KernReturn(KernReturn.KERN_INVALID_RIGHT), right + " is dead");
        }
        return register(new MachPort(right, null, listener));
    }

    private static MachPort register(MachPort made) throws MachException {
        synchronized (PORTS) {
            MachPort existing = lookUp(made.port());
            if (existing != null && existing.isValid()) {
                return existing;
            }
            WeakReference<MachPort> reference = made.reference;
            Set<RightType> types = made.right.types();
            boolean sends = types.contains(RightType.SEND) || types.contains(RightType.SEND_ONCE);
            made.watched = sends && DeathWatch.begin(made.right, () -> died(reference));
            PORTS.put(made.port(), reference);
        }
        made.listener().ifPresent(MachPortListener::retained);
        return made;
    }

    private static @Nullable MachPort lookUp(PortName name) {
        WeakReference<MachPort> reference = PORTS.get(name);
        return reference == null ? null : reference.get();
    }

    /** Returns the port's name, {@code CFMachPortGetPort}; the same also after it became invalid. */
    public PortName port() {
        return right.name();
    }

    /** Returns who is called, {@code CFMachPortGetContext}; empty once the port is invalid. */
    public synchronized Optional<MachPortListener> listener() {
        return Optional.ofNullable(listener);
    }

    /**
     * Returns whether the port can still be used, {@code CFMachPortIsValid}. It asks the system, so it is false as soon
     * as the right is closed or dead, even if nobody was told yet.
     */
    public boolean isValid() {
        synchronized (this) {
            if (state != State.READY || !right.isOpen()) {
                return false;
            }
        }
        try {
            return VALID_TYPES.containsAll(right.types());
        } catch (MachException | IllegalStateException closedMeanwhile) {
            return false;
        }
    }

    /**
     * Returns the source by which a run loop serves this port, {@code CFMachPortCreateRunLoopSource}: always the same,
     * unless it was invalidated.
     *
     * @param order counts when the source is made
     * @throws PortClosedException if the port is not valid
     */
    public PortSource runLoopSource(int order) throws MachException {
        boolean valid = isValid();
        synchronized (this) {
            if (!valid || state != State.READY) {
                throw new PortClosedException(
                        "CFMachPortCreateRunLoopSource",
                        new KernReturn(KernReturn.MACH_RCV_PORT_DIED),
                        this + " is not valid");
            }
            PortSource made = source;
            if (made == null || !made.isValid()) {
                made = right instanceof ReceiveRight receive
                        ? PortSource.of(order, receive, this::received)
                        : PortSource.withoutPort(order);
                source = made;
            }
            return made;
        }
    }

    private Optional<OutgoingMessage> received(ReceivedMessage message) throws MachException {
        MachPortListener called = listener().orElse(null);
        if (called != null && isValid()) {
            called.received(this, message);
        }
        return Optional.empty();
    }

    /** Returns how many messages wait, {@code CFMachPortGetQueuedMessageCount}; 0 if that cannot be told. */
    public int queuedMessageCount() {
        try {
            return right instanceof ReceiveRight receive ? receive.status().messageCount() : 0;
        } catch (MachException | IllegalStateException e) {
            return 0;
        }
    }

    /**
     * Has somebody told when the port becomes invalid, {@code CFMachPortSetInvalidationCallBack}. If it is invalid and
     * nobody had been set before, the listener is called at once; if somebody had, nothing happens but a line in the log.
     *
     * <p>The death of a port is noticed where this process holds a send right to it. If it holds a receive right only,
     * the port cannot die of itself, and this says so in the log.
     */
    public void setInvalidationListener(Consumer<MachPort> told) {
        boolean valid = isValid();
        synchronized (this) {
            if (valid || state == State.DYING) {
                warnIfUnwatched();
                invalidationListener = told;
                return;
            }
            if (invalidationListener != null) {
                LOG.log(Logger.Level.WARNING, "{0} is invalid and has told so: its listener stays", this);
                return;
            }
            invalidationListener = told;
        }
        told.accept(this);
    }

    private void warnIfUnwatched() {
        if (!watched) {
            LOG.log(Logger.Level.WARNING, "{0} has no send right: nobody will be told of its death", this);
        }
    }

    /** Has nobody told any more. */
    public synchronized void removeInvalidationListener() {
        invalidationListener = null;
    }

    /** Returns who is told when the port becomes invalid, {@code CFMachPortGetInvalidationCallBack}. */
    public synchronized Optional<Consumer<MachPort>> invalidationListener() {
        return Optional.ofNullable(invalidationListener);
    }

    /** On the loop in the background: what is left to do is done elsewhere. */
    private static void died(WeakReference<MachPort> reference) {
        MachPort port = reference.get();
        if (port != null) {
            port.died();
        }
    }

    private void died() {
        synchronized (this) {
            if (state != State.READY) {
                return;
            }
            state = State.DYING;
        }
        DeadPorts.add(this);
        listener().ifPresent(told -> told.died(this));
    }

    /**
     * Makes the port invalid, {@code CFMachPortInvalidate}, unless it is. The Mach port and all rights stay. If the peer
     * died and the main loop has not come to say so, this says it now.
     */
    public void invalidate() {
        Consumer<MachPort> told;
        PortSource left;
        synchronized (this) {
            if (state == State.INVALID) {
                return;
            }
            state = State.INVALID;
            told = invalidationListener;
            left = source;
        }
        synchronized (PORTS) {
            PORTS.remove(port(), reference);
        }
        DeathWatch.end(right);
        DeadPorts.remove(this);
        if (told != null) {
            told.accept(this);
        }
        if (left != null) {
            left.invalidate();
        }
        MachPortListener released = forgetListener();
        if (released != null) {
            released.released();
        }
    }

    private synchronized @Nullable MachPortListener forgetListener() {
        MachPortListener forgotten = listener;
        listener = null;
        return forgotten;
    }

    /** {@linkplain #invalidate Invalidates} the port and releases the rights it owns. */
    @Override
    public void close() {
        invalidate();
        if (owned != null) {
            owned.close();
            right.close();
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MachPort port && port.port().equals(port());
    }

    @Override
    public int hashCode() {
        return port().hashCode();
    }

    @Override
    public String toString() {
        return "MachPort " + port();
    }
}
