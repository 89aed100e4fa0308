/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.libc;

import com.sun.jna.Native;
import com.sun.jna.Platform;
import io.machframe.core.platform.MessageBuffer;
import io.machframe.core.platform.WordCalls;

/** The system call of that name, for words that processes share, so never with {@code FUTEX_PRIVATE_FLAG}. */
public final class Futex implements WordCalls {
    private static final long NUMBER = System.getProperty("os.arch", "").equals("aarch64") ? 98 : 202;
    private static final long WAIT = 0;
    private static final long WAKE = 1;
    private static final int TIMESPEC_SIZE = 16;
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    /** A {@code struct timespec} for each thread that waits with a limit. */
    private static final ThreadLocal<MessageBuffer> LIMIT =
            ThreadLocal.withInitial(() -> NativeMemory.allocate(TIMESPEC_SIZE));

    static {
        Native.register(Futex.class, Platform.C_LIBRARY_NAME);
    }

    private static native long syscall(
            long number, long address, long operation, long value, long timeout, long address2, long value3);

    @Override
    public void await(long address, int value, long nanos) {
        long timeout = 0;
        if (nanos != NO_LIMIT) {
            MessageBuffer limit = LIMIT.get();
            limit.bytes().putLong(0, nanos / NANOS_PER_SECOND).putLong(8, nanos % NANOS_PER_SECOND);
            timeout = limit.address();
        }
        syscall(NUMBER, address, WAIT, value, timeout, 0, 0);
    }

    @Override
    public void wakeAll(long address) {
        syscall(NUMBER, address, WAKE, Integer.MAX_VALUE, 0, 0, 0);
    }
}
