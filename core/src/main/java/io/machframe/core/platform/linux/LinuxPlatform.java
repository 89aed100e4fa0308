/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux;

import static io.machframe.core.error.KernReturn.KERN_INVALID_ARGUMENT;
import static io.machframe.core.error.KernReturn.KERN_INVALID_CAPABILITY;
import static io.machframe.core.error.KernReturn.KERN_SUCCESS;

import io.machframe.core.platform.BootstrapCalls;
import io.machframe.core.platform.MachCalls;
import io.machframe.core.platform.Platform;
import io.machframe.core.platform.PlatformCapability;
import io.machframe.core.platform.WordCalls;
import io.machframe.core.platform.kernel.MachKernel;
import io.machframe.core.platform.kernel.SendEnd;
import io.machframe.core.platform.linux.libc.Errno;
import io.machframe.core.platform.linux.libc.Futex;
import io.machframe.core.platform.linux.libc.LibC;
import io.machframe.core.platform.linux.memory.DmaBufCalls;
import io.machframe.core.platform.linux.memory.FileIdentity;
import io.machframe.core.platform.linux.memory.KernelDmaBufs;
import io.machframe.core.platform.linux.name.LinuxBootstrapCalls;
import io.machframe.core.platform.linux.port.LinuxTransport;
import io.machframe.core.platform.linux.port.MemoryEnd;

/** Linux: Mach's ports and messages over sockets, without a daemon. */
public final class LinuxPlatform extends Platform {
    private final MachKernel kernel = new MachKernel(new LinuxTransport());
    private final WordCalls words = new Futex();
    private final DmaBufCalls dmaBufs;
    private final LinuxBootstrapCalls bootstrap = new LinuxBootstrapCalls(kernel);

    /** This machine. */
    public LinuxPlatform() {
        this(new KernelDmaBufs());
    }

    /** This machine with other dma-bufs, for tests. */
    public LinuxPlatform(DmaBufCalls dmaBufs) {
        this.dmaBufs = dmaBufs;
    }

    /** Returns what the machine does with dma-bufs. */
    public DmaBufCalls dmaBufs() {
        return dmaBufs;
    }

    @Override
    public MachCalls mach() {
        return kernel;
    }

    @Override
    public BootstrapCalls bootstrap() {
        return bootstrap;
    }

    @Override
    public WordCalls words() {
        return words;
    }

    @Override
    public boolean has(PlatformCapability capability) {
        return switch (capability) {
            case MACH_KERNEL -> false;
            case SOCKET_PORTS, READ_ONLY_SURFACES, FOREIGN_MEMORY, SHARED_WORDS -> true;
            case DMA_BUFS -> dmaBufs.canAllocate();
        };
    }

    /**
     * Makes a send right that stands for a memory file, to be sent and released as any send right.
     *
     * @param fds the memory file, and perhaps another descriptor of any kind that goes with it; taken over, whatever the
     *     answer
     */
    public int insertMemory(int[] fds, int[] name) {
        FileIdentity identity = FileIdentity.ofMemory(fds[0]);
        if (identity == null) {
            MemoryEnd.close(fds);
            return KERN_INVALID_ARGUMENT;
        }
        return kernel.insertObject(new MemoryEnd(fds.clone(), identity), name);
    }

    /**
     * Opens what a send right to memory stands for.
     *
     * @return descriptors that the caller closes, as {@link #insertMemory} has them; they share the right's open file
     *     descriptions and locks
     */
    public int memoryDescriptors(int name, int[][] fds) {
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

    /** Closes a descriptor that these calls gave out. */
    public void closeDescriptor(int fd) {
        LibC.close(fd);
    }
}
