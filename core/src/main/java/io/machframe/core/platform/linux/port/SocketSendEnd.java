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
import io.machframe.core.platform.linux.libc.LibC;
import io.machframe.core.platform.linux.libc.Waker;
import io.machframe.core.platform.linux.wire.DescriptorInspector;
import io.machframe.core.platform.linux.wire.Wire;
import io.machframe.core.platform.linux.wire.WireLayout;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * A send right: the send end of the port's queue, and the read end of its pipe.
 *
 * <p>A message needs a place of the queue, which is taken from the {@link CreditPage} that the send end shows. The pipe
 * hands a place to a sender that waits for one. That somebody holds its read end is what tells the receiver that senders
 * exist. And its hang-up tells a sender that waits that the port died.
 */
public final class SocketSendEnd extends LinuxEnd {
    /** How far a message has come to its place in the queue. */
    private enum Place {
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
    private volatile @Nullable CreditPage places;

    /** The threads that wait for a place. The first watches the pipe, so that a place which becomes free wakes one. */
    private final ArrayDeque<Waker> line = new ArrayDeque<>();

    /** Takes over both descriptors of a right that was made elsewhere; the pipe may be anything as yet. */
    SocketSendEnd(int queue, int pipe, long cookie) {
        this(queue, pipe, cookie, null);
    }

    /** Takes over everything. */
    SocketSendEnd(int queue, int pipe, Long cookie, @Nullable CreditPage places) {
        this.queue = queue;
        this.pipe = pipe;
        this.cookie = cookie;
        this.places = places;
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
    public boolean hasRoom() {
        try {
            return places().hasRoom() || Wire.current().available(pipe) > 0;
        } catch (KernelException e) {
            return false;
        }
    }

    /** Has a place that becomes free handed over, as to a sender that waits. Returns the pipe that it comes through. */
    int startWaiting() throws KernelException {
        places().join();
        return pipe;
    }

    void stopWaiting() {
        CreditPage count = places;
        if (count != null) {
            count.leave();
        }
    }

    private CreditPage places() throws KernelException {
        CreditPage count = places;
        return count != null ? count : findPlaces();
    }

    /** Few rights are ever sent through, so what that needs is looked at, and distrusted, at the first time only. */
    private synchronized CreditPage findPlaces() throws KernelException {
        CreditPage count = places;
        if (count == null) {
            count = DescriptorInspector.isPlaceReader(pipe) ? CreditPage.find(queue) : null;
            if (count == null) {
                throw new KernelException(KERN_INVALID_RIGHT);
            }
            places = count;
        }
        return count;
    }

    @Override
    public int send(Parcel parcel, int timeoutMillis, boolean interruptible) {
        CreditPage count;
        try {
            count = places();
        } catch (KernelException e) {
            return e.code() == KERN_INVALID_RIGHT ? MACH_SEND_INVALID_DEST : MACH_SEND_NO_BUFFER;
        }
        Wire wire = Wire.current();
        Deadline deadline = Deadline.after(timeoutMillis);
        Place place = count.take() ? Place.TAKEN : Place.NONE;
        boolean waited = false;
        int pause = 1;
        while (true) {
            if (place != Place.TAKEN) {
                place = take(wire, count, place);
            }
            if (place == Place.TAKEN) {
                int errno = wire.send(queue, parcel, WireLayout.FLAG_CREDITED, 0);
                if (errno == 0) {
                    return KERN_SUCCESS;
                }
                if (Wire.isDeath(errno)) {
                    place = Place.OF_DEAD_PORT;
                } else if (errno != LibC.EAGAIN) {
                    return giveUp(count, place, Wire.sendCode(errno));
                }
            }
            if (place == Place.OF_DEAD_PORT) {
                return waited ? KERN_SUCCESS : MACH_SEND_INVALID_DEST;
            }
            if (deadline.isOver()) {
                if (place == Place.AWAITED) {
                    wire.askToLook(queue);
                }
                return giveUp(count, place, MACH_SEND_TIMED_OUT);
            }
            // A place is taken but the system's buffer may be full. POLLOUT would come late, so it looks again soon.
            int outcome = place == Place.AWAITED
                    ? awaitPlace(wire, deadline, interruptible)
                    : wire.await(-1, Deadline.earlier(deadline.remainingMillis(), pause), interruptible);
            if (outcome == Wire.INTERRUPTED) {
                return giveUp(count, place, MACH_SEND_INTERRUPTED);
            }
            waited = true;
            pause = Math.min(2 * pause, MAX_PAUSE_MILLIS);
        }
    }

    /** Takes what was handed over, or begins to wait; one may be left over that was handed to a sender that died. */
    private Place take(Wire wire, CreditPage count, Place before) {
        if (before == Place.NONE && count.takeOrWait()) {
            return Place.TAKEN;
        }
        long got = wire.readByte(pipe);
        if (got > 0) {
            return Place.TAKEN;
        }
        if (got == 0) {
            return Place.OF_DEAD_PORT;
        }
        if (before == Place.NONE) {
            return Place.AWAITED;
        }
        count.leave();
        return count.takeOrWait() ? Place.TAKEN : Place.AWAITED;
    }

    /** Puts a place back that was taken in vain. Should that fail, the receiver misses it and restores it. */
    private int giveUp(CreditPage count, Place place, int code) {
        if (place == Place.AWAITED) {
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

    /** Waits in line; its first thread watches the pipe, and has the receiver look for places that were lost. */
    private int awaitPlace(Wire wire, Deadline deadline, boolean interruptible) {
        Waker self = wire.waker();
        synchronized (line) {
            line.add(self);
        }
        int outcome;
        boolean first;
        do {
            synchronized (line) {
                first = line.peek() == self;
            }
            int left = deadline.remainingMillis();
            outcome = first
                    ? wire.await(pipe, Deadline.earlier(left, CreditPool.LOST_MILLIS), interruptible)
                    : wire.await(-1, left, interruptible);
        } while (!first && outcome == Wire.READY);
        synchronized (line) {
            boolean leads = line.peek() == self;
            line.remove(self);
            Waker next = line.peek();
            if (leads && next != null) {
                next.wake();
            }
        }
        if (first && outcome == Wire.TIMED_OUT) {
            wire.askToLook(queue);
        }
        return outcome;
    }

    @Override
    void beforeClose() {
        CreditPage count = places;
        if (count != null) {
            count.close();
        }
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
