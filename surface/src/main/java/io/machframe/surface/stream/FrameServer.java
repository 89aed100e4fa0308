/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import io.machframe.core.bootstrap.Bootstrap;
import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;
import io.machframe.core.error.PortClosedException;
import io.machframe.core.error.ServiceActiveException;
import io.machframe.core.message.MachMessage;
import io.machframe.core.message.MessageBuilder;
import io.machframe.core.message.RightKind;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendOnceRight;
import io.machframe.surface.IOSurface;
import io.machframe.surface.SurfaceProperties;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Publishes frames under a name, for any number of clients in any process of this user.
 *
 * <p>A frame is drawn into a surface of the server's pool and handed on by a message without pixels. Each client gets the
 * newest frame when it is ready for one; a slow one misses frames and holds up nobody. A surface comes back into the
 * pool when no client has it in use, which the kernel knows even of clients that were killed. The pool starts with three
 * surfaces and grows while clients hold them, up to {@value #MAX_SURFACES}.
 *
 * <p><b>Threads.</b> Frames are acquired and published by one thread at a time. Clients are answered by a thread of the
 * server's own.
 */
public final class FrameServer implements AutoCloseable {
    /** The most surfaces a server makes. */
    public static final int MAX_SURFACES = 16;

    private static final System.Logger LOG = System.getLogger(FrameServer.class.getName());
    private static final int FIRST_SURFACES = 3;
    private static final Duration HOUSEKEEPING = Duration.ofMillis(100);
    private static final long ACQUIRE_PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(500);
    private static final int NONE = -1;

    private final String name;
    private final FrameFormat format;
    private final ReceiveRight service;
    private final StreamListing listing;
    private final Thread thread;
    private final Object lock = new Object();
    private final List<IOSurface> surfaces = new ArrayList<>();
    private final List<Subscriber> subscribers = new ArrayList<>();

    private int drafted = NONE;
    private int newest = NONE;
    private int lastUsed;
    private long published;
    private long newestPts;
    private long newestPublished;
    private boolean closed;

    private FrameServer(String name, FrameFormat format, ReceiveRight service, StreamListing listing) {
        this.name = name;
        this.format = format;
        this.service = service;
        this.listing = listing;
        this.thread = new Thread(this::serve, "machframe-stream-" + name);
        thread.setDaemon(true);
    }

    /**
     * Takes a name and makes the first surfaces.
     *
     * @param name 1 to 100 bytes of UTF-8 without control characters
     * @throws ServiceActiveException if a live server has the name
     * @throws MachException if there is no room for the surfaces, or names cannot be used
     */
    public static FrameServer open(String name, FrameFormat format) throws MachException {
        ReceiveRight service = checkIn(name);
        List<IOSurface> first = new ArrayList<>();
        try {
            for (int i = 0; i < FIRST_SURFACES; i++) {
                first.add(newSurface(format));
            }
            FrameServer server = new FrameServer(name, format, service, StreamListing.open(name, format));
            server.surfaces.addAll(first);
            server.thread.start();
            return server;
        } catch (MachException | RuntimeException e) {
            first.forEach(IOSurface::close);
            service.close();
            throw e;
        }
    }

    private static ReceiveRight checkIn(String name) throws MachException {
        try {
            return Bootstrap.checkIn(StreamName.service(name));
        } catch (ServiceActiveException e) {
            throw new ServiceActiveException(
                    e.call(), e.reason(), "a stream named \"" + name + "\" is published already");
        }
    }

    private static IOSurface newSurface(FrameFormat format) throws MachException {
        return IOSurface.create(SurfaceProperties.of(format.width(), format.height(), format.pixelFormat()));
    }

    public String name() {
        return name;
    }

    public FrameFormat format() {
        return format;
    }

    /**
     * Gives a surface to draw the next frame into, waiting until one is free.
     *
     * @throws IllegalStateException if the draft before is neither published nor closed, or the server is closed
     */
    public FrameDraft acquire() throws MachException {
        while (true) {
            FrameDraft draft = tryAcquire();
            if (draft != null) {
                return draft;
            }
            pause();
        }
    }

    /** Gives a surface to draw into, waiting for at most some time. Empty if clients hold all surfaces for that long. */
    public Optional<FrameDraft> acquire(Duration limit) throws MachException {
        long end = System.nanoTime() + limit.toNanos();
        while (true) {
            FrameDraft draft = tryAcquire();
            if (draft != null || System.nanoTime() - end >= 0) {
                return Optional.ofNullable(draft);
            }
            pause();
        }
    }

    private static void pause() throws MachException {
        if (Thread.currentThread().isInterrupted()) {
            throw MachException.of("IOSurfaceIsInUse", new KernReturn(KernReturn.MACH_RCV_INTERRUPTED));
        }
        LockSupport.parkNanos(ACQUIRE_PAUSE_NANOS);
    }

    private @Nullable FrameDraft tryAcquire() throws MachException {
        synchronized (lock) {
            requireOpen();
            if (drafted != NONE) {
                throw new IllegalStateException("the draft before is neither published nor closed");
            }
            int slot = freeSlot();
            if (slot == NONE) {
                if (surfaces.size() == MAX_SURFACES) {
                    return null;
                }
                surfaces.add(newSurface(format));
                slot = surfaces.size() - 1;
            }
            drafted = slot;
            lastUsed = slot;
            return new FrameDraft(this, surfaces.get(slot));
        }
    }

    /** Goes round, so that a surface rests as long as possible and its last reader is likely done. */
    private int freeSlot() {
        int count = surfaces.size();
        for (int i = 1; i <= count; i++) {
            int slot = (lastUsed + i) % count;
            if (slot != newest && !isReserved(slot) && !surfaces.get(slot).isInUse()) {
                return slot;
            }
        }
        return NONE;
    }

    /** Asked before the use count: a client confirms only after it counts, so it is seen by the one or the other. */
    private boolean isReserved(int slot) {
        for (Subscriber subscriber : subscribers) {
            if (subscriber.reserves(slot)) {
                return true;
            }
        }
        return false;
    }

    void publish(long ptsNanos) {
        synchronized (lock) {
            requireOpen();
            newest = drafted;
            drafted = NONE;
            newestPts = ptsNanos;
            newestPublished = System.nanoTime();
            long sequence = published++;
            for (int i = subscribers.size() - 1; i >= 0; i--) {
                if (!offer(subscribers.get(i), sequence)) {
                    subscribers.remove(i).close();
                }
            }
        }
    }

    private boolean offer(Subscriber subscriber, long sequence) {
        return subscriber.offer(Mailbox.ticket(sequence, newest), sequence, newestPts, newestPublished);
    }

    void giveBack() {
        synchronized (lock) {
            drafted = NONE;
        }
    }

    /** Returns the figures up to now. */
    public ServerStatistics statistics() {
        synchronized (lock) {
            return new ServerStatistics(published, subscribers.size(), surfaces.size());
        }
    }

    /** Ends the stream: clients are told, keep the frames they hold, and the name is free. Idempotent. */
    @Override
    public void close() {
        synchronized (lock) {
            if (closed) {
                return;
            }
            closed = true;
            for (Subscriber subscriber : subscribers) {
                subscriber.end();
                subscriber.close();
            }
            subscribers.clear();
            surfaces.forEach(IOSurface::close);
        }
        listing.close();
        service.close();
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the stream \"" + name + "\" is closed");
        }
    }

    private void serve() {
        while (true) {
            try {
                Optional<MachMessage> message = MachMessage.tryReceiveFrom(service, HOUSEKEEPING);
                if (message.isPresent()) {
                    try (MachMessage request = message.get()) {
                        answer(request);
                    }
                } else {
                    keepHouse();
                }
            } catch (PortClosedException | IllegalStateException closing) {
                return;
            } catch (MachException e) {
                LOG.log(System.Logger.Level.DEBUG, "a client of \"" + name + "\" was refused", e);
            }
        }
    }

    private void answer(MachMessage request) throws MachException {
        switch (request.id()) {
            case Protocol.SUBSCRIBE -> subscribe(request);
            case Protocol.SURFACE_REQUEST -> sendSurface(request);
            default -> throw Protocol.violation("its id is " + Integer.toHexString(request.id()));
        }
    }

    private void subscribe(MachMessage request) throws MachException {
        if (Protocol.number(request) != Protocol.VERSION) {
            throw Protocol.violation("the client speaks version " + Protocol.number(request));
        }
        Subscriber subscriber = welcome(request);
        synchronized (lock) {
            if (closed) {
                subscriber.end();
                subscriber.close();
                return;
            }
            subscriber.begin(Math.max(0, published - 1));
            if (newest == NONE || offer(subscriber, published - 1)) {
                subscribers.add(subscriber);
            } else {
                subscriber.close();
            }
        }
    }

    private Subscriber welcome(MachMessage request) throws MachException {
        Mailbox mailbox = Mailbox.create();
        Subscriber subscriber = new Subscriber(request.takeReply(), mailbox);
        try (MachMessage welcome = Protocol.welcome(format, statistics().surfaces(), mailbox)) {
            subscriber.welcome(welcome);
            return subscriber;
        } catch (MachException e) {
            subscriber.close();
            throw e;
        }
    }

    private void sendSurface(MachMessage request) throws MachException {
        if (request.replyKind() != RightKind.SEND_ONCE) {
            throw Protocol.violation("a request for a surface has no right to reply once");
        }
        int slot = Protocol.number(request);
        SendOnceRight reply = request.takeReplyOnce();
        try (MessageBuilder builder = MachMessage.builder()) {
            builder.id(Protocol.SURFACE).body(Protocol.numbers(slot));
            synchronized (lock) {
                if (!closed && slot >= 0 && slot < surfaces.size()) {
                    builder.move(surfaces.get(slot).createMachPort());
                }
            }
            try (MachMessage answer = builder.build()) {
                answer.sendTo(reply);
            }
        } finally {
            reply.close();
        }
    }

    private void keepHouse() {
        synchronized (lock) {
            for (int i = subscribers.size() - 1; i >= 0; i--) {
                Subscriber subscriber = subscribers.get(i);
                if (subscriber.isGone() || !subscriber.tell()) {
                    subscribers.remove(i).close();
                }
            }
        }
    }
}
