/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.platform.linux;

import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;
import io.machframe.core.platform.DmaBufCalls;
import io.machframe.core.platform.linux.memory.FileIdentity;
import io.machframe.core.platform.linux.memory.ImportedMemory;
import io.machframe.core.platform.linux.memory.SharedMemory;
import io.machframe.core.platform.linux.memory.UseLock;
import io.machframe.core.platform.linux.memory.WriteLock;
import io.machframe.surface.error.SurfaceException;
import io.machframe.surface.property.PurgeState;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A surface in this process: one mapping and one use count, however many references there are to it.
 *
 * <p>Its bytes are in the memory with its control block, or, if somebody else made them, in that one's.
 *
 * <p>Its id is made of the memory's inode number, which the kernel gives to one memory at a time, in steps of one, so two
 * live surfaces share an id only when 2<sup>32</sup> shared memories were made between them.
 */
final class LinuxSurface {
    /** The byte that is locked to change the purge state; the attachments have byte 1. */
    private static final long PURGE_LOCK_POSITION = 2;

    private static final long PATIENCE_MILLIS = 5000;

    private final SharedMemory memory;
    private final @Nullable ImportedMemory foreign;
    private final UseLock uses;
    private final SurfaceDescription description;
    private final AttachmentStore attachments;

    /** Whether bytes may be gone, or go at any time. */
    private volatile boolean canLosePages;

    private int references;

    /**
     * Takes over the memories.
     *
     * @param foreign the surface's bytes, if they are not in the memory with its control block
     * @param isShared whether other processes have the memory
     */
    LinuxSurface(
            SharedMemory memory, @Nullable ImportedMemory foreign, SurfaceDescription description, boolean isShared) {
        this.memory = memory;
        this.foreign = foreign;
        this.uses = new UseLock(memory);
        this.description = description;
        this.attachments = new AttachmentStore(memory, description.attachmentsAt());
        this.canLosePages = foreign == null ? isShared && memory.canLosePages() : foreign.canLosePages();
    }

    FileIdentity identity() {
        return memory.identity();
    }

    SurfaceDescription description() {
        return description;
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
            long size = description.attachmentsAt() - ControlBlock.SIZE;
            if (foreign != null || ControlBlock.hasDmaBuf(memory.bytes())) {
                requireKept(state);
                ControlBlock.setPurgeState(memory.bytes(), state.number());
            } else if (state == PurgeState.EMPTY) {
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

    /** The maker of imported memory did not say that its contents may go; and a dma-buf would keep the pages given back. */
    private static void requireKept(PurgeState state) throws SurfaceException {
        if (state == PurgeState.EMPTY) {
            throw new SurfaceException(
                    "IOSurfaceSetPurgeable",
                    KernReturn.KERN_NOT_SUPPORTED,
                    "the memory is imported, or a dma-buf was made of it");
        }
    }

    private void discard(PurgeState before, long size) throws MachException {
        ControlBlock.setPurgeState(memory.bytes(), PurgeState.EMPTY.number());
        canLosePages = true;
        try {
            memory.discard(ControlBlock.SIZE, size);
        } catch (MachException e) {
            ControlBlock.setPurgeState(memory.bytes(), before.number());
            throw e;
        }
    }

    void prefault() {
        memory.populate(description.attachmentsAt());
        if (foreign != null) {
            foreign.populate();
        }
    }

    boolean isWritable() {
        return memory.isWritable() && (foreign == null || foreign.isWritable());
    }

    /**
     * Makes sure that the CPU can access the bytes, however many somebody may have given back to the system. For memory that
     * nobody can begin to write that was seen once and for all.
     */
    void requirePages() throws MachException {
        if (!canLosePages) {
            return;
        }
        if (foreign == null) {
            memory.requireFillable();
        } else {
            foreign.requireFillable();
        }
    }

    /** Begins an access of the CPU to the bytes; what a device wrote is seen then. */
    int beginAccess(boolean write) {
        return foreign == null ? KernReturn.KERN_SUCCESS : foreign.beginAccess(write);
    }

    int endAccess(boolean write) {
        return foreign == null ? KernReturn.KERN_SUCCESS : foreign.endAccess(write);
    }

    /** Opens descriptors of the memory that are one use of the surface together, to be sent in a right. */
    int[] openForPort(IntConsumer closeDescriptor) throws SurfaceException {
        int use = openUse("IOSurfaceCreateMachPort", false);
        if (foreign == null) {
            return new int[] {use};
        }
        try {
            return new int[] {use, foreign.duplicate()};
        } catch (MachException e) {
            closeDescriptor.accept(use);
            throw new SurfaceException("IOSurfaceCreateMachPort", e);
        }
    }

    /**
     * Opens the memory of the bytes for a program that knows nothing of surfaces. A memory of our own is in use as long as
     * that descriptor lives; of imported memory that cannot be seen.
     */
    int export() throws MachException {
        return foreign == null ? openUse("exportMemory", isWritable()) : foreign.duplicate();
    }

    private int openUse(String call, boolean writable) throws SurfaceException {
        int[] fd = new int[1];
        SurfaceException.check(call, uses.openUse(writable, fd));
        canLosePages |= memory.canLosePages();
        return fd[0];
    }

    /** Opens the memory of the bytes as one that devices can reach; when they no longer do cannot be seen. */
    int exportDmaBuf(DmaBufCalls dmaBufs, int[] fd) throws MachException {
        if (foreign != null) {
            return foreign.dmaBuf(fd);
        }
        if (!memory.isWritable()) {
            return KernReturn.KERN_PROTECTION_FAILURE;
        }
        try (WriteLock held = WriteLock.take(memory, PURGE_LOCK_POSITION, PATIENCE_MILLIS)) {
            int code = memory.dmaBuf(dmaBufs, description.attachmentsAt(), fd);
            if (code == KernReturn.KERN_SUCCESS) {
                ControlBlock.setHasDmaBuf(memory.bytes());
            }
            return code;
        }
    }

    /** Returns where in the memory exported the surface's bytes begin. */
    long exportedAt() {
        return foreign == null ? ControlBlock.SIZE : 0;
    }

    /** Lets no process that does not write the surface already begin to. */
    void forbidWriters() throws MachException {
        if (foreign != null) {
            throw new SurfaceException(
                    "createReadOnlyMachPort", KernReturn.KERN_NOT_SUPPORTED, "the memory is imported");
        }
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
        return foreign == null ? memory.address() + ControlBlock.SIZE : foreign.address();
    }

    /** Makes a buffer of some of the surface's bytes, which do not include padding rows. */
    ByteBuffer bytes(long offset, int size) {
        Objects.checkFromIndexSize(offset, size, description.layout().allocSize());
        return foreign == null ? memory.window(ControlBlock.SIZE + offset, size) : foreign.window(offset, size);
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

    /** Returns whether a reference is counted; the caller keeps others from counting. */
    boolean isReferenced() {
        return references > 0;
    }

    /** Gives back the uses and the memory. */
    void close() {
        uses.close();
        memory.close();
        if (foreign != null) {
            foreign.close();
        }
    }
}
