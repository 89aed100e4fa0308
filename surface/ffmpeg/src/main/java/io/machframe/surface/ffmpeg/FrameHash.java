/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.ffmpeg;

import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;

/**
 * A 64-bit fingerprint of what can be seen of a picture: CRC-32C in the upper half, CRC-32 in the lower. Bytes of padding
 * do not count, so the same picture has the same hash in memory of any stride. The processor computes both sums, at
 * gigabytes a second.
 *
 * <p>One instance serves one thread; it makes next to no garbage.
 */
public final class FrameHash {
    private final CRC32C upper = new CRC32C();
    private final CRC32 lower = new CRC32();

    /** Makes a hash with no picture in it. */
    public FrameHash() {}

    /** Returns the hash of all visible bytes of {@code picture}, plane by plane and row by row. */
    public long of(Picture picture) {
        upper.reset();
        lower.reset();
        for (int plane = 0; plane < picture.layout().planeCount(); plane++) {
            add(picture, plane);
        }
        return upper.getValue() << 32 | lower.getValue();
    }

    private void add(Picture picture, int plane) {
        ByteBuffer bytes = picture.plane(plane).duplicate();
        int rowBytes = picture.rowBytes(plane);
        for (int row = 0; row < picture.rows(plane); row++) {
            int start = row * picture.stride(plane);
            add(upper, bytes, start, rowBytes);
            add(lower, bytes, start, rowBytes);
        }
    }

    private static void add(Checksum sum, ByteBuffer bytes, int start, int length) {
        sum.update(bytes.limit(start + length).position(start));
    }
}
