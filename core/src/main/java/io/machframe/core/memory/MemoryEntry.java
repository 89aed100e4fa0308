/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.memory;

import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;
import io.machframe.core.internal.PortAccess;
import io.machframe.core.port.SendRight;
import io.machframe.core.port.Task;

/**
 * A right to memory that several processes map: what one writes the others see. {@code mach_make_memory_entry_64}
 *
 * <p>It is made of a send right, which travels in messages as any; who received one makes an entry of it by
 * {@link #adopt}. Nothing can be sent to it.
 *
 * <p><b>Ownership.</b> The entry owns its right until it is closed, or the right is moved away. Mappings outlive it.
 *
 * <p><b>Threads.</b> Any thread may use an entry.
 */
public final class MemoryEntry implements AutoCloseable {
    private static final PortAccess ACCESS = PortAccess.get();

    private final SendRight right;

    private MemoryEntry(SendRight right) {
        this.right = right;
    }

    /**
     * Makes an entry of a region, which is shared from then on.
     *
     * <p>With {@link MemoryAccess#READ} nobody who is given the entry can write the memory: the kernel refuses. On Linux
     * that goes for all who do not write it yet, whatever entry of it they have, for good; and a region that was
     * received in a message, or has less than 128 KiB, must not be written while an entry is made of it first.
     *
     * @param access the most that a mapping may have
     * @throws MachException {@code KERN_PROTECTION_FAILURE} if the region may not be written so itself;
     *     {@code KERN_RESOURCE_SHORTAGE} or {@code KERN_NO_SPACE} if there is no room
     */
    public static MemoryEntry of(MemoryRegion region, MemoryAccess access) throws MachException {
        Task task = region.task();
        int[] name = new int[1];
        long address = region.pin();
        try {
            if (region.size() == 0) {
                throw new IllegalArgumentException("there is nothing to share of an empty region");
            }
            KernReturn.check(
                    "mach_make_memory_entry_64",
                    ACCESS.calls(task).memory().makeEntry(address, region.size(), access.protection(), name));
        } finally {
            region.unpin();
        }
        return new MemoryEntry(ACCESS.adoptSend(task, name[0]));
    }

    /** Takes over a send right that stands for memory; whether it does is found out when it is mapped. */
    public static MemoryEntry adopt(SendRight right) {
        return new MemoryEntry(right);
    }

    /** Returns the right, still owned by this entry: to copy it into a message, or to move it, which spends the entry. */
    public SendRight right() {
        return right;
    }

    /**
     * Maps the memory into this process, {@code mach_vm_map}.
     *
     * @param size bytes from its start, no more than it has
     * @param access no more than the entry gives
     * @throws MachException {@code KERN_INVALID_RIGHT} if the entry does not give that access;
     *     {@code KERN_INVALID_ARGUMENT} if it is not memory, or of another size; on Linux also if a peer could cut it
     *     off; {@code KERN_NO_SPACE} if there is no room
     */
    public MemoryRegion map(long size, MemoryAccess access) throws MachException {
        if (size < 1 || size > MemoryRegion.MAX_SIZE) {
            throw new IllegalArgumentException("a mapping has 1 to " + MemoryRegion.MAX_SIZE + " bytes, not " + size);
        }
        long[] address = new long[1];
        int name = ACCESS.pin(right);
        try {
            KernReturn.check(
                    "mach_vm_map", ACCESS.calls(right.task()).memory().map(name, size, access.protection(), address));
        } finally {
            ACCESS.unpin(right);
        }
        return MemoryRegion.mapped(right.task(), address[0], size, access == MemoryAccess.READ_WRITE);
    }

    /** Releases the right. Idempotent. */
    @Override
    public void close() {
        right.close();
    }

    @Override
    public String toString() {
        return "memory entry " + right.name();
    }
}
