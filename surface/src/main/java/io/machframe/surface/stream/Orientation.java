/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

/** How the stored picture is to be turned for showing it, as EXIF numbers it: 1 for the first of these. */
public enum Orientation {
    /** As it is. */
    UP(1),
    /** Mirrored left to right. */
    UP_MIRRORED(2),
    /** Turned by 180 degrees. */
    DOWN(3),
    /** Mirrored top to bottom, as OpenGL draws. */
    DOWN_MIRRORED(4),
    /** Mirrored at the diagonal from the top left. */
    LEFT_MIRRORED(5),
    /** Turned by 90 degrees clockwise. */
    RIGHT(6),
    /** Mirrored at the diagonal from the top right. */
    RIGHT_MIRRORED(7),
    /** Turned by 90 degrees counterclockwise. */
    LEFT(8);

    private final int code;

    Orientation(int code) {
        this.code = code;
    }

    /** Returns the number that EXIF has for it. */
    public int code() {
        return code;
    }
}
