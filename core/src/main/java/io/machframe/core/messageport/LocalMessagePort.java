/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.messageport;

import io.machframe.core.error.InvalidMessageException;
import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;
import io.machframe.core.error.PortClosedException;
import io.machframe.core.message.DescriptorKind;
import io.machframe.core.message.OutgoingMessage;
import io.machframe.core.message.ReceivedMessage;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.runloop.PortSource;
import java.lang.System.Logger;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The end of a message port that serves a name. Requests come by a {@linkplain #runLoopSource run loop source} or on an
 * {@linkplain #setExecutor executor}; before either is set they wait in the queue, which holds five.
 */
public final class LocalMessagePort extends MessagePort {
    private static final Logger LOG = System.getLogger(LocalMessagePort.class.getName());
    private static final Map<String, WeakReference<LocalMessagePort>> PORTS = new HashMap<>();

    private final WeakReference<LocalMessagePort> reference = new WeakReference<>(this);
    private @Nullable String name;
    private @Nullable Service service;
    private @Nullable MessagePortListener listener;

    /** The listener that was taken away, until it is released. */
    private @Nullable MessagePortListener leaving;

    private @Nullable PortSource source;
    private @Nullable Dispatch dispatch;
    private boolean reportedMalformed;

    private LocalMessagePort(@Nullable String name, @Nullable Service service, MessagePortListener listener) {
        this.name = name;
        this.service = service;
        this.listener = listener;
    }

    /**
     * Takes a name and serves it, {@code CFMessagePortCreateLocal}. If this process serves it already, the object that
     * does is returned and keeps its own listener: {@link #listener} tells which it is.
     *
     * @param name cut to 128 bytes of UTF-8 where a character ends, of which the system keeps 127; with a 0 character in
     *     it the port has no name, as from {@link #createUnnamed}
     * @throws io.machframe.core.error.ServiceActiveException if another process serves the name
     * @throws PortClosedException if the object that served it in this process is found dead; the name is free then
     * @throws IllegalArgumentException if the name is empty
     */
    public static LocalMessagePort create(String name, MessagePortListener listener) throws MachException {
        if (PortNames.hasZero(name)) {
            return createUnnamed(listener);
        }
        String cut = PortNames.cut(name);
        LocalMessagePort existing;
        synchronized (PORTS) {
            existing = lookUp(cut);
            if (existing == null || !existing.isMarkedValid()) {
                LocalMessagePort made = new LocalMessagePort(cut, Service.open(PortNames.service(cut)), listener);
                PORTS.put(cut, made.reference);
                listener.retained();
                return made;
            }
        }
        return requireAlive(existing);
    }

    /**
     * Makes a port without a name and without a Mach port, {@code CFMessagePortCreateLocal} with a null name. Nobody can
     * send to it; {@link #setName} makes it of use.
     */
    public static LocalMessagePort createUnnamed(MessagePortListener listener) {
        LocalMessagePort made = new LocalMessagePort(null, null, listener);
        listener.retained();
        return made;
    }

    private static LocalMessagePort requireAlive(LocalMessagePort existing) throws PortClosedException {
        if (!existing.isValid()) {
            throw new PortClosedException(
                    "CFMessagePortCreateLocal",
                    new KernReturn(KernReturn.MACH_RCV_PORT_DIED),
                    "the port that served the name died; the name can be taken now");
        }
        return existing;
    }

    private static @Nullable LocalMessagePort lookUp(String name) {
        WeakReference<LocalMessagePort> reference = PORTS.get(name);
        return reference == null ? null : reference.get();
    }

    @Override
    public synchronized Optional<String> name() {
        return Optional.ofNullable(name);
    }

    /** Returns who is called, {@code CFMessagePortGetContext}; empty once the port is invalid. */
    public synchronized Optional<MessagePortListener> listener() {
        return Optional.ofNullable(listener);
    }

    /**
     * Gives the port another name, {@code CFMessagePortSetName}: a new Mach port, while the old one dies, and with it the
     * remote ports of the old name. The run loop source is invalidated: add the one that {@link #runLoopSource} gives
     * then. Deliveries on an executor go on.
     *
     * @return false, and nothing changes, if a port of this process has that name, this one included; if another process
     *     serves it; if it has a 0 character; if this port is not valid
     */
    public boolean setName(String newName) {
        String cut = PortNames.cut(newName);
        Service oldService;
        PortSource oldSource;
        Dispatch running;
        synchronized (PORTS) {
            if (PortNames.hasZero(cut) || lookUp(cut) != null || !isMarkedValid()) {
                return false;
            }
            Service newService = open(cut);
            if (newService == null) {
                return false;
            }
            synchronized (this) {
                oldService = service;
                oldSource = source;
                running = dispatch;
                service = newService;
                source = null;
                dispatch = null;
                forgetName();
                name = cut;
                PORTS.put(cut, reference);
            }
        }
        end(running, oldSource, oldService);
        if (running != null) {
            setExecutor(running.executor());
        }
        return true;
    }

    private static @Nullable Service open(String name) {
        try {
            return Service.open(PortNames.service(name));
        } catch (MachException e) {
            LOG.log(Logger.Level.DEBUG, "a message port keeps its name", e);
            return null;
        }
    }

    private void forgetName() {
        if (name != null) {
            PORTS.remove(name, reference);
        }
    }

    private static void end(@Nullable Dispatch dispatch, @Nullable PortSource source, @Nullable Service service) {
        if (dispatch != null) {
            dispatch.end();
        }
        if (source != null) {
            source.invalidate();
        }
        if (service != null) {
            service.close();
        }
    }

    /**
     * Returns the source by which a run loop serves this port, {@code CFMessagePortCreateRunLoopSource}: always the same,
     * unless it was invalidated. That of a port without a name does nothing, also after the port gets one.
     *
     * @param order counts when the source is made
     * @throws PortClosedException if the port is not valid
     * @throws IllegalStateException if the port delivers on an executor
     */
    public PortSource runLoopSource(int order) throws PortClosedException {
        boolean usable = isValid();
        synchronized (this) {
            if (!usable || !isMarkedValid()) {
                throw new PortClosedException(
                        "CFMessagePortCreateRunLoopSource",
                        new KernReturn(KernReturn.MACH_RCV_PORT_DIED),
                        "the message port is not valid");
            }
            if (dispatch != null) {
                throw new IllegalStateException("the port delivers on an executor, not by a run loop");
            }
            PortSource made = source;
            if (made == null || !made.isValid()) {
                made = service == null ? unnamedSource(order) : PortSource.of(order, service.port(), this::perform);
                source = made;
            }
            return made;
        }
    }

    private static PortSource unnamedSource(int order) {
        LOG.log(Logger.Level.WARNING, "the run loop source of a message port without a name does nothing");
        return PortSource.withoutPort(order);
    }

    /**
     * Delivers requests on an executor, {@code CFMessagePortSetDispatchQueue}: {@code Platform::runLater} of JavaFX,
     * {@code SwingUtilities::invokeLater}, an executor of virtual threads. The
     * {@linkplain io.machframe.core.runloop.RunLoop#background loop in the background} waits for them, one thread for all
     * ports. One request of a port is delivered at a time; the next one waits in the queue until the listener returned,
     * so who sends feels it when this end is slow.
     *
     * <p>A new executor replaces the one before. With a line in the log nothing happens if the port is not valid, has no
     * name, or has a run loop source.
     */
    public void setExecutor(Executor executor) {
        boolean usable = isValid();
        Dispatch before;
        Dispatch started;
        synchronized (this) {
            String obstacle = obstacle(usable);
            if (service == null || obstacle != null) {
                LOG.log(Logger.Level.WARNING, "a message port cannot deliver on an executor: {0}", obstacle);
                return;
            }
            before = dispatch;
            started = new Dispatch(this, service.port(), executor);
            dispatch = started;
        }
        if (before != null) {
            before.end();
        }
        started.begin();
    }

    private @Nullable String obstacle(boolean usable) {
        if (!usable || !isMarkedValid()) {
            return "it is not valid";
        }
        if (service == null) {
            return "it has no name";
        }
        return source != null && source.isValid() ? "it has a run loop source" : null;
    }

    /** Stops delivering on an executor, {@code CFMessagePortSetDispatchQueue} with null; requests wait in the queue. */
    public void removeExecutor() {
        Dispatch before;
        synchronized (this) {
            before = dispatch;
            dispatch = null;
        }
        end(before, null, null);
    }

    /** Returns the Mach port; empty as long as this has no name. */
    synchronized Optional<ReceiveRight> port() {
        return Optional.ofNullable(service).map(Service::port);
    }

    /** Handles a message on a run loop's thread; the loop sends the answer. */
    private Optional<OutgoingMessage> perform(ReceivedMessage message) throws MachException {
        Optional<WireForm.Content> read = read(message);
        if (read.isEmpty()) {
            return Optional.empty();
        }
        try (WireForm.Content request = read.get()) {
            Optional<ByteBuffer> answer = call(request);
            boolean asked = message.replyKind() != DescriptorKind.NULL && message.replyKind() != DescriptorKind.DEAD;
            return asked ? Optional.of(WireForm.encodeReply(request, answer)) : Optional.empty();
        }
    }

    /** Calls the listener; nobody is asked once the port is invalid. */
    Optional<ByteBuffer> call(WireForm.Content request) {
        return listener().flatMap(called -> called.received(this, request.id(), request.data()));
    }

    /** Reads a request; says once if one makes no sense. */
    Optional<WireForm.Content> read(ReceivedMessage message) {
        try {
            return Optional.of(WireForm.decodeRequest(message));
        } catch (InvalidMessageException e) {
            reportMalformed(message, e);
            return Optional.empty();
        }
    }

    private synchronized void reportMalformed(ReceivedMessage message, InvalidMessageException e) {
        if (!reportedMalformed) {
            reportedMalformed = true;
            LOG.log(
                    Logger.Level.WARNING,
                    "destroyed a malformed request of process {0} to message port {1}, further ones are destroyed silently: {2}",
                    Integer.toString(message.sender().pid()),
                    name,
                    e.getMessage());
        }
    }

    @Override
    boolean isAlive() {
        Optional<ReceiveRight> held = port();
        try {
            return held.isEmpty() || held.get().status().queueLimit() >= 0;
        } catch (MachException | IllegalStateException dead) {
            return false;
        }
    }

    @Override
    void withdraw() {
        Dispatch running;
        synchronized (this) {
            running = dispatch;
            dispatch = null;
            leaving = listener;
            listener = null;
        }
        end(running, null, null);
        synchronized (PORTS) {
            forgetName();
        }
    }

    @Override
    void release() {
        MessagePortListener released;
        PortSource endedSource;
        Service closed;
        synchronized (this) {
            released = leaving;
            leaving = null;
            endedSource = source;
            closed = service;
        }
        if (released != null) {
            released.released();
        }
        end(null, endedSource, closed);
    }
}
