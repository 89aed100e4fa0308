/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.port;

import io.machframe.core.platform.linux.libc.LibC;

/** Whole pages at an address, and the file they show. Guarded by {@link LinuxMemory}. */
final class MemoryRange {
    final long address;
    final long size;

    /** -1 if there is none: the pages are this process's alone. */
    int fd;

    /** Others may map the same file. */
    boolean shared;

    MemoryRange(long address, long size, int fd) {
        this.address = address;
        this.size = size;
        this.fd = fd;
    }

    boolean isExclusiveFile() {
        return fd >= 0 && !shared;
    }

    void closeFile() {
        if (fd >= 0) {
            LibC.close(fd);
            fd = -1;
        }
    }
}
