/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import io.machframe.surface.format.PixelFormat;

/**
 * What the frames of a stream look like.
 *
 * @param width pixels, at least 1
 * @param height pixels, at least 1
 * @param pixelFormat how a pixel is stored
 */
public record FrameFormat(int width, int height, PixelFormat pixelFormat) {
    public FrameFormat {
        if (width < 1 || height < 1) {
            throw new IllegalArgumentException("a frame has at least one pixel, not " + width + "x" + height);
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
