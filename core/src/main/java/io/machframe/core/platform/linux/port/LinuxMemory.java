/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.port;

import static io.machframe.core.error.KernReturn.KERN_INVALID_ADDRESS;
import static io.machframe.core.error.KernReturn.KERN_INVALID_ARGUMENT;
import static io.machframe.core.error.KernReturn.KERN_INVALID_RIGHT;
import static io.machframe.core.error.KernReturn.KERN_NOT_SUPPORTED;
import static io.machframe.core.error.KernReturn.KERN_PROTECTION_FAILURE;
import static io.machframe.core.error.KernReturn.KERN_RESOURCE_SHORTAGE;

import io.machframe.core.platform.Mach;
import io.machframe.core.platform.MessageBuffer;
import io.machframe.core.platform.kernel.KernelException;
import io.machframe.core.platform.kernel.MemoryBlock;
import io.machframe.core.platform.kernel.SendEnd;
import io.machframe.core.platform.kernel.TaskMemory;
import io.machframe.core.platform.linux.libc.Descriptor;
import io.machframe.core.platform.linux.libc.Errno;
import io.machframe.core.platform.linux.libc.LibC;
import io.machframe.core.platform.linux.libc.NativeMemory;
import io.machframe.core.platform.linux.memory.FileIdentity;
import io.machframe.core.platform.linux.memory.MemoryFile;
import io.machframe.core.platform.linux.wire.FileBlock;
import io.machframe.core.platform.linux.wire.WireLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;

/**
 * A task's memory: mappings of this process, by address.
 *
 * <p>A range that is large enough to travel as a file is made as one, so that a message that consumes it needs no copy:
 * the file is sealed and its descriptor sent ({@link FileBlock}). Small ones, and what messages bring, are private.
 */
final class LinuxMemory implements TaskMemory {
    /** From this size on a range is a file. */
    private static final long FILE_SIZE = WireLayout.MAX_PACKET;

    private static final long COPY_SIZE = 1 << 30;
    private static final int READ_WRITE = LibC.PROT_READ | LibC.PROT_WRITE;
    private static final long PAGE_SIZE = LibC.sysconf(LibC.SC_PAGESIZE);

    private final Map<Long, MemoryRange> ranges = new HashMap<>();

    static long pages(long size) {
        return (size + PAGE_SIZE - 1) & -PAGE_SIZE;
    }

    @Override
    public long allocate(long size) throws KernelException {
        if (size == 0) {
            return 0;
        }
        if (size < FILE_SIZE) {
            return add(new MemoryRange(mapZeros(0, pages(size)), pages(size), -1));
        }
        int fd = MemoryFile.create(MemoryFile.MESSAGES, pages(size));
        try {
            return add(new MemoryRange(map(fd, pages(size), READ_WRITE, LibC.MAP_SHARED), pages(size), fd));
        } catch (KernelException e) {
            LibC.close(fd);
            throw e;
        }
    }

    private synchronized long add(MemoryRange range) {
        ranges.put(range.address, range);
        return range.address;
    }

    @Override
    public void deallocate(long address, long size) throws KernelException {
        MemoryRange range;
        synchronized (this) {
            range = require(address, size);
            ranges.remove(address);
        }
        LibC.munmap(range.address, range.size);
        range.closeFile();
    }

    @Override
    public synchronized long relocate(long address, long size) throws KernelException {
        MemoryRange range = require(address, size);
        long moved;
        if (range.isExclusiveFile()) {
            moved = add(new MemoryRange(map(range.fd, range.size, READ_WRITE, LibC.MAP_SHARED), range.size, range.fd));
            range.fd = -1;
        } else {
            moved = allocate(size);
            copy(address, moved, size);
        }
        blank(range);
        return moved;
    }

    private void copy(long from, long to, long size) {
        for (long done = 0; done < size; done += COPY_SIZE) {
            int count = (int) Math.min(COPY_SIZE, size - done);
            view(to + done, count).put(view(from + done, count));
        }
    }

    /**
     * Takes the file out of a range that is about to be consumed, with nobody left to write it; what the range still
     * shows is from now on its own. Returns -1 if that cannot be.
     */
    private synchronized int release(MemoryRange range) {
        if (ranges.get(range.address) != range || !range.isExclusiveFile()) {
            return -1;
        }
        if (!remap(range, LibC.MAP_PRIVATE) || !MemoryFile.seal(range.fd)) {
            remap(range, LibC.MAP_SHARED);
            return -1;
        }
        int fd = range.fd;
        range.fd = -1;
        return fd;
    }

    private static boolean remap(MemoryRange range, int flags) {
        return LibC.mmap(range.address, range.size, READ_WRITE, flags | LibC.MAP_FIXED, range.fd, 0) != LibC.MAP_FAILED;
    }

    @Override
    public synchronized void blank(long address, long size) throws KernelException {
        blank(require(address, size));
    }

    private static void blank(MemoryRange range) throws KernelException {
        mapZeros(range.address, range.size);
        range.closeFile();
    }

    @Override
    public synchronized boolean isOwned(long address, long size) {
        MemoryRange range = ranges.get(address);
        return range != null && range.size == pages(size);
    }

    private MemoryRange require(long address, long size) throws KernelException {
        MemoryRange range = ranges.get(address);
        if (range == null || range.size != pages(size)) {
            throw new KernelException(KERN_INVALID_ADDRESS);
        }
        return range;
    }

