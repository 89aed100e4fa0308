/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface;

/** What the bytes of rows and the offsets of planes must be multiples of: powers of two. */
record Alignment(long rows, long planes) {
    /** Returns the alignment that keeps this and another one. */
    Alignment and(Alignment other) {
        return new Alignment(Math.max(rows, other.rows), Math.max(planes, other.planes));
    }

    /** Returns the least multiple of {@code alignment} that is not below {@code value}. */
    static long up(long value, long alignment) {
        return Math.addExact(value, alignment - 1) & -alignment;
    }

    static boolean isMultiple(long value, long alignment) {
        return (value & (alignment - 1)) == 0;
    }

    static long ceilDiv(long value, long divisor) {
        return (value + divisor - 1) / divisor;
    }
}
