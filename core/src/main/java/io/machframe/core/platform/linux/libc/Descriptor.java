/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.libc;

/** Second descriptors of what one is open on already. Each is closed at {@code exec}, and the caller's to close. */
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
}
