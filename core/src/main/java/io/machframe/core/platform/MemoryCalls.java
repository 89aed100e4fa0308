/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform;

import java.nio.ByteBuffer;

/**
 * The calls on a task's memory: ranges of whole pages that it allocated, mapped, or received in messages. As
 * {@link MachCalls}: addresses and return codes, no policy, any thread.
 *
 * <p>A range is given back as it was got, whole; to give back a part of one is refused on Linux.
 */
public interface MemoryCalls {
    /**
     * {@code mach_vm_allocate}, anywhere: zeros.
     *
     * @param size bytes, rounded up to whole pages
     */
    int allocate(long size, long[] address);

    /** {@code mach_vm_deallocate}. An access to the range may end the process from now on. */
    int deallocate(long address, long size);

    /**
     * {@code mach_vm_remap}, then {@link #blank}: the range's bytes are at another address, where no buffer shows them,
     * and zeros are left behind, still to be given back.
     */
    int relocate(long address, long size, long[] moved);

    /** {@code mach_vm_map} of zeros over a range: lets go of what it held while buffers may still show it. */
    int blank(long address, long size);

    /**
     * {@code mach_make_memory_entry_64}: a send right that stands for a range of memory, which is from then on shared
     * with whoever maps it.
     *
     * @param protection {@code VM_PROT_}, the most that a mapping of it may have
     */
    int makeEntry(long address, long size, int protection, int[] entry);

    /**
     * {@code mach_vm_map} of a memory entry, anywhere, from its start.
     *
     * @param protection {@code VM_PROT_}, no more than the entry has
     */
    int map(int entry, long size, int protection, long[] address);

    /** Returns a little-endian buffer of a range; it neither owns nor keeps it. */
    ByteBuffer view(long address, int size);

    /** Returns where the remaining bytes of a direct buffer lie, or 0 if memory here has no addresses. */
    long address(ByteBuffer direct);
}
