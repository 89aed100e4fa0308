/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface;

import io.machframe.surface.layout.Plane;
import io.machframe.surface.layout.SurfaceLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A surface's memory at one address, which a system may change while the surface is not locked. Each lock gets buffers
 * over it whose positions are its own, and leaves them to the next: so locking again and again makes no garbage.
 */
final class SurfaceBytes {
    /** Makes buffers over any part of the memory. */
    interface Memory {
        ByteBuffer window(long offset, int size);
    }

    private final Memory memory;

    /** All of it, unless that is more than a buffer can show. */
    private final @Nullable ByteBuffer whole;

    private final long address;
    private final SurfaceLayout layout;
    private final AtomicReference<@Nullable LockedBytes> spareForWriting = new AtomicReference<>();
    private final AtomicReference<@Nullable LockedBytes> spareForReading = new AtomicReference<>();

    SurfaceBytes(Memory memory, long address, SurfaceLayout layout) {
        this.memory = memory;
        this.whole = layout.allocSize() <= Integer.MAX_VALUE ? memory.window(0, (int) layout.allocSize()) : null;
        this.address = address;
        this.layout = layout;
    }

    long address() {
        return address;
    }

    /** Returns buffers for one lock, which {@link #recycle} takes back. */
    LockedBytes borrow(boolean readOnly) {
        LockedBytes spare = (readOnly ? spareForReading : spareForWriting).getAndSet(null);
        return spare == null ? new LockedBytes(this, readOnly) : spare.rewind();
    }

    void recycle(LockedBytes used) {
        (used.isReadOnly() ? spareForReading : spareForWriting).set(used);
    }

    int planeCount() {
        return layout.planes().size();
    }

    PlaneBuffer plane(int index, boolean readOnly) {
        Plane plane = layout.planes().get(index);
        requireShowable(plane.size(), "the plane");
        return new PlaneBuffer(
                part(plane.offset(), (int) plane.size(), readOnly),
                plane.bytesPerRow(),
                plane.width(),
                plane.height(),
                plane.bytesPerElement());
    }

    ByteBuffer all(boolean readOnly) {
        requireShowable(layout.allocSize(), "the surface");
        return part(0, (int) layout.allocSize(), readOnly);
    }

    ByteBuffer part(long offset, int size, boolean readOnly) {
        Objects.checkFromIndexSize(offset, size, layout.allocSize());
        ByteBuffer part = whole == null ? memory.window(offset, size) : whole.slice((int) offset, size);
        return (readOnly ? part.asReadOnlyBuffer() : part).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static void requireShowable(long size, String what) {
        if (size > Integer.MAX_VALUE) {
            throw new IllegalStateException(what + " has more than " + Integer.MAX_VALUE
                    + " bytes, which no buffer can show; take parts of it");
        }
    }
}
