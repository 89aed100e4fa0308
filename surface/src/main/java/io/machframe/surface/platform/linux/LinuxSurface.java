/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.platform.linux;

import io.machframe.core.error.MachException;
import io.machframe.core.platform.linux.FileIdentity;
import io.machframe.core.platform.linux.SharedMemory;
import io.machframe.core.platform.linux.UseLock;
import io.machframe.core.platform.linux.WriteLock;
import io.machframe.surface.property.PurgeState;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A surface in this process: one mapping and one use count, however many references there are to it.
 *
 * <p>Its id is made of the memory's inode number, which the kernel gives to one memory at a time, in steps of one, so two
 * live surfaces share an id only when 2<sup>32</sup> shared memories were made between them.
 */
final class LinuxSurface {
    /** The byte that is locked to change the purge state; the attachments have byte 1. */
    private static final long PURGE_LOCK_POSITION = 2;

    private static final long PATIENCE_MILLIS = 5000;

    private final SharedMemory memory;
    private final UseLock uses;
    private final StoredLayout layout;
    private final AttachmentStore attachments;
    private int references;

    LinuxSurface(SharedMemory memory, StoredLayout layout) {
        this.memory = memory;
        this.uses = new UseLock(memory);
        this.layout = layout;
        this.attachments = new AttachmentStore(memory, (int) layout.attachmentsAt());
    }

    FileIdentity identity() {
        return memory.identity();
    }

    StoredLayout layout() {
        return layout;
    }

    UseLock uses() {
        return uses;
    }

    AttachmentStore attachments() {
        return attachments;
    }

    /**
     * Changes the purge state for all processes. Linux takes no memory by itself, so only who asks for an empty surface
     * gives it back. Whenever a process dies here, the state claims no contents that are not there.
     *
     * @return the state before
     */
    synchronized PurgeState setPurgeable(PurgeState state) throws MachException {
        if (state == PurgeState.KEEP_CURRENT) {
            return PurgeState.of(ControlBlock.purgeState(memory.bytes()));
        }
        try (WriteLock held = WriteLock.take(memory, PURGE_LOCK_POSITION, PATIENCE_MILLIS)) {
            PurgeState before = PurgeState.of(ControlBlock.purgeState(memory.bytes()));
            long size = layout.attachmentsAt() - ControlBlock.SIZE;
            if (state == PurgeState.EMPTY) {
                discard(before, size);
            } else {
                if (before == PurgeState.EMPTY) {
                    memory.allocate(ControlBlock.SIZE, size);
                }
                ControlBlock.setPurgeState(memory.bytes(), state.number());
            }
            return before;
        }
    }

    private void discard(PurgeState before, long size) throws MachException {
        ControlBlock.setPurgeState(memory.bytes(), PurgeState.EMPTY.number());
        try {
            memory.discard(ControlBlock.SIZE, size);
        } catch (MachException e) {
            ControlBlock.setPurgeState(memory.bytes(), before.number());
            throw e;
        }
    }

    void prefault() {
        memory.populate(layout.attachmentsAt());
    }

    boolean isWritable() {
        return memory.isWritable();
    }

    /** Lets nobody who does not write the surface already begin to. */
    void forbidWriters() throws MachException {
        memory.forbidWriters();
    }

    int id() {
        int id = (int) memory.identity().inode();
        return id != 0 ? id : Integer.MIN_VALUE;
    }

    int seed() {
        return ControlBlock.seed(memory.bytes());
    }

    int raiseSeed() {
        return ControlBlock.raiseSeed(memory.bytes());
    }

    /** Returns where the surface's bytes begin. */
    long address() {
        return memory.address() + ControlBlock.SIZE;
    }

    /** Makes a buffer of the surface's bytes, padding rows not included. */
    ByteBuffer bytes() {
        return memory.bytes().slice(ControlBlock.SIZE, (int) layout.allocSize()).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Counts one reference more; the caller keeps others from counting. */
    void retain() {
        references++;
    }

    /** Counts one reference less, and returns whether it was the last. */
    boolean release() {
        references--;
        return references == 0;
    }

    /** Gives back the uses and the memory. */
    void close() {
        uses.close();
        memory.close();
    }
}
