/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.port;

import com.sun.jna.Native;
import com.sun.jna.Platform;

/** Calls that only a test or a hostile peer has a use for. */
public final class HostileLibC {
    static final int F_SETFL = 4;
    static final int SHUT_WR = 1;
    public static final int SHUT_RDWR = 2;

    /** The virtual machine has a handler for it, which heeds nothing that it did not send itself. */
    static final int SIGUSR2 = 12;

    static {
        Native.register(HostileLibC.class, Platform.C_LIBRARY_NAME);
    }

    private HostileLibC() {}

    public static native int shutdown(int fd, int how);

    static native int epoll_create1(int flags);

    public static native int mprotect(long address, long size, int protection);

    static native long pwrite(int fd, long buffer, long size, long offset);

    static native int gettid();

    static native int tgkill(int process, int thread, int signal);
}
