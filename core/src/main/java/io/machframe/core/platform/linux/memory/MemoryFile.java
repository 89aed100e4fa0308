/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.memory;

import io.machframe.core.platform.MessageBuffer;
import io.machframe.core.platform.kernel.KernelException;
import io.machframe.core.platform.linux.libc.Errno;
import io.machframe.core.platform.linux.libc.LibC;
import io.machframe.core.platform.linux.libc.NativeMemory;

/** Files that are memory, memfds, by descriptor. */
public final class MemoryFile {
    /** Nobody can resize the file: without these a peer could cut it off under a mapping, whose user would die. */
    public static final int FIXED_SIZE = LibC.F_SEAL_SHRINK | LibC.F_SEAL_GROW;

    /** Nor change what is in it, nor this. */
    private static final int FIXED = FIXED_SIZE | LibC.F_SEAL_WRITE | LibC.F_SEAL_SEAL;

    /** What files of messages are called, for people who look at a process's mappings. */
    public static final String MESSAGES = "machframe-memory";

    /** What the system counts the pages of a file in. */
    static final long BLOCK = 512;

    private static final long TMPFS_MAGIC = 0x01021994;
    private static final long MAX_WRITE = 1L << 30;

    private static final ThreadLocal<MessageBuffer> STATUS =
            ThreadLocal.withInitial(() -> NativeMemory.allocate(LibC.STATX_SIZE_OF));

    private MemoryFile() {}

    /** Makes an empty file, the caller's to close. Returns -1, with errno set, if it cannot. */
    public static int open(String name) {
        int flags = LibC.MFD_CLOEXEC | LibC.MFD_ALLOW_SEALING;
        int fd = LibC.memfd_create(name, flags | LibC.MFD_NOEXEC_SEAL);
        if (fd == -1 && LibC.errno() == LibC.EINVAL) {
            fd = LibC.memfd_create(name, flags); // the kernel is older than 6.3
        }
        return fd;
    }

    /** Makes a file of zeros whose size is fixed, the caller's to close. */
    public static int create(String name, long size) throws KernelException {
        int fd = openOrThrow(name);
        if (LibC.ftruncate(fd, size) < 0 || !seal(fd, FIXED_SIZE)) {
            throw closed(fd);
        }
        return fd;
    }

    /** Makes a file that nobody can change of memory at any address, the caller's to close. */
    public static int copyOf(long address, long size) throws KernelException {
        int fd = openOrThrow(MESSAGES);
        if (!write(fd, address, size)) {
            throw closed(fd);
        }
        return fd;
    }

    private static int openOrThrow(String name) throws KernelException {
        int fd = open(name);
        if (fd < 0) {
            throw Errno.memoryFailure(LibC.errno());
        }
        return fd;
    }

    private static KernelException closed(int fd) {
        int errno = LibC.errno();
        LibC.close(fd);
        return Errno.memoryFailure(errno);
    }

    /** Appends memory to a file. Returns whether all of it could be read and written; if not, errno says why. */
    public static boolean write(int fd, long address, long size) {
        for (long done = 0; done < size; ) {
            long written = LibC.write(fd, address + done, Math.min(size - done, MAX_WRITE));
            if (written < 0 && LibC.errno() != LibC.EINTR) {
                return false;
            }
            done += Math.max(written, 0);
        }
        return true;
    }

    /** Copies a part of a file into memory. Returns whether the file has that many bytes. */
    public static boolean read(int fd, long offset, long address, long size) {
        for (long done = 0; done < size; ) {
            long read = LibC.pread(fd, address + done, size - done, offset + done);
            if (read == 0 || (read < 0 && LibC.errno() != LibC.EINTR)) {
                return false;
            }
            done += Math.max(read, 0);
        }
        return true;
    }

    public static boolean seal(int fd, int seals) {
        return LibC.fcntl(fd, LibC.F_ADD_SEALS, seals) == 0;
    }

    /** Fixes size and contents, for good. Fails while somebody could write them. */
    public static boolean seal(int fd) {
        return seal(fd, FIXED);
    }

    public static boolean hasSeals(int fd, int seals) {
        int has = LibC.fcntl(fd, LibC.F_GET_SEALS, 0);
        return has >= 0 && (has & seals) == seals;
    }

    /** Lets nobody begin to write a memory file, for good. Fails for who may not write it, and before Linux 5.1. */
    public static boolean forbidWriters(int fd) {
        return seal(fd, LibC.F_SEAL_FUTURE_WRITE | LibC.F_SEAL_SEAL);
    }

    /** Returns whether nobody can begin to write a memory file. */
    public static boolean forbidsWriters(int fd) {
        return (LibC.fcntl(fd, LibC.F_GET_SEALS, 0) & (LibC.F_SEAL_FUTURE_WRITE | LibC.F_SEAL_WRITE)) != 0;
    }

    /** Returns whether a descriptor from anywhere is memory of at least that size which nobody can resize. */
    public static boolean isFixedSize(int fd, long size) {
        return hasSeals(fd, FIXED_SIZE) && isTmpfs(fd) && size(fd) >= size;
    }

    /** Returns whether nobody can change the contents either. */
    public static boolean isFixed(int fd, long size) {
        return isFixedSize(fd, size) && hasSeals(fd, LibC.F_SEAL_WRITE);
    }

    /** Files of huge pages have seals too, but an access to them fails when the system has no more such pages. */
    static boolean isTmpfs(int fd) {
        return fileSystem(fd) == TMPFS_MAGIC;
    }

    /** Returns the magic number of the file system that a descriptor's file is in, 0 if it has none. */
    static long fileSystem(int fd) {
        MessageBuffer status = NativeMemory.allocate(LibC.STATFS_SIZE_OF);
        return LibC.fstatfs(fd, status.address()) == 0 ? status.bytes().getLong(LibC.STATFS_TYPE) : 0;
    }

    /** Returns the bytes of a file, or -1, with errno set. */
    static long size(int fd) {
        return status(fd, LibC.STATX_SIZE);
    }

    /** Returns the bytes of memory that a file has, which are less than its own if it has holes; -1 with errno set. */
    static long allocated(int fd) {
        long blocks = status(fd, LibC.STATX_BLOCKS);
        return blocks == -1 ? -1 : blocks * BLOCK;
    }

    /** Returns whether it is a memory file with pages for that many bytes: one of holes would cost its maker nothing. */
    public static boolean isFilled(int fd, long bytes) {
        return FileIdentity.ofMemory(fd) != null && size(fd) >= bytes && allocated(fd) >= bytes;
    }

    /**
     * Returns whether there is memory for what may be holes among so many bytes of a file: who touches one takes memory for
     * it, and is killed if there is none.
     */
    public static boolean canFill(int fd, long bytes) {
        if (bytes < MemoryHeadroom.WORTH_ASKING) {
            return true;
        }
        MessageBuffer status = STATUS.get();
        if (!status(fd, status)) {
            return false;
        }
        long missing = status.bytes().getLong(LibC.STATX_SIZE) - status.bytes().getLong(LibC.STATX_BLOCKS) * BLOCK;
        return MemoryHeadroom.HERE.has(Math.min(bytes, missing));
    }

    private static long status(int fd, int field) {
        MessageBuffer status = STATUS.get();
        return status(fd, status) ? status.bytes().getLong(field) : -1;
    }

    private static boolean status(int fd, MessageBuffer status) {
        return LibC.statx(fd, "", LibC.AT_EMPTY_PATH, LibC.STATX_BASIC_STATS, status.address()) == 0;
    }
}
