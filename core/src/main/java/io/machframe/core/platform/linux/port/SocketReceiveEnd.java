/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.port;

import static io.machframe.core.error.KernReturn.KERN_INVALID_RIGHT;
import static io.machframe.core.error.KernReturn.MACH_RCV_INTERRUPTED;
import static io.machframe.core.error.KernReturn.MACH_RCV_PORT_CHANGED;
import static io.machframe.core.error.KernReturn.MACH_RCV_TIMED_OUT;
import static io.machframe.core.error.KernReturn.MACH_RCV_TOO_LARGE;
import static io.machframe.core.platform.Mach.MACH_PORT_QLIMIT_MAX;

import io.machframe.core.platform.kernel.KernelException;
import io.machframe.core.platform.kernel.Parcel;
import io.machframe.core.platform.kernel.PortRequests;
import io.machframe.core.platform.kernel.ReceiveEnd;
import io.machframe.core.platform.kernel.SendEnd;
import io.machframe.core.platform.linux.libc.Deadline;
import io.machframe.core.platform.linux.libc.Descriptor;
import io.machframe.core.platform.linux.libc.DescriptorCloser;
import io.machframe.core.platform.linux.libc.Errno;
import io.machframe.core.platform.linux.libc.LibC;
import io.machframe.core.platform.linux.libc.Waker;
import io.machframe.core.platform.linux.wire.Poller;
import io.machframe.core.platform.linux.wire.Transferable;
import io.machframe.core.platform.linux.wire.Wire;
import io.machframe.core.platform.linux.wire.WireLayout;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A receive right: both ends of the port's queue and the write end of its pipe ({@link SocketSendEnd}).
 *
 * <p>No thread ever blocks in a call on the queue: it tries under the lock, then sleeps on the queue and on its own
 * waker without it, so that closing wakes it at once and it can never read what has become another's.
 */
public final class SocketReceiveEnd implements ReceiveEnd, Transferable {
    /** Where the right is. */
    private enum State {
        HELD,
        /** In a message, of this process or from another. */
        IN_TRANSIT,
        /** In another message's packet; what is left here are copies. */
        SENT,
        CLOSED
    }

    /** Which of the descriptors the pipe's write end is. */
    static final int PIPE = 2;

    private static final int[] NO_PIPES = {};

    /** How long a receive pauses for which the system has no memory. */
    private static final int SHORTAGE_MILLIS = 20;

    private final int queue;
    private final int sendEnd;
    private final CreditPool credits;
    private final Long cookie;
    private final List<Waker> waiting = new ArrayList<>();
    private final SendOnceRegistry onces = new SendOnceRegistry();
    private final Set<SocketSet> sets = new HashSet<>();
    private final PortRequests requests = new PortRequests();
    private final QueueReader reader;

    private State state = State.HELD;

    /** It came in a packet and was not received yet: others may hold the same right. */
    private boolean arrived;

    /** Another process sent it: what its sockets hold, and so how long closing them takes, is that process's choice. */
    private boolean foreign;

    /** The socket with what of this right is no descriptor ({@link ReceiveBundle}), while it is in transit; else -1. */
    private int bundle = -1;

    /** Nothing of the bundle was read yet. */
    private boolean packed;

    private Runnable afterClose = () -> {};

    /** Takes ownership of the three descriptors. */
    SocketReceiveEnd(int queue, int sendEnd, int pipe, int limit) {
        this.queue = queue;
        this.sendEnd = sendEnd;
        this.credits = new CreditPool(queue, sendEnd, pipe, limit);
        this.cookie = Wire.current().sockets().cookie(sendEnd);
        this.reader = new QueueReader(queue, credits, new Arrival.Admission() {
            @Override
            public boolean use(int onceId) {
                return SocketReceiveEnd.this.use(onceId);
            }

            @Override
            public boolean isRegistered(int onceId) {
                return onces.isRegistered(onceId);
            }
        });
    }

