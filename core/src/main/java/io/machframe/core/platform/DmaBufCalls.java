/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform;

/**
 * What a kernel does with dma-bufs, memory that devices can reach too: {@code linux/dma-buf.h}, {@code dma-heap.h} and
 * {@code udmabuf.h}. An interface because machines without such devices are common, also among those that run the tests.
 *
 * <p>Answers are {@link io.machframe.core.error.KernReturn}s. For any thread.
 */
public interface DmaBufCalls {
    /** Flags of {@link #sync}: {@code DMA_BUF_SYNC_}. */
    long SYNC_READ = 1;

    long SYNC_WRITE = 2;
    long SYNC_START = 0;
    long SYNC_END = 4;

    /** Returns whether a descriptor, of whatever, is a dma-buf. */
    boolean isDmaBuf(int fd);

    /** Begins or ends an access of the CPU: {@code DMA_BUF_IOCTL_SYNC}. */
    int sync(int fd, long flags);

    /** Returns whether {@link #allocate} may work here. */
    boolean canAllocate();

    /**
     * Makes a dma-buf filled with zeros: {@code DMA_HEAP_IOCTL_ALLOC} of the system heap, else of a memfd.
     *
     * @param size bytes; rounded up to whole pages
     * @param fd receives a descriptor, the caller's to close
     */
    int allocate(long size, int[] fd);

    /**
     * Makes a dma-buf of the first bytes of a memfd, which share their memory: {@code UDMABUF_CREATE}. Whoever has it may
     * write them.
     *
     * @param memory open for reading and writing, sealed against shrinking and not against writing
     * @param size whole pages that it has
     * @param fd receives a descriptor, the caller's to close
     * @return {@code KERN_NOT_SUPPORTED} where there is no {@code /dev/udmabuf}, {@code KERN_INVALID_CAPABILITY} if the
     *     memory is no memfd, {@code KERN_PROTECTION_FAILURE} if it must not be written, {@code KERN_NO_ACCESS} if it
     *     could shrink or the device is not for this process, {@code KERN_INVALID_ADDRESS} if it has no such pages,
     *     {@code KERN_NO_SPACE} if that is more than the device's {@code size_limit_mb} or there is no descriptor left
     */
    int ofMemory(int memory, long size, int[] fd);
}
