/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux;

import static io.machframe.core.error.KernReturn.KERN_SUCCESS;
import static io.machframe.core.error.KernReturn.MACH_RCV_INTERRUPTED;
import static io.machframe.core.error.KernReturn.MACH_RCV_PORT_CHANGED;
import static io.machframe.core.error.KernReturn.MACH_RCV_TIMED_OUT;
import static io.machframe.core.error.KernReturn.MACH_RCV_TOO_LARGE;

import io.machframe.core.platform.kernel.KernelException;
import io.machframe.core.platform.kernel.Parcel;
import io.machframe.core.platform.kernel.ReceiveEnd;
import io.machframe.core.platform.kernel.SendEnd;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * A receive right: both ends of the port's queue and the write end of its credit pipe ({@link SocketSendEnd}).
 *
 * <p>No thread ever blocks in a call on the queue: it tries under the lock, then sleeps on the queue and on its own
 * waker outside it, so that closing wakes it at once and can never let it read what has become another's.
 */
final class SocketReceiveEnd implements ReceiveEnd {
    private static final System.Logger LOG = System.getLogger(SocketReceiveEnd.class.getName());

    /** Nothing was in the queue. */
    private static final int EMPTY = -1;

    /** What was there was destroyed; there may be more. */
    private static final int DESTROYED = -2;

    /** How long places may be missing from an empty queue before they count as lost with a sender that died. */
    private static final int LOST_CREDIT_MILLIS = 100;

    private static final int FOREVER = -1;

    private final int queue;
    private final int sendEnd;
    private final int credits;
    private final Long cookie;
    private final List<Waker> waiting = new ArrayList<>();
    private final Set<Integer> onceIds = new HashSet<>();

    private boolean closed;
    private int limit;

    /** Places that could not go into the pipe because no sender held it; they follow when one does. */
    private int unwritten;

    /** Places to withhold because the limit was lowered below what was queued. */
    private int debt;

    private int nextSequence;

    /** Places missing since a time, while no message came. */
    private int missing;

    private long missingSince;

    /** A message that was too large for the buffer of the receive that met it. */
    private @Nullable Parcel kept;

    private boolean reportedMalformed;
    private Runnable afterClose = () -> {};

    /** Takes over the three descriptors. */
    SocketReceiveEnd(int queue, int sendEnd, int credits, int limit) {
        this.queue = queue;
        this.sendEnd = sendEnd;
        this.credits = credits;
        this.cookie = Wire.current().cookie(sendEnd);
        this.limit = limit;
        this.unwritten = limit;
    }

    @Override
    public Object identity() {
        return cookie;
    }

    @Override
    public synchronized SendEnd makeSend() throws KernelException {
        int send = LibC.fcntl(sendEnd, LibC.F_DUPFD_CLOEXEC, 0);
        if (send < 0) {
            throw LinuxTransport.failure(LibC.errno());
        }
        int pipe = openCredits();
        if (pipe < 0) {
            int errno = LibC.errno();
            LibC.close(send);
            throw LinuxTransport.failure(errno);
        }
        release(0);
        return new SocketSendEnd(send, pipe, cookie);
    }

    @Override
    public synchronized SendEnd makeSendOnce() throws KernelException {
        int send = LibC.fcntl(sendEnd, LibC.F_DUPFD_CLOEXEC, 0);
        if (send < 0) {
            throw LinuxTransport.failure(LibC.errno());
        }
        int id;
        do {
            id = ThreadLocalRandom.current().nextInt();
        } while (id == 0 || !onceIds.add(id));
        return new SocketOnceEnd(send, id);
    }

    @Override
    public synchronized int queueLimit() {
        return limit;
    }

