/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface;

import io.machframe.surface.platform.SurfaceCalls;

/** How a surface is locked. {@code IOSurfaceLockOptions}. */
public enum LockOption {
    /** Nothing will be written: the seed stays, and the buffers are read-only. {@code kIOSurfaceLockReadOnly}. */
    READ_ONLY(SurfaceCalls.LOCK_READ_ONLY),

    /** Rather fail than copy the contents back from a GPU. {@code kIOSurfaceLockAvoidSync}. */
    AVOID_SYNC(SurfaceCalls.LOCK_AVOID_SYNC);

    private final int bit;

    LockOption(int bit) {
        this.bit = bit;
    }

    static int bits(LockOption... options) {
        int bits = 0;
        for (LockOption option : options) {
            bits |= option.bit;
        }
        return bits;
    }
}
