/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux;

import io.machframe.core.platform.Mach;
import io.machframe.core.platform.MessageBuffer;
import io.machframe.core.platform.kernel.KernelException;

/**
 * The free places of a port's queue, each a byte in a pipe that all its senders read, and the receiver's book of them.
 *
 * <p>Guarded by the receive end it belongs to; closed, it touches no descriptor.
 */
final class CreditPipe {
    /** How long places may be missing from an empty queue before they count as lost with a sender that died. */
    static final int LOST_MILLIS = 100;

    private static final int READ_SIZE = 1024;
    private static final long LOST_NANOS = LOST_MILLIS * 1_000_000L;

    private final int pipe;
    private boolean closed;
    private int limit;

    /** Places that could not go into the pipe because no sender held it; they follow when one does. */
    private int unwritten;

    /** Places to withhold because the limit was lowered below what was queued. */
    private int debt;

    private boolean missing;
    private long missingSince;
    private long lastLook = System.nanoTime();

    /** @param pipe the pipe's write end, non-blocking, taken over */
    CreditPipe(int pipe, int limit) {
        this.pipe = pipe;
        this.limit = limit;
        this.unwritten = limit;
    }

    /** Returns limit, places unwritten and debt. */
    int[] book() {
        return new int[] {limit, unwritten, debt};
    }

    /** Goes on where another holder of the pipe left off. Returns whether the numbers make sense. */
    boolean book(int[] numbers) {
        for (int number : numbers) {
            if (number < 0 || number > Mach.MACH_PORT_QLIMIT_MAX) {
                return false;
            }
        }
        limit = numbers[0];
        unwritten = numbers[1];
        debt = numbers[2];
        return true;
    }

    int pipe() {
        return pipe;
    }

    int limit() {
        return limit;
    }

    void limit(int newLimit) {
        int more = newLimit - limit;
        limit = newLimit;
        if (more > 0) {
            int paid = Math.min(more, debt);
            debt -= paid;
            release(more - paid);
        } else if (more < 0) {
            debt += -more - takeBack(-more);
        }
    }

    /** Returns how many places are taken. */
    int taken() {
        return Math.max(0, outstanding());
    }

    /** Returns whether anybody holds a read end, in any process or in flight. */
    boolean hasSenders() {
        return !closed && !Wire.current().hungUp(pipe);
    }

    /** A message is gone that counted as a sender: if none is left, whoever watches the pipe shall look again. */
    void messageDestroyed() {
        if (!hasSenders()) {
            int end = openReadEnd();
            if (end >= 0) {
                LibC.close(end);
            }
        }
    }

    /** Opens another read end, the caller's to close. */
    int openForSender() throws KernelException {
        int opened = openReadEnd();
        if (opened < 0) {
            throw LinuxTransport.failure(LibC.errno());
        }
        release(0);
        return opened;
    }

    /** A message was taken out of the queue: its place is free. */
    void giveBack() {
        missing = false;
        if (debt > 0) {
            debt--;
        } else {
            release(1);
        }
    }

    /** As {@link #reconcile}, but now and then only: a look costs a system call that a busy port shall not pay. */
    void reconcileSometimes() {
        if (System.nanoTime() - (missing ? missingSince : lastLook) >= LOST_NANOS) {
            reconcile();
        }
    }

    /**
     * The queue is empty, so all places should be free. Some may be missing: a sender is between taking one and sending,
     * or was killed there; after a while they are put back. Some may be too many: such a sender was only slow.
     */
    void reconcile() {
        lastLook = System.nanoTime();
        int outstanding = outstanding();
        if (outstanding <= 0) {
            missing = false;
            takeBack(-outstanding);
        } else if (!missing) {
            missing = true;
            missingSince = lastLook;
        } else if (lastLook - missingSince >= LOST_NANOS) {
            restore();
        }
    }

    /** The queue is empty and nobody is about to send: puts all places back that are missing. */
    void restore() {
        for (int outstanding = outstanding(); outstanding > 0; outstanding--) {
            giveBack();
        }
    }

    /** Returns in how many milliseconds places that are missing count as lost, or -1 if none is known to be missing. */
    int millisToLost() {
        long passed = System.nanoTime() - missingSince;
        return missing ? (int) Math.max(0, LOST_MILLIS + 1 - passed / 1_000_000) : -1;
    }

    void close() {
        closed = true;
        LibC.close(pipe);
    }

    private int outstanding() {
        return closed ? 0 : limit + debt - unwritten - Wire.current().available(pipe);
    }

    private void release(int places) {
        unwritten += places;
        if (unwritten > 0 && !closed) {
            long written = LibC.write(pipe, Zeros.ADDRESS, Math.min(unwritten, Zeros.SIZE));
            unwritten -= (int) Math.max(written, 0);
        }
    }

    private int takeBack(int places) {
        int taken = Math.min(places, unwritten);
        unwritten -= taken;
        if (taken == places || closed) {
            return taken;
        }
        int end = openReadEnd();
        if (end >= 0) {
            MessageBuffer read = Memory.allocate(READ_SIZE);
            long more = 1;
            while (taken < places && more > 0) {
                more = LibC.read(end, read.address(), Math.min(places - taken, READ_SIZE));
                taken += (int) Math.max(more, 0);
            }
            LibC.close(end);
        }
        return taken;
    }

    private int openReadEnd() {
        return Descriptor.reopen(pipe, LibC.O_RDONLY | LibC.O_NONBLOCK);
    }
}
