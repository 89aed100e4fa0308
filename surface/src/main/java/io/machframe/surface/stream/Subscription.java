/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import io.machframe.core.error.DeadPortException;
import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;
import io.machframe.core.error.PortClosedException;
import io.machframe.core.port.SendRight;
import io.machframe.surface.IOSurface;
import io.machframe.surface.Surface;
import io.machframe.surface.format.PixelFormat;
import io.machframe.surface.stream.link.FrameRecord;
import io.machframe.surface.stream.link.LatencyCounts;
import io.machframe.surface.stream.link.Protocol;
import io.machframe.surface.stream.link.ServerLink;
import io.machframe.surface.stream.link.StreamPage;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * A stream as a client has it: the connection, the surfaces it knows, and the frames it holds, which keep the connection
 * after the client is closed. It does not refer to its {@link FrameClient}, so that a forgotten one is found.
 */
final class Subscription implements FrameFeed {
    /** Closed frames that are not used again, so that one that is closed twice by mistake closes no other. */
    private static final int RESTING = 8;

    private final String name;
    private final ServerLink link;
    private final int maxAcquired;
    private final long spinNanos;
    private final LatencyCounts latencies;
    private final FrameRate rate = new FrameRate();
    private final @Nullable IOSurface[] surfaces = new IOSurface[StreamPage.MAX_SLOTS];
    private final @Nullable Surface[] lent = new Surface[StreamPage.MAX_SLOTS];
    private final int[] serials = new int[StreamPage.MAX_SLOTS];
    private final ArrayDeque<Frame> idle = new ArrayDeque<>();

    private FrameFormat format;
    private int generation;
    private boolean begun;
    private long expected = -1;
    private long receivedCount;
    private long skipped;
    private long leaked;
    private int held;
    private int mostHeld;
    private boolean closed;
    private @Nullable Thread receiver;
    private volatile @Nullable Runnable releases;
    private volatile @Nullable StreamEnd end;

    /** Takes ownership of the link. */
    Subscription(String name, ServerLink link, int maxAcquired, long spinNanos, LatencyCounts latencies)
            throws MachException {
        this.name = name;
        this.link = link;
        this.maxAcquired = maxAcquired;
        this.spinNanos = spinNanos;
        this.latencies = latencies;
        this.format = requireFormat(link.width(), link.height(), link.pixelFormat());
    }

