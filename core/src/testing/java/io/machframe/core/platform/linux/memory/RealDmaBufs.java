/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.memory;

import io.machframe.core.platform.DmaBufCalls;
import io.machframe.core.platform.MessageBuffer;
import io.machframe.core.platform.linux.libc.LibC;
import io.machframe.core.platform.linux.libc.NativeMemory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** One device of this kernel for dma-bufs, what others than this library do with it, and a note of the accesses begun. */
public final class RealDmaBufs {
    private static final String MISSING = "/dev/machframe-has-no-such-device";

    private final List<Long> syncs = Collections.synchronizedList(new ArrayList<>());
    private final KernelDmaBufs calls;

    private RealDmaBufs(String heap, String udmabuf) {
        this.calls = new KernelDmaBufs(this::ioctl, heap, udmabuf);
    }

    public static RealDmaBufs ofHeap() {
        return new RealDmaBufs(KernelDmaBufs.HEAP, MISSING);
    }

    public static RealDmaBufs ofUdmabuf() {
        return new RealDmaBufs(MISSING, KernelDmaBufs.UDMABUF);
    }

    private int ioctl(int fd, long request, long argument) {
        int answer = LibC.ioctl(fd, request, argument);
        if (request == KernelDmaBufs.DMA_BUF_IOCTL_SYNC && answer == 0) {
            syncs.add(NativeMemory.view(argument, KernelDmaBufs.SYNC_SIZE_OF).getLong(0));
        }
        return answer;
    }

    public DmaBufCalls calls() {
        return calls;
    }

    /** Returns the flags of all {@link DmaBufCalls#sync} that the kernel took since the last call of this. */
    public List<Long> takeSyncs() {
        List<Long> taken = List.copyOf(syncs);
        syncs.clear();
        return taken;
    }

    /** Makes a dma-buf as another program would, the caller's to close. */
    public int allocate(long size) {
        int[] fd = new int[1];
        int code = calls.allocate(size, fd);
        if (code != 0) {
            throw new IllegalStateException("the device makes no dma-buf: " + code);
        }
        return fd[0];
    }

    /** Makes a dma-buf of the heap that can only be read through its descriptor. */
    public static int readOnly(long size) {
        MessageBuffer allocation = NativeMemory.allocate(KernelDmaBufs.ALLOCATION_SIZE_OF);
        allocation.bytes().putLong(KernelDmaBufs.ALLOCATION_LENGTH, size);
        allocation.bytes().putInt(KernelDmaBufs.ALLOCATION_FD_FLAGS, LibC.O_RDONLY | LibC.O_CLOEXEC);
        int heap = LibC.open(KernelDmaBufs.HEAP, LibC.O_RDWR | LibC.O_CLOEXEC, 0);
        LibC.ioctl(heap, KernelDmaBufs.DMA_HEAP_IOCTL_ALLOC, allocation.address());
        LibC.close(heap);
        return allocation.bytes().getInt(KernelDmaBufs.ALLOCATION_FD);
    }

    /** Reads a byte of a dma-buf as another program would: those have no {@code read}. */
    public int read(int fd, long offset) throws Exception {
        try (ImportedMemory memory = ImportedMemory.map(calls, fd, offset + 1)) {
            memory.beginAccess(false);
            ByteBuffer one = memory.window(offset, 1);
            int value = one.get(0) & 0xff;
            memory.endAccess(false);
            return value;
        }
    }
}
