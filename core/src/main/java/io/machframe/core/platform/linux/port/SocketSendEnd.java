/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.port;

import static io.machframe.core.error.KernReturn.KERN_INVALID_RIGHT;
import static io.machframe.core.error.KernReturn.KERN_SUCCESS;
import static io.machframe.core.error.KernReturn.MACH_SEND_INTERRUPTED;
import static io.machframe.core.error.KernReturn.MACH_SEND_INVALID_DEST;
import static io.machframe.core.error.KernReturn.MACH_SEND_NO_BUFFER;
import static io.machframe.core.error.KernReturn.MACH_SEND_TIMED_OUT;

import io.machframe.core.platform.kernel.KernelException;
import io.machframe.core.platform.kernel.Parcel;
import io.machframe.core.platform.linux.libc.Deadline;
import io.machframe.core.platform.linux.libc.Descriptor;
import io.machframe.core.platform.linux.libc.DescriptorCloser;
import io.machframe.core.platform.linux.libc.Errno;
import io.machframe.core.platform.linux.libc.LibC;
import io.machframe.core.platform.linux.libc.Waker;
import io.machframe.core.platform.linux.wire.DescriptorInspector;
import io.machframe.core.platform.linux.wire.Poller;
import io.machframe.core.platform.linux.wire.Wire;
import io.machframe.core.platform.linux.wire.WireLayout;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * A send right: the send end of the port's queue, and the read end of its pipe.
 *
 * <p>A message needs a credit of the queue, which is taken from the {@link CreditPage} that the send end shows. The pipe
 * hands a credit to a sender that waits for one. As long as its read end exists the receiver knows that there
 * are senders, and its hang-up tells a sender that waits that the port died.
 */
public final class SocketSendEnd extends LinuxEnd {
    /** Whether a message has the credit that it needs. */
    private enum Credit {
        NONE,
        /** It is to be handed over. */
        AWAITED,
        TAKEN,
        OF_DEAD_PORT
    }

    private static final int MAX_PAUSE_MILLIS = 20;

    private final int queue;
    private final int pipe;
    private final Long cookie;

    /** Another process sent it: what the socket holds, and so how long closing it takes, is that process's choice. */
    private final boolean foreign;

    private volatile @Nullable CreditPage credits;

    /** The threads that wait for a credit. The first watches the pipe, so that a credit which becomes free wakes one. */
    private final ArrayDeque<Waker> line = new ArrayDeque<>();

    /**
     * Takes ownership of everything.
     *
     * @param pipe of a right that was made elsewhere it may be anything as yet
     * @param credits null to look for them when they are needed
     */
    SocketSendEnd(int queue, int pipe, Long cookie, @Nullable CreditPage credits, boolean foreign) {
        this.queue = queue;
        this.pipe = pipe;
        this.cookie = cookie;
        this.credits = credits;
        this.foreign = foreign;
    }

    @Override
    public Object identity() {
        return cookie;
    }

    @Override
    public boolean isDead() {
        return Wire.current().poller().hungUp(queue);
    }

    @Override
    public boolean hasRoom() {
        try {
            return credits().hasRoom() || Wire.current().sockets().available(pipe) > 0;
        } catch (KernelException e) {
            return false;
        }
    }

    /** Has a credit that becomes free handed over, as to a sender that waits. Returns the pipe that it comes through. */
    int startWaiting() throws KernelException {
        credits().join();
        return pipe;
    }

    void stopWaiting() {
        CreditPage count = credits;
        if (count != null) {
            count.leave();
        }
    }

    private CreditPage credits() throws KernelException {
        CreditPage count = credits;
        return count != null ? count : findCredits();
    }

    /** Few rights are ever sent through, so what that needs is looked at and checked at the first time only. */
    private synchronized CreditPage findCredits() throws KernelException {
        CreditPage count = credits;
        if (count == null) {
            count = DescriptorInspector.isCreditReader(pipe) ? CreditPage.find(queue) : null;
            if (count == null) {
                throw new KernelException(KERN_INVALID_RIGHT);
            }
            credits = count;
        }
        return count;
    }

