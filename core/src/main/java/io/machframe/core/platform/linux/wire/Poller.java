/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.wire;

import io.machframe.core.platform.InterruptHook;
import io.machframe.core.platform.MessageBuffer;
import io.machframe.core.platform.linux.libc.LibC;
import io.machframe.core.platform.linux.libc.NativeMemory;
import io.machframe.core.platform.linux.libc.Waker;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** {@code poll} of one thread: asks what a descriptor is ready for, or waits until it is. */
public final class Poller {
    private static final int POLLFDS = NativeScratch.POLLFDS;

    /** What {@link #await} answers. */
    public enum Outcome {
        READY,
        TIMED_OUT,
        INTERRUPTED
    }

    /** How long a thread sleeps at most that cannot be woken. */
    private static final int SLICE_MILLIS = 20;

    private final NativeScratch scratch;
    private final Waker waker = new Waker();
    private final InterruptHook interruption = new InterruptHook(waker::wake);

    /** The structures of {@code poll} when it has to watch more than two; made when needed. */
    private @Nullable MessageBuffer many;

    Poller(NativeScratch scratch) {
        this.scratch = scratch;
    }

    /** Returns what ends this thread's waits. */
    public Waker waker() {
        return waker;
    }

    /** Returns whether the other side of a descriptor is gone, in every process. */
    public boolean hungUp(int fd) {
        return (look(fd, (short) 0) & (LibC.POLLHUP | LibC.POLLERR)) != 0;
    }

    /** Returns whether there is something to read. */
    public boolean isReadable(int fd) {
        return (look(fd, LibC.POLLIN) & LibC.POLLIN) != 0;
    }

    private int look(int fd, short events) {
        put(scratch.memory, POLLFDS, fd, events);
        return LibC.poll(scratch.address + POLLFDS, 1, 0) > 0 ? scratch.memory.getShort(POLLFDS + 6) : 0;
    }

    /**
     * Reads one byte from a pipe without waiting, whatever its flags: they are shared with every process that the
     * descriptor went to, and any of those could clear {@code O_NONBLOCK}. Returns 1, 0 at end of file, or -1 if none is
     * there.
     */
    public long readByte(int pipe) {
        long got;
        do {
            got = LibC.vmsplice(pipe, scratch.address + NativeScratch.BYTE_IOV, 1, LibC.SPLICE_F_NONBLOCK);
        } while (got < 0 && LibC.errno() == LibC.EINTR);
        if (got < 0 && (LibC.errno() == LibC.ENOSYS || LibC.errno() == LibC.EPERM)) {
            return LibC.read(pipe, scratch.address + NativeScratch.BYTE, 1); // a sandbox forbids the other
        }
        return got;
    }

    /**
     * Sleeps until {@code fd} can be read or hangs up, this thread is woken, or the time is over; sometimes for less.
     *
     * @param fd -1 to wait for the time and the wake-up alone
     * @param millis negative: without limit
     * @return {@link Outcome#INTERRUPTED} only if {@code interruptible}
     */
    public Outcome await(int fd, int millis, boolean interruptible) {
        put(scratch.memory, POLLFDS, fd, LibC.POLLIN);
        return await(scratch.memory, scratch.address, POLLFDS, 2, millis, interruptible);
    }

    /** As {@link #await(int, int, boolean)}, and until one of {@code pipes} hangs up. */
    public Outcome await(int fd, int[] pipes, int millis, boolean interruptible) {
        if (pipes.length == 0) {
            return await(fd, millis, interruptible);
        }
        int count = 2 + pipes.length;
        if (many == null || many.capacity() < 8 * count) {
            many = NativeMemory.allocate(16 * count);
        }
        ByteBuffer bytes = many.bytes();
        put(bytes, 0, fd, LibC.POLLIN);
        for (int i = 0; i < pipes.length; i++) {
            put(bytes, 16 + 8 * i, pipes[i], (short) 0);
        }
        return await(bytes, many.address(), 0, count, millis, interruptible);
    }

    private Outcome await(ByteBuffer pollfds, long address, int at, int count, int millis, boolean interruptible) {
        int wakeUp = waker.begin();
        try {
            put(pollfds, at + 8, wakeUp, LibC.POLLIN);
            boolean shortened = wakeUp < 0 && (millis < 0 || millis > SLICE_MILLIS);
            int limit = shortened ? SLICE_MILLIS : millis;
            int ready = interruptible
                    ? pollInterruptibly(address + at, count, limit)
                    : LibC.poll(address + at, count, limit);
            if (interruptible && Thread.currentThread().isInterrupted()) {
                return Outcome.INTERRUPTED;
            }
            return ready == 0 && !shortened ? Outcome.TIMED_OUT : Outcome.READY;
        } finally {
            waker.end();
        }
    }

    private int pollInterruptibly(long pollfds, int count, int millis) {
        interruption.enter();
        try {
            return LibC.poll(pollfds, count, millis);
        } finally {
            interruption.leave();
        }
    }

    private static void put(ByteBuffer pollfds, int at, int fd, short events) {
        pollfds.putInt(at, fd);
        pollfds.putShort(at + 4, events);
        pollfds.putShort(at + 6, (short) 0);
    }
}
