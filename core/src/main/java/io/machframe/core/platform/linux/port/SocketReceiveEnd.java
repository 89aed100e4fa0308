/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.port;

import static io.machframe.core.error.KernReturn.KERN_INVALID_RIGHT;
import static io.machframe.core.error.KernReturn.KERN_SUCCESS;
import static io.machframe.core.error.KernReturn.MACH_RCV_INTERRUPTED;
import static io.machframe.core.error.KernReturn.MACH_RCV_PORT_CHANGED;
import static io.machframe.core.error.KernReturn.MACH_RCV_TIMED_OUT;
import static io.machframe.core.error.KernReturn.MACH_RCV_TOO_LARGE;
import static io.machframe.core.platform.Mach.MACH_PORT_QLIMIT_MAX;

import io.machframe.core.platform.MessageBuffer;
import io.machframe.core.platform.kernel.KernelException;
import io.machframe.core.platform.kernel.Notice;
import io.machframe.core.platform.kernel.Parcel;
import io.machframe.core.platform.kernel.PortRequests;
import io.machframe.core.platform.kernel.ReceiveEnd;
import io.machframe.core.platform.kernel.SendEnd;
import io.machframe.core.platform.linux.libc.Deadline;
import io.machframe.core.platform.linux.libc.Descriptor;
import io.machframe.core.platform.linux.libc.Errno;
import io.machframe.core.platform.linux.libc.LibC;
import io.machframe.core.platform.linux.libc.NativeMemory;
import io.machframe.core.platform.linux.libc.Waker;
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
 * waker outside it, so that closing wakes it at once and can never let it read what has become another's.
 */
public final class SocketReceiveEnd implements ReceiveEnd, Transferable {
    private static final System.Logger LOG = System.getLogger(SocketReceiveEnd.class.getName());

    /** Nothing was in the queue. */
    private static final int EMPTY = -1;

    /** What was there was destroyed; there may be more. */
    private static final int DESTROYED = -2;

    /** Which of the descriptors the pipe's write end is. */
    static final int PIPE = 2;

    private static final int[] NO_PIPES = {};

    private final int queue;
    private final int sendEnd;
    private final CreditPool places;
    private final Long cookie;
    private final List<Waker> waiting = new ArrayList<>();
    private final OnceRights onces = new OnceRights();
    private final Arrival.Admission admission = new Arrival.Admission() {
        @Override
        public boolean use(int onceId) {
            return SocketReceiveEnd.this.use(onceId);
        }

        @Override
        public boolean isRegistered(int onceId) {
            return onces.isRegistered(onceId);
        }
    };
    private final Set<SocketSet> sets = new HashSet<>();

    private final PortRequests requests = new PortRequests();
    private boolean closed;

    /** The right is on its way. */
    private boolean detached;

    /** What of this right is no descriptor, packed for the way; -1 if it is not. */
    private int carrier = -1;

    private boolean packed;
    private boolean travelled;

    private int nextSequence;

    /** A message that was too large for the buffer of the receive that met it, and whether it holds a place. */
    private @Nullable Parcel kept;

    private boolean keptCredited;
    private boolean reportedDestroyed;
    private Runnable afterClose = () -> {};

    /** Takes over the three descriptors. */
    SocketReceiveEnd(int queue, int sendEnd, int pipe, int limit) {
        this.queue = queue;
        this.sendEnd = sendEnd;
        this.places = new CreditPool(queue, sendEnd, pipe, limit);
        this.cookie = Wire.current().cookie(sendEnd);
    }

