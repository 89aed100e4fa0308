/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.javafx;

import javafx.geometry.Point2D;
import javafx.scene.transform.Affine;

/**
 * How a picture is turned before it is shown: the eight ways that Exif numbers from 1 to 8, in that order. Rotations are
 * clockwise.
 */
public enum Orientation {
    /** As it is. */
    UPRIGHT(1, 0, 0, 0, 1, 0),
    /** Left and right are swapped. */
    MIRRORED(-1, 0, 1, 0, 1, 0),
    /** Turned by 180 degrees. */
    ROTATED_180(-1, 0, 1, 0, -1, 1),
    /** Top and bottom are swapped: as OpenGL draws. */
    FLIPPED(1, 0, 0, 0, -1, 1),
    /** Rows become columns. */
    TRANSPOSED(0, 1, 0, 1, 0, 0),
    /** Turned by 90 degrees. */
    ROTATED_90(0, -1, 1, 1, 0, 0),
    /** Rows become columns, and then turned by 180 degrees. */
    TRANSVERSED(0, -1, 1, -1, 0, 1),
    /** Turned by 270 degrees. */
    ROTATED_270(0, 1, 0, -1, 0, 1);

    // A point of the unit square (u, v) is shown at (xu u + xv v + x0, yu u + yv v + y0).
    private final int xu;
    private final int xv;
    private final int x0;
    private final int yu;
    private final int yv;
    private final int y0;

    Orientation(int xu, int xv, int x0, int yu, int yv, int y0) {
        this.xu = xu;
        this.xv = xv;
        this.x0 = x0;
        this.yu = yu;
        this.yv = yv;
        this.y0 = y0;
    }

    /** Returns whether width and height change places. */
    public boolean isSideways() {
        return xu == 0;
    }

    /** Returns where a point of the unit square is shown in it. */
    Point2D shown(double u, double v) {
        return new Point2D(xu * u + xv * v + x0, yu * u + yv * v + y0);
    }

    /** Returns what turns a picture, laid at the origin as large as the box wants it, so that it covers the box there. */
    Affine transform(PictureBox box) {
        return new Affine(xu, xv, x0 * box.width(), yu, yv, y0 * box.height());
    }

    /** Returns the point of the unit square that is shown at a place in it. */
    Point2D picture(double x, double y) {
        // The inverse of a matrix of this kind is its transpose.
        return new Point2D(xu * (x - x0) + yu * (y - y0), xv * (x - x0) + yv * (y - y0));
    }
}