    /** Takes ownership of a right that comes from elsewhere and is not unpacked yet. */
    static SocketReceiveEnd arriving(int queue, int sendEnd, int pipe, int bundle, boolean foreign) {
        SocketReceiveEnd end = new SocketReceiveEnd(queue, sendEnd, pipe, 0);
        end.state = State.IN_TRANSIT;
        end.arrived = true;
        end.foreign = foreign;
        end.packed = true;
        end.bundle = bundle;
        return end;
    }

    /** Takes ownership of copies of a right that is elsewhere. */
    static SocketReceiveEnd copy(int queue, int sendEnd, int pipe, int limit, SendOnceRegistry onces) {
        SocketReceiveEnd end = new SocketReceiveEnd(queue, sendEnd, pipe, limit);
        onces.copyTo(end.onces);
        end.state = State.SENT;
        return end;
    }

    @Override
    public Object identity() {
        return cookie;
    }

    @Override
    public synchronized SendEnd makeSend() throws KernelException {
        int send = copyOfSendEnd();
        try {
            return credits.makeSend(send, cookie);
        } catch (KernelException e) {
            LibC.close(send);
            throw e;
        }
    }

    @Override
    public synchronized SendEnd makeSendOnce() throws KernelException {
        SocketOnceEnd right = onces.make(copyOfSendEnd());
        watch(right.onceId());
        return right;
    }

    /** Lets those that wait for a message see it too if the right is lost. */
    private void watch(int onceId) throws KernelException {
        try {
            for (SocketSet set : sets) {
                set.addPipe(this, onces.pipe(onceId));
            }
        } catch (KernelException e) {
            use(onceId);
            throw e;
        }
        waiting.forEach(Waker::wake);
    }

    @Override
    public synchronized void unmake(SendEnd sendOnce) {
        SocketOnceEnd right = (SocketOnceEnd) sendOnce;
        right.transferred();
        right.close();
        use(right.onceId());
    }

    private boolean use(int onceId) {
        boolean known = onces.contains(onceId);
        if (known) {
            sets.forEach(set -> set.removePipe(onces.pipe(onceId)));
            onces.remove(onceId);
        }
        return known;
    }

