/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux;

/** Descriptors, apart from what they are open on. Those made here are closed at {@code exec}, and the caller's to close. */
final class Descriptor {
    private Descriptor() {}

    /** Closes two; by one call if they have numbers in a row, as those of one packet mostly have. */
    static void close(int first, int second) {
        boolean inRow = second == first + 1 && first >= 0;
        if (!inRow || LibC.syscall(LibC.SYS_CLOSE_RANGE, first, second, 0) != 0) { // before Linux 5.9 there is none
            LibC.close(first);
            LibC.close(second);
        }
    }

    /** Returns another descriptor of the same description, which shares its flags and locks; -1, with errno set, if none. */
    static int duplicate(int fd) {
        return LibC.fcntl(fd, LibC.F_DUPFD_CLOEXEC, 0);
    }

    /**
     * Returns a descriptor of a description of its own, whose flags and locks nobody else has; -1, with errno set, if the
     * file may not be opened so.
     *
     * @param flags of {@code open}
     */
    static int reopen(int fd, int flags) {
        return LibC.open("/proc/self/fd/" + fd, flags | LibC.O_CLOEXEC, 0);
    }
}
