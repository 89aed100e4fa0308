/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.memory;

import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;
import io.machframe.core.platform.DmaBufCalls;
import io.machframe.core.platform.linux.libc.Descriptor;
import io.machframe.core.platform.linux.libc.LibC;
import java.nio.ByteBuffer;

/**
 * Memory that somebody else made, and that came as a descriptor: a memfd, or a dma-buf. Mapped as the descriptor allows,
 * for reading or for writing too.
 *
 * <p>A memfd is only safe to map once it cannot shrink any more: an access behind its end would end the process. So one
 * that is not sealed against shrinking is sealed, which its maker notices if that wants to make it smaller, and one that
 * cannot be sealed is refused. A dma-buf never changes its size.
 *
 * <p>For any thread; {@link #close} must not race other calls.
 */
public final class ImportedMemory implements AutoCloseable {
    private final DmaBufCalls dmaBufs;
    private final int fd;
    private final boolean dmaBuf;
    private final MappedRegion region;
    private boolean closed;

    private ImportedMemory(DmaBufCalls dmaBufs, int fd, boolean dmaBuf, MappedRegion region) {
        this.dmaBufs = dmaBufs;
        this.fd = fd;
        this.dmaBuf = dmaBuf;
        this.region = region;
    }

    /**
     * Maps the first bytes of some memory.
     *
     * @param given stays the caller's, who may close it at once
     * @param size bytes, at least 1
     * @throws MachException {@code KERN_INVALID_NAME} if the descriptor is not open, {@code KERN_INVALID_CAPABILITY} if it
     *     is neither a memfd of usual pages nor a dma-buf, {@code KERN_NO_ACCESS} if it is a memfd that could shrink and
     *     cannot be sealed, {@code KERN_PROTECTION_FAILURE} if it cannot be read, {@code KERN_INVALID_ADDRESS} if it has
     *     fewer bytes, {@code KERN_RESOURCE_SHORTAGE} or {@code KERN_NO_SPACE} if there is no room to map it
     */
    public static ImportedMemory map(DmaBufCalls dmaBufs, int given, long size) throws MachException {
        int fd = Descriptor.duplicate(given);
        if (fd < 0) {
            throw LibC.errno() == LibC.EBADF
                    ? failure("fcntl(F_DUPFD_CLOEXEC)", KernReturn.KERN_INVALID_NAME, "the descriptor is not open")
                    : SharedMemory.failure("fcntl(F_DUPFD_CLOEXEC)");
        }
        try {
            boolean dmaBuf = dmaBufs.isDmaBuf(fd);
            if (!dmaBuf) {
                requireMemory(fd);
            }
            int flags = LibC.fcntl(fd, LibC.F_GETFL, 0);
            if ((flags & LibC.O_ACCMODE) == LibC.O_WRONLY) {
                throw failure("mmap", KernReturn.KERN_PROTECTION_FAILURE, "the descriptor is not open for reading");
            }
            if (!dmaBuf) {
                requireNoShrinking(fd);
            }
            requireSize(fd, size);
            boolean writable = (flags & LibC.O_ACCMODE) == LibC.O_RDWR && (dmaBuf || !MemoryFile.forbidsWriters(fd));
            if (!dmaBuf) {
                SharedMemory.requireFillable("mmap", fd, size);
            }
            if (!dmaBuf && writable) {
                // No later write can fail for lack of room then.
                SharedMemory.fallocate(fd, 0, 0, size);
            }
            MappedRegion region = SharedMemory.mapOrCollect(fd, size, writable);
            if (region == null) {
                throw SharedMemory.failure("mmap");
            }
            return new ImportedMemory(dmaBufs, fd, dmaBuf, region);
        } catch (MachException | RuntimeException | Error e) {
            LibC.close(fd);
            throw e;
        }
    }

    private static void requireMemory(int fd) throws MachException {
        if (FileIdentity.ofMemory(fd) == null || !MemoryFile.isTmpfs(fd)) {
            throw failure(
                    "fcntl(F_GET_SEALS)",
                    KernReturn.KERN_INVALID_CAPABILITY,
                    "the descriptor is neither a memfd of usual pages nor a dma-buf");
        }
    }

