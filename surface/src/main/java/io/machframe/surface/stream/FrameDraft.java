/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import io.machframe.surface.Surface;
import io.machframe.surface.SurfaceLock;
import io.machframe.surface.error.SurfaceException;
import io.machframe.surface.stream.link.FrameRecord;
import java.lang.ref.Cleaner;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A frame that is being drawn. Publish it, or close it to give its surface back unseen; closing after publishing only
 * lets the object be used again.
 *
 * <p>A draft that is forgotten is found by the garbage collector: it is reported, and its surface can be drawn into again.
 *
 * <p>The object is used again for a later frame once it was closed, so that frames make no garbage: do not keep it.
 *
 * <p><b>Threads.</b> Not thread-safe. Several drafts may be drawn at a time, each by one thread. A draft is published or
 * closed once all the same: of two threads that do so, one gets an {@link IllegalStateException} or closes nothing.
 */
public final class FrameDraft implements AutoCloseable {
    private static final Cleaner CLEANER = Cleaner.create();

    private final DraftLease lease;
    private final Surface surface;
    private final FrameFormat format;
    private FrameInfo info = FrameInfo.DEFAULT;

    /** What is attached to the surface; null if that is unknown. */
    private @Nullable FrameInfo attached;

    private long duration;
    private long captured;
    private boolean discontinuity;
    private int areas;
    private final int[] damage = new int[4 * FrameRecord.MAX_AREAS];

    FrameDraft(Publication publication, int slot, int serial, Surface surface, FrameFormat format) {
        this.lease = new DraftLease(publication, slot, serial);
        this.surface = surface;
        this.format = format;
        CLEANER.register(this, lease::forgotten);
    }

    /** Begins a frame, by default as the last one was described. */
    void begin(FrameInfo usual) {
        lease.begin();
        info = usual;
        duration = 0;
        captured = 0;
        discontinuity = false;
        areas = -1;
    }

    int slot() {
        return lease.slot();
    }

    int serial() {
        return lease.serial();
    }

    /**
     * Returns the surface to draw into, under its lock, until the draft is published or closed. No client reads it. It
     * holds what an earlier frame left there, see {@link #missed}.
     */
    public Surface surface() {
        return surface;
    }

    /** Locks the surface for writing. */
    public SurfaceLock lock() {
        requireOpen();
        return surface.lock();
    }

    /** Returns what the surface looks like. */
    public FrameFormat format() {
        return format;
    }

    /**
     * Returns what changed since this surface was last drawn into: the area that, drawn again, makes the whole picture
     * current. Empty if that is everything, as it is for a new surface, or when a frame in between did not say what
     * changed.
     */
    public Optional<FrameArea> missed() {
        requireOpen();
        return lease.publication().missed(lease.slot());
    }

    /** Says how the frame is to be shown; if never called, as {@link FrameServer.Builder#info} says. */
    public void info(FrameInfo described) {
        requireOpen();
        info = described;
    }

    /** Attaches what the frame says to its surface, unless that is there from the last one. */
    void attachInfo() throws SurfaceException {
        if (attached == null || !info.looksLike(attached)) {
            attached = null;
            info.attachTo(surface);
            attached = info;
        }
    }

    /** Says for how long the frame is to be shown, nanoseconds; 0 if that is unknown. */
    public void duration(long nanos) {
        requireOpen();
        duration = nanos;
    }

    /** Says when the picture was taken, on the clock of {@link System#nanoTime}; 0 if that is unknown. */
    public void captured(long nanos) {
        requireOpen();
        captured = nanos;
    }

    /** Says that frames before this one were lost where it comes from. */
    public void discontinuity() {
        requireOpen();
        discontinuity = true;
    }

    /**
     * Adds an area to those that differ from the frame published before; from more than {@value FrameRecord#MAX_AREAS}
     * areas on, and if this is never called, everything counts as changed.
     */
    public void damage(int x, int y, int width, int height) {
        requireOpen();
        int count = Math.max(0, areas);
        if (count < FrameRecord.MAX_AREAS) {
            damage[4 * count] = x;
            damage[4 * count + 1] = y;
            damage[4 * count + 2] = width;
            damage[4 * count + 3] = height;
        }
        areas = count + 1;
    }

    /** Hands the frame to the clients, stamped with the time since the stream was opened. */
    public void publish() {
        publish(System.nanoTime() - lease.publication().opened());
    }

    /**
     * Hands the frame to the clients. Does not wait, unless the server {@linkplain FrameServer.Builder#mayBlock may be held
     * up} by a client and is.
     *
     * @param timestampNanos when the frame is to be shown, nanoseconds from the start of the stream
     * @throws IllegalStateException if it was published or closed, or the server is closed
     */
    public void publish(long timestampNanos) {
        if (!lease.end()) {
            throw DraftLease.spent();
        }
        lease.publication().publish(this, timestampNanos);
    }

    /**
     * Writes what is said of the frame.
     *
     * @param written the description that the record has already; the same object need not be written again
     */
    @SuppressWarnings("ReferenceEquality")
    void describe(FrameRecord record, @Nullable FrameInfo written, long timestamp, long published) {
        record.times(timestamp, duration, captured, published);
        record.discontinuity(discontinuity);
        boolean counted = areas >= 0 && areas <= FrameRecord.MAX_AREAS;
        record.areas(counted ? areas : -1);
        for (int i = 0; counted && i < areas; i++) {
            record.area(i, damage[4 * i], damage[4 * i + 1], damage[4 * i + 2], damage[4 * i + 3]);
        }
        if (info != written) {
            info.write(record);
        }
    }

    /** Returns how the frame is to be shown. */
    public FrameInfo info() {
        return info;
    }

    /** Returns the areas that changed, -1 if everything may have. */
    int areas() {
        return areas > FrameRecord.MAX_AREAS ? -1 : areas;
    }

    int damage(int index) {
        return damage[index];
    }

    private void requireOpen() {
        lease.requireOpen();
    }

    @Override
    public void close() {
        lease.publication().ended(this, lease.end());
    }
}
