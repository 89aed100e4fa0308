/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.bench;

import io.machframe.surface.LockOption;
import io.machframe.surface.Surface;
import io.machframe.surface.SurfaceLock;
import java.nio.ByteBuffer;

/** Touches one cache line of each page of a frame, the least that a user of pixels does. */
final class Pages {
    private static final int PAGE = 4096;

    private Pages() {}

    static void write(Surface surface, int value) {
        try (SurfaceLock lock = surface.lock()) {
            ByteBuffer bytes = lock.buffer();
            for (int at = 0; at < bytes.limit(); at += PAGE) {
                bytes.put(at, (byte) value);
            }
        }
    }

    /** Returns something that depends on each page read. */
    static int read(Surface surface) {
        try (SurfaceLock lock = surface.lock(LockOption.READ_ONLY)) {
            ByteBuffer bytes = lock.buffer();
            int sum = 0;
            for (int at = 0; at < bytes.limit(); at += PAGE) {
                sum += bytes.get(at);
            }
            return sum;
        }
    }
}
