/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.memory;

import io.machframe.core.platform.linux.libc.LibC;
import io.machframe.core.platform.linux.libc.NativeMemory;
import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A range of addresses that shows a file's memory to Java and can stop to do so while buffers over it are still around.
 *
 * <p>An access to unmapped addresses would end the process. So {@link #close} puts empty private memory in place of the
 * file's, which lets go of the file's at once, and the addresses themselves are given back when no buffer over them is
 * reachable any more. Slices, duplicates and views keep what they were made from reachable, by the rules of direct
 * buffers.
 *
 * <p>One buffer shows at most 2 GiB - 1; {@link #window} makes others over what is behind.
 */
final class MappedRegion implements AutoCloseable {
    private static final Cleaner CLEANER = Cleaner.create();

    private final Addresses addresses;
    private final boolean writable;
    private final ByteBuffer head;

    /** Given back when the last buffer over them is collected; the region itself has one as long as it is reachable. */
    private record Addresses(long start, long size, AtomicInteger buffers) {
        ByteBuffer view(long offset, int length) {
            ByteBuffer view = NativeMemory.view(start + offset, length);
            buffers.incrementAndGet();
            CLEANER.register(view, this::letGo);
            return view;
        }

        private void letGo() {
            if (buffers.decrementAndGet() == 0) {
                LibC.munmap(start, size);
            }
        }
    }

    private MappedRegion(long address, long size, boolean writable) {
        this.addresses = new Addresses(address, size, new AtomicInteger());
        this.writable = writable;
        this.head = view(0, (int) Math.min(size, Integer.MAX_VALUE));
    }

    /**
     * Maps the first bytes of a file, shared, for reading and perhaps writing. Returns null, with errno set, if it
     * cannot.
     */
    static @Nullable MappedRegion map(int fd, long size, boolean writable) {
        int protection = writable ? LibC.PROT_READ | LibC.PROT_WRITE : LibC.PROT_READ;
        long address = LibC.mmap(0, size, protection, LibC.MAP_SHARED, fd, 0);
        return address == LibC.MAP_FAILED ? null : new MappedRegion(address, size, writable);
    }

    long address() {
        return addresses.start;
    }

    long size() {
        return addresses.size;
    }

    boolean isWritable() {
        return writable;
    }

    /** Returns the buffer that others are made from, of the first bytes; its position and limit belong to nobody. */
    ByteBuffer bytes() {
        return head;
    }

    /** Returns a little-endian buffer of some of the bytes. */
    ByteBuffer window(long offset, int length) {
        Objects.checkFromIndexSize(offset, length, size());
        return offset + length <= head.capacity()
                ? head.slice((int) offset, length).order(ByteOrder.LITTLE_ENDIAN)
                : view(offset, length);
    }

    /** A read-only buffer keeps the other reachable, and turns a write, which would end the process, into an exception. */
    private ByteBuffer view(long offset, int length) {
        ByteBuffer view = addresses.view(offset, length);
        return writable ? view : view.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Maps the first bytes ahead of their first access; to no avail before Linux 5.14. */
    void populate(long length) {
        LibC.madvise(address(), length, writable ? LibC.MADV_POPULATE_WRITE : LibC.MADV_POPULATE_READ);
    }

    @Override
    public void close() {
        // Should the system refuse, the file's memory stays until the addresses go: late, but safe.
        LibC.mmap(
                address(),
                size(),
                LibC.PROT_READ | LibC.PROT_WRITE,
                LibC.MAP_PRIVATE | LibC.MAP_ANONYMOUS | LibC.MAP_NORESERVE | LibC.MAP_FIXED,
                -1,
                0);
    }
}
