/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.convert;

import io.machframe.surface.PlaneBuffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows that are BGRA already: copied, and made opaque if their alpha means nothing. */
final class BgraRows implements RowConverter {
    private final boolean makeOpaque;

    /** The last plane, as ints: most pictures lie in the memory of one before. */
    private @Nullable ByteBuffer bytes;

    private IntBuffer ints = IntBuffer.allocate(0);

    BgraRows(boolean makeOpaque) {
        this.makeOpaque = makeOpaque;
    }

    @Override
    public void convert(List<PlaneBuffer> planes, int row, int width, int[] pixels, int at) {
        PlaneBuffer plane = planes.get(0);
        int start = row * plane.bytesPerRow();
        if (start % Integer.BYTES == 0) {
            intsOf(plane.bytes()).get(start / Integer.BYTES, pixels, at, width);
        } else {
            for (int x = 0; x < width; x++) {
                pixels[at + x] = littleEndian(plane.bytes(), start + x * Integer.BYTES);
            }
        }
        if (makeOpaque) {
            for (int x = at; x < at + width; x++) {
                pixels[x] |= 0xff000000;
            }
        }
    }

    @SuppressWarnings("ReferenceEquality") // equal buffers may show different memory
    private IntBuffer intsOf(ByteBuffer plane) {
        if (plane != bytes) {
            bytes = plane;
            ints = plane.duplicate().clear().order(ByteOrder.LITTLE_ENDIAN).asIntBuffer();
        }
        return ints;
    }

    private static int littleEndian(ByteBuffer plane, int at) {
        int value = plane.getInt(at);
        return plane.order() == ByteOrder.LITTLE_ENDIAN ? value : Integer.reverseBytes(value);
    }
}
