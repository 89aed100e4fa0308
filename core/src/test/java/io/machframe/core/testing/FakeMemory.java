/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.testing;

import io.machframe.core.error.KernReturn;
import io.machframe.core.platform.Mach;
import io.machframe.core.platform.MessageBuffer;
import io.machframe.core.platform.kernel.KernelException;
import io.machframe.core.platform.kernel.MemoryBlock;
import io.machframe.core.platform.kernel.SendEnd;
import io.machframe.core.platform.kernel.TaskMemory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.TreeMap;

/** The memory of a task of a {@link FakeKernel}: arrays at made-up addresses. Guarded by the kernel. */
final class FakeMemory implements TaskMemory {
    private static final long FIRST_ADDRESS = 0x1_0000_0000L;
    private static final long PAGE_SIZE = 4096;

    /** Bytes at an address, which an entry and its mappings share. */
    private static final class Range {
        final long address;
        final byte[] bytes;
        final boolean writable;

        Range(long address, byte[] bytes, boolean writable) {
            this.address = address;
            this.bytes = bytes;
            this.writable = writable;
        }

        @Override
        public String toString() {
            return bytes.length + " bytes of memory at 0x" + Long.toHexString(address);
        }
    }

    private final FakeKernel kernel;
    private final TreeMap<Long, Range> ranges = new TreeMap<>();
    private long nextAddress = FIRST_ADDRESS;

    FakeMemory(FakeKernel kernel) {
        this.kernel = kernel;
    }

    private static long pages(long size) {
        return (size + PAGE_SIZE - 1) & -PAGE_SIZE;
    }

    @Override
    public long allocate(long size) throws KernelException {
        if (size == 0) {
            return 0;
        }
        if (pages(size) > Integer.MAX_VALUE) {
            throw new KernelException(KernReturn.KERN_NO_SPACE);
        }
        synchronized (kernel) {
            kernel.failIfAsked();
            return add(new byte[(int) pages(size)], true);
        }
    }

    private long add(byte[] bytes, boolean writable) {
        Range range = new Range(nextAddress, bytes, writable);
        nextAddress += bytes.length + PAGE_SIZE;
        ranges.put(range.address, range);
        kernel.opened(range);
        return range.address;
    }

    @Override
    public void deallocate(long address, long size) throws KernelException {
        synchronized (kernel) {
            kernel.closed(require(address, size));
            ranges.remove(address);
        }
    }

    @Override
    public long relocate(long address, long size) throws KernelException {
        synchronized (kernel) {
            long moved = add(require(address, size).bytes.clone(), true);
            blank(address, size);
            return moved;
        }
    }

    @Override
    public void blank(long address, long size) throws KernelException {
        synchronized (kernel) {
            Range old = require(address, size);
            Range zeros = new Range(address, new byte[old.bytes.length], true);
            kernel.closed(old);
            kernel.opened(zeros);
            ranges.put(address, zeros);
        }
    }

    @Override
    public boolean isOwned(long address, long size) {
        synchronized (kernel) {
            Range range = ranges.get(address);
            return range != null && range.bytes.length == pages(size);
        }
    }

    private Range require(long address, long size) throws KernelException {
        Range range = ranges.get(address);
        if (range == null || range.bytes.length != pages(size)) {
            throw new KernelException(KernReturn.KERN_INVALID_ADDRESS);
        }
        return range;
    }

    /** Returns a buffer of memory in the middle of a range or at its start. */
    private ByteBuffer at(long address, long size) throws KernelException {
        synchronized (kernel) {
            var entry = ranges.floorEntry(address);
            long offset = entry == null ? 0 : address - entry.getKey();
            if (entry == null || offset + size > entry.getValue().bytes.length) {
                throw new KernelException(KernReturn.KERN_INVALID_ADDRESS);
            }
            return ByteBuffer.wrap(entry.getValue().bytes, (int) offset, (int) size)
                    .slice();
        }
    }

    @Override
    public void read(long address, MessageBuffer target, int at, int size) throws KernelException {
        target.bytes().put(at, at(address, size), 0, size);
    }

    /** A copy on its way. */
    private final class Block implements MemoryBlock {
        final byte[] bytes;

        Block(byte[] bytes) {
            this.bytes = bytes;
            kernel.opened(this);
        }

        Block copy() {
            return new Block(bytes.clone());
        }

        @Override
        public void close() {
            synchronized (kernel) {
                kernel.closed(this);
            }
        }

        @Override
        public String toString() {
            return bytes.length + " bytes on their way";
        }
    }

    @Override
    public MemoryBlock take(long address, long size, boolean consumed) throws KernelException {
        synchronized (kernel) {
            byte[] copy = new byte[(int) pages(size)];
            at(address, size).get(copy, 0, (int) size);
            return new Block(copy);
        }
    }

    /** Returns one more copy, for a queue or for who takes it from there. */
    static MemoryBlock copyOf(MemoryBlock block) {
        return ((Block) block).copy();
    }

    @Override
    public long place(MemoryBlock block, long size) throws KernelException {
        synchronized (kernel) {
            try {
                kernel.failIfAsked();
                return add(((Block) block).bytes, true);
            } finally {
                block.close();
            }
        }
    }

    @Override
    public SendEnd makeEntry(long address, long size, int protection) throws KernelException {
        synchronized (kernel) {
            Range range = require(address, size);
            boolean writable = (protection & Mach.VM_PROT_WRITE) != 0;
            if (writable && !range.writable) {
                throw new KernelException(KernReturn.KERN_PROTECTION_FAILURE);
            }
            return new FakeMemoryEnd(kernel, range.bytes, writable);
        }
    }

    @Override
    public long map(SendEnd entry, long size, int protection) throws KernelException {
        synchronized (kernel) {
            if (!(entry instanceof FakeMemoryEnd memory) || size <= 0) {
                throw new KernelException(KernReturn.KERN_INVALID_ARGUMENT);
            }
            if (pages(size) > memory.bytes().length) {
                throw new KernelException(KernReturn.KERN_INVALID_ARGUMENT);
            }
            boolean writable = (protection & Mach.VM_PROT_WRITE) != 0;
            if (writable && !memory.isWritable()) {
                throw new KernelException(KernReturn.KERN_INVALID_RIGHT);
            }
            return add(memory.bytes(), writable);
        }
    }

    @Override
    public ByteBuffer view(long address, int size) {
        try {
            ByteBuffer view = size == 0 ? ByteBuffer.allocate(0) : at(address, size);
            boolean writable = size == 0 || ranges.floorEntry(address).getValue().writable;
            return (writable ? view : view.asReadOnlyBuffer()).order(ByteOrder.LITTLE_ENDIAN);
        } catch (KernelException e) {
            throw new AssertionError("the end of a process: no memory at 0x" + Long.toHexString(address), e);
        }
    }

    @Override
    public long address(ByteBuffer direct) {
        return 0;
    }
}
