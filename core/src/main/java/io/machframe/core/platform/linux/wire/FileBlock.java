/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.wire;

import io.machframe.core.platform.kernel.KernelException;
import io.machframe.core.platform.kernel.MemoryBlock;
import io.machframe.core.platform.linux.libc.LibC;
import io.machframe.core.platform.linux.memory.MemoryFile;
import java.util.function.IntSupplier;

/**
 * Memory that travels as a file which nobody can change. The file is made when the message is about to leave, not before:
 * a send that waits in vain shall cost no copy.
 */
public final class FileBlock implements MemoryBlock {
    private final long address;
    private final long size;

    /** Takes the file of the memory itself, if it has one to give up; else answers -1. */
    private final IntSupplier ownFile;

    private int fd = -1;

    public FileBlock(long address, long size, IntSupplier ownFile) {
        this.address = address;
        this.size = size;
        this.ownFile = ownFile;
    }

    /** Takes over what was received. */
    public static FileBlock arriving(int fd, long size) {
        FileBlock block = new FileBlock(0, size, () -> -1);
        block.fd = fd;
        return block;
    }

    void prepare() throws KernelException {
        if (fd < 0) {
            fd = ownFile.getAsInt();
        }
        if (fd < 0) {
            fd = MemoryFile.copyOf(address, size);
            MemoryFile.seal(fd);
        }
    }

    public int fd() {
        return fd;
    }

    @Override
    public void close() {
        if (fd >= 0) {
            LibC.close(fd);
            fd = -1;
        }
    }
}
