/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux;

import static io.machframe.core.error.KernReturn.KERN_SUCCESS;
import static io.machframe.core.error.KernReturn.MACH_SEND_INTERRUPTED;
import static io.machframe.core.error.KernReturn.MACH_SEND_INVALID_DEST;
import static io.machframe.core.error.KernReturn.MACH_SEND_TIMED_OUT;

import io.machframe.core.platform.kernel.Parcel;
import java.util.concurrent.atomic.AtomicInteger;

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

    private final int queue;
    private final int credits;
    private final Long cookie;

    /** Places taken for messages that the system then had no room for. */
    private final AtomicInteger spareCredits = new AtomicInteger();

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
    public boolean isDead() {
        return Wire.current().hungUp(queue);
    }

    @Override
    public int send(Parcel parcel, int timeoutMillis, boolean interruptible) {
        Wire wire = Wire.current();
        Deadline deadline = Deadline.after(timeoutMillis);
        boolean waited = false;
        int pause = 1;
        while (true) {
            int credit = takeCredit(wire);
            int wait = deadline.remainingMillis();
            if (credit == CREDIT) {
                int errno = wire.send(queue, parcel, WireLayout.FLAG_CREDITED, 0);
                if (errno == 0) {
                    return KERN_SUCCESS;
                }
                if (Wire.isDeath(errno)) {
                    credit = DEAD;
                } else {
                    spareCredits.incrementAndGet();
                    if (errno != LibC.EAGAIN) {
                        return Wire.sendCode(errno);
                    }
                    // A place is free but the system's buffer is full. POLLOUT would come late, so look again soon.
                    wait = wait < 0 ? pause : Math.min(wait, pause);
                    pause = Math.min(2 * pause, 20);
                }
            }
            if (credit == DEAD) {
                return waited ? KERN_SUCCESS : MACH_SEND_INVALID_DEST;
            }
            if (deadline.isOver()) {
                return MACH_SEND_TIMED_OUT;
            }
            if (wire.await(credit == CREDIT ? -1 : credits, wait, interruptible) == Wire.INTERRUPTED) {
                return MACH_SEND_INTERRUPTED;
            }
            waited = true;
        }
    }

    private int takeCredit(Wire wire) {
        int spare = spareCredits.get();
        if (spare > 0 && spareCredits.compareAndSet(spare, spare - 1)) {
            return CREDIT;
        }
        long got = wire.readByte(credits);
        return got == 1 ? CREDIT : got == 0 ? DEAD : NO_CREDIT;
    }

    @Override
    int kind() {
        return WireLayout.KIND_PORT;
    }

    @Override
    int fdCount() {
        return 2;
    }

    @Override
    int fd(int index) {
        return index == 0 ? queue : credits;
    }
}
