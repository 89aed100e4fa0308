/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux;

import static io.machframe.core.error.KernReturn.KERN_SUCCESS;
import static io.machframe.core.error.KernReturn.MACH_SEND_INTERRUPTED;
import static io.machframe.core.error.KernReturn.MACH_SEND_INVALID_DEST;
import static io.machframe.core.error.KernReturn.MACH_SEND_TIMED_OUT;

import io.machframe.core.platform.kernel.Parcel;

/**
 * A send right: the send end of the port's queue, and the read end of its credit pipe.
 *
 * <p>The pipe does three jobs at once. Each byte in it is a free place of the queue, so taking one before a send keeps
 * the queue limit exactly, however many processes send. That somebody holds its read end is what tells the receiver
 * that senders exist. And its hang-up tells a sender that waits for a place that the port died.
 */
final class SocketSendEnd extends LinuxEnd {
    private static final int NO_CREDIT = 0;
    private static final int CREDIT = 1;
    private static final int DEAD = -1;

    private static final int MAX_PAUSE_MILLIS = 20;

    private final int queue;
    private final int credits;
    private final Long cookie;

    /** Takes over both descriptors. */
    SocketSendEnd(int queue, int credits, long cookie) {
        this.queue = queue;
        this.credits = credits;
        this.cookie = cookie;
    }

    @Override
    public Object identity() {
        return cookie;
    }

    @Override
    public boolean hasRoom() {
        return Wire.current().available(credits) > 0;
    }

    @Override
    public boolean isDead() {
        return Wire.current().hungUp(queue);
    }

    @Override
    public int send(Parcel parcel, int timeoutMillis, boolean interruptible) {
        Wire wire = Wire.current();
        Deadline deadline = Deadline.after(timeoutMillis);
        boolean waited = false;
        int credit = NO_CREDIT;
        int pause = 1;
        while (true) {
            int left = deadline.remainingMillis();
            if (credit == NO_CREDIT) {
                credit = takeCredit(wire);
            }
            if (credit == CREDIT) {
                int errno = wire.send(queue, parcel, WireLayout.FLAG_CREDITED, 0);
                if (errno == 0) {
                    return KERN_SUCCESS;
                }
                if (Wire.isDeath(errno)) {
                    credit = DEAD;
                } else if (errno != LibC.EAGAIN) {
                    return giveUp(credit, Wire.sendCode(errno));
                }
            }
            if (credit == DEAD) {
                return waited ? KERN_SUCCESS : MACH_SEND_INVALID_DEST;
            }
            if (left == 0) {
                if (credit == NO_CREDIT) {
                    wire.askToLook(queue);
                }
                return giveUp(credit, MACH_SEND_TIMED_OUT);
            }
            if (awaitRoom(wire, credit, left, pause, interruptible) == Wire.INTERRUPTED) {
                return giveUp(credit, MACH_SEND_INTERRUPTED);
            }
            waited = true;
            pause = Math.min(2 * pause, MAX_PAUSE_MILLIS);
        }
    }

    private int awaitRoom(Wire wire, int credit, int left, int pause, boolean interruptible) {
        if (credit == NO_CREDIT) {
            int outcome = wire.await(credits, Deadline.earlier(left, CreditPipe.LOST_MILLIS), interruptible);
            if (outcome == Wire.TIMED_OUT) {
                wire.askToLook(queue);
            }
            return outcome;
        }
        // A place is free but the system's buffer is full. POLLOUT would come late, so look again soon.
        return wire.await(-1, left < 0 ? pause : Math.min(left, pause), interruptible);
    }

    /** Puts a place back that was taken in vain. Should that fail, the receiver misses it and restores it. */
    private int giveUp(int credit, int code) {
        int pipe = credit == CREDIT ? Descriptor.reopen(credits, LibC.O_WRONLY | LibC.O_NONBLOCK) : -1;
        if (pipe >= 0) {
            LibC.write(pipe, Zeros.ADDRESS, 1);
            LibC.close(pipe);
        }
        return code;
    }

    private int takeCredit(Wire wire) {
        long got = wire.readByte(credits);
        return got == 1 ? CREDIT : got == 0 ? DEAD : NO_CREDIT;
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
        return index == 0 ? queue : credits;
    }
}
