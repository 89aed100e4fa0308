/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.memory;

import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;
import io.machframe.core.platform.DmaBufCalls;
import io.machframe.core.platform.linux.libc.Descriptor;
import io.machframe.core.platform.linux.libc.LibC;
import io.machframe.core.platform.linux.libc.Limits;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Memory that processes share: a memfd of fixed size, allocated, sealed against resizing, and mapped for reading and,
 * unless its maker forbade that to all who come later, writing.
 *
 * <p>The seals are what makes it safe to share: without them a peer could cut the file off under a mapping, and the next
 * access would end the process. Memory that a peer gave is therefore checked before it is mapped.
 *
 * <p>It holds one file description of its own, on which no lock is ever taken, so that {@link UseLock} can ask about the
 * locks of all others through it. For any thread; {@link #close} must not race other calls.
 */
public final class SharedMemory implements AutoCloseable {
    /** The most bytes, 1 TiB: so that what a peer claims does not take all addresses of a process. */
    public static final long MAX_SIZE = 1L << 40;

    /** Looked for while there are descriptors. */
    private static final MemoryHeadroom ROOM = MemoryHeadroom.HERE;

    private static final int TRIES = 5;
    private static final long PAUSE_MILLIS = 20;

    private final int fd;
    private final FileIdentity identity;
    private final MappedRegion region;
    private boolean closed;

    private SharedMemory(int fd, FileIdentity identity, MappedRegion region) {
        this.fd = fd;
        this.identity = identity;
        this.region = region;
    }

    /**
     * Makes new memory, filled with zeros and really allocated: no later access can fail for lack of room.
     *
     * @param name shown in {@code /proc} to people who debug
     * @param size bytes, at least 1; rounded up to whole pages
     * @throws MachException {@code KERN_RESOURCE_SHORTAGE} if there is not enough memory, {@code KERN_NO_SPACE} if the
     *     size is above a limit of the process or it has no descriptor left; nothing is left behind then
     */
    public static SharedMemory create(String name, long size) throws MachException {
        return create(name, size, 0);
    }

    /**
     * Makes new memory of which the last bytes are left for later: reading them shows zeros, and who writes there calls
     * {@link #allocate} first.
     *
     * @param size bytes that are allocated, at least 1; rounded up to whole pages
     * @param later bytes behind them that are not; rounded up too
     */
    public static SharedMemory create(String name, long size, long later) throws MachException {
        long pageSize = LibC.sysconf(LibC.SC_PAGESIZE);
        if (size < 1 || later < 0 || later > MAX_SIZE || size > MAX_SIZE - 2 * pageSize - later) {
            throw failure("memfd_create", KernReturn.KERN_NO_SPACE, size + " bytes of shared memory are out of range");
        }
        requireRoom("memfd_create", size);
        long rounded = pages(size);
        long whole = rounded + pages(later);
        int fd = open(name);
        try {
            fallocate(fd, 0, 0, rounded);
            if (LibC.ftruncate(fd, whole) == -1) {
                throw failure("ftruncate");
            }
            if (!MemoryFile.seal(fd, MemoryFile.FIXED_SIZE)) {
                throw failure("fcntl(F_ADD_SEALS)");
            }
            return map(fd, identity(fd), whole, true);
        } catch (MachException | RuntimeException | Error e) {
            LibC.close(fd);
            throw e;
        }
    }

    /**
     * Maps memory that somebody else made.
     *
     * <p>Takes the descriptor over in any case: it is closed when this returns or throws, and the memory has a
     * description of its own, because locks on the given one may be somebody's.
     *
     * @param received an open descriptor of any kind, from anybody
     * @param minimumSize the least bytes that make sense to the caller
     * @throws MachException {@code KERN_INVALID_CAPABILITY} if it is no memfd, {@code KERN_NO_ACCESS} if it is not sealed
     *     against resizing or could be written but not by this process, {@code KERN_INVALID_ADDRESS} if it is smaller than
     *     {@code minimumSize}, {@code KERN_NOT_SUPPORTED} if it is larger than {@link #MAX_SIZE},
     *     {@code KERN_RESOURCE_SHORTAGE} if it has holes for which there is no memory, that or {@code KERN_NO_SPACE} if
     *     there is no room to map it
     */
    public static SharedMemory adopt(int received, long minimumSize) throws MachException {
        FileIdentity identity;
        boolean writable;
        int fd;
        try {
            identity = requireSealedMemory(received, minimumSize);
            writable = !MemoryFile.forbidsWriters(received);
            fd = reopen(received, writable ? LibC.O_RDWR : LibC.O_RDONLY);
        } finally {
            LibC.close(received);
        }
        try {
            requireFillable("mmap", fd, size(fd));
            return map(fd, identity, size(fd), writable);
        } catch (MachException | RuntimeException | Error e) {
            LibC.close(fd);
            throw e;
        }
    }

    /** Returns what all descriptors of this memory have in common, in all processes. */
    public FileIdentity identity() {
        return identity;
    }

    /** Returns the bytes mapped, in whole pages. */
    public long size() {
        return region.size();
    }

    /** Returns where the memory is mapped; the addresses stay reserved while {@link #bytes} is reachable. */
    public long address() {
        return region.address();
    }

    /**
     * Returns a little-endian buffer of the bytes, of the first 2 GiB - 1 if there are more, read-only if the memory is;
     * its position and limit belong to nobody. After {@link #close} it and everything derived from it can still be used,
     * but shows zeros that nobody else sees.
     */
    public ByteBuffer bytes() {
        return region.bytes();
    }

    /** Returns a new buffer of some of the bytes, wherever they are; otherwise as {@link #bytes}. */
    public ByteBuffer window(long offset, int size) {
        return region.window(offset, size);
    }

    /**
     * Makes sure that the bytes can be touched: whoever can write the memory can give it back to the system at any time.
     *
     * @throws MachException {@code KERN_RESOURCE_SHORTAGE} if bytes are not there and there is no memory for them
     */
    public void requireFillable() throws MachException {
        requireFillable("mmap", fd, size());
    }

    /** Returns whether somebody can give the memory, or some of it, back to the system. */
    public boolean canLosePages() {
        return !MemoryFile.forbidsWriters(fd);
    }

    /** Returns whether it is mapped for writing. */
    public boolean isWritable() {
        return region.isWritable();
    }

    /**
     * Lets nobody who does not write the memory already begin to: from now on no process, whatever its rights, can map it
     * for writing, write it as a file, or take this back. Mappings that exist go on.
     *
     * @throws MachException {@code KERN_NOT_SUPPORTED} if the kernel cannot do that (it can since Linux 5.1),
     *     {@code KERN_NO_ACCESS} if this process may not write the memory itself
     */
    public void forbidWriters() throws MachException {
        if (MemoryFile.forbidsWriters(fd)) {
            return;
        }
        if (!MemoryFile.forbidWriters(fd)) {
            throw LibC.errno() == LibC.EINVAL
                    ? failure("fcntl(F_ADD_SEALS)", KernReturn.KERN_NOT_SUPPORTED, "the kernel has no such seal")
                    : failure("fcntl(F_ADD_SEALS)");
        }
    }

    /**
     * Makes sure that bytes have memory, so that writing them cannot fail for lack of it.
     *
     * @throws MachException {@code KERN_RESOURCE_SHORTAGE} if there is none
     */
    public void allocate(long offset, long size) throws MachException {
        requireRoom("fallocate", size);
        fallocate(fd, 0, offset, size);
    }

    /**
     * Maps bytes ahead of their first access, which else pays for each page. Changes nothing, so that it does not matter
     * if the kernel cannot do it (it can since Linux 5.14), or a peer left holes for which there is no memory.
     *
     * @param size from the start
     */
    public void populate(long size) {
        populate(region, fd, size);
    }

    static void populate(MappedRegion region, int fd, long size) {
        if (MemoryFile.canFill(fd, size)) {
            region.populate(size);
        }
    }

    /**
     * Gives the memory of bytes back to the system. They read as zeros from now on; to write them without risk,
     * {@link #allocate} first.
     *
     * @throws MachException {@code KERN_NO_ACCESS} if nobody may write the memory any more
     */
    public void discard(long offset, long size) throws MachException {
        fallocate(fd, LibC.FALLOC_FL_PUNCH_HOLE | LibC.FALLOC_FL_KEEP_SIZE, offset, size);
    }

    /**
     * Makes a dma-buf of the first bytes, {@link DmaBufCalls#ofMemory}.
     *
     * @return a {@link KernReturn}
     */
    public int dmaBuf(DmaBufCalls calls, long size, int[] fd) {
        return calls.ofMemory(this.fd, Math.min(pages(size), size()), fd);
    }

    /** Opens another description of the memory, the caller's to close. Locks taken on it are its own. */
    int openDescription(int access) throws MachException {
        return reopen(fd, access);
    }

    /** Returns the description that nobody locks. */
    int descriptor() {
        return fd;
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

    static void requireRoom(String call, long size) throws MachException {
        if (!ROOM.has(size)) {
            throw failure(
                    call,
                    KernReturn.KERN_RESOURCE_SHORTAGE,
                    "the machine, or the control group of this process, has no " + size + " bytes left");
        }
    }

    /** Throws if some memory may have holes among its first bytes for which there is no memory. */
    static void requireFillable(String call, int fd, long size) throws MachException {
        if (!MemoryFile.canFill(fd, size)) {
            throw failure(
                    call,
                    KernReturn.KERN_RESOURCE_SHORTAGE,
                    "of its " + size
                            + " bytes not all are there, and the machine, or the control group of this process,"
                            + " has not as many left as are missing");
        }
    }

    /** Returns a size in whole pages. */
    static long pages(long size) {
        long pageSize = LibC.sysconf(LibC.SC_PAGESIZE);
        return (size + pageSize - 1) & -pageSize;
    }

    private static int open(String name) throws MachException {
        int fd = MemoryFile.open(name);
        if (fd == -1) {
            throw failure("memfd_create");
        }
        return fd;
    }

    static void fallocate(int fd, int mode, long offset, long size) throws MachException {
        while (LibC.fallocate(fd, mode, offset, size) == -1) {
            if (LibC.errno() != LibC.EINTR) {
                throw failure("fallocate");
            }
        }
    }

    private static FileIdentity requireSealedMemory(int fd, long minimumSize) throws MachException {
        FileIdentity identity = FileIdentity.ofMemory(fd);
        if (identity == null || !MemoryFile.isTmpfs(fd)) {
            throw failure("fcntl(F_GET_SEALS)", KernReturn.KERN_INVALID_CAPABILITY, "the descriptor is no memfd");
        }
        if (!MemoryFile.hasSeals(fd, MemoryFile.FIXED_SIZE)) {
            throw failure(
                    "fcntl(F_GET_SEALS)", KernReturn.KERN_NO_ACCESS, "the memory is not sealed against being resized");
        }
        long size = size(fd);
        if (size < Math.max(1, minimumSize)) {
            throw failure(
                    "statx",
                    KernReturn.KERN_INVALID_ADDRESS,
                    "the memory has " + size + " bytes, at least " + minimumSize + " are needed");
        }
        if (size > MAX_SIZE) {
            throw failure(
                    "statx",
                    KernReturn.KERN_NOT_SUPPORTED,
                    "the memory has " + size + " bytes, at most " + MAX_SIZE + " can be mapped");
        }
        return identity;
    }

    private static FileIdentity identity(int fd) throws MachException {
        FileIdentity identity = FileIdentity.ofMemory(fd);
        if (identity == null) {
            throw failure("statx");
        }
        return identity;
    }

    private static SharedMemory map(int fd, FileIdentity identity, long size, boolean writable) throws MachException {
        MappedRegion region = mapOrCollect(fd, size, writable);
        if (region == null) {
            throw failure("mmap");
        }
        return new SharedMemory(fd, identity, region);
    }

    /** Addresses of closed memory come back when the collector finds its buffers; a full process may wait for that. */
    static @Nullable MappedRegion mapOrCollect(int fd, long size, boolean writable) {
        MappedRegion region = MappedRegion.map(fd, size, writable);
        for (int tries = 0; region == null && LibC.errno() == LibC.ENOMEM && tries < TRIES; tries++) {
            System.gc();
            pause();
            region = MappedRegion.map(fd, size, writable);
        }
        return region;
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static int reopen(int fd, int access) throws MachException {
        int opened = Descriptor.reopen(fd, access);
        if (opened == -1) {
            throw failure("open(/proc/self/fd)");
        }
        return opened;
    }

    static MachException failure(String call) {
        int errno = LibC.errno();
        return failure(call, reason(errno), Limits.explainMemory(errno));
    }

    static MachException failure(String call, int code, String detail) {
        KernReturn reason = new KernReturn(code);
        return new MachException(call, reason, call + ": " + reason + ": " + detail);
    }

    private static int reason(int errno) {
        return switch (errno) {
            case LibC.ENOMEM, LibC.ENOSPC, LibC.ENFILE -> KernReturn.KERN_RESOURCE_SHORTAGE;
            case LibC.EMFILE, LibC.EFBIG -> KernReturn.KERN_NO_SPACE;
            case LibC.EACCES, LibC.EPERM -> KernReturn.KERN_NO_ACCESS;
            default -> KernReturn.KERN_FAILURE;
        };
    }

    static long size(int fd) throws MachException {
        long size = MemoryFile.size(fd);
        if (size == -1) {
            throw failure("statx");
        }
        return size;
    }
}
