/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface;

import io.machframe.surface.layout.Plane;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Buffers over a surface's memory, made once; users get duplicates, whose positions are their own. What has more bytes
 * than a buffer can show is only shown in parts.
 */
final class SurfaceBytes {
    private static final int MAX_SIZE = Integer.MAX_VALUE;

    /** Makes buffers over any part of the memory. */
    interface Memory {
        ByteBuffer window(long offset, int size);
    }

    private final Memory memory;
    private final long size;
    private final boolean readOnly;
    private final List<@Nullable ByteBuffer> planes = new ArrayList<>();
    private final @Nullable ByteBuffer all;

    SurfaceBytes(Memory memory, long size, List<Plane> planes) {
        this.memory = memory;
        this.size = size;
        this.readOnly = false;
        this.all = size <= MAX_SIZE ? memory.window(0, (int) size) : null;
        for (Plane plane : planes) {
            this.planes.add(plane.size() <= MAX_SIZE ? part(plane.offset(), (int) plane.size()) : null);
        }
    }

    SurfaceBytes(SurfaceBytes writable) {
        this.memory = writable.memory;
        this.size = writable.size;
        this.readOnly = true;
        this.all = writable.all == null ? null : writable.all.asReadOnlyBuffer();
        for (ByteBuffer plane : writable.planes) {
            planes.add(plane == null ? null : plane.asReadOnlyBuffer());
        }
    }

    ByteBuffer all() {
        return duplicate(all, "the surface");
    }

    ByteBuffer plane(int index) {
        return duplicate(planes.get(index), "the plane");
    }

    int planeCount() {
        return planes.size();
    }

    ByteBuffer part(long offset, int length) {
        Objects.checkFromIndexSize(offset, length, size);
        ByteBuffer part = all == null ? memory.window(offset, length) : all.slice((int) offset, length);
        return (readOnly ? part.asReadOnlyBuffer() : part).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static ByteBuffer duplicate(@Nullable ByteBuffer buffer, String what) {
        if (buffer == null) {
            throw new IllegalStateException(
                    what + " has more than " + MAX_SIZE + " bytes, which no buffer can show; take parts of it");
        }
        return buffer.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }
}
