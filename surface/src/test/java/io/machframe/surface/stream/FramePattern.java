/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import io.machframe.surface.LockOption;
import io.machframe.surface.Surface;
import io.machframe.surface.SurfaceLock;
import io.machframe.surface.layout.Plane;
import java.nio.ByteBuffer;
import java.util.Random;

/**
 * Pixels that show which frame they belong to: each row of each plane, padding included, is a stretch of noise whose
 * start depends on the frame's number, the plane and the row. A frame with a single byte of another is found out.
 */
public final class FramePattern {
    private static final int STARTS = 1 << 16;
    private static final ByteBuffer NOISE = noise(STARTS + (1 << 16));

    private FramePattern() {}

    private static ByteBuffer noise(int size) {
        byte[] bytes = new byte[size];
        new Random(7).nextBytes(bytes);
        return ByteBuffer.wrap(bytes);
    }

    /** Draws frame {@code sequence} into a surface. */
    public static void draw(Surface surface, long sequence) {
        try (SurfaceLock lock = surface.lock()) {
            for (int i = 0; i < surface.planes().size(); i++) {
                Plane plane = surface.plane(i);
                for (int row = 0; row < rows(plane); row++) {
                    lock.plane(i)
                            .bytes()
                            .put(row * plane.bytesPerRow(), NOISE, start(sequence, i, row), plane.bytesPerRow());
                }
            }
        }
    }

    /** Returns what is wrong with a frame that should be {@code sequence}; empty if nothing is. */
    public static String problem(Surface surface, long sequence) {
        try (SurfaceLock lock = surface.lock(LockOption.READ_ONLY)) {
            for (int i = 0; i < surface.planes().size(); i++) {
                Plane plane = surface.plane(i);
                int size = plane.bytesPerRow();
                for (int row = 0; row < rows(plane); row++) {
                    int wrong = lock.plane(i)
                            .bytes()
                            .slice(row * size, size)
                            .mismatch(NOISE.slice(start(sequence, i, row), size));
                    if (wrong >= 0) {
                        return surface + " is not frame " + sequence + " at plane " + i + " row " + row + " byte "
                                + wrong;
                    }
                }
            }
            return "";
        }
    }

    private static int rows(Plane plane) {
        return (plane.height() + plane.elementHeight() - 1) / plane.elementHeight();
    }

    private static int start(long sequence, int plane, int row) {
        long mixed = (sequence * 0x9E3779B97F4A7C15L + plane * 31L + row) * 0xD1342543DE82EF95L;
        return (int) (mixed >>> 40) & (STARTS - 1);
    }
}
