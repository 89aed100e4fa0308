/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.property;

/** Whether the system may take the memory of a surface. {@code IOSurfacePurgeabilityState}. */
public enum PurgeState {
    /** It may not: the contents stay. {@code kIOSurfacePurgeableNonVolatile}. */
    NON_VOLATILE(0),
    /** It may, when it likes: the contents must not be used. {@code kIOSurfacePurgeableVolatile}. */
    VOLATILE(1),
    /** It took it: the contents are lost. {@code kIOSurfacePurgeableEmpty}. */
    EMPTY(2),
    /** No state but a question for it. {@code kIOSurfacePurgeableKeepCurrent}. */
    KEEP_CURRENT(3);

    private final int number;

    PurgeState(int number) {
        this.number = number;
    }

    /** Returns its number in C. */
    public int number() {
        return number;
    }

    /** Returns the state with a number; {@link #EMPTY}, which promises nothing, if there is none. */
    public static PurgeState of(int number) {
        return number == NON_VOLATILE.number ? NON_VOLATILE : number == VOLATILE.number ? VOLATILE : EMPTY;
    }
}
