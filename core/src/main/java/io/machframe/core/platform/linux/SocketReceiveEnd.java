/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux;

import static io.machframe.core.error.KernReturn.KERN_INVALID_RIGHT;
import static io.machframe.core.error.KernReturn.KERN_SUCCESS;
import static io.machframe.core.error.KernReturn.MACH_RCV_INTERRUPTED;
import static io.machframe.core.error.KernReturn.MACH_RCV_PORT_CHANGED;
import static io.machframe.core.error.KernReturn.MACH_RCV_TIMED_OUT;
import static io.machframe.core.error.KernReturn.MACH_RCV_TOO_LARGE;
import static io.machframe.core.platform.Mach.MACH_PORT_QLIMIT_MAX;

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

    private final int queue;
    private final int sendEnd;
    private final CreditPipe credits;
    private final Long cookie;
    private final List<Waker> waiting = new ArrayList<>();
    private final Set<Integer> onceIds = new HashSet<>();

    private boolean closed;
    private int nextSequence;

    /** A message that was too large for the buffer of the receive that met it, and whether it holds a place. */
    private @Nullable Parcel kept;

    private boolean keptCredited;
    private boolean reportedDestroyed;
    private Runnable afterClose = () -> {};

    /** Takes over the three descriptors. */
    SocketReceiveEnd(int queue, int sendEnd, int credits, int limit) {
        this.queue = queue;
        this.sendEnd = sendEnd;
        this.credits = new CreditPipe(credits, limit);
        this.cookie = Wire.current().cookie(sendEnd);
    }

    @Override
    public Object identity() {
        return cookie;
    }

    @Override
    public synchronized SendEnd makeSend() throws KernelException {
        int send = copyOfSendEnd();
        try {
            return new SocketSendEnd(send, credits.openForSender(), cookie);
        } catch (KernelException e) {
            LibC.close(send);
            throw e;
        }
    }

    @Override
    public synchronized SendEnd makeSendOnce() throws KernelException {
        int send = copyOfSendEnd();
        int id;
        do {
            id = ThreadLocalRandom.current().nextInt();
        } while (id == 0 || !onceIds.add(id));
        return new SocketOnceEnd(send, id);
    }

    /** A port that a peer shut down is closed although its right is still held: then its numbers are another's. */
    private int copyOfSendEnd() throws KernelException {
        if (closed) {
            throw new KernelException(KERN_INVALID_RIGHT);
        }
        int send = LibC.fcntl(sendEnd, LibC.F_DUPFD_CLOEXEC, 0);
        if (send < 0) {
            throw LinuxTransport.failure(LibC.errno());
        }
        return send;
    }

    @Override
    public synchronized int queueLimit() {
        return credits.limit();
    }

    @Override
    public synchronized void queueLimit(int limit) {
        credits.limit(limit);
    }

    @Override
    public synchronized int queued() {
        return credits.taken();
    }

    @Override
    public synchronized int sendOnceRights() {
        return onceIds.size();
    }

    @Override
    public synchronized int nextSequence() {
        return nextSequence;
    }

    @Override
    public synchronized boolean hasSenders() {
        return credits.hasSenders();
    }

    @Override
    public int receive(Parcel parcel, int size, boolean keepLarge, int timeoutMillis, boolean interruptible) {
        Wire wire = Wire.current();
        Deadline deadline = Deadline.after(timeoutMillis);
        int destroyed = 0;
        while (true) {
            int left = deadline.remainingMillis();
            int wait;
            synchronized (this) {
                if (closed) {
                    return MACH_RCV_PORT_CHANGED;
                }
                int result = tryReceive(wire, parcel, size, keepLarge);
                if (result != EMPTY && result != DESTROYED) {
                    return result;
                }
                wait = result == DESTROYED ? 0 : earlier(left, credits.reconcile());
                if (left == 0 && (result == EMPTY || ++destroyed > MACH_PORT_QLIMIT_MAX)) {
                    return MACH_RCV_TIMED_OUT;
                }
                waiting.add(wire.waker());
            }
            boolean interrupted = wire.await(queue, wait, interruptible);
            synchronized (this) {
                waiting.remove(wire.waker());
            }
            if (interrupted) {
                return MACH_RCV_INTERRUPTED;
            }
        }
    }

    /** Negative means never. */
    private static int earlier(int millis, int otherMillis) {
        return millis < 0 || otherMillis < 0 ? Math.max(millis, otherMillis) : Math.min(millis, otherMillis);
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
        credits.close();
        LibC.close(queue);
        LibC.close(sendEnd);
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

    private int tryReceive(Wire wire, Parcel parcel, int size, boolean keepLarge) {
        if (kept != null) {
            return deliverKept(kept, parcel, size, keepLarge);
        }
        int received = wire.receive(queue, parcel.buffer(), Math.max(size, 0), parcel);
        if (received == -LibC.EAGAIN || received == -LibC.EINTR) {
            return EMPTY;
        }
        if (received < 0 || (received == 0 && !wire.isFromSomebody())) {
            // Only a peer that shut the queue down for all its senders brings this about.
            close();
            return MACH_RCV_PORT_CHANGED;
        }
        boolean credited =
                received >= WireLayout.PREFIX_SIZE && (wire.prefix(WireLayout.FLAGS) & WireLayout.FLAG_CREDITED) != 0;
        int messageSize = received - WireLayout.PREFIX_SIZE;
        boolean large = messageSize > size && Arrival.isFramed(wire, received);
        Parcel target = large ? collect(wire, parcel, size, messageSize) : parcel;
        target.size(messageSize);
        boolean good = new Arrival(wire, target, onceIds).accept(received);
        if (good && large) {
            kept = target;
            keptCredited = credited;
            return deliverKept(target, parcel, size, keepLarge);
        }
        if (credited) {
            credits.giveBack();
        }
        if (!good) {
            reportDestroyed(parcel, wire.lostRights() ? "no descriptors are left for its rights" : "it is malformed");
            return DESTROYED;
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
        parcel.size(large.size());
        parcel.sentOnce(large.sentOnce());
        boolean fits = large.size() <= size;
        if (fits) {
            parcel.buffer().bytes().put(0, large.buffer().bytes(), 0, large.size());
            for (int i = 0; i < large.rightCount(); i++) {
                parcel.add(large.take(i));
            }
            parcel.sender(large.senderPid(), large.senderUid(), large.senderGid());
            parcel.sequence(nextSequence);
        }
        if (fits || !keepLarge) {
            nextSequence++;
            large.clear();
            kept = null;
            if (keptCredited) {
                credits.giveBack();
            }
        }
        return fits ? KERN_SUCCESS : MACH_RCV_TOO_LARGE;
    }

    private void reportDestroyed(Parcel parcel, String why) {
        if (reportedDestroyed) {
            return;
        }
        try {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "destroyed a message from process {0}: {1}; further ones to this port are destroyed silently",
                    Integer.toString(parcel.senderPid()),
                    why);
            reportedDestroyed = true;
        } catch (RuntimeException | Error e) {
            reportedDestroyed = false; // a process without descriptors cannot log, and that may be why it came to this
        }
    }
}
