/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux;

import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * A range of addresses that shows a file's memory to Java and can stop to do so while buffers over it are still around.
 *
 * <p>An access to unmapped addresses would end the process. So {@link #close} puts empty private memory in place of the
 * file's, which lets go of the file's at once, and the addresses themselves are given back when no buffer over them is
 * reachable any more. Slices, duplicates and views keep {@link #bytes} reachable, by the rules of direct buffers.
 */
final class MappedRegion implements AutoCloseable {
    private static final Cleaner CLEANER = Cleaner.create();

    private final long address;
    private final ByteBuffer bytes;

    private MappedRegion(long address, int size, boolean writable) {
        this.address = address;
        ByteBuffer all = Memory.view(address, size);
        CLEANER.register(all, () -> LibC.munmap(address, size));
        // Keeps the other reachable, and turns a write, which would end the process, into an exception.
        this.bytes = writable ? all : all.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Maps the first bytes of a file, shared, for reading and perhaps writing. Returns null, with errno set, if it
     * cannot.
     */
    static @Nullable MappedRegion map(int fd, int size, boolean writable) {
        int protection = writable ? LibC.PROT_READ | LibC.PROT_WRITE : LibC.PROT_READ;
        long address = LibC.mmap(0, size, protection, LibC.MAP_SHARED, fd, 0);
        return address == LibC.MAP_FAILED ? null : new MappedRegion(address, size, writable);
    }

    long address() {
        return address;
    }

    /** Returns the buffer that all others are made from; its position and limit belong to nobody. */
    ByteBuffer bytes() {
        return bytes;
    }

    @Override
    public void close() {
        // Should the system refuse, the file's memory stays until the addresses go: late, but safe.
        LibC.mmap(
                address,
                bytes.capacity(),
                LibC.PROT_READ | LibC.PROT_WRITE,
                LibC.MAP_PRIVATE | LibC.MAP_ANONYMOUS | LibC.MAP_NORESERVE | LibC.MAP_FIXED,
                -1,
                0);
    }
}
