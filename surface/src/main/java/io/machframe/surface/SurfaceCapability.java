/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface;

/** What surfaces can do on one system and may lack on another; asked by {@link IOSurface#supports}. */
public enum SurfaceCapability {
    /** {@link IOSurface#createReadOnlyMachPort}: surfaces that another process may only read, by order of the kernel. Linux. */
    READ_ONLY_PORTS,

    /** {@link IOSurface#createInMemory} and {@link IOSurface#exportMemory}: memory as a file descriptor. Linux. */
    MEMORY_SHARING,

    /**
     * {@link IOSurface#createDmaBuf} and {@link IOSurface#exportDmaBuf}: memory that devices can reach, too. Linux with
     * {@code /dev/dma_heap/system} or {@code /dev/udmabuf} that this process may use.
     */
    DMA_BUFS
}
