/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.memory;

import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;
import io.machframe.core.error.OwnershipError;
import io.machframe.core.internal.PortAccess;
import io.machframe.core.lifetime.Hold;
import io.machframe.core.platform.MemoryCalls;
import io.machframe.core.port.Task;
import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * A range of this task's memory: allocated here, received in a message, or mapped from a {@link MemoryEntry}.
 *
 * <p><b>Ownership.</b> The object owns the memory until it is closed or moved into a message, which then needs no copy
 * of it. Buffers that show it can still be used after that, and show zeros that nobody else sees; a forgotten region is
 * given back by the garbage collector.
 *
 * <p><b>Threads.</b> Any thread may use a region; its bytes are as safe between threads as those of any buffer.
 */
public final class MemoryRegion implements AutoCloseable {
    private static final PortAccess ACCESS = PortAccess.get();

    /** The most bytes of a region whose bytes are to be seen, or sent: what one buffer can show. */
    public static final long MAX_SIZE = Integer.MAX_VALUE;

    private final Range range;
    private final Hold hold;

    private MemoryRegion(Range range) {
        this.range = range;
        this.hold = Hold.of(this, range.toString(), range::release);
    }

    /**
     * Allocates memory of this process, {@code mach_vm_allocate}: zeros. It begins at a page.
     *
     * @param size bytes, at most {@link #MAX_SIZE}; 0 makes an empty region
     * @throws MachException {@code KERN_NO_SPACE} or {@code KERN_RESOURCE_SHORTAGE}: there is no room for it
     */
    public static MemoryRegion allocate(long size) throws MachException {
        return allocate(Task.self(), size);
    }

    /** Allocates memory of a task, as {@link #allocate(long)}. */
    public static MemoryRegion allocate(Task task, long size) throws MachException {
        if (size < 0 || size > MAX_SIZE) {
            throw new IllegalArgumentException("a region has 0 to " + MAX_SIZE + " bytes, not " + size);
        }
        long[] address = new long[1];
        if (size > 0) {
            KernReturn.check("mach_vm_allocate", ACCESS.calls(task).memory().allocate(size, address));
        }
        return adopt(task, address[0], size);
    }

    /** Allocates memory of a task and puts the remaining bytes of {@code bytes} in it, whose position stays. */
    public static MemoryRegion copyOf(Task task, ByteBuffer bytes) throws MachException {
        MemoryRegion region = allocate(task, bytes.remaining());
        region.range.view().put(bytes.duplicate());
        return region;
    }

    /**
     * Takes over memory that is known by its address, such as C code has from {@code mach_vm_allocate}. That it is this
     * task's and has that many bytes is believed; what is not is found out when it is given back.
     */
    public static MemoryRegion adopt(Task task, long address, long size) {
        return new MemoryRegion(new Range(task, address, size, true));
    }

    static MemoryRegion mapped(Task task, long address, long size, boolean writable) {
        return new MemoryRegion(new Range(task, address, size, writable));
    }

    /** The task whose memory it is. */
    public Task task() {
        return range.task;
    }

    /** Returns how many bytes there are. */
    public long size() {
        return range.size;
    }

    /** Returns whether the memory is still owned by this object. */
    public boolean isOpen() {
        return hold.isOpen();
    }

    /**
     * Returns a little-endian buffer of all bytes, with a position and limit of its own; read-only if the memory is.
     *
     * @throws IllegalStateException if the region was closed or moved, or has more than {@link #MAX_SIZE} bytes
     */
    public ByteBuffer bytes() {
        hold.pin();
        try {
            return range.show();
        } finally {
            hold.unpin();
        }
    }

    /** Keeps the memory from being given back while a call uses its address; every pin needs its {@link #unpin}. */
    long pin() {
        hold.pin();
        return range.address;
    }

    void unpin() {
        hold.unpin();
    }

    /**
     * Takes the address of the memory out: this object is spent, and whoever has the address owns the memory. If buffers
     * show it, it is moved to another address first, {@code mach_vm_remap}.
     *
     * @throws IllegalStateException if the region was closed or moved, or another thread is using it
     * @throws MachException if there is no room to move it; it is given back then
     */
    public long relinquish() throws MachException {
        hold.move();
        return range.leave();
    }

    /**
     * Gives the memory back, {@code mach_vm_deallocate}. Idempotent. If buffers show it, its pages are, and its addresses
     * when the collector has found the last buffer.
     */
    @Override
    public void close() {
        hold.close();
    }

    @Override
    public String toString() {
        return range.toString();
    }

    /** Apart from the region so that it does not keep it reachable. */
    private static final class Range {
        private static final Cleaner CLEANER = Cleaner.create();

        final Task task;
        final long address;
        final long size;
        final boolean writable;

        /** What all buffers that users have were made from, and keep reachable. */
        @Nullable
        ByteBuffer shown;

        Range(Task task, long address, long size, boolean writable) {
            this.task = task;
            this.address = address;
            this.size = size;
            this.writable = writable;
        }

        ByteBuffer view() {
            if (size > MAX_SIZE) {
                throw new IllegalStateException(
                        "a buffer shows at most " + MAX_SIZE + " bytes, and this memory has " + size);
            }
            return ACCESS.calls(task).memory().view(address, (int) size);
        }

        synchronized ByteBuffer show() {
            if (shown == null) {
                shown = view();
            }
            ByteBuffer bytes = writable ? shown.duplicate() : shown.asReadOnlyBuffer();
            return bytes.order(ByteOrder.LITTLE_ENDIAN);
        }

        synchronized void release() {
            if (size == 0) {
                return;
            }
            if (isExposed()) {
                check("mach_vm_map", ACCESS.calls(task).memory().blank(address, size));
            }
            endRange();
        }

        synchronized long leave() throws MachException {
            if (!isExposed()) {
                return address;
            }
            long[] moved = new long[1];
            int code = ACCESS.calls(task).memory().relocate(address, size, moved);
            if (code != KernReturn.KERN_SUCCESS) {
                release();
            }
            KernReturn.check("mach_vm_remap", code);
            endRange();
            return moved[0];
        }

        private boolean isExposed() {
            return shown != null && shown.isDirect() && size > 0;
        }

        /** Gives the addresses back, but not before the last buffer over them is unreachable. */
        private void endRange() {
            if (isExposed()) {
                CLEANER.register(shown, deallocation(task, address, size));
                shown = null;
            } else {
                check("mach_vm_deallocate", ACCESS.calls(task).memory().deallocate(address, size));
            }
        }

        private static Runnable deallocation(Task task, long address, long size) {
            MemoryCalls calls = ACCESS.calls(task).memory();
            return () -> calls.deallocate(address, size);
        }

        private static void check(String call, int code) {
            if (code != KernReturn.KERN_SUCCESS) {
                throw new OwnershipError(call, new KernReturn(code));
            }
        }

        @Override
        public String toString() {
            return "memory region of " + size + " bytes at 0x" + Long.toHexString(address);
        }
    }
}
