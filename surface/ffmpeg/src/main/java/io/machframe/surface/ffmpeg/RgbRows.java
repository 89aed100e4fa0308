/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.ffmpeg;

import io.machframe.surface.format.YCbCrMatrix;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Reads a picture row by row as red, green and blue in the lower bytes of an int. */
interface RgbRows {
    /** Reads row {@code y} into {@code pixels}, which are as many as the picture is wide. */
    void read(int y, int[] pixels);

    /** Returns the rows of a picture, of which the matrix means something only if it is of luma and chroma. */
    static RgbRows of(Picture picture, YCbCrMatrix matrix) {
        if (picture.layout() == PixelLayout.BGRA) {
            ByteBuffer bytes = picture.plane(0).duplicate().order(ByteOrder.LITTLE_ENDIAN);
            return (y, pixels) -> bytes.position(y * picture.stride(0))
                    .slice()
                    .order(bytes.order())
                    .asIntBuffer()
                    .get(pixels);
        }
        return new Nv12Rows(picture, matrix);
    }
}
