/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.port;

import io.machframe.core.platform.MessageBuffer;
import io.machframe.core.platform.kernel.KernelException;
import io.machframe.core.platform.linux.libc.Descriptor;
import io.machframe.core.platform.linux.libc.Errno;
import io.machframe.core.platform.linux.libc.LibC;
import io.machframe.core.platform.linux.libc.NativeMemory;
import io.machframe.core.platform.linux.libc.Zeros;
import io.machframe.core.platform.linux.wire.Wire;
import org.jspecify.annotations.Nullable;

/**
 * The receiver's side of its queue's places: their {@linkplain CreditPage count}, made with the first send right, and the
 * pipe by which places are handed to senders that wait, and whose readers are the senders that there are.
 *
 * <p>Guarded by the receive end it belongs to; closed, it touches no descriptor.
 */
final class CreditPool {
    /** How long places may be missing from an empty queue before they count as lost with a sender that died. */
    static final int LOST_MILLIS = 100;

    private static final long LOST_NANOS = LOST_MILLIS * 1_000_000L;

    private final int receiveEnd;
    private final int sendEnd;
    private final int pipe;
    private @Nullable CreditPage count;
    private boolean closed;
    private int limit;

    private boolean missing;
    private long missingSince;
    private long lastLook = System.nanoTime();

    /** @param pipe the pipe's write end, non-blocking, taken over; the two ends of the queue are not */
    CreditPool(int receiveEnd, int sendEnd, int pipe, int limit) {
        this.receiveEnd = receiveEnd;
        this.sendEnd = sendEnd;
        this.pipe = pipe;
        this.limit = limit;
    }

    /**
     * Goes on where another holder of the receive right left off.
     *
     * @throws KernelException if the count that senders have cannot be had
     */
    void resume() throws KernelException {
        if (count == null) {
            count = CreditPage.find(sendEnd);
            limit(limit);
        }
    }

    int pipe() {
        return pipe;
    }

    int limit() {
        return limit;
    }

    /** Lowered below what is queued, it takes no message until enough were received. */
    void limit(int newLimit) {
        limit = newLimit;
        release(0);
    }

    /** Returns how many places are taken. */
    int taken() {
        return Math.max(0, outstanding());
    }

    private int outstanding() {
        return count == null || closed ? 0 : count.taken() - Wire.current().available(pipe);
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

    /** Makes a right of a send end, which it takes over if it can. */
    SocketSendEnd makeSend(int send, Long cookie) throws KernelException {
        if (count == null) {
            count = CreditPage.create(receiveEnd, limit);
        }
        int opened = openReadEnd();
        if (opened < 0) {
            throw Errno.failure(LibC.errno());
        }
        return new SocketSendEnd(send, opened, cookie, count.retain());
    }

    /** A message was taken out of the queue: its place is free. */
    void giveBack() {
        missing = false;
        release(1);
    }

    /** As {@link #reconcile}, but now and then only: a look costs a system call that a busy port shall not pay. */
    void reconcileSometimes() {
        if (System.nanoTime() - (missing ? missingSince : lastLook) >= LOST_NANOS) {
            reconcile();
        }
    }

    /**
     * The queue is empty, so all places should be free. If some are missing, a sender is between taking one and sending,
     * or was killed there; after a while they are put back. If there are more in the pipe than were handed over, a peer
     * wrote them.
     */
    void reconcile() {
        lastLook = System.nanoTime();
        int taken = outstanding();
        if (taken <= 0) {
            missing = false;
            drain(-taken);
        } else if (!missing) {
            missing = true;
            missingSince = lastLook;
        } else if (lastLook - missingSince >= LOST_NANOS) {
            restore();
        }
    }

    /** The queue is empty and nobody is about to send: puts all places back that are missing. */
    void restore() {
        missing = false;
        release(taken());
    }

    /** Returns in how many milliseconds places that are missing count as lost, or -1 if none is known to be missing. */
    int millisToLost() {
        long passed = System.nanoTime() - missingSince;
        return missing ? (int) Math.max(0, LOST_MILLIS + 1 - passed / 1_000_000) : -1;
    }

    void close() {
        closed = true;
        LibC.close(pipe);
        if (count != null) {
            count.close();
            count = null;
        }
    }

    private void drain(int places) {
        int end = places == 0 ? -1 : openReadEnd();
        if (end >= 0) {
            MessageBuffer read = NativeMemory.allocate(places);
            LibC.read(end, read.address(), places);
            LibC.close(end);
        }
    }

    private int openReadEnd() {
        return Descriptor.reopen(pipe, LibC.O_RDONLY | LibC.O_NONBLOCK);
    }

    private void release(int places) {
        if (count == null || closed) {
            return;
        }
        int handed = count.release(places, limit);
        if (handed > 0) {
            handOver(count, pipe, handed);
        }
    }

    /** Hands places to senders that wait. The pipe has no room for more only if many are in it already. */
    static void handOver(CreditPage count, int pipe, int places) {
        long written = LibC.write(pipe, Zeros.ADDRESS, Math.min(places, Zeros.SIZE));
        count.free(places - (int) Math.max(0, written));
    }
}
