/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import io.machframe.core.bootstrap.Bootstrap;
import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;
import io.machframe.core.error.ServiceActiveException;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendRight;
import io.machframe.surface.IOSurface;
import io.machframe.surface.layout.SurfaceProperties;
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

    /** The most clients at a time, and of them in one process. */
    static final int MAX_CLIENTS = 256;

    static final int MAX_CLIENTS_OF_PROCESS = 64;

    private static final int FIRST_SURFACES = 3;
    private static final long ACQUIRE_PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(500);
    private static final int NONE = -1;

    private final String name;
    private final FrameFormat format;
    private final ReceiveRight service;
    private final StreamListing listing;
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
            Reception.open(server, service);
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
        FrameDraft draft = tryAcquire();
        while (draft == null) {
            pause();
            draft = tryAcquire();
        }
        return draft;
    }

    /** Gives a surface to draw into, waiting for at most some time. Empty if clients hold all surfaces for that long. */
    public Optional<FrameDraft> acquire(Duration limit) throws MachException {
        Deadline deadline = Deadline.after(limit);
        FrameDraft draft = tryAcquire();
        while (draft == null && !deadline.isOver()) {
            pause();
            draft = tryAcquire();
        }
        return Optional.ofNullable(draft);
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

    /** Throws if no client more, or none of this process, is to be let in. */
    void requireRoomFor(int pid) throws MachException {
        synchronized (lock) {
            if (isFullFor(pid)) {
                keepHouse();
            }
            if (isFullFor(pid)) {
                throw new MachException(
                        "mach_msg",
                        new KernReturn(KernReturn.KERN_RESOURCE_SHORTAGE),
                        "the stream \"" + name + "\" has " + subscribers.size() + " clients, " + clientsOf(pid)
                                + " of them in process " + pid + ", and no room for one more");
            }
        }
    }

    private boolean isFullFor(int pid) {
        return subscribers.size() >= MAX_CLIENTS || clientsOf(pid) >= MAX_CLIENTS_OF_PROCESS;
    }

    private long clientsOf(int pid) {
        return subscribers.stream().filter(client -> client.pid() == pid).count();
    }

    /** Lets a client in, with the newest frame. Takes it over. */
    void add(Subscriber subscriber) {
        synchronized (lock) {
            subscriber.begin(Math.max(0, published - 1));
            if (closed) {
                subscriber.end();
                subscriber.close();
            } else if (newest == NONE || offer(subscriber, published - 1)) {
                subscribers.add(subscriber);
            } else {
                subscriber.close();
            }
        }
    }

    boolean isClosed() {
        synchronized (lock) {
            return closed;
        }
    }

    /** Makes a port for a surface of the pool. */
    SendRight surfacePort(int slot) throws MachException {
        synchronized (lock) {
            if (closed || slot < 0 || slot >= surfaces.size()) {
                throw Protocol.violation("there is no surface " + slot + " in the stream \"" + name + "\"");
            }
            return surfaces.get(slot).createMachPort();
        }
    }

    /** Lets go of clients that are gone, and tells those of a frame that had no room to be told. */
    void keepHouse() {
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
