/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux;

import io.machframe.core.platform.BootstrapCalls;
import io.machframe.core.platform.DmaBufCalls;
import io.machframe.core.platform.MachCalls;
import io.machframe.core.platform.MemoryPorts;
import io.machframe.core.platform.Platform;
import io.machframe.core.platform.PlatformCapability;
import io.machframe.core.platform.WordCalls;
import io.machframe.core.platform.kernel.MachKernel;
import io.machframe.core.platform.linux.libc.Futex;
import io.machframe.core.platform.linux.libc.LibC;
import io.machframe.core.platform.linux.memory.KernelDmaBufs;
import io.machframe.core.platform.linux.name.LinuxBootstrapCalls;
import io.machframe.core.platform.linux.port.LinuxTransport;

/** Linux: Mach's ports and messages over sockets, without a daemon. */
public final class LinuxPlatform extends Platform {
    private final MachKernel kernel = new MachKernel(new LinuxTransport());
    private final WordCalls words = new Futex();
    private final BootstrapCalls bootstrap = new LinuxBootstrapCalls(kernel);
    private final MemoryPorts memoryPorts;

    /** This machine. */
    public LinuxPlatform() {
        this(new KernelDmaBufs());
    }

    /** This machine with other dma-bufs, for tests. */
    public LinuxPlatform(DmaBufCalls dmaBufs) {
        this.memoryPorts = new LinuxMemoryPorts(kernel, dmaBufs);
        LibC.getpid(); // binds libc now, where a failure can be told
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
    public MemoryPorts memoryPorts() {
        return memoryPorts;
    }

    @Override
    public boolean has(PlatformCapability capability) {
        return switch (capability) {
            case MACH_KERNEL -> false;
            case SOCKET_PORTS, READ_ONLY_SURFACES, FOREIGN_MEMORY, SHARED_WORDS -> true;
            case DMA_BUFS -> memoryPorts.dmaBufs().canAllocate();
        };
    }
}
