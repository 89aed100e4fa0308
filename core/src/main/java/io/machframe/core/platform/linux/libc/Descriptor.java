/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.libc;

import io.machframe.core.platform.MessageBuffer;
import org.jspecify.annotations.Nullable;

/** Makes descriptors. Each is closed at {@code exec}, and the caller's to close. */
public final class Descriptor {
    private Descriptor() {}

    /** Returns another descriptor of the same description, which shares its flags and locks; -1, with errno set, if none. */
    public static int duplicate(int fd) {
        return LibC.fcntl(fd, LibC.F_DUPFD_CLOEXEC, 0);
    }

    /**
     * Returns a descriptor of a description of its own, whose flags and locks nobody else has; -1, with errno set, if the
     * file may not be opened so.
     *
     * @param flags of {@code open}
     */
    public static int reopen(int fd, int flags) {
        return LibC.open("/proc/self/fd/" + fd, flags | LibC.O_CLOEXEC, 0);
    }

    /** Returns two connected sockets of packets, or null, with errno set. */
    public static int @Nullable [] socketPair() {
        MessageBuffer pair = NativeMemory.allocate(8);
        int type = LibC.SOCK_SEQPACKET | LibC.SOCK_CLOEXEC;
        return LibC.socketpair(LibC.AF_UNIX, type, 0, pair.address()) < 0 ? null : ints(pair);
    }

    /**
     * Returns the read end and the write end of a pipe, or null, with errno set.
     *
     * @param flags of {@code pipe2}
     */
    public static int @Nullable [] pipe(int flags) {
        MessageBuffer pair = NativeMemory.allocate(8);
        return LibC.pipe2(pair.address(), flags | LibC.O_CLOEXEC) < 0 ? null : ints(pair);
    }

    private static int[] ints(MessageBuffer pair) {
        return new int[] {pair.bytes().getInt(0), pair.bytes().getInt(4)};
    }
}