    /** Takes over a right that comes from elsewhere and is not unpacked yet. */
    static SocketReceiveEnd arriving(int queue, int sendEnd, int pipe, int carrier) {
        SocketReceiveEnd end = new SocketReceiveEnd(queue, sendEnd, pipe, 0);
        end.detached = true;
        end.packed = true;
        end.carrier = carrier;
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
            return places.makeSend(send, cookie);
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
        if (closed) {
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
        return places.limit();
    }

    @Override
    public synchronized void queueLimit(int limit) {
        places.limit(limit);
    }

    @Override
    public synchronized int queued() {
        return places.taken() + onces.countGone() + (kept != null && !keptCredited ? 1 : 0);
    }

    @Override
    public synchronized int sendOnceRights() {
        return onces.count() + (kept != null && kept.sentOnce() ? 1 : 0);
    }

    @Override
    public synchronized int nextSequence() {
        return nextSequence;
    }

    @Override
    public synchronized void nextSequence(int number) {
        nextSequence = number;
    }

    @Override
    public synchronized void detach() {
        detached = true;
        waiting.forEach(Waker::wake);
    }

    @Override
    public synchronized void attach() {
        boolean returns = detached;
        detached = false;
        if ((packed && !unpack()) || (returns && !resume())) {
            close();
        }
        dropCarrier();
    }

    /** Returns false if a peer made the bundle up. */
    private boolean unpack() {
        packed = false;
        int flags = ReceiveBundle.unpack(carrier, places, onces, requests);
        boolean good = flags >= 0 && unpackKept(flags);
        if (!good) {
            requests.close();
        }
        return good;
    }

    /** Returns false if nobody could send: a peer made the port up, or this process has no room for it. */
    private boolean resume() {
        try {
            places.resume();
            return true;
        } catch (KernelException e) {
            return false;
        }
    }

    /** Returns whether the message that was kept is here, if there is one. */
    private boolean unpackKept(int flags) {
        if (ReceiveBundle.isKept(flags)) {
            kept = ReceiveBundle.unpackKept(carrier);
            keptCredited = ReceiveBundle.isKeptCredited(flags);
            return kept != null;
        }
        return true;
    }

    @Override
    public int kind() {
        return WireLayout.KIND_RECEIVE;
    }

    @Override
    public int onceId() {
        return 0;
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
            case PIPE -> places.pipe();
            default -> carrier;
        };
    }

    @Override
    public synchronized int prepare() {
        if (closed) {
            return LibC.EBADF;
        }
        if (carrier < 0) {
            carrier = ReceiveBundle.pack(places, onces, requests, kept, keptCredited);
        }
        return carrier < 0 ? LibC.ENOBUFS : 0;
    }

    /** What is closed here now are copies; nobody is told anything. */
    @Override
    public synchronized void transferred() {
        travelled = true;
        lend();
        onces.close();
        ReceiveBundle.forget(requests);
        if (kept != null) {
            kept.clear();
            kept = null;
        }
    }

    /** Who asked to be given this right gets a copy back if a holder is killed; a live one hands the right itself over. */
    private void lend() {
        if (closed || !(requests.portDestroyed() instanceof SocketOnceEnd request)) {
            return;
        }
        OnceRights heir = request.admission();
        if (heir == null) {
            return; // who asked is in another process
        }
        int[] copies = new int[3];
        boolean whole = true;
        for (int i = 0; i < copies.length; i++) {
            copies[i] = Descriptor.duplicate(fd(i));
            whole &= copies[i] >= 0;
        }
        if (!whole) { // for want of descriptors the port dies with its holder
            for (int copy : copies) {
                LibC.close(copy);
            }
            return;
        }
        SocketReceiveEnd copy = new SocketReceiveEnd(copies[0], copies[1], copies[PIPE], 0);
        copy.places.limit(places.limit());
        onces.copyTo(copy.onces);
        copy.detached = true;
        heir.lend(request.onceId(), copy);
    }

    /**
     * A right that was sent may be one of several whose rights are in each other's queues. The system looks for those
     * only when some socket of this kind is closed for good.
     */
    private static void collectCircles() {
        int socket = LibC.socket(LibC.AF_UNIX, LibC.SOCK_DGRAM | LibC.SOCK_CLOEXEC, 0);
        if (socket >= 0) {
            LibC.close(socket);
        }
    }

    private void dropCarrier() {
        if (carrier >= 0) {
            LibC.close(carrier);
            carrier = -1;
        }
    }

    @Override
    public PortRequests requests() {
        return requests;
    }

