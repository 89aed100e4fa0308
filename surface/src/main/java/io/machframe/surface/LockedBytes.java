/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The buffers of one lock, made when they are first asked for. Not thread-safe. */
final class LockedBytes {
    private final SurfaceBytes bytes;
    private final boolean readOnly;
    private final @Nullable PlaneBuffer[] planes;
    private @Nullable List<PlaneBuffer> list;
    private @Nullable ByteBuffer all;

    LockedBytes(SurfaceBytes bytes, boolean readOnly) {
        this.bytes = bytes;
        this.readOnly = readOnly;
        this.planes = new PlaneBuffer[bytes.planeCount()];
    }

    boolean isReadOnly() {
        return readOnly;
    }

    PlaneBuffer plane(int index) {
        PlaneBuffer plane = planes[index];
        if (plane == null) {
            plane = bytes.plane(index, readOnly);
            planes[index] = plane;
        }
        return plane;
    }

    List<PlaneBuffer> planes() {
        if (list == null) {
            List<PlaneBuffer> made = new ArrayList<>();
            for (int i = 0; i < planes.length; i++) {
                made.add(plane(i));
            }
            list = Collections.unmodifiableList(made);
        }
        return list;
    }

    ByteBuffer all() {
        if (all == null) {
            all = bytes.all(readOnly);
        }
        return all;
    }

    ByteBuffer part(long offset, int size) {
        return bytes.part(offset, size, readOnly);
    }

    void recycle() {
        bytes.recycle(this);
    }

    /** Returns these as they were when new, for another lock. */
    LockedBytes rewind() {
        for (PlaneBuffer plane : planes) {
            if (plane != null) {
                plane.bytes().clear().order(ByteOrder.LITTLE_ENDIAN);
            }
        }
        if (all != null) {
            all.clear().order(ByteOrder.LITTLE_ENDIAN);
        }
        return this;
    }
}