    @Override
    public void read(long address, MessageBuffer target, int at, int size) throws KernelException {
        MessageBuffer iov = NativeMemory.allocate(32);
        iov.bytes().putLong(0, target.address() + at).putLong(8, size);
        iov.bytes().putLong(16, address).putLong(24, size);
        long read = LibC.process_vm_readv(LibC.getpid(), iov.address(), 1, iov.address() + 16, 1, 0);
        if (read < 0 && (LibC.errno() == LibC.EPERM || LibC.errno() == LibC.ENOSYS)) {
            readThroughFile(address, target, at, size); // a sandbox forbids the other
        } else if (read != size) {
            throw new KernelException(KERN_INVALID_ADDRESS);
        }
    }

    private static void readThroughFile(long address, MessageBuffer target, int at, int size) throws KernelException {
        int fd = MemoryFile.copyOf(address, size);
        try {
            if (!MemoryFile.read(fd, 0, target.address() + at, size)) {
                throw new KernelException(KERN_RESOURCE_SHORTAGE);
            }
        } finally {
            LibC.close(fd);
        }
    }

    @Override
    public synchronized MemoryBlock take(long address, long size, boolean consumed) {
        MemoryRange range = consumed ? ranges.get(address) : null;
        return new FileBlock(address, size, () -> range == null ? -1 : release(range));
    }

    @Override
    public long place(MemoryBlock block, long size) throws KernelException {
        FileBlock file = (FileBlock) block;
        try {
            return add(new MemoryRange(map(file.fd(), pages(size), READ_WRITE, LibC.MAP_PRIVATE), pages(size), -1));
        } finally {
            file.close();
        }
    }

    /**
     * {@inheritDoc} A range that is no file becomes one, for which it is copied: nobody else may write it meanwhile.
     *
     * <p>Without {@code VM_PROT_WRITE} nobody who does not write the memory already can begin to, by this right or any
     * other.
     */
    @Override
    public synchronized SendEnd makeEntry(long address, long size, int protection) throws KernelException {
        MemoryRange range = require(address, size);
        if (range.fd < 0) {
            becomeFile(range);
        }
        boolean writable = (protection & Mach.VM_PROT_WRITE) != 0;
        boolean sealed = MemoryFile.hasSeals(range.fd, LibC.F_SEAL_FUTURE_WRITE);
        if (writable && sealed) {
            throw new KernelException(KERN_PROTECTION_FAILURE);
        }
        if (!writable && !sealed && !MemoryFile.forbidWriters(range.fd)) {
            throw new KernelException(KERN_NOT_SUPPORTED); // the kernel is older than 5.1
        }
        int fd = Descriptor.reopen(range.fd, writable ? LibC.O_RDWR : LibC.O_RDONLY);
        FileIdentity identity = fd < 0 ? null : FileIdentity.ofMemory(fd);
        if (identity == null) {
            int errno = LibC.errno();
            LibC.close(fd);
            throw Errno.failure(errno);
        }
        range.shared = true;
        return new MemoryEnd(new int[] {fd}, identity);
    }

    private static void becomeFile(MemoryRange range) throws KernelException {
        int fd = MemoryFile.copyOf(range.address, range.size);
        range.fd = fd;
        if (!MemoryFile.seal(fd, MemoryFile.FIXED_SIZE) || !remap(range, LibC.MAP_SHARED)) {
            range.closeFile();
            throw new KernelException(KERN_RESOURCE_SHORTAGE);
        }
    }

    @Override
    public long map(SendEnd entry, long size, int protection) throws KernelException {
        if (!(entry instanceof MemoryEnd memory) || size <= 0) {
            throw new KernelException(KERN_INVALID_ARGUMENT);
        }
        if (!MemoryFile.isFixedSize(memory.fd(0), size)) {
            throw new KernelException(KERN_INVALID_ARGUMENT);
        }
        if (!MemoryFile.canFill(memory.fd(0), size)) {
            throw new KernelException(KERN_RESOURCE_SHORTAGE);
        }
        boolean writable = (protection & Mach.VM_PROT_WRITE) != 0;
        int access = LibC.fcntl(memory.fd(0), LibC.F_GETFL, 0) & LibC.O_ACCMODE;
        if (writable && access != LibC.O_RDWR) {
            throw new KernelException(KERN_INVALID_RIGHT);
        }
        int fd = Descriptor.duplicate(memory.fd(0));
        if (fd < 0) {
            throw Errno.failure(LibC.errno());
        }
        try {
            int mode = writable ? READ_WRITE : LibC.PROT_READ;
            MemoryRange range = new MemoryRange(map(fd, pages(size), mode, LibC.MAP_SHARED), pages(size), fd);
            range.shared = true;
            return add(range);
        } catch (KernelException e) {
            LibC.close(fd);
            throw e;
        }
    }

    @Override
    public ByteBuffer view(long address, int size) {
        return size == 0 ? ByteBuffer.allocate(0).order(ByteOrder.LITTLE_ENDIAN) : NativeMemory.view(address, size);
    }

    @Override
    public long address(ByteBuffer direct) {
        return NativeMemory.address(direct) + direct.position();
    }

    private static long map(int fd, long size, int protection, int flags) throws KernelException {
        return mapped(LibC.mmap(0, size, protection, flags, fd, 0));
    }

    private static long mapZeros(long at, long size) throws KernelException {
        int flags = LibC.MAP_PRIVATE | LibC.MAP_ANONYMOUS | LibC.MAP_NORESERVE | (at == 0 ? 0 : LibC.MAP_FIXED);
        return mapped(LibC.mmap(at, size, READ_WRITE, flags, -1, 0));
    }

    private static long mapped(long address) throws KernelException {
        if (address == LibC.MAP_FAILED) {
            throw Errno.memoryFailure(LibC.errno());
        }
        return address;
    }
}