    private static FrameFormat requireFormat(int width, int height, int pixelFormat) throws MachException {
        try {
            return FrameFormat.of(width, height, new PixelFormat(pixelFormat));
        } catch (IllegalArgumentException e) {
            throw Protocol.violation("it announces what cannot be: " + e.getMessage());
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public synchronized FrameFormat format() {
        return format;
    }

    @Override
    public @Nullable StreamEnd end() {
        return end;
    }

    @Override
    public @Nullable StreamEnd lastEnd() {
        return end;
    }

    @Override
    public synchronized ClientState state() {
        return closed || end != null ? ClientState.ENDED : ClientState.CONNECTED;
    }

    @Override
    public int connections() {
        return 1;
    }

    @Override
    public boolean trySend(byte[] message) {
        return link.trySendToProgram(message);
    }

    @Override
    public boolean tryTell(ClientWishes wishes) {
        return link.trySendWishes(wishes.toBytes());
    }

    @Override
    public ServerCapabilities server() {
        return ServerCapabilities.of(link.device(), link.flags());
    }

    @Override
    public void onNews(@Nullable Runnable listener) {
        link.onNews(listener);
    }

    @Override
    public boolean wantNews() {
        return link.wantNews();
    }

    @Override
    public @Nullable Frame receive(long nanos) throws MachException, InterruptedException {
        begin();
        try {
            Frame frame = take();
            if (frame != null || nanos <= 0 || end != null) {
                return frame;
            }
            return await(nanos);
        } finally {
            endReceive();
        }
    }

    private @Nullable Frame await(long nanos) throws MachException, InterruptedException {
        long since = System.nanoTime();
        if (spinNanos > 0) {
            link.spin(Math.min(spinNanos, nanos));
        }
        Frame frame = take();
        long left = Deadline.left(nanos, since);
        while (frame == null && end == null && left > 0) {
            link.await(left);
            frame = take();
            left = Deadline.left(nanos, since);
        }
        return frame;
    }

    private synchronized void begin() throws MachException {
        if (closed) {
            throw new IllegalStateException("the client of the stream \"" + name + "\" is closed");
        }
        if (receiver != null) {
            throw new IllegalStateException("another thread receives from the stream \"" + name + "\"");
        }
        if (held >= maxAcquired) {
            throw new IllegalStateException("the client of the stream \"" + name + "\" holds " + held
                    + " frames, all that it may: close one first");
        }
        receiver = Thread.currentThread();
        if (!begun) {
            begun = true;
            link.ready();
        }
    }

    private synchronized void endReceive() {
        receiver = null;
        if (closed) {
            disposeIfUnused();
        }
    }

    private @Nullable Frame take() throws MachException, InterruptedException {
        requireOpen();
        int over = link.end(); // before the queue is looked into, so that the last frame is not missed
        long ticket = link.take();
        if (ticket == 0) {
            if (over != 0) {
                end = StreamEnd.of(over);
            }
            return null;
        }
        link.progressed();
        boolean accepted = false;
        try {
            Frame frame = accept(ticket);
            accepted = frame != null;
            return frame;
        } finally {
            if (!accepted) {
                link.release(ticket);
            }
        }
    }

    private @Nullable Frame accept(long ticket) throws MachException, InterruptedException {
        int slot = ServerLink.slot(ticket);
        FrameRecord record = link.record(slot);
        long sequence = record.sequence();
        if (sequence < expected || sequence < 0) {
            throw Protocol.violation("its frame " + sequence + " is older than frame " + expected);
        }
        FrameFormat shape = shape(record);
        Surface surface;
        try {
            surface = surface(slot, record.serial(), shape);
        } catch (DeadPortException e) {
            // Died, or closed the stream and ended, before it sent the surface of its last frame.
            int why = link.end();
            end = StreamEnd.of(why == 0 ? ServerLink.LOST : why);
            return null;
        }
        return hold(ticket, sequence, surface, record, shape);
    }

    private FrameFormat shape(FrameRecord record) throws MachException {
        int now = record.generation();
        FrameFormat known = format;
        if (now != generation) {
            FrameFormat announced = requireFormat(record.width(), record.height(), record.pixelFormat());
            synchronized (this) {
                known = announced.equals(known) ? known : announced;
                format = known;
                generation = now;
            }
        }
        return known;
    }

    private Surface surface(int slot, int serial, FrameFormat shape) throws MachException, InterruptedException {
        Surface known = lent[slot];
        if (known != null && serials[slot] == serial) {
            return known;
        }
        IOSurface fetched = fetch(slot, serial, shape);
        Surface readOnly = fetched.asReadOnly();
        IOSurface old = surfaces[slot];
        synchronized (this) {
            surfaces[slot] = fetched;
            lent[slot] = readOnly;
            serials[slot] = serial;
        }
        if (old != null) {
            old.close();
        }
        return readOnly;
    }

    private IOSurface fetch(int slot, int serial, FrameFormat shape) throws MachException, InterruptedException {
        IOSurface surface;
        try (SendRight port = link.requestSurface(slot, serial)) {
            surface = IOSurface.fromMachPort(port);
        }
        boolean fits = surface.width() == shape.width()
                && surface.height() == shape.height()
                && surface.pixelFormat().equals(shape.pixelFormat());
        if (!fits) {
            surface.close();
            throw Protocol.violation("a surface is not " + shape);
        }
        return surface;
    }

    private synchronized Frame hold(long ticket, long sequence, Surface surface, FrameRecord record, FrameFormat shape)
            throws MachException {
        requireOpen();
        if (expected < 0) {
            expected = Math.min(link.first(), sequence);
        }
        long missed = sequence - expected;
        skipped += missed;
        expected = sequence + 1;
        receivedCount++;
        held++;
        mostHeld = Math.max(mostHeld, held);
        Frame frame = idle.size() > RESTING ? idle.removeFirst() : new Frame(this);
        frame.lease().begin(ticket, sequence, surface, record, shape);
        measure(frame.lease().received(), record.published());
        FrameEvents.received(name, sequence, frame.lease().received() - record.published(), missed);
        return frame;
    }

    private void measure(long received, long published) {
        latencies.count(received - published);
        link.countLatency(received - published);
        rate.count(received);
    }

    private synchronized void requireOpen() throws MachException {
        if (closed) {
            throw new PortClosedException(
                    "mach_msg",
                    new KernReturn(KernReturn.MACH_RCV_PORT_CHANGED),
                    "the client was closed while it received");
        }
    }

    @Override
    public synchronized boolean isFull() {
        return held >= maxAcquired;
    }

    @Override
    public void onRelease(@Nullable Runnable listener) {
        releases = listener;
    }

    /** A frame was closed; its object can be used again later. */
    void released(long ticket, Frame frame) {
        link.release(ticket);
        synchronized (this) {
            held--;
            idle.addLast(frame);
            disposeIfUnused();
        }
        tellRelease();
    }

    private void tellRelease() {
        Runnable told = releases;
        if (told != null) {
            told.run();
        }
    }

    /** A frame was forgotten. */
    void leaked(long ticket) {
        link.release(ticket);
        synchronized (this) {
            held--;
            leaked++;
            disposeIfUnused();
        }
        tellRelease();
    }

    @Override
    public synchronized ClientStatistics statistics() {
        return new ClientStatistics(
                1,
                receivedCount,
                skipped,
                held,
                mostHeld,
                leaked,
                rate.perSecond(System.nanoTime()),
                Latency.of(latencies));
    }

    /** Ends receiving. The connection stays until the last frame is closed. */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        link.leave();
        synchronized (this) {
            disposeIfUnused();
        }
    }

    private void disposeIfUnused() {
        if (!closed || held > 0 || receiver != null) {
            return;
        }
        link.close();
        idle.clear(); // or what finds forgotten frames would keep them, and so this, reachable
        for (int slot = 0; slot < surfaces.length; slot++) {
            IOSurface surface = surfaces[slot];
            if (surface != null) {
                surfaces[slot] = null;
                surface.close();
            }
        }
    }
}
