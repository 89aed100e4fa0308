/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.layout;

import io.machframe.surface.format.PixelFormat;

/**
 * The rules by which rows and planes are laid out where a {@link SurfaceProperties} says nothing, and by which what it
 * says is judged.
 *
 * <p>The rules agree at the usual widths of video, all multiples of 64, and differ at others. macOS takes only surfaces
 * that {@link #IOSURFACE} could have laid out.
 */
public enum LayoutPolicy {
    /** As IOSurface does: rows and planes start at multiples of 64 bytes. */
    IOSURFACE(64, 64),

    /**
     * As GStreamer's raw video does: rows at multiples of 4 bytes, planes without a gap, and every plane as high as if
     * the picture's height were a multiple of its subsampling.
     */
    GSTREAMER(4, 1),

    /** No padding at all: as FFmpeg's {@code av_image_fill_arrays} does with an alignment of 1, and raw video files have it. */
    TIGHT(1, 1),

    /**
     * For dma-bufs that a GPU is to use: rows at multiples of 256 bytes, as GBM's linear buffers were found to have them,
     * planes at pages, and every plane as high as if its rows were a multiple of 4, in which Mesa's software renderer writes.
     */
    DMA_BUF(256, 4096);

    private static final int RENDERED_ROWS = 4;

    private final int rowAlignment;
    private final int planeAlignment;

    LayoutPolicy(int rowAlignment, int planeAlignment) {
        this.rowAlignment = rowAlignment;
        this.planeAlignment = planeAlignment;
    }

    /** Returns what the bytes of a row are a multiple of. */
    public int rowAlignment() {
        return rowAlignment;
    }

    /** Returns what the offset of a plane is a multiple of. */
    public int planeAlignment() {
        return planeAlignment;
    }

    /**
     * Returns how a picture is laid out by these rules: where each plane begins, the bytes from row to row, and the bytes in
     * all. A surface is made so by {@link SurfaceProperties#withLayoutPolicy}.
     *
     * @throws IllegalArgumentException if the library does not know the format, or there is no such picture
     */
    public SurfaceLayout layOut(int width, int height, PixelFormat format) {
        return SurfaceLayout.of(
                SurfaceProperties.of(width, height, format).withLayoutPolicy(this), new Alignment(1, 1));
    }

    /**
     * Returns how many rows of a plane go together: there is room for a multiple of that.
     *
     * @param divisor of the plane's height
     * @param most of the divisors of the format's planes
     */
    int rowsTogether(int divisor, int most) {
        return switch (this) {
            case IOSURFACE, TIGHT -> 1;
            case GSTREAMER -> most / divisor;
            case DMA_BUF -> RENDERED_ROWS;
        };
    }
}
