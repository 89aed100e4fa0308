/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import io.machframe.surface.format.PixelFormat;
import io.machframe.surface.stream.link.Protocol;

/**
 * What the frames of a stream look like.
 *
 * @param width pixels, 1 to {@value #MAX_SIDE}
 * @param height pixels, 1 to {@value #MAX_SIDE}
 * @param pixelFormat how a pixel is stored
 */
public record FrameFormat(int width, int height, PixelFormat pixelFormat) {
    /** The most pixels in a row or column, for publishers and clients alike. */
    public static final int MAX_SIDE = Protocol.MAX_SIDE;

    public FrameFormat {
        if (width < 1 || height < 1 || width > MAX_SIDE || height > MAX_SIDE) {
            throw new IllegalArgumentException(
                    "a frame has 1 to " + MAX_SIDE + " pixels each way, not " + width + "x" + height);
        }
    }

    public static FrameFormat of(int width, int height, PixelFormat pixelFormat) {
        return new FrameFormat(width, height, pixelFormat);
    }

    /** Returns for example {@code 1920x1080 BGRA}. */
    @Override
    public String toString() {
        return width + "x" + height + " " + pixelFormat;
    }
}
