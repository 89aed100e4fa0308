/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.darwin;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import io.machframe.core.platform.WordCalls;
import org.jspecify.annotations.Nullable;

/** {@code os/os_sync_wait_on_address.h}, which macOS has from 14.4 on. Parameters carry their names in C. */
final class SyncWords implements WordCalls {
    private static final long SIZE = Integer.BYTES;

    /** {@code OS_SYNC_WAIT_ON_ADDRESS_SHARED} and {@code OS_SYNC_WAKE_BY_ADDRESS_SHARED}. */
    private static final int SHARED = 1;

    /** {@code OS_CLOCK_MACH_ABSOLUTE_TIME}. */
    private static final int CLOCK = 32;

    private static final long UNSIGNED = 0xffff_ffffL;

    private SyncWords() {}

    /** Binds the functions; null where the library lacks them. */
    static @Nullable WordCalls bind(NativeLibrary library) {
        try {
            Native.register(SyncWords.class, library);
            return new SyncWords();
        } catch (UnsatisfiedLinkError olderSystem) {
            return null;
        }
    }

    private static native int os_sync_wait_on_address(long addr, long value, long size, int flags);

    private static native int os_sync_wait_on_address_with_timeout(
            long addr, long value, long size, int flags, int clockid, long timeout_ns);

    private static native int os_sync_wake_by_address_all(long addr, long size, int flags);

    @Override
    public void await(long address, int value, long nanos) {
        if (nanos == NO_LIMIT) {
            os_sync_wait_on_address(address, value & UNSIGNED, SIZE, SHARED);
        } else if (nanos > 0) {
            os_sync_wait_on_address_with_timeout(address, value & UNSIGNED, SIZE, SHARED, CLOCK, nanos);
        }
    }

    @Override
    public void wakeAll(long address) {
        os_sync_wake_by_address_all(address, SIZE, SHARED);
    }
}
