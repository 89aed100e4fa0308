/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.property;

/**
 * How a stored picture is to be turned for showing it: the eight ways that Exif numbers from 1 to 8, in that order.
 *
 * <p>A pixel's place in the stored picture, across and down from its centre, is multiplied by a matrix: it is shown at
 * {@code (a x + c y, b x + d y)}.
 */
public enum Orientation {
    /** As it is. */
    UP(1, 1, 0, 0, 1),
    /** Mirrored left to right. */
    UP_MIRRORED(2, -1, 0, 0, 1),
    /** Turned by 180 degrees. */
    DOWN(3, -1, 0, 0, -1),
    /** Mirrored top to bottom, as OpenGL draws. */
    DOWN_MIRRORED(4, 1, 0, 0, -1),
    /** Mirrored at the diagonal from the top left: rows become columns. */
    LEFT_MIRRORED(5, 0, 1, 1, 0),
    /** Turned by 90 degrees clockwise. */
    RIGHT(6, 0, 1, -1, 0),
    /** Mirrored at the diagonal from the top right. */
    RIGHT_MIRRORED(7, 0, -1, -1, 0),
    /** Turned by 90 degrees counterclockwise. */
    LEFT(8, 0, -1, 1, 0);

    private final int code;
    private final int a;
    private final int b;
    private final int c;
    private final int d;

    Orientation(int code, int a, int b, int c, int d) {
        this.code = code;
        this.a = a;
        this.b = b;
        this.c = c;
        this.d = d;
    }

    /** Returns the number that Exif has for it. */
    public int code() {
        return code;
    }

    /** Returns by how much a place moves to the right for a step to the right in the stored picture: -1, 0, or 1. */
    public int a() {
        return a;
    }

    /** Returns by how much it moves down for a step to the right. */
    public int b() {
        return b;
    }

    /** Returns by how much it moves to the right for a step down. */
    public int c() {
        return c;
    }

    /** Returns by how much it moves down for a step down. */
    public int d() {
        return d;
    }

    /** Returns whether width and height change places. */
    public boolean isSideways() {
        return a == 0;
    }

    /** Returns the way that turns as this one does and then as another one does. */
    public Orientation then(Orientation next) {
        return of(next.a * a + next.c * b, next.b * a + next.d * b, next.a * c + next.c * d, next.b * c + next.d * d);
    }

    /**
     * Returns the way whose matrix is nearest to one of any size: where a file notes a rotation, a quarter turn or a
     * mirroring is meant.
     */
    public static Orientation of(int a, int b, int c, int d) {
        boolean sideways = Math.abs((long) b) + Math.abs((long) c) > Math.abs((long) a) + Math.abs((long) d);
        if (sideways) {
            return b > 0 ? (c > 0 ? LEFT_MIRRORED : RIGHT) : (c > 0 ? LEFT : RIGHT_MIRRORED);
        }
        return a < 0 ? (d < 0 ? DOWN : UP_MIRRORED) : (d < 0 ? DOWN_MIRRORED : UP);
    }
}
