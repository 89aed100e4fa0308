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
 * The receiver's side of the credits of its queue: their {@linkplain CreditPage count}, made with the first send right, and the
 * pipe by which credits are handed to senders that wait, and whose readers are the senders that there are.
 *
 * <p>Guarded by the receive end it belongs to; closed, it touches no descriptor.
 */
final class CreditPool {
    /** How long credits may be missing from an empty queue before they count as leaked by a sender that died. */
    static final int LEAK_MILLIS = 100;

    private static final long LEAK_NANOS = LEAK_MILLIS * 1_000_000L;

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

    /** Returns how many credits are taken. */
    int taken() {
        return Math.max(0, outstanding());
    }

    private int outstanding() {
        return count == null || closed
                ? 0
                : count.taken() - Wire.current().sockets().available(pipe);
    }

    /** Returns whether a read end exists, in any process or in flight. */
    boolean hasSenders() {
        return !closed && !Wire.current().poller().hungUp(pipe);
    }

    /** A message is gone that counted as a sender: if none is left, a watch of the pipe has to look again. */
    void messageDestroyed() {
        if (!hasSenders()) {
            int end = openReadEnd();
            if (end >= 0) {
                LibC.close(end);
            }
        }
    }

    /** Makes a right of a send end, which it takes ownership of if it can. */
    SocketSendEnd makeSend(int send, Long cookie) throws KernelException {
        if (count == null) {
            count = CreditPage.create(receiveEnd, limit);
        }
        int opened = openReadEnd();
        if (opened < 0) {
            throw Errno.failure(LibC.errno());
        }
        return new SocketSendEnd(send, opened, cookie, count.retain(), false);
    }

    /** A message was taken out of the queue: its credit is returned. */
    void returnCredit() {
        missing = false;
        release(1);
    }

    /** As {@link #reconcile}, but at intervals only: it costs a system call that a busy port should not pay. */
    void reconcileSometimes() {
        if (System.nanoTime() - (missing ? missingSince : lastLook) >= LEAK_NANOS) {
            reconcile();
        }
    }

    /**
     * The queue is empty, so all credits should be free. If some are missing, a sender is between taking one and sending,
     * or was killed there; after a while they are restored. If there are more in the pipe than were handed over, a peer
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
        } else if (lastLook - missingSince >= LEAK_NANOS) {
            restore();
        }
    }

    /** The queue is empty and no sender is about to send: restores all credits that are missing. */
    void restore() {
        missing = false;
        release(taken());
    }

    /** Returns in how many milliseconds credits that are missing count as leaked, or -1 if none is known to be missing. */
    int millisToLeak() {
        long passed = System.nanoTime() - missingSince;
        return missing ? (int) Math.max(0, LEAK_MILLIS + 1 - passed / 1_000_000) : -1;
    }

    void close() {
        closed = true;
        LibC.close(pipe);
        if (count != null) {
            count.close();
            count = null;
        }
    }

    private void drain(int credits) {
        int end = credits == 0 ? -1 : openReadEnd();
        if (end >= 0) {
            MessageBuffer read = NativeMemory.allocate(credits);
            LibC.read(end, read.address(), credits);
            LibC.close(end);
        }
    }

    private int openReadEnd() {
        return Descriptor.reopen(pipe, LibC.O_RDONLY | LibC.O_NONBLOCK);
    }

    private void release(int credits) {
        if (count == null || closed) {
            return;
        }
        int handed = count.release(credits, limit);
        if (handed > 0) {
            handOver(count, pipe, handed);
        }
    }

    /** Hands credits to senders that wait. The pipe has no space for more only if many are in it already. */
    static void handOver(CreditPage count, int pipe, int credits) {
        long written = LibC.write(pipe, Zeros.ADDRESS, Math.min(credits, Zeros.SIZE));
        count.free(credits - (int) Math.max(0, written));
    }
}
