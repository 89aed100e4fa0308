/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform;

/** Something one system has and another may lack; asked by {@link Platform#has}, never by the system's name. */
public enum PlatformCapability {
    /** Names, ports and messages made by sockets: Linux. */
    SOCKET_PORTS,
    /** The Mach kernel itself: macOS. */
    MACH_KERNEL,
    /** Surfaces that a process is given for reading only, which its kernel enforces: Linux. */
    READ_ONLY_SURFACES,
    /** Surfaces in memory that others made and gave out as a file descriptor, and the other way round: Linux. */
    FOREIGN_MEMORY,
    /** Memory that devices can reach, too, made by {@code /dev/dma_heap} or {@code /dev/udmabuf}: Linux that has them. */
    DMA_BUFS,
    /** Waiting for a word of shared memory to change: Linux, and macOS from 14.4 on. */
    SHARED_WORDS
}
