/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.darwin;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import io.machframe.core.error.KernReturn;
import io.machframe.core.platform.Mach;
import io.machframe.core.platform.MemoryCalls;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The memory calls as macOS's own kernel answers them. Not run on a Mac yet, as {@link DarwinMachCalls}. */
final class DarwinMemoryCalls implements MemoryCalls {
    static final int VM_FLAGS_FIXED = 0;
    static final int VM_FLAGS_ANYWHERE = 1;
    static final int VM_FLAGS_OVERWRITE = 0x4000;
    static final int VM_INHERIT_NONE = 2;

    private static final int READ_WRITE = Mach.VM_PROT_READ | Mach.VM_PROT_WRITE;

    /** Places in the thread's scratch memory. */
    private static final int ADDRESS = 0;

    private static final int SIZE = 0;
    private static final int ENTRY = 8;
    private static final int PROTECTION = 8;
    private static final int MOST_PROTECTION = 12;

    private final int task;
    private final long pageSize;

    DarwinMemoryCalls(int task, long pageSize) {
        this.task = task;
        this.pageSize = pageSize;
    }

    /** Returns the page that an address is in: memory that a message brings begins somewhere in a page. */
    private long page(long address) {
        return address & -pageSize;
    }

    private long pages(long address, long size) {
        return page(address + size + pageSize - 1) - page(address);
    }

    @Override
    public int allocate(long size, long[] address) {
        Scratch scratch = Scratch.ofThread();
        int code = LibSystem.mach_vm_allocate(task, scratch.at(ADDRESS), size, VM_FLAGS_ANYWHERE);
        return out(code, scratch, address);
    }

    @Override
    public int deallocate(long address, long size) {
        return LibSystem.mach_vm_deallocate(task, address, size);
    }

    @Override
    public int relocate(long address, long size, long[] moved) {
        Scratch scratch = Scratch.ofThread();
        scratch.putLong(ADDRESS, 0);
        int code = LibSystem.mach_vm_remap(
                task,
                scratch.at(ADDRESS),
                pages(address, size),
                0,
                VM_FLAGS_ANYWHERE,
                task,
                page(address),
                1, // a copy: the old addresses stop to show it
                scratch.at(PROTECTION),
                scratch.at(MOST_PROTECTION),
                VM_INHERIT_NONE);
        if (code == KernReturn.KERN_SUCCESS) {
            long copy = scratch.getLong(ADDRESS) + address - page(address);
            code = blank(address, size);
            if (code == KernReturn.KERN_SUCCESS) {
                moved[0] = copy;
            } else {
                deallocate(copy, size);
            }
        }
        return code;
    }

    @Override
    public int blank(long address, long size) {
        Scratch scratch = Scratch.ofThread();
        scratch.putLong(ADDRESS, page(address));
        return map(scratch, pages(address, size), VM_FLAGS_FIXED | VM_FLAGS_OVERWRITE, Mach.MACH_PORT_NULL, READ_WRITE);
    }

    @Override
    public int makeEntry(long address, long size, int protection, int[] entry) {
        Scratch scratch = Scratch.ofThread();
        scratch.putLong(SIZE, size);
        int code = LibSystem.mach_make_memory_entry_64(
                task, scratch.at(SIZE), address, protection, scratch.at(ENTRY), Mach.MACH_PORT_NULL);
        if (code == KernReturn.KERN_SUCCESS) {
            entry[0] = scratch.getInt(ENTRY);
        }
        return code;
    }

    @Override
    public int map(int entry, long size, int protection, long[] address) {
        Scratch scratch = Scratch.ofThread();
        scratch.putLong(ADDRESS, 0);
        return out(map(scratch, size, VM_FLAGS_ANYWHERE, entry, protection), scratch, address);
    }

    private int map(Scratch scratch, long size, int flags, int entry, int protection) {
        return LibSystem.mach_vm_map(
                task, scratch.at(ADDRESS), size, 0, flags, entry, 0, 0, protection, protection, VM_INHERIT_NONE);
    }

    @Override
    public ByteBuffer view(long address, int size) {
        ByteBuffer bytes = size == 0 ? ByteBuffer.allocate(0) : new Pointer(address).getByteBuffer(0, size);
        return bytes.order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public long address(ByteBuffer direct) {
        return Pointer.nativeValue(Native.getDirectBufferPointer(direct)) + direct.position();
    }

    private static int out(int code, Scratch scratch, long[] value) {
        if (code == KernReturn.KERN_SUCCESS) {
            value[0] = scratch.getLong(ADDRESS);
        }
        return code;
    }
}
