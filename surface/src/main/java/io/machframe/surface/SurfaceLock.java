/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * A lock on a surface: the time in which this process's CPU may read, or write, its bytes. Made by
 * {@link IOSurface#lock}; ended by {@link #close} or {@link #unlock}.
 *
 * <p>A lock excludes nobody, neither in this process nor in others. It keeps the surface's memory: a surface closed
 * meanwhile is released when the lock ends. One that is forgotten together with its surface is reported, and the surface
 * is released.
 *
 * <p><b>Buffers</b> must not be used after the lock. On Linux a late write is still safe, and either seen by everybody or
 * by nobody.
 *
 * <p><b>Threads.</b> One thread at a time may use a lock; threads that want one each may lock the surface each. If several
 * end it all the same it ends once.
 */
public final class SurfaceLock implements AutoCloseable {
    private static final AtomicIntegerFieldUpdater<SurfaceLock> ENDED =
            AtomicIntegerFieldUpdater.newUpdater(SurfaceLock.class, "ended");

    private final IOSurface surface;
    private final SurfaceBytes bytes;
    private final int options;
    private final int seed;
    private @Nullable ByteBuffer @Nullable [] planes;
    private @Nullable ByteBuffer all;
    private volatile int ended;

    SurfaceLock(IOSurface surface, SurfaceBytes bytes, int options, int seed) {
        this.surface = surface;
        this.bytes = bytes;
        this.options = options;
        this.seed = seed;
    }

    /**
     * Returns the bytes of one plane, in little-endian order, from 0 to {@link io.machframe.surface.layout.Plane#size}; read-only if the lock is.
     * The same buffer each time.
     *
     * @param index 0 to the number of {@link IOSurface#planes} minus 1; a surface that is not planar has its bytes in 0
     * @throws IllegalStateException if the plane has 2 GiB or more; use {@link #part}
     */
    public ByteBuffer plane(int index) {
        requireHeld();
        if (planes == null) {
            planes = new ByteBuffer[bytes.planeCount()];
        }
        ByteBuffer plane = planes[index];
        if (plane == null) {
            plane = bytes.plane(index);
            planes[index] = plane;
        }
        return plane;
    }

    /** Returns all bytes of the surface, {@link IOSurface#allocSize} of them, otherwise as {@link #plane}. */
    public ByteBuffer buffer() {
        requireHeld();
        if (all == null) {
            all = bytes.all();
        }
        return all;
    }

    /**
     * Returns a new buffer of some of the surface's bytes, otherwise as {@link #plane}: the way to the bytes of a surface
     * or plane that has 2 GiB or more, which no single buffer can show. A plane's row {@code y} begins at {@link
     * io.machframe.surface.layout.Plane#offset} plus {@code y} times {@link io.machframe.surface.layout.Plane#bytesPerRow}.
     *
     * @param offset of its first byte in the surface
     * @param size bytes
     * @throws IndexOutOfBoundsException if the surface does not have these bytes
     */
    public ByteBuffer part(long offset, int size) {
        requireHeld();
        return bytes.part(offset, size);
    }

    /** Returns the seed the surface had when it was locked. */
    public int seed() {
        return seed;
    }

    /**
     * Ends the lock with the options it was begun with, {@code IOSurfaceUnlock}.
     *
     * @return the seed now: for a lock that was not read-only it was raised by one as part of this call
     * @throws IllegalStateException if the options are others, in which case the surface stays locked, or the lock has
     *     ended
     */
    public int unlock(LockOption... sameOptions) {
        requireHeld();
        if (LockOption.bits(sameOptions) != options) {
            throw new IllegalStateException("a lock must be ended with the options it was begun with");
        }
        if (!ENDED.compareAndSet(this, 0, 1)) {
            throw spent();
        }
        return surface.unlock(options);
    }

    /** Ends the lock, with its own options. Further calls do nothing. */
    @Override
    public void close() {
        if (ENDED.compareAndSet(this, 0, 1)) {
            surface.unlock(options);
        }
    }

    private void requireHeld() {
        if (ended != 0) {
            throw spent();
        }
    }

    private IllegalStateException spent() {
        return new IllegalStateException("the lock on " + surface + " has ended");
    }
}