    @Override
    public synchronized void queueLimit(int newLimit) {
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

    @Override
    public synchronized int queued() {
        return Math.max(0, limit + debt - free());
    }

    @Override
    public synchronized boolean hasSenders() {
        return !closed && !Wire.current().hungUp(credits);
    }

    @Override
    public int receive(Parcel parcel, int size, boolean keepLarge, int timeoutMillis, boolean interruptible) {
        Wire wire = Wire.current();
        Deadline deadline = Deadline.after(timeoutMillis);
        int untilLook = LOST_CREDIT_MILLIS;
        while (true) {
            int left = deadline.remainingMillis();
            synchronized (this) {
                if (closed) {
                    return MACH_RCV_PORT_CHANGED;
                }
                int result = tryReceive(wire, parcel, size, keepLarge);
                if (result == DESTROYED) {
                    continue; // without the lock, so that a flood of them keeps nobody from closing this right
                }
                if (result != EMPTY) {
                    return result;
                }
                if (left == 0) {
                    return MACH_RCV_TIMED_OUT;
                }
                waiting.add(wire.waker());
            }
            int outcome = wire.await(queue, shorter(left, untilLook), interruptible);
            synchronized (this) {
                waiting.remove(wire.waker());
                if (outcome == Wire.TIMED_OUT) {
                    untilLook = restoreLostCredits() ? FOREVER : LOST_CREDIT_MILLIS;
                }
            }
            if (outcome == Wire.INTERRUPTED) {
                return MACH_RCV_INTERRUPTED;
            }
        }
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        waiting.forEach(Waker::wake);
        if (kept != null) {
            kept.clear();
        }
        LibC.close(queue);
        LibC.close(sendEnd);
        LibC.close(credits);
        afterClose.run();
    }

    /** Has something done when the port dies, at once if it is dead. */
    synchronized void afterClose(Runnable action) {
        if (closed) {
            action.run();
        } else {
            afterClose = action;
        }
    }

    private static int shorter(int millis, int otherMillis) {
        return millis < 0 || otherMillis < 0 ? Math.max(millis, otherMillis) : Math.min(millis, otherMillis);
    }

    /**
     * Looks for the places of senders that were killed between taking a place and sending. Called when nothing came for a
     * while, because a look costs a system call that a busy port shall not pay.
     *
     * @return whether no place is missing
     */
    private boolean restoreLostCredits() {
        int now = closed || kept != null ? 0 : Math.max(0, limit - debt - free());
        if (now == 0 || missing == 0) {
            missingSince = System.nanoTime();
            missing = now;
        } else {
            missing = Math.min(missing, now);
            if (System.nanoTime() - missingSince >= LOST_CREDIT_MILLIS * 1_000_000L) {
                release(missing);
                missing = 0;
            }
        }
        return missing == 0;
    }

    private int tryReceive(Wire wire, Parcel parcel, int size, boolean keepLarge) {
        if (kept != null) {
            return deliverKept(kept, parcel, size, keepLarge);
        }
        int received = wire.receive(queue, parcel.buffer(), Math.max(size, 0), parcel);
        if (received == -LibC.EAGAIN || received == -LibC.EINTR) {
            return EMPTY;
        }
        if (received <= 0) {
            // Only a peer that shut the queue down for all its senders brings this about.
            close();
            return MACH_RCV_PORT_CHANGED;
        }
        int messageSize = received - WireLayout.PREFIX_SIZE;
        if (messageSize >= 0 && (wire.prefix(WireLayout.FLAGS) & WireLayout.FLAG_CREDITED) != 0) {
            giveBackCredit();
        }
        boolean fits = messageSize <= size;
        Parcel target = fits ? parcel : collect(wire, parcel, size, messageSize);
        target.size(messageSize);
        if (!new Arrival(wire, target, onceIds).accept(received)) {
            reportMalformed(parcel);
            return DESTROYED;
        }
        if (!fits) {
            kept = target;
            return deliverKept(target, parcel, size, keepLarge);
        }
        parcel.sequence(nextSequence++);
        return KERN_SUCCESS;
    }

    /** Puts a message together that came in two parts because the caller's buffer is too small for it. */
    private static Parcel collect(Wire wire, Parcel parcel, int inBuffer, int size) {
        Parcel whole = new Parcel();
        whole.begin(Memory.allocate(size), size);
        int first = Math.max(inBuffer, 0);
        whole.buffer().bytes().put(0, parcel.buffer().bytes(), 0, first);
        whole.buffer().bytes().put(first, wire.spill().bytes(), 0, size - first);
        whole.sender(parcel.senderPid(), parcel.senderUid(), parcel.senderGid());
        return whole;
    }

    private int deliverKept(Parcel large, Parcel parcel, int size, boolean keepLarge) {
        if (large.size() <= size) {
            kept = null;
            parcel.buffer().bytes().put(0, large.buffer().bytes(), 0, large.size());
            parcel.size(large.size());
            for (int i = 0; i < large.rightCount(); i++) {
                parcel.add(large.take(i));
            }
            parcel.sender(large.senderPid(), large.senderUid(), large.senderGid());
            parcel.sentOnce(large.sentOnce());
            parcel.sequence(nextSequence++);
            large.clear();
            return KERN_SUCCESS;
        }
        parcel.size(large.size());
        if (!keepLarge) {
            kept = null;
            large.clear();
        }
        return MACH_RCV_TOO_LARGE;
    }

    private void giveBackCredit() {
        if (debt > 0) {
            debt--;
        } else {
            release(1);
        }
    }

    /** Puts places into the pipe; what no sender is there to hold is kept until one is. */
    private void release(int places) {
        unwritten += places;
        if (unwritten > 0) {
            long written = LibC.write(credits, Zeros.ADDRESS, Math.min(unwritten, Zeros.SIZE));
            unwritten -= (int) Math.max(written, 0);
        }
    }

    private int takeBack(int places) {
        int taken = Math.min(places, unwritten);
        unwritten -= taken;
        int pipe = openCredits();
        if (pipe >= 0) {
            while (taken < places && Wire.current().readByte(pipe) == 1) {
                taken++;
            }
            LibC.close(pipe);
        }
        return taken;
    }

    private int free() {
        return Wire.current().available(credits) + unwritten;
    }

    private int openCredits() {
        return LibC.open("/proc/self/fd/" + credits, LibC.O_RDONLY | LibC.O_NONBLOCK | LibC.O_CLOEXEC, 0);
    }

    private void reportMalformed(Parcel parcel) {
        if (!reportedMalformed) {
            reportedMalformed = true;
            LOG.log(
                    System.Logger.Level.WARNING,
                    "destroyed a malformed message from process {0}; further ones to this port are destroyed silently",
                    parcel.senderPid());
        }
    }
}
