/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Buffers over a surface's memory, made once; users get duplicates, whose positions are their own. */
final class SurfaceBytes {
    private final ByteBuffer all;
    private final List<ByteBuffer> planes = new ArrayList<>();

    SurfaceBytes(ByteBuffer all, List<Plane> planes) {
        this.all = all;
        for (Plane plane : planes) {
            this.planes.add(all.slice((int) plane.offset(), (int) plane.size()));
        }
    }

    SurfaceBytes(SurfaceBytes writable) {
        this.all = writable.all.asReadOnlyBuffer();
        for (ByteBuffer plane : writable.planes) {
            planes.add(plane.asReadOnlyBuffer());
        }
    }

    ByteBuffer all() {
        return duplicate(all);
    }

    ByteBuffer plane(int index) {
        return duplicate(planes.get(index));
    }

    int planeCount() {
        return planes.size();
    }

    private static ByteBuffer duplicate(ByteBuffer buffer) {
        return buffer.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }
}
