/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux;

import static io.machframe.core.error.KernReturn.KERN_INVALID_ARGUMENT;
import static io.machframe.core.error.KernReturn.KERN_INVALID_CAPABILITY;
import static io.machframe.core.error.KernReturn.KERN_SUCCESS;

import io.machframe.core.platform.BootstrapCalls;
import io.machframe.core.platform.MachCalls;
import io.machframe.core.platform.Platform;
import io.machframe.core.platform.PlatformCapability;
import io.machframe.core.platform.kernel.MachKernel;
import io.machframe.core.platform.kernel.SendEnd;

/** Linux: Mach's ports and messages over sockets, without a daemon. */
public final class LinuxPlatform extends Platform {
    private final MachKernel kernel = new MachKernel(new LinuxTransport());
    private final LinuxBootstrapCalls bootstrap = new LinuxBootstrapCalls(kernel);

    @Override
    public MachCalls mach() {
        return kernel;
    }

    @Override
    public BootstrapCalls bootstrap() {
        return bootstrap;
    }

    @Override
    public boolean has(PlatformCapability capability) {
        return capability == PlatformCapability.SOCKET_PORTS || capability == PlatformCapability.READ_ONLY_SURFACES;
    }

    /**
     * Makes a send right that stands for a memory file, to be sent and released as any send right.
     *
     * @param fd taken over, whatever the answer
     */
    public int insertMemory(int fd, int[] name) {
        FileIdentity identity = FdKind.memoryIdentity(fd);
        if (identity == null) {
            LibC.close(fd);
            return KERN_INVALID_ARGUMENT;
        }
        return kernel.insertObject(new MemoryEnd(fd, identity), name);
    }

    /**
     * Opens the memory file behind a send right.
     *
     * @param fd receives a descriptor that the caller closes; it shares the right's open file description and locks
     */
    public int memoryDescriptor(int name, int[] fd) {
        SendEnd end = kernel.object(name);
        if (end == null) {
            return KERN_INVALID_CAPABILITY;
        }
        try {
            if (!(end instanceof MemoryEnd memory)) {
                return KERN_INVALID_CAPABILITY;
            }
            int copy = LibC.fcntl(memory.fd(0), LibC.F_DUPFD_CLOEXEC, 0);
            if (copy < 0) {
                return LinuxTransport.code(LibC.errno());
            }
            fd[0] = copy;
            return KERN_SUCCESS;
        } finally {
            end.close();
        }
    }
}
