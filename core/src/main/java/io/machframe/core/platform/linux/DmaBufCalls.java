/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux;

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
     * Makes a dma-buf of the first bytes of a memfd that is sealed against shrinking, which share their memory:
     * {@code UDMABUF_CREATE}. {@code KERN_NOT_SUPPORTED} where there is no {@code /dev/udmabuf}.
     *
     * @param size a multiple of the page size
     * @param fd receives a descriptor, the caller's to close
     */
    int ofMemory(int memory, long size, int[] fd);
}
