/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform;

/**
 * Memory as descriptors, and ports that stand for it: how surfaces travel where a right is made of descriptors, which
 * {@link PlatformCapability#FOREIGN_MEMORY} says. Answers are {@link io.machframe.core.error.KernReturn}s. Thread-safe.
 */
public interface MemoryPorts {
    /**
     * Makes a send right that stands for a memory file, to be sent and released as any send right.
     *
     * @param fds the memory file, and perhaps another descriptor of any kind that goes with it; taken over, whatever the
     *     answer
     */
    int insert(int[] fds, int[] name);

    /**
     * Opens what a send right to memory stands for.
     *
     * @param fds receives descriptors that the caller closes, as {@link #insert} has them; they share the right's open
     *     file descriptions and locks
     */
    int open(int name, int[][] fds);

    /** Closes a descriptor that these calls gave out. */
    void close(int fd);

    /** Returns what the machine does with dma-bufs. */
    DmaBufCalls dmaBufs();
}
