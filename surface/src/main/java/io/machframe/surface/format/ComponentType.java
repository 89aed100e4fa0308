/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.format;

/** What kind of number a component is. {@code IOSurfaceComponentType}. */
public enum ComponentType {
    /** Not said. {@code kIOSurfaceComponentTypeUnknown}. */
    UNKNOWN(0),
    /** A whole number from 0. {@code kIOSurfaceComponentTypeUnsignedInteger}. */
    UNSIGNED_INTEGER(1),
    /** A whole number, two's complement. {@code kIOSurfaceComponentTypeSignedInteger}. */
    SIGNED_INTEGER(2),
    /** A half or a float, by its depth. {@code kIOSurfaceComponentTypeFloat}. */
    FLOAT(3),
    /** A whole number that stands for -1 to 1. {@code kIOSurfaceComponentTypeSignedNormalized}. */
    SIGNED_NORMALIZED(4);

    private final int number;

    ComponentType(int number) {
        this.number = number;
    }

    /** Returns its number in C. */
    public int number() {
        return number;
    }

    /** Returns the one with a number, {@link #UNKNOWN} if there is none. */
    public static ComponentType of(int number) {
        return number >= 0 && number < values().length ? values()[number] : UNKNOWN;
    }
}