    /** A port that a peer shut down is closed although its right is still held: then its numbers are another's. */
    private int copyOfSendEnd() throws KernelException {
        if (state == State.CLOSED) {
            throw new KernelException(KERN_INVALID_RIGHT);
        }
        int send = Descriptor.duplicate(sendEnd);
        if (send < 0) {
            throw Errno.failure(LibC.errno());
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
        StashedMessage stash = reader.stash();
        return credits.taken() + onces.countGone() + (stash != null && !stash.credited() ? 1 : 0);
    }

    @Override
    public synchronized int sendOnceRights() {
        StashedMessage stash = reader.stash();
        return onces.count() + (stash != null && stash.parcel().sentOnce() ? 1 : 0);
    }

    @Override
    public synchronized int nextSequence() {
        return reader.nextSequence();
    }

    @Override
    public synchronized void nextSequence(int number) {
        reader.nextSequence(number);
    }

    @Override
    public synchronized void detach() {
        if (state == State.HELD) {
            state = State.IN_TRANSIT;
        }
        waiting.forEach(Waker::wake);
    }

    @Override
    public synchronized void attach() {
        boolean returns = state == State.IN_TRANSIT || state == State.SENT;
        if (returns) {
            state = State.HELD;
            arrived = false;
            if ((packed && !unpack()) || !resume()) {
                close();
            }
        }
        dropBundle();
    }

    /** Returns false if a peer made the bundle up. */
    private boolean unpack() {
        packed = false;
        int flags = ReceiveBundle.unpack(bundle, credits, onces, requests);
        boolean good = flags >= 0 && unpackStash(flags);
        if (!good) {
            requests.close();
        }
        return good;
    }

    /** Returns false if no process could send: a peer made the port up, or this process has no descriptors for it. */
    private boolean resume() {
        try {
            credits.resume();
            return true;
        } catch (KernelException e) {
            return false;
        }
    }

    /** Returns whether the stashed message is here, if there is one. */
    private boolean unpackStash(int flags) {
        if (ReceiveBundle.hasStash(flags)) {
            reader.stash(ReceiveBundle.unpackStash(bundle, flags));
            return reader.stash() != null;
        }
        return true;
    }

    @Override
    public int kind() {
        return WireLayout.KIND_RECEIVE;
    }

    @Override
    public int fdCount() {
        return 4;
    }

    @Override
    public synchronized int fd(int index) {
        return switch (index) {
            case 0 -> queue;
            case 1 -> sendEnd;
            case PIPE -> credits.pipe();
            default -> bundle;
        };
    }

    @Override
    public synchronized int prepare() {
        if (state == State.CLOSED) {
            return LibC.EBADF;
        }
        if (bundle < 0) {
            bundle = ReceiveBundle.pack(credits, onces, requests, reader.stash());
        }
        return bundle < 0 ? LibC.ENOBUFS : 0;
    }

    /** What is closed here from now on are copies; no process is notified of it. */
    @Override
    public synchronized void transferred() {
        if (state != State.CLOSED) {
            Escrow.deposit(this, onces, credits.limit());
            state = State.SENT;
        }
        onces.close();
        ReceiveBundle.forget(requests);
        reader.clear();
    }

    private void dropBundle() {
        DescriptorCloser.close(bundle, foreign);
        bundle = -1;
    }

    @Override
    public PortRequests requests() {
        return requests;
    }

    @Override
    public synchronized boolean hasSenders() {
        if (credits.hasSenders()) {
            return true;
        }
        boolean open = state != State.CLOSED;
        if (open && reader.stash() == null && !Wire.current().poller().isReadable(queue)) {
            credits.restore(); // a sender that died leaked them
        }
        return credits.taken() > 0; // a queued message holds a right to where it goes
    }

    @Override
    public int receive(Parcel parcel, int size, boolean keepLarge, int timeoutMillis, boolean interruptible) {
        Wire wire = Wire.current();
        Poller poller = wire.poller();
        Deadline deadline = Deadline.after(timeoutMillis);
        int destroyed = 0;
        boolean waited = false;
        while (true) {
            int left = deadline.remainingMillis();
            int wait;
            int[] pipes;
            int result;
            synchronized (this) {
                if (state != State.HELD) {
                    return MACH_RCV_PORT_CHANGED;
                }
                result = tryReceive(wire, parcel, size, keepLarge, left == 0 || waited);
                if (result >= 0) {
                    return result;
                }
                wait = switch (result) {
                    case QueueReader.DESTROYED -> 0;
                    case QueueReader.SHORTAGE -> Deadline.earlier(left, SHORTAGE_MILLIS);
                    default -> Deadline.earlier(left, credits.millisToLeak());
                };
                if (left == 0 && (result != QueueReader.DESTROYED || ++destroyed > MACH_PORT_QLIMIT_MAX)) {
                    return MACH_RCV_TIMED_OUT;
                }
                waiting.add(poller.waker());
                pipes = onces.isEmpty() ? NO_PIPES : onces.allPipes();
            }
            Poller.Outcome outcome = result == QueueReader.SHORTAGE
                    ? poller.await(-1, wait, interruptible)
                    : poller.await(queue, pipes, wait, interruptible);
            waited = true;
            synchronized (this) {
                waiting.remove(poller.waker());
            }
            if (outcome == Poller.Outcome.INTERRUPTED) {
                return MACH_RCV_INTERRUPTED;
            }
        }
    }

    /** Takes the first message without waiting. Returns a receive code, or something negative if there is none. */
    synchronized int tryReceive(Parcel parcel, int size, boolean keepLarge) {
        return state == State.HELD ? tryReceive(Wire.current(), parcel, size, keepLarge, true) : QueueReader.EMPTY;
    }

    private int tryReceive(Wire wire, Parcel parcel, int size, boolean keepLarge, boolean orLost) {
        int result = read(wire, parcel, size, keepLarge);
        if (result == QueueReader.EMPTY && orLost) {
            result = readLost(wire, parcel, size, keepLarge);
        }
        if (result == QueueReader.EMPTY) {
            credits.reconcileSometimes();
        }
        return result;
    }

    private int read(Wire wire, Parcel parcel, int size, boolean keepLarge) {
        int result = reader.receive(wire, parcel, size, keepLarge);
        if (result == QueueReader.DEAD) {
            close();
            return MACH_RCV_PORT_CHANGED;
        }
        if (result == MACH_RCV_TOO_LARGE && reader.stash() != null) {
            sets.forEach(set -> set.hasStashed(this));
        }
        return result;
    }

    /**
     * The queue was found empty: if a send-once right is gone all the same, and the queue is still empty, then its
     * message will never come and the notice takes its place.
     */
    private int readLost(Wire wire, Parcel parcel, int size, boolean keepLarge) {
        int gone = onces.firstGone();
        int result = gone == 0 ? QueueReader.EMPTY : read(wire, parcel, size, keepLarge);
        if (gone == 0 || result != QueueReader.EMPTY) {
            return result;
        }
        reader.stash(Escrow.noticeOf(onces, gone));
        use(gone);
        return read(wire, parcel, size, keepLarge);
    }

    /** Returns in how many milliseconds to try again because credits are missing, or -1. */
    synchronized int millisToLeak() {
        return credits.millisToLeak();
    }

    @Override
    public synchronized void close() {
        SendEnd target = state == State.IN_TRANSIT ? takeTarget() : null;
        if (target != null) {
            dropBundle(); // what is packed says that there is a request
            Escrow.handOver(this, target);
        } else if (state != State.CLOSED) {
            destroy();
        }
    }

    /** Returns where a right that was not received is to go by its port-destroyed request, or null. */
    private @Nullable SendEnd takeTarget() {
        int flags = 0;
        if (packed) { // so that those are notified at once that asked to be
            packed = false;
            flags = ReceiveBundle.unpack(bundle, credits, onces, requests);
        }
        SendEnd target = flags < 0 ? null : requests.portDestroyed(null);
        if (target != null && unpackStash(flags) && reader.stash() != null) {
            // Nor was what is in this message; but a peer may have made a long chain of such, and one of them is
            // enough.
            Parcel stashed = reader.stash().parcel();
            for (int i = 0; i < stashed.rightCount(); i++) {
                if (stashed.right(i) instanceof SocketReceiveEnd deeper) {
                    deeper.state = State.SENT;
                }
            }
        }
        return target;
    }

    /** Whatever fails, the name that the port had is free. */
    private void destroy() {
        try {
            releaseAll();
        } finally {
            afterClose.run();
        }
    }

    private void releaseAll() {
        boolean copies = state == State.SENT;
        boolean dies = !copies && !arrived;
        state = State.CLOSED;
        waiting.forEach(Waker::wake);
        reader.clear();
        for (SocketSet set : sets) {
            set.forget(this, onces.allPipes());
        }
        sets.clear();
        credits.close();
        onces.close();
        requests.close();
        dropBundle();
        if (dies) {
            LibC.shutdown(queue, LibC.SHUT_RDWR);
            Wire.current().reader().drain(queue);
        }
        DescriptorCloser.close(queue, foreign);
        DescriptorCloser.close(sendEnd, foreign);
        if (copies) {
            collectCycles();
        }
    }

    /**
     * A right that was sent may be one of several whose rights are in each other's queues. The system looks for those
     * only when some socket of this kind is closed for good.
     */
    private static void collectCycles() {
        int socket = LibC.socket(LibC.AF_UNIX, LibC.SOCK_DGRAM | LibC.SOCK_CLOEXEC, 0);
        if (socket >= 0) {
            LibC.close(socket);
        }
    }

    /** Has something done when the port dies, at once if it is dead. */
    public synchronized void afterClose(Runnable action) {
        if (state == State.CLOSED) {
            action.run();
        } else {
            afterClose = action;
        }
    }

    int queue() {
        return queue;
    }

    synchronized void joined(SocketSet set) throws KernelException {
        sets.add(set);
        if (reader.stash() != null) {
            set.hasStashed(this);
        }
        for (int pipe : onces.allPipes()) {
            set.addPipe(this, pipe);
        }
    }

    /** Returns the pipes that the set watches for this port. */
    synchronized int[] left(SocketSet set) {
        sets.remove(set);
        return onces.allPipes();
    }
}