    @Override
    public synchronized boolean hasSenders() {
        if (places.hasSenders()) {
            return true;
        }
        if (!closed && kept == null && !Wire.current().isReadable(queue)) {
            places.restore(); // a sender that died took them along
        }
        return places.taken() > 0; // a queued message holds a right to where it goes
    }

    @Override
    public int receive(Parcel parcel, int size, boolean keepLarge, int timeoutMillis, boolean interruptible) {
        Wire wire = Wire.current();
        Deadline deadline = Deadline.after(timeoutMillis);
        int destroyed = 0;
        boolean waited = false;
        while (true) {
            int left = deadline.remainingMillis();
            int wait;
            int[] pipes;
            synchronized (this) {
                if (closed || detached) {
                    return MACH_RCV_PORT_CHANGED;
                }
                int result = tryReceive(wire, parcel, size, keepLarge);
                if (result == EMPTY && (left == 0 || waited)) {
                    result = tryLost(wire, parcel, size, keepLarge);
                }
                if (result != EMPTY && result != DESTROYED) {
                    return result;
                }
                if (result == EMPTY) {
                    places.reconcileSometimes();
                }
                wait = result == DESTROYED ? 0 : Deadline.earlier(left, places.millisToLost());
                if (left == 0 && (result == EMPTY || ++destroyed > MACH_PORT_QLIMIT_MAX)) {
                    return MACH_RCV_TIMED_OUT;
                }
                waiting.add(wire.waker());
                pipes = onces.isEmpty() ? NO_PIPES : onces.allPipes();
            }
            int outcome = wire.await(queue, pipes, wait, interruptible);
            waited = true;
            synchronized (this) {
                waiting.remove(wire.waker());
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
        SendEnd heir = detached && !travelled ? takeHeir() : null;
        if (heir == null) {
            destroy();
        } else {
            handOver(heir);
        }
    }

    /** Returns who asked for this right, which nobody received. */
    private @Nullable SendEnd takeHeir() {
        int flags = 0;
        if (packed) { // so that those are told at once who were to be told of the port
            packed = false;
            flags = ReceiveBundle.unpack(carrier, places, onces, requests);
        }
        SendEnd heir = flags < 0 ? null : requests.portDestroyed(null);
        if (heir != null && unpackKept(flags) && kept != null) {
            // Nor was what is in this message; but a peer may have made a long chain of such, and one of them is
            // enough.
            for (int i = 0; i < kept.rightCount(); i++) {
                if (kept.right(i) instanceof SocketReceiveEnd deeper) {
                    deeper.travelled = true;
                }
            }
        }
        return heir;
    }

    /** The right lives on where somebody asked for it, or dies if it cannot be sent there. */
    private void handOver(SendEnd heir) {
        dropCarrier(); // what is packed says that somebody asks
        Parcel notice = new Parcel();
        Notice.portDestroyed(notice, NativeMemory.allocate(Notice.MAX_SIZE), this);
        heir.send(notice, 0, false);
        heir.close();
        notice.clear();
    }

    private void destroy() {
        closed = true;
        waiting.forEach(Waker::wake);
        if (kept != null) {
            kept.clear();
        }
        sets.forEach(set -> set.forget(this, onces.allPipes()));
        sets.clear();
        places.close();
        onces.close();
        requests.close();
        dropCarrier();
        LibC.close(queue);
        LibC.close(sendEnd);
        if (travelled) {
            collectCircles();
        }
        afterClose.run();
    }

    /** Has something done when the port dies, at once if it is dead. */
    public synchronized void afterClose(Runnable action) {
        if (closed) {
            action.run();
        } else {
            afterClose = action;
        }
    }

    /** Takes the first message without waiting. Returns a receive code, or something negative if there is none. */
    synchronized int tryReceive(Parcel parcel, int size, boolean keepLarge) {
        if (closed || detached) {
            return EMPTY;
        }
        Wire wire = Wire.current();
        int result = tryReceive(wire, parcel, size, keepLarge);
        if (result == EMPTY) {
            result = tryLost(wire, parcel, size, keepLarge);
            places.reconcileSometimes();
        }
        return result;
    }

    /** Returns in how many milliseconds to try again because places are missing, or -1. */
    synchronized int millisToLost() {
        return places.millisToLost();
    }

    /**
     * The queue was found empty: if a send-once right is gone all the same, and the queue is still empty, then its
     * message will never come and the notice takes its place.
     */
    private int tryLost(Wire wire, Parcel parcel, int size, boolean keepLarge) {
        int gone = onces.firstGone();
        int result = gone == 0 ? EMPTY : tryReceive(wire, parcel, size, keepLarge);
        if (gone == 0 || result != EMPTY) {
            return result;
        }
        SocketReceiveEnd back = onces.takeLent(gone);
        use(gone);
        kept = new Parcel();
        keptCredited = false;
        if (back == null) {
            Notice.sendOnce(kept, NativeMemory.allocate(Notice.MAX_SIZE));
        } else {
            Notice.portDestroyed(kept, NativeMemory.allocate(Notice.MAX_SIZE), back);
        }
        return deliverKept(kept, parcel, size, keepLarge);
    }

    int queue() {
        return queue;
    }

    synchronized void joined(SocketSet set) throws KernelException {
        sets.add(set);
        if (kept != null) {
            set.hasKept(this);
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
        if (received == WireLayout.PREFIX_SIZE && wire.isLook()) {
            wire.closeFds();
            places.reconcile();
            return DESTROYED;
        }
        boolean credited =
                received >= WireLayout.PREFIX_SIZE && (wire.prefix(WireLayout.FLAGS) & WireLayout.FLAG_CREDITED) != 0;
        int messageSize = Arrival.messageSize(wire, received);
        boolean large = messageSize > size;
        Parcel target = large ? aside(parcel, messageSize) : parcel;
        boolean good =
                target != null && accept(wire, target, messageSize, received, parcel.buffer(), Math.max(size, 0));
        if (target != null && good && large) {
            kept = target;
            keptCredited = credited;
            return deliverKept(target, parcel, size, keepLarge);
        }
        if (credited) {
            places.giveBack();
        }
        if (!good) {
            wire.closeFds();
            places.messageDestroyed();
            reportDestroyed(parcel, whyDestroyed(wire, target));
            return DESTROYED;
        }
        parcel.sequence(nextSequence++);
        return KERN_SUCCESS;
    }

    private boolean accept(Wire wire, Parcel target, int messageSize, int received, MessageBuffer buffer, int limit) {
        target.size(messageSize);
        return new Arrival(wire, target, admission).accept(received, buffer, limit);
    }

    private static String whyDestroyed(Wire wire, @Nullable Parcel target) {
        if (target == null) {
            return "no memory is left for it";
        }
        return wire.lostRights() ? "no descriptors are left for its rights" : "it is malformed";
    }

    /** Returns a parcel for a message that the caller's buffer is too small for, or null: anybody can send 48 MiB. */
    private static @Nullable Parcel aside(Parcel parcel, int size) {
        try {
            Parcel whole = new Parcel();
            whole.begin(NativeMemory.allocate(size), size);
            whole.sender(parcel.senderPid(), parcel.senderUid(), parcel.senderGid());
            return whole;
        } catch (OutOfMemoryError e) {
            return null;
        }
    }

    private int deliverKept(Parcel large, Parcel parcel, int size, boolean keepLarge) {
        parcel.size(large.size());
        parcel.sentOnce(large.sentOnce());
        parcel.notice(large.isNotice());
        boolean fits = large.size() <= size;
        if (fits) {
            parcel.buffer().bytes().put(0, large.buffer().bytes(), 0, large.size());
            parcel.takeContents(large);
            parcel.sender(large.senderPid(), large.senderUid(), large.senderGid());
            parcel.sequence(nextSequence);
        }
        if (!fits && keepLarge) {
            sets.forEach(set -> set.hasKept(this));
        } else {
            nextSequence++;
            large.clear();
            kept = null;
            if (keptCredited) {
                places.giveBack();
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
