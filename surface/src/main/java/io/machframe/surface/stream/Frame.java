/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import io.machframe.surface.Surface;
import io.machframe.surface.SurfaceLock;
import java.lang.ref.Cleaner;
import java.util.ArrayList;
import java.util.List;

/**
 * A frame that a client received. Its surface is not drawn over until the frame is closed; one that is forgotten is
 * closed by the garbage collector and reported.
 *
 * <p>The object is used again for a later frame some time after it was closed, so that frames make no garbage: do not keep
 * it, and close it once.
 *
 * <p><b>Threads.</b> Any thread may read and close it.
 */
public final class Frame implements AutoCloseable {
    private static final Cleaner CLEANER = Cleaner.create();

    private final FrameLease lease;

    Frame(Subscription subscription) {
        this.lease = new FrameLease(subscription);
        CLEANER.register(this, lease::forgotten);
    }

    FrameLease lease() {
        return lease;
    }

    /**
     * Returns the memory that the publisher drew into, to be read under its lock until the frame is closed. The same object
     * for each frame in it.
     *
     * @throws IllegalStateException if the frame is closed
     */
    public Surface surface() {
        lease.requireOpen();
        return lease.surface();
    }

    /** Locks the surface for reading. */
    public SurfaceLock lock() {
        return surface().lock();
    }

    /** Returns what the frame looks like: the same object for as long as that does not change. */
    public FrameFormat format() {
        lease.requireOpen();
        return lease.format();
    }

    /** Returns the frame's number in its stream, from 0; gaps are frames that this client did not get. */
    public long sequence() {
        lease.requireOpen();
        return lease.sequence();
    }

    /** Returns when the frame is to be shown, nanoseconds from the start of the stream. */
    public long timestampNanos() {
        lease.requireOpen();
        return lease.record().timestamp();
    }

    /** Returns for how long the frame is to be shown, nanoseconds; 0 if that is unknown. */
    public long durationNanos() {
        lease.requireOpen();
        return lease.record().duration();
    }

    /** Returns when the picture was taken, on the clock of {@link System#nanoTime}; 0 if that is unknown. */
    public long capturedNanos() {
        lease.requireOpen();
        return lease.record().captured();
    }

    /** Returns when it was published, on the clock of {@link System#nanoTime}, which the processes of a machine share. */
    public long publishedNanos() {
        lease.requireOpen();
        return lease.record().published();
    }

    /** Returns when it was received, on the same clock. */
    public long receivedNanos() {
        lease.requireOpen();
        return lease.received();
    }

    /** Returns the number of the format in the stream, from 1 on: raised with each change of {@link #format}. */
    public int generation() {
        lease.requireOpen();
        return lease.record().generation();
    }

    /** Returns whether frames before this one were lost where the stream comes from. */
    public boolean hasDiscontinuity() {
        lease.requireOpen();
        return lease.record().discontinuity();
    }

    /** Returns how the frame is to be shown. */
    public FrameInfo info() {
        lease.requireOpen();
        return FrameInfo.read(lease.record());
    }

    /**
     * Returns the areas that differ from the frame with the sequence before: none if nothing changed, one of the whole frame if
     * that is unknown.
     */
    public List<FrameArea> damage() {
        lease.requireOpen();
        int count = lease.record().areas();
        if (count < 0) {
            return List.of(new FrameArea(0, 0, format().width(), format().height()));
        }
        List<FrameArea> areas = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            FrameInfo.area(
                            lease.record().area(i, 0),
                            lease.record().area(i, 1),
                            lease.record().area(i, 2),
                            lease.record().area(i, 3))
                    .ifPresent(areas::add);
        }
        return areas;
    }

    /** Gives the surface back. Idempotent until the object is used again. */
    @Override
    public void close() {
        lease.close(this);
    }
}
