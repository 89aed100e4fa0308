/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.kernel;

import io.machframe.core.platform.MessageBuffer;
import java.nio.ByteBuffer;

/**
 * One task's memory, as the kernel needs it from below: ranges of whole pages by address. Safe from any thread.
 *
 * <p>A range that is asked for as consumed, or to be changed, must be one that was got here, from its first address and
 * of its size; else {@code KERN_INVALID_ADDRESS}.
 */
public interface TaskMemory {
    /** Makes a range of zeros; 0 bytes have the address 0. */
    long allocate(long size) throws KernelException;

    /** Gives a range back. */
    void deallocate(long address, long size) throws KernelException;

    /** Moves a range's bytes to other addresses and leaves zeros behind. */
    long relocate(long address, long size) throws KernelException;

    /** Puts zeros in the place of a range's bytes, which only this range then lets go of. */
    void blank(long address, long size) throws KernelException;

    /** Returns whether a range could be consumed. */
    boolean isOwned(long address, long size);

    /** Copies memory at any address. Throws if it cannot be read. */
    void read(long address, MessageBuffer target, int at, int size) throws KernelException;

    /**
     * Returns memory for a message to carry. Its bytes are those at the moment the message leaves; until then it stays
     * as it is.
     *
     * @param consumed the caller gives the range up, and will deallocate it when the message has left
     */
    MemoryBlock take(long address, long size, boolean consumed) throws KernelException;

    /** Puts a block that a message brought into this task. Takes it over. */
    long place(MemoryBlock block, long size) throws KernelException;

    /** Makes a right to a range, which is shared from then on. */
    SendEnd makeEntry(long address, long size, int protection) throws KernelException;

    /** Maps the memory that a right stands for. */
    long map(SendEnd entry, long size, int protection) throws KernelException;

    ByteBuffer view(long address, int size);

    long address(ByteBuffer direct);
}
