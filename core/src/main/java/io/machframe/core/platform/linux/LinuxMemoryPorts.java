/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux;

import static io.machframe.core.error.KernReturn.KERN_INVALID_ARGUMENT;
import static io.machframe.core.error.KernReturn.KERN_INVALID_CAPABILITY;
import static io.machframe.core.error.KernReturn.KERN_SUCCESS;

import io.machframe.core.platform.DmaBufCalls;
import io.machframe.core.platform.MemoryPorts;
import io.machframe.core.platform.kernel.MachKernel;
import io.machframe.core.platform.kernel.SendEnd;
import io.machframe.core.platform.linux.libc.Errno;
import io.machframe.core.platform.linux.libc.LibC;
import io.machframe.core.platform.linux.memory.FileIdentity;
import io.machframe.core.platform.linux.port.MemoryEnd;

/** Send rights whose port is a memory file. */
record LinuxMemoryPorts(MachKernel kernel, DmaBufCalls dmaBufs) implements MemoryPorts {
    @Override
    public int insert(int[] fds, int[] name) {
        FileIdentity identity = FileIdentity.ofMemory(fds[0]);
        if (identity == null) {
            MemoryEnd.close(fds);
            return KERN_INVALID_ARGUMENT;
        }
        return kernel.insertObject(new MemoryEnd(fds.clone(), identity), name);
    }

    @Override
    public int open(int name, int[][] fds) {
        SendEnd end = kernel.object(name);
        if (end == null) {
            return KERN_INVALID_CAPABILITY;
        }
        try {
            if (!(end instanceof MemoryEnd memory)) {
                return KERN_INVALID_CAPABILITY;
            }
            int[] copies = memory.duplicate();
            if (copies == null) {
                return Errno.code(LibC.errno());
            }
            fds[0] = copies;
            return KERN_SUCCESS;
        } finally {
            end.close();
        }
    }

    @Override
    public void close(int fd) {
        LibC.close(fd);
    }
}