    @Override
    public int send(Parcel parcel, int timeoutMillis, boolean interruptible) {
        CreditPage count;
        try {
            count = credits();
        } catch (KernelException e) {
            return e.code() == KERN_INVALID_RIGHT ? MACH_SEND_INVALID_DEST : MACH_SEND_NO_BUFFER;
        }
        Wire wire = Wire.current();
        Deadline deadline = Deadline.after(timeoutMillis);
        Credit credit = count.take() ? Credit.TAKEN : Credit.NONE;
        boolean waited = false;
        int pause = 1;
        while (true) {
            if (credit != Credit.TAKEN) {
                credit = take(wire, count, credit);
            }
            if (credit == Credit.TAKEN) {
                int errno = wire.writer().send(queue, parcel, WireLayout.FLAG_CREDITED, 0);
                if (errno == 0) {
                    return KERN_SUCCESS;
                }
                if (Errno.isDeath(errno)) {
                    credit = Credit.OF_DEAD_PORT;
                } else if (errno != LibC.EAGAIN) {
                    return giveUp(count, credit, Errno.sendCode(errno));
                }
            }
            if (credit == Credit.OF_DEAD_PORT) {
                return waited ? KERN_SUCCESS : MACH_SEND_INVALID_DEST;
            }
            if (deadline.isOver()) {
                if (credit == Credit.AWAITED) {
                    wire.writer().requestReconcile(queue);
                }
                return giveUp(count, credit, MACH_SEND_TIMED_OUT);
            }
            // A credit is taken but the system's buffer may be full. POLLOUT would come late, so it looks again soon.
            Poller.Outcome outcome = credit == Credit.AWAITED
                    ? awaitCredit(wire, deadline, interruptible)
                    : wire.poller().await(-1, Deadline.earlier(deadline.remainingMillis(), pause), interruptible);
            if (outcome == Poller.Outcome.INTERRUPTED) {
                return giveUp(count, credit, MACH_SEND_INTERRUPTED);
            }
            waited = true;
            pause = Math.min(2 * pause, MAX_PAUSE_MILLIS);
        }
    }

    /** Takes what was handed over, or begins to wait; one may be left over that was handed to a sender that died. */
    private Credit take(Wire wire, CreditPage count, Credit before) {
        if (before == Credit.NONE && count.takeOrWait()) {
            return Credit.TAKEN;
        }
        long got = wire.poller().readByte(pipe);
        if (got > 0) {
            return Credit.TAKEN;
        }
        if (got == 0) {
            return Credit.OF_DEAD_PORT;
        }
        if (before == Credit.NONE) {
            return Credit.AWAITED;
        }
        count.leave();
        return count.takeOrWait() ? Credit.TAKEN : Credit.AWAITED;
    }

    /** Returns a credit that was not used. Should that fail, the receiver misses it and restores it. */
    private int giveUp(CreditPage count, Credit credit, int code) {
        if (credit == Credit.AWAITED) {
            count.leave();
            return code;
        }
        int handed = count.release();
        if (handed > 0) {
            int writer = Descriptor.reopen(pipe, LibC.O_WRONLY | LibC.O_NONBLOCK);
            CreditPool.handOver(count, writer, handed);
            LibC.close(writer);
        }
        return code;
    }

    /** Waits in line; its first thread watches the pipe, and has the receiver look for leaked credits. */
    private Poller.Outcome awaitCredit(Wire wire, Deadline deadline, boolean interruptible) {
        Waker self = wire.poller().waker();
        synchronized (line) {
            line.add(self);
        }
        Poller.Outcome outcome;
        boolean first;
        do {
            synchronized (line) {
                first = line.peek() == self;
            }
            int left = deadline.remainingMillis();
            outcome = first
                    ? wire.poller().await(pipe, Deadline.earlier(left, CreditPool.LEAK_MILLIS), interruptible)
                    : wire.poller().await(-1, left, interruptible);
        } while (!first && outcome == Poller.Outcome.READY);
        synchronized (line) {
            boolean leads = line.peek() == self;
            line.remove(self);
            Waker next = line.peek();
            if (leads && next != null) {
                next.wake();
            }
        }
        if (first && outcome == Poller.Outcome.TIMED_OUT) {
            wire.writer().requestReconcile(queue);
        }
        return outcome;
    }

    @Override
    void closeDescriptors() {
        CreditPage count = credits;
        if (count != null) {
            count.close();
        }
        DescriptorCloser.close(queue, foreign);
        DescriptorCloser.close(pipe, count == null && !DescriptorInspector.isPipe(pipe));
    }

    @Override
    public int kind() {
        return WireLayout.KIND_PORT;
    }

    @Override
    public int fdCount() {
        return 2;
    }

    @Override
    public int fd(int index) {
        return index == 0 ? queue : pipe;
    }
}
