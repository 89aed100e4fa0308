/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

/**
 * A rectangle of pixels of a frame, as they are stored.
 *
 * @param x the first column, at least 0
 * @param y the first row, at least 0
 * @param width columns, at least 1
 * @param height rows, at least 1
 */
public record FrameArea(int x, int y, int width, int height) {
    public FrameArea {
        if (x < 0 || y < 0 || width < 1 || height < 1) {
            throw new IllegalArgumentException("not an area: " + x + "," + y + " " + width + "x" + height);
        }
    }

    /** Returns the smallest area that has both in it. */
    public FrameArea union(FrameArea other) {
        int left = Math.min(x, other.x);
        int top = Math.min(y, other.y);
        int right = Math.max(x + width, other.x + other.width);
        int bottom = Math.max(y + height, other.y + other.height);
        return new FrameArea(left, top, right - left, bottom - top);
    }
}