    private static void requireNoShrinking(int fd) throws MachException {
        if (!MemoryFile.hasSeals(fd, LibC.F_SEAL_SHRINK) && !MemoryFile.seal(fd, LibC.F_SEAL_SHRINK)) {
            throw failure(
                    "fcntl(F_ADD_SEALS)",
                    KernReturn.KERN_NO_ACCESS,
                    "the memory has no F_SEAL_SHRINK and it cannot be added: errno " + LibC.errno());
        }
    }

    private static void requireSize(int fd, long needed) throws MachException {
        long size = SharedMemory.size(fd);
        if (size < needed) {
            throw failure(
                    "statx",
                    KernReturn.KERN_INVALID_ADDRESS,
                    "the memory has " + size + " bytes, " + needed + " are needed");
        }
    }

    private static MachException failure(String call, int code, String detail) {
        return SharedMemory.failure(call, code, detail);
    }

    /** Returns the bytes mapped. */
    public long size() {
        return region.size();
    }

    /** Returns where the memory is mapped; the addresses stay reserved while a buffer over them is reachable. */
    public long address() {
        return region.address();
    }

    /** Returns a new buffer of some of the bytes, as {@link SharedMemory#window} does. */
    public ByteBuffer window(long offset, int size) {
        return region.window(offset, size);
    }

    /** Returns whether it is mapped for writing. */
    public boolean isWritable() {
        return region.isWritable();
    }

    /** As {@link SharedMemory#requireFillable()}; a dma-buf has all its bytes. */
    public void requireFillable() throws MachException {
        if (!dmaBuf) {
            SharedMemory.requireFillable("mmap", fd, size());
        }
    }

    /** As {@link SharedMemory#canLosePages}. */
    public boolean canLosePages() {
        return !dmaBuf && !MemoryFile.forbidsWriters(fd);
    }

    /** Returns whether it is a dma-buf. */
    public boolean isDmaBuf() {
        return dmaBuf;
    }

    /** Maps all bytes ahead of their first access; as {@link SharedMemory#populate}. */
    public void populate() {
        if (dmaBuf) {
            region.populate(size());
        } else {
            SharedMemory.populate(region, fd, size());
        }
    }

    /**
     * Begins an access of the CPU. What devices wrote before is seen after this; for a memfd there is nothing to do.
     *
     * @return a {@link KernReturn}
     */
    public int beginAccess(boolean write) {
        return dmaBuf ? dmaBufs.sync(fd, DmaBufCalls.SYNC_START | access(write)) : KernReturn.KERN_SUCCESS;
    }

    /** Ends an access of the CPU. What was written is seen by devices after this. */
    public int endAccess(boolean write) {
        return dmaBuf ? dmaBufs.sync(fd, DmaBufCalls.SYNC_END | access(write)) : KernReturn.KERN_SUCCESS;
    }

    private static long access(boolean write) {
        return write ? DmaBufCalls.SYNC_READ | DmaBufCalls.SYNC_WRITE : DmaBufCalls.SYNC_READ;
    }

    /** Makes a dma-buf of the memory unless it is one; as {@link SharedMemory#dmaBuf}. */
    public int dmaBuf(int[] duplicate) {
        if (!dmaBuf) {
            return dmaBufs.ofMemory(fd, SharedMemory.pages(size()), duplicate);
        }
        duplicate[0] = Descriptor.duplicate(fd);
        return duplicate[0] < 0 ? KernReturn.KERN_NO_SPACE : KernReturn.KERN_SUCCESS;
    }

    /** Opens one more descriptor of the memory, the caller's to close, of the same file description. */
    public int duplicate() throws MachException {
        int copy = Descriptor.duplicate(fd);
        if (copy < 0) {
            throw SharedMemory.failure("fcntl(F_DUPFD_CLOEXEC)");
        }
        return copy;
    }

    /** Lets go of the memory: unmaps it and closes the descriptor. Further calls do nothing. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            region.close();
            LibC.close(fd);
        }
    }
}
