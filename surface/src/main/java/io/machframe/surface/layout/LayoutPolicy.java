/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.layout;

/**
 * The rules by which rows and planes are laid out where a {@link SurfaceProperties} says nothing, and by which what it
 * says is judged.
 *
 * <p>The rules agree at the usual widths of video, all multiples of 64, and differ at others. macOS takes only surfaces
 * that {@link #IOSURFACE} could have laid out.
 */
public enum LayoutPolicy {
    /** As IOSurface does: rows and planes start at multiples of 64 bytes. */
    IOSURFACE(64, 64, false),

    /**
     * As GStreamer's raw video does: rows at multiples of 4 bytes, planes without a gap, and every plane as high as if
     * the picture's height were a multiple of its subsampling.
     */
    GSTREAMER(4, 1, true),

    /** No padding at all. */
    TIGHT(1, 1, false);

    private final int rowAlignment;
    private final int planeAlignment;
    private final boolean wholeBlocks;

    LayoutPolicy(int rowAlignment, int planeAlignment, boolean wholeBlocks) {
        this.rowAlignment = rowAlignment;
        this.planeAlignment = planeAlignment;
        this.wholeBlocks = wholeBlocks;
    }

    /** Returns what the bytes of a row are a multiple of. */
    public int rowAlignment() {
        return rowAlignment;
    }

    /** Returns what the offset of a plane is a multiple of. */
    public int planeAlignment() {
        return planeAlignment;
    }

    /** Returns whether planes have room for a height that is a multiple of the subsampling. */
    boolean hasWholeBlocks() {
        return wholeBlocks;
    }
}
