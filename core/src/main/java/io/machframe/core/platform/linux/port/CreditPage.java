/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.port;

import static io.machframe.core.error.KernReturn.KERN_INVALID_RIGHT;

import io.machframe.core.platform.kernel.KernelException;
import io.machframe.core.platform.linux.libc.Errno;
import io.machframe.core.platform.linux.libc.LibC;
import io.machframe.core.platform.linux.libc.NativeMemory;
import io.machframe.core.platform.linux.memory.MemoryFile;
import io.machframe.core.platform.linux.wire.ControlPacket;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The credits of a port's queue, in a page of memory that the receiver and all senders share, so that taking one and
 * returning it is no system call.
 *
 * <p>One word has the limit, how many credits are taken, and how many senders wait for one. Each change is one atomic
 * step, so the limit is kept exactly however many processes send. A credit that becomes free while a sender waits stays
 * taken and is handed over: a byte in the port's pipe, which belongs to the sender that reads it. A sender that dies while
 * it waits leaves at most such a byte behind, and a sender that finds no credit looks for one there.
 *
 * <p>The page is a sealed memory file. The receiver puts it into the queue of the send end, where every holder can peek at
 * it and none takes it away; so it costs a right no descriptor of its own.
 *
 * <p>A holder of a send right can write anything into the page, and so let no sender send or all, as by the port's pipe;
 * nothing here trusts it further. Counted: {@link #retain} needs its own {@link #close}. Thread-safe.
 */
final class CreditPage implements AutoCloseable {
    private static final long SIZE = 4096;
    private static final int MAGIC = 0x3143464d; // the bytes "MFC1"

    private static final VarHandle WORD = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** The word: taken in the low bits, then waiting, then the limit. */
    private static final int WAITING = 24;

    private static final int LIMIT = 48;
    private static final int MASK = (1 << 24) - 1;

    private final long address;
    private final ByteBuffer page;
    private final AtomicInteger holders = new AtomicInteger(1);

    private CreditPage(long address) {
        this.address = address;
        this.page = NativeMemory.view(address, Long.BYTES);
    }

    /** Makes the page of a port that has none, and shows it to all who send to it. */
    static CreditPage create(int receiveEnd, int limit) throws KernelException {
        int fd = MemoryFile.create("machframe-queue", SIZE);
        try {
            CreditPage count = map(fd);
            WORD.setVolatile(count.page, 0, word(limit, 0, 0));
            ControlPacket packet = new ControlPacket();
            packet.putInt(MAGIC);
            packet.putFd(fd);
            if (!packet.send(receiveEnd)) {
                int errno = LibC.errno();
                count.close();
                throw Errno.failure(errno);
            }
            return count;
        } finally {
            LibC.close(fd);
        }
    }

    /**
     * Looks at the page that a send end shows. Returns null if there is none.
     *
     * @throws KernelException {@code KERN_INVALID_RIGHT} if what is there is no such page
     */
    static @Nullable CreditPage find(int sendEnd) throws KernelException {
        ControlPacket packet = new ControlPacket();
        if (!packet.peek(sendEnd)) {
            boolean shortage = packet.intCount() > 0; // it is there, but this process has no descriptor for it
            int errno = shortage ? LibC.EMFILE : LibC.errno();
            if (errno == LibC.EAGAIN) {
                return null;
            }
            throw Errno.failure(errno);
        }
        boolean good = packet.fdCount() == 1
                && packet.intCount() == 1
                && packet.getInt(0) == MAGIC
                && MemoryFile.isFixedSize(packet.fd(0), SIZE)
                && !MemoryFile.forbidsWriters(packet.fd(0));
        if (!good) {
            packet.discardFds();
            throw new KernelException(KERN_INVALID_RIGHT);
        }
        try {
            return map(packet.fd(0));
        } finally {
            LibC.close(packet.fd(0));
        }
    }

    private static CreditPage map(int fd) throws KernelException {
        long address = LibC.mmap(0, SIZE, LibC.PROT_READ | LibC.PROT_WRITE, LibC.MAP_SHARED, fd, 0);
        if (address == LibC.MAP_FAILED) {
            throw Errno.failure(LibC.errno());
        }
        return new CreditPage(address);
    }

    /** Takes a credit. Returns whether there was one. */
    boolean take() {
        long word;
        do {
            word = word();
            if (taken(word) >= limit(word)) {
                return false;
            }
        } while (!change(word, word + 1));
        return true;
    }

    /** Takes a credit or, if there is none, waits for one: then its caller is handed a credit or has to {@link #leave}. */
    boolean takeOrWait() {
        long word;
        boolean free;
        do {
            word = word();
            free = taken(word) < limit(word);
        } while (!change(word, free ? word + 1 : word(limit(word), waiting(word) + 1, taken(word))));
        return free;
    }

    /** One sender more waits, whether there is a credit or not. */
    void join() {
        add(1, 0);
    }

    /** One sender waits no longer. If it was being handed a credit, that is in the pipe for others. */
    void leave() {
        add(-1, 0);
    }

    /** A sender returns a credit it did not use. Returns how many credits to hand over, as {@link #release(int, int)}. */
    int release() {
        return release(1, limit(word()));
    }

    /**
     * Credits are free, or the limit is another.
     *
     * @return how many credits to hand over to senders that wait; they count as taken
     */
    int release(int credits, int limit) {
        long word;
        int remaining;
        int handed;
        do {
            word = word();
            remaining = Math.max(0, taken(word) - credits);
            handed = Math.min(waiting(word), Math.max(0, limit - remaining));
        } while (!change(word, word(limit, waiting(word) - handed, remaining + handed)));
        return handed;
    }

    /** Credits that were to be handed over could not be: they are free. */
    void free(int credits) {
        add(0, -credits);
    }

    private void add(int waiting, int taken) {
        long word;
        do {
            word = word();
        } while (!change(
                word, word(limit(word), Math.max(0, waiting(word) + waiting), Math.max(0, taken(word) + taken))));
    }

    boolean hasRoom() {
        long word = word();
        return taken(word) < limit(word);
    }

    /** Returns how many credits are taken, those that are being handed over included. */
    int taken() {
        return taken(word());
    }

    CreditPage retain() {
        holders.incrementAndGet();
        return this;
    }

    @Override
    public void close() {
        if (holders.decrementAndGet() == 0) {
            LibC.munmap(address, SIZE);
        }
    }

    private long word() {
        return (long) WORD.getVolatile(page, 0);
    }

    private boolean change(long from, long to) {
        return WORD.compareAndSet(page, 0, from, to);
    }

    private static long word(int limit, int waiting, int taken) {
        return (long) limit << LIMIT | (long) Math.min(waiting, MASK) << WAITING | taken;
    }

    private static int limit(long word) {
        return (int) (word >>> LIMIT);
    }

    private static int waiting(long word) {
        return (int) (word >>> WAITING) & MASK;
    }

    private static int taken(long word) {
        return (int) word & MASK;
    }
}
