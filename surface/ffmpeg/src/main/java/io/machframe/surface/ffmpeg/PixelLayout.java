/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.ffmpeg;

import java.util.Arrays;
import java.util.Optional;
import org.bytedeco.ffmpeg.global.avutil;

/** How the pixels of a {@link Picture} lie in memory. */
public enum PixelLayout {
    /** One plane, four bytes per pixel: blue, green, red, opaque alpha. */
    BGRA("BGRA", 1, true),
    /** A plane of luma and one of interleaved chroma at half the size, video range: luma 16 to 235. */
    NV12_VIDEO("420v", 2, false),
    /** As {@link #NV12_VIDEO}, full range: luma 0 to 255. */
    NV12_FULL("420f", 2, true);

    private final String code;
    private final int planeCount;
    private final boolean fullRange;

    PixelLayout(String code, int planeCount, boolean fullRange) {
        this.code = code;
        this.planeCount = planeCount;
        this.fullRange = fullRange;
    }

    /** Returns the layout with a four-character code, in upper or lower case, or nothing. */
    public static Optional<PixelLayout> ofCode(String code) {
        return Arrays.stream(values())
                .filter(layout -> layout.code.equalsIgnoreCase(code))
                .findFirst();
    }

    /** Returns the four-character code that the field knows this layout by. */
    public String code() {
        return code;
    }

    /** Returns the number of planes: 1 or 2. */
    public int planeCount() {
        return planeCount;
    }

    /** Returns how many bytes of a row of {@code plane} are picture, in a picture of {@code width} pixels. */
    public int rowBytes(int plane, int width) {
        if (this == BGRA) {
            return 4 * width;
        }
        return plane == 0 ? width : 2 * halfUp(width);
    }

    /** Returns how many rows {@code plane} has in a picture of {@code height} pixels. */
    public int rows(int plane, int height) {
        return plane == 0 ? height : halfUp(height);
    }

    boolean fullRange() {
        return fullRange;
    }

    int libavFormat() {
        return this == BGRA ? avutil.AV_PIX_FMT_BGRA : avutil.AV_PIX_FMT_NV12;
    }

    private static int halfUp(int size) {
        return (size + 1) / 2;
    }
}
