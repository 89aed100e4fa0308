/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.format;

/** Which of its numbers a component uses. {@code IOSurfaceComponentRange}. */
public enum ComponentRange {
    /** Not said. {@code kIOSurfaceComponentRangeUnknown}. */
    UNKNOWN(0),
    /** All. {@code kIOSurfaceComponentRangeFullRange}. */
    FULL(1),
    /** As video does, of 8 bits luma 16 to 235 and chroma 16 to 240. {@code kIOSurfaceComponentRangeVideoRange}. */
    VIDEO(2),
    /** Black and white lie inside, colours of a wider gamut outside them, of 10 bits 384 to 895. {@code kIOSurfaceComponentRangeWideRange}. */
    WIDE(3);

    private final int number;

    ComponentRange(int number) {
        this.number = number;
    }

    /** Returns its number in C. */
    public int number() {
        return number;
    }

    /** Returns the one with a number, {@link #UNKNOWN} if there is none. */
    public static ComponentRange of(int number) {
        return number >= 0 && number < values().length ? values()[number] : UNKNOWN;
    }
}
