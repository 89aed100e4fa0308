/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.memory;

import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;
import io.machframe.core.platform.DmaBufCalls;
import io.machframe.core.platform.MessageBuffer;
import io.machframe.core.platform.linux.libc.LibC;
import io.machframe.core.platform.linux.libc.NativeMemory;
import java.nio.file.Files;
import java.nio.file.Path;

/** The dma-bufs of this kernel, if it has any. */
public final class KernelDmaBufs implements DmaBufCalls {
    /** The device that allocates, and the one that makes dma-bufs of memfds; either may be missing, or not for us. */
    static final String HEAP = "/dev/dma_heap/system";

    static final String UDMABUF = "/dev/udmabuf";

    static final long DMA_BUF_IOCTL_SYNC = 0x40086200L;
    static final long DMA_HEAP_IOCTL_ALLOC = 0xc0184800L;
    static final long UDMABUF_CREATE = 0x40187542L;
    static final int UDMABUF_FLAGS_CLOEXEC = 1;

    /** {@code struct dma_buf_sync}: its flags. */
    static final int SYNC_SIZE_OF = 8;

    /** {@code struct dma_heap_allocation_data}. */
    static final int ALLOCATION_LENGTH = 0;

    static final int ALLOCATION_FD = 8;
    static final int ALLOCATION_FD_FLAGS = 12;
    static final int ALLOCATION_SIZE_OF = 24;

    /** {@code struct udmabuf_create}. */
    static final int UDMABUF_MEMFD = 0;

    static final int UDMABUF_FLAGS = 4;
    static final int UDMABUF_OFFSET = 8;
    static final int UDMABUF_SIZE = 16;
    static final int UDMABUF_SIZE_OF = 24;

    private static final long DMA_BUF_MAGIC = 0x444d4142;

    private static final ThreadLocal<MessageBuffer> SYNC =
            ThreadLocal.withInitial(() -> NativeMemory.allocate(SYNC_SIZE_OF));

    /** {@code ioctl}; the tests have their own. */
    interface Ioctl {
        int call(int fd, long request, long argument);
    }

    private final Ioctl ioctl;
    private final String heap;
    private final String udmabuf;

    public KernelDmaBufs() {
        this(LibC::ioctl, HEAP, UDMABUF);
    }

    KernelDmaBufs(Ioctl ioctl, String heap, String udmabuf) {
        this.ioctl = ioctl;
        this.heap = heap;
        this.udmabuf = udmabuf;
    }

    @Override
    public boolean isDmaBuf(int fd) {
        return MemoryFile.fileSystem(fd) == DMA_BUF_MAGIC;
    }

    @Override
    public int sync(int fd, long flags) {
        MessageBuffer sync = SYNC.get();
        sync.bytes().putLong(0, flags);
        while (ioctl.call(fd, DMA_BUF_IOCTL_SYNC, sync.address()) == -1) {
            int errno = LibC.errno();
            if (errno != LibC.EINTR && errno != LibC.EAGAIN) {
                return code(errno);
            }
        }
        return KernReturn.KERN_SUCCESS;
    }

    @Override
    public boolean canAllocate() {
        return isUsable(heap) || isUsable(udmabuf);
    }

    private static boolean isUsable(String device) {
        return Files.isReadable(Path.of(device)) && Files.isWritable(Path.of(device));
    }

    @Override
    public int allocate(long size, int[] fd) {
        if (size < 1 || size > SharedMemory.MAX_SIZE) {
            return KernReturn.KERN_NO_SPACE;
        }
        long pages = SharedMemory.pages(size);
        return isUsable(heap) ? ofHeap(pages, fd) : ofNewMemory(pages, fd);
    }

    private int ofHeap(long size, int[] fd) {
        if (!MemoryHeadroom.HERE.has(size)) {
            return KernReturn.KERN_RESOURCE_SHORTAGE; // the heap has no limit of its own but the one that kills
        }
        MessageBuffer allocation = NativeMemory.allocate(ALLOCATION_SIZE_OF);
        allocation.bytes().putLong(ALLOCATION_LENGTH, size);
        allocation.bytes().putInt(ALLOCATION_FD_FLAGS, LibC.O_RDWR | LibC.O_CLOEXEC);
        int made = ask(heap, DMA_HEAP_IOCTL_ALLOC, allocation);
        if (made < 0) {
            return code(-made);
        }
        fd[0] = allocation.bytes().getInt(ALLOCATION_FD);
        return KernReturn.KERN_SUCCESS;
    }

    /** The dma-buf keeps the pages of the memfd, not the memfd. */
    private int ofNewMemory(long size, int[] fd) {
        try (SharedMemory memory = SharedMemory.create("machframe-dma-buf", size)) {
            return ofMemory(memory.descriptor(), size, fd);
        } catch (MachException e) {
            return e.reason().code();
        }
    }

    @Override
    public int ofMemory(int memory, long size, int[] fd) {
        int fit = fit(memory, size);
        if (fit != KernReturn.KERN_SUCCESS) {
            return fit;
        }
        MessageBuffer create = NativeMemory.allocate(UDMABUF_SIZE_OF);
        create.bytes().putInt(UDMABUF_MEMFD, memory).putInt(UDMABUF_FLAGS, UDMABUF_FLAGS_CLOEXEC);
        create.bytes().putLong(UDMABUF_OFFSET, 0).putLong(UDMABUF_SIZE, size);
        int made = ask(udmabuf, UDMABUF_CREATE, create);
        if (made < 0) {
            return code(-made);
        }
        fd[0] = made;
        return KernReturn.KERN_SUCCESS;
    }

    /**
     * Says why a dma-buf cannot be made of some memory. The kernel has one errno for all of this, and would make one that
     * can be written of memory that must not be: it never looks at how the descriptor is open.
     */
    private static int fit(int memory, long size) {
        if (FileIdentity.ofMemory(memory) == null) {
            return KernReturn.KERN_INVALID_CAPABILITY;
        }
        int access = LibC.fcntl(memory, LibC.F_GETFL, 0) & LibC.O_ACCMODE;
        if (access != LibC.O_RDWR || MemoryFile.forbidsWriters(memory)) {
            return KernReturn.KERN_PROTECTION_FAILURE;
        }
        if (!MemoryFile.hasSeals(memory, LibC.F_SEAL_SHRINK)) {
            return KernReturn.KERN_NO_ACCESS;
        }
        return size < 1 || size != SharedMemory.pages(size) || size > MemoryFile.size(memory)
                ? KernReturn.KERN_INVALID_ADDRESS
                : KernReturn.KERN_SUCCESS;
    }

    /** Returns the answer of a device, or its errno, negative. */
    private int ask(String device, long request, MessageBuffer argument) {
        int opened = LibC.open(device, LibC.O_RDWR | LibC.O_CLOEXEC, 0);
        if (opened < 0) {
            return -LibC.errno();
        }
        int answer = ioctl.call(opened, request, argument.address());
        int errno = LibC.errno();
        LibC.close(opened);
        return answer < 0 ? -errno : answer;
    }

    private static int code(int errno) {
        return switch (errno) {
            case LibC.ENOENT, LibC.ENOTTY -> KernReturn.KERN_NOT_SUPPORTED;
            case LibC.EACCES, LibC.EPERM -> KernReturn.KERN_NO_ACCESS;
            case LibC.ENOMEM, LibC.ENFILE -> KernReturn.KERN_RESOURCE_SHORTAGE;
            case LibC.EMFILE, LibC.EINVAL -> KernReturn.KERN_NO_SPACE; // the device has a limit of its own
            default -> KernReturn.KERN_FAILURE;
        };
    }
}
