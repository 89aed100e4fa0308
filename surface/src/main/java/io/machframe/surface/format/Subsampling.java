/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.format;

/** How much coarser colour is than brightness. {@code IOSurfaceSubsampling}. */
public enum Subsampling {
    /** Not said. */
    UNKNOWN(0),
    /** As fine, 4:4:4, or no colour apart from brightness. */
    NONE(1),
    /** Half as wide. */
    YUV_422(2),
    /** Half as wide and half as high. */
    YUV_420(3),
    /** A quarter as wide. */
    YUV_411(4);

    private final int number;

    Subsampling(int number) {
        this.number = number;
    }

    /** Returns its number in C. */
    public int number() {
        return number;
    }

    /** Returns the one with a number, {@link #UNKNOWN} if there is none. */
    public static Subsampling of(int number) {
        return number >= 0 && number < values().length ? values()[number] : UNKNOWN;
    }
}
