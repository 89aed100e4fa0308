/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.platform;

import io.machframe.surface.error.SurfaceException;
import io.machframe.surface.layout.SurfaceLayout;
import io.machframe.surface.layout.SurfaceProperties;
import io.machframe.surface.memory.ExportedMemory;

/** What Linux does with the memory of surfaces and macOS does not: file descriptors, and ports that only let read. */
public interface MemorySharing {
    /**
     * Makes a surface in memory that is there already, otherwise as {@link SurfaceCalls#create}.
     *
     * @param descriptor a file descriptor, which stays the caller's
     * @throws SurfaceException {@code KERN_INVALID_NAME} if the descriptor is not open, {@code KERN_INVALID_CAPABILITY} if
     *     it is no memory, {@code KERN_NO_ACCESS} if it could be made smaller and that cannot be prevented, {@code
     *     KERN_PROTECTION_FAILURE} if it cannot be read, {@code KERN_INVALID_ADDRESS} if it has fewer bytes than the layout
     */
    long importMemory(int descriptor, SurfaceLayout layout, SurfaceProperties options) throws SurfaceException;

    /** As {@link SurfaceCalls#create}, in memory that devices can reach, too. */
    long createDmaBuf(SurfaceLayout layout, SurfaceProperties options) throws SurfaceException;

    /**
     * Opens the memory of a surface for a program that knows nothing of surfaces.
     *
     * @param dmaBuf whether it must be a dma-buf
     */
    ExportedMemory export(long surface, boolean dmaBuf) throws SurfaceException;

    /**
     * As {@link SurfaceCalls#createMachPort}, but who gets the port can only read the surface, and so can all who get any
     * other port from now on: a process that is to write it must hold it already.
     */
    int createReadOnlyMachPort(long surface) throws SurfaceException;

    /** Returns whether this process may only read the surface. */
    boolean isReadOnly(long surface);
}
