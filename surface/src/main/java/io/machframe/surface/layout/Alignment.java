/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.layout;

/** What the bytes of rows and the offsets of planes must be multiples of: powers of two. */
public record Alignment(long rows, long planes) {
    /** Returns the alignment that keeps this and another one. */
    public Alignment and(Alignment other) {
        return new Alignment(Math.max(rows, other.rows), Math.max(planes, other.planes));
    }

    /** Returns the least multiple of {@code alignment} that is not below {@code value}. */
    public static long up(long value, long alignment) {
        return Math.addExact(value, alignment - 1) & -alignment;
    }

    public static boolean isMultiple(long value, long alignment) {
        return (value & (alignment - 1)) == 0;
    }

    public static long ceilDiv(long value, long divisor) {
        return (value + divisor - 1) / divisor;
    }
}
