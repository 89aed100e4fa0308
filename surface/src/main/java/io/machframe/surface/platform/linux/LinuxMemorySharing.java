/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.platform.linux;

import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;
import io.machframe.core.platform.MemoryPorts;
import io.machframe.core.platform.linux.memory.ImportedMemory;
import io.machframe.surface.error.SurfaceException;
import io.machframe.surface.layout.SurfaceLayout;
import io.machframe.surface.layout.SurfaceProperties;
import io.machframe.surface.memory.ExportedMemory;
import io.machframe.surface.platform.MemorySharing;

/** Memory of surfaces as memfds and dma-bufs, and ports that only let read. */
final class LinuxMemorySharing implements MemorySharing {
    private final LinuxSurfaceCalls calls;
    private final MemoryPorts ports;

    LinuxMemorySharing(LinuxSurfaceCalls calls, MemoryPorts ports) {
        this.calls = calls;
        this.ports = ports;
    }

    @Override
    public long importMemory(int descriptor, SurfaceLayout layout, SurfaceProperties options) throws SurfaceException {
        return importMemory("createInMemory", descriptor, layout, options);
    }

    private long importMemory(String call, int descriptor, SurfaceLayout layout, SurfaceProperties options)
            throws SurfaceException {
        SurfaceDescription description = SurfaceDescription.of(layout, options, true);
        ImportedMemory foreign;
        try {
            foreign = ImportedMemory.map(ports.dmaBufs(), descriptor, layout.allocSize());
        } catch (MachException e) {
            throw new SurfaceException(call, "descriptor " + descriptor + " gives no surface", e);
        }
        return calls.make(foreign, description, options);
    }

    @Override
    public long createDmaBuf(SurfaceLayout layout, SurfaceProperties options) throws SurfaceException {
        int[] fd = new int[1];
        requireDmaBuf(
                "createDmaBuf",
                "/dev/dma_heap/system or /dev/udmabuf",
                ports.dmaBufs().allocate(layout.allocSize(), fd));
        try {
            return importMemory("createDmaBuf", fd[0], layout, options);
        } finally {
            ports.close(fd[0]);
        }
    }

    @Override
    public ExportedMemory export(long surface, boolean dmaBuf) throws SurfaceException {
        LinuxSurface found = calls.get(surface);
        String call = dmaBuf ? "exportDmaBuf" : "exportMemory";
        try {
            int fd = dmaBuf ? dmaBuf(found) : found.export();
            return new ExportedMemory(
                    fd, found.exportedAt(), found.description().layout(), () -> ports.close(fd));
        } catch (SurfaceException e) {
            throw e;
        } catch (MachException e) {
            throw new SurfaceException(call, e);
        }
    }

    private int dmaBuf(LinuxSurface surface) throws MachException {
        int[] fd = new int[1];
        requireDmaBuf("exportDmaBuf", "/dev/udmabuf", surface.exportDmaBuf(ports.dmaBufs(), fd));
        return fd[0];
    }

    private static void requireDmaBuf(String call, String devices, int code) throws SurfaceException {
        String why =
                switch (code) {
                    case KernReturn.KERN_SUCCESS -> "";
                    case KernReturn.KERN_NOT_SUPPORTED -> "this system has no " + devices;
                    case KernReturn.KERN_NO_ACCESS -> "this process may not use " + devices;
                    case KernReturn.KERN_NO_SPACE ->
                        "the surface is larger than the device allows, for /dev/udmabuf its parameter size_limit_mb, or"
                                + " no descriptor is left";
                    case KernReturn.KERN_RESOURCE_SHORTAGE -> "there is not enough memory";
                    case KernReturn.KERN_PROTECTION_FAILURE ->
                        "the surface is read-only, or no other process may begin to write it, and a dma-buf can be"
                                + " written";
                    case KernReturn.KERN_INVALID_ADDRESS -> "the surface's memory does not end with a whole page";
                    default -> "the system refuses it";
                };
        if (code != KernReturn.KERN_SUCCESS) {
            throw new SurfaceException(call, code, why);
        }
    }

    @Override
    public int createReadOnlyMachPort(long surface) throws SurfaceException {
        try {
            calls.get(surface).forbidWriters();
        } catch (SurfaceException e) {
            throw e;
        } catch (MachException e) {
            throw new SurfaceException("createReadOnlyMachPort", e);
        }
        return calls.createMachPort(surface);
    }

    @Override
    public boolean isReadOnly(long surface) {
        return !calls.get(surface).isWritable();
    }
}
