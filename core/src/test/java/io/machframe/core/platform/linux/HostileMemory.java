/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux;

import io.machframe.core.platform.MessageBuffer;

/** Opens descriptors that a bad peer might send in place of shared memory; the caller's to close. */
public final class HostileMemory {
    private HostileMemory() {}

    /** A memfd that may be resized at any time. */
    public static int unsealed(long size) {
        return memfd(size, 0);
    }

    /** A memfd sealed as it should be, of any size, allocated or not. */
    public static int sealed(long size) {
        return memfd(size, LibC.F_SEAL_SHRINK | LibC.F_SEAL_GROW);
    }

    /** The end of a pipe whose other end is closed. */
    public static int pipe() {
        MessageBuffer ends = Memory.allocate(8);
        LibC.pipe2(ends.address(), LibC.O_CLOEXEC);
        LibC.close(ends.bytes().getInt(4));
        return ends.bytes().getInt(0);
    }

    /** A file by its path. */
    public static int file(String path) {
        return LibC.open(path, LibC.O_RDONLY | LibC.O_CLOEXEC, 0);
    }

    static int memfd(long size, int seals) {
        int fd = LibC.memfd_create("hostile", LibC.MFD_CLOEXEC | LibC.MFD_ALLOW_SEALING);
        LibC.ftruncate(fd, size);
        LibC.fcntl(fd, LibC.F_ADD_SEALS, seals);
        return fd;
    }
}
