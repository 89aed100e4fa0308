/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * A lock on a surface: the time in which the CPU of this process may read, or write, its bytes. Made by
 * {@link Surface#lock}; ended by {@link #close}, or by {@link #unlock} for the seed.
 *
 * <p>A lock excludes no other lock, neither in this process nor elsewhere. It keeps the surface's memory: a surface closed
 * in the meantime is released when the lock ends. A lock that is forgotten together with its surface is reported, and the
 * surface is released.
 *
 * <p><b>Buffers</b> must not be used after the lock: a later lock may use them again. On Linux a late write is still safe,
 * and either seen by every process or by none.
 *
 * <p><b>Threads.</b> Not thread-safe; threads that want a lock each may lock the surface each. If several end one lock all
 * the same it ends once.
 */
public final class SurfaceLock implements AutoCloseable {
    private static final AtomicReferenceFieldUpdater<SurfaceLock, @Nullable LockedBytes> BYTES =
            AtomicReferenceFieldUpdater.newUpdater(SurfaceLock.class, LockedBytes.class, "bytes");

    private final IOSurface surface;
    private final int options;
    private final int seed;

    /** Null when the lock has ended. */
    private volatile @Nullable LockedBytes bytes;

    SurfaceLock(IOSurface surface, LockedBytes bytes, int options, int seed) {
        this.surface = surface;
        this.bytes = bytes;
        this.options = options;
        this.seed = seed;
    }

    /**
     * Returns one plane: its bytes in little-endian order, read-only if the lock is, with its stride and size. The same
     * object each time.
     *
     * @param index 0 to the number of {@link Surface#planes} minus 1; a surface that is not planar has its bytes in 0
     * @throws IllegalStateException if the plane has 2 GiB or more; use {@link #part}
     */
    public PlaneBuffer plane(int index) {
        return held().plane(index);
    }

    /** Returns all planes, each as {@link #plane} does. The same list each time. */
    public List<PlaneBuffer> planes() {
        return held().planes();
    }

    /** Returns all bytes of the surface, {@code layout().allocSize()} of them, otherwise as {@link #plane}. */
    public ByteBuffer buffer() {
        return held().all();
    }

    /**
     * Returns a new buffer of some of the surface's bytes, otherwise as {@link #plane}: the way to the bytes of a surface
     * or plane that has 2 GiB or more, which no single buffer can show. A plane's row {@code y} begins at {@code
     * plane.offset() + y * plane.bytesPerRow()}.
     *
     * @param offset of its first byte in the surface
     * @param size bytes
     * @throws IndexOutOfBoundsException if the surface does not have these bytes
     */
    public ByteBuffer part(long offset, int size) {
        return held().part(offset, size);
    }

    /** Returns the seed the surface had when it was locked. */
    public int seed() {
        return seed;
    }

    /**
     * Ends the lock. {@code IOSurfaceUnlock}.
     *
     * @return the seed now: for a lock that was not read-only it was raised by one as part of this call
     * @throws IllegalStateException if the lock has ended
     */
    public int unlock() {
        LockedBytes last = BYTES.getAndSet(this, null);
        if (last == null) {
            throw spent();
        }
        return surface.unlock(options, last);
    }

    /** Ends the lock. Idempotent. */
    @Override
    public void close() {
        LockedBytes last = BYTES.getAndSet(this, null);
        if (last != null) {
            surface.unlock(options, last);
        }
    }

    private LockedBytes held() {
        LockedBytes held = bytes;
        if (held == null) {
            throw spent();
        }
        return held;
    }

    private IllegalStateException spent() {
        return new IllegalStateException("the lock on " + surface + " has ended");
    }
}
