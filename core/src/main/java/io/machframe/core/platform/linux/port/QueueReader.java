/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.port;

import static io.machframe.core.error.KernReturn.KERN_SUCCESS;

import io.machframe.core.platform.MessageBuffer;
import io.machframe.core.platform.kernel.Parcel;
import io.machframe.core.platform.linux.libc.Errno;
import io.machframe.core.platform.linux.libc.LibC;
import io.machframe.core.platform.linux.libc.NativeMemory;
import io.machframe.core.platform.linux.wire.PacketReader;
import io.machframe.core.platform.linux.wire.Wire;
import io.machframe.core.platform.linux.wire.WireLayout;
import org.jspecify.annotations.Nullable;

/** Takes messages out of a port's queue, without waiting. Guarded by the receive end it belongs to. */
final class QueueReader {
    /** Nothing was in the queue. */
    static final int EMPTY = -1;

    /** What was there was destroyed; there may be more. */
    static final int DESTROYED = -2;

    /** A peer shut the queue down for all its senders. */
    static final int DEAD = -3;

    /** The system cannot give the message out now, for want of memory. */
    static final int SHORTAGE = -4;

    private static final System.Logger LOG = System.getLogger(SocketReceiveEnd.class.getName());

    private final int queue;
    private final CreditPool credits;
    private final Arrival.Admission admission;
    private @Nullable StashedMessage stash;
    private int nextSequence;
    private boolean reportedDestroyed;

    QueueReader(int queue, CreditPool credits, Arrival.Admission admission) {
        this.queue = queue;
        this.credits = credits;
        this.admission = admission;
    }

    int nextSequence() {
        return nextSequence;
    }

    void nextSequence(int number) {
        nextSequence = number;
    }

    @Nullable
    StashedMessage stash() {
        return stash;
    }

    /** Has a message received before all that is in the queue. */
    void stash(@Nullable StashedMessage message) {
        stash = message;
    }

    /** Destroys what is stashed. */
    void clear() {
        if (stash != null) {
            stash.parcel().clear();
            stash = null;
        }
    }

    /**
     * Takes the next message.
     *
     * @return a receive code, or one of this class's, which are negative
     */
    int receive(Wire wire, Parcel parcel, int size, boolean keepLarge) {
        if (stash != null) {
            return deliver(stash, parcel, size, keepLarge);
        }
        PacketReader reader = wire.reader();
        int received = reader.receive(queue, parcel.buffer(), Math.max(size, 0), parcel);
        if (received < 0) {
            return outcome(-received);
        }
        if (received == 0 && !reader.hasSender()) {
            return DEAD;
        }
        if (received == WireLayout.PREFIX_SIZE && reader.isReconcileRequest()) {
            reader.discardFds(0);
            credits.reconcile();
            return DESTROYED;
        }
        return accept(wire, received, parcel, size, keepLarge);
    }

    /** Returns what an error of receiving means: only those of a dead queue close a port. */
    static int outcome(int errno) {
        return switch (errno) {
            case LibC.EAGAIN, LibC.EINTR -> EMPTY;
            default -> Errno.isDeath(errno) ? DEAD : SHORTAGE;
        };
    }

    private int accept(Wire wire, int received, Parcel parcel, int size, boolean keepLarge) {
        PacketReader reader = wire.reader();
        boolean credited = received >= WireLayout.PREFIX_SIZE && reader.hasFlag(WireLayout.FLAG_CREDITED);
        int messageSize = Arrival.messageSize(reader, received);
        boolean large = messageSize > size;
        Parcel target = large ? aside(parcel, messageSize) : parcel;
        boolean good = target != null && accept(wire, target, messageSize, received, parcel.buffer(), size);
        if (target != null && good && large) {
            stash = new StashedMessage(target, credited);
            return deliver(stash, parcel, size, keepLarge);
        }
        if (credited) {
            credits.returnCredit();
        }
        if (!good) {
            String reason = target == null
                    ? "no memory is left for it"
                    : reader.lostRights() ? "no descriptors are left for its rights" : "it is malformed";
            reader.discardFds(0);
            credits.messageDestroyed();
            reportDestroyed(parcel, reason);
            return DESTROYED;
        }
        parcel.sequence(nextSequence++);
        return KERN_SUCCESS;
    }

    private boolean accept(Wire wire, Parcel target, int messageSize, int received, MessageBuffer buffer, int limit) {
        target.size(messageSize);
        return new Arrival(wire, target, admission).accept(received, buffer, Math.max(limit, 0));
    }

    /** Returns a parcel for a message that the caller's buffer is too small for, or null: any peer can send 48 MiB. */
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

    private int deliver(StashedMessage message, Parcel parcel, int size, boolean keepLarge) {
        int code = message.deliver(parcel, size);
        if (code == KERN_SUCCESS) {
            parcel.sequence(nextSequence);
        } else if (keepLarge) {
            return code;
        }
        nextSequence++;
        clear();
        if (message.credited()) {
            credits.returnCredit();
        }
        return code;
    }

    private void reportDestroyed(Parcel parcel, String reason) {
        if (reportedDestroyed) {
            return;
        }
        try {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "destroyed a message from process {0}: {1}; further ones to this port are destroyed silently",
                    Integer.toString(parcel.senderPid()),
                    reason);
            reportedDestroyed = true;
        } catch (RuntimeException | Error e) {
            reportedDestroyed = false; // a process without descriptors cannot log, and that may be why it came to this
        }
    }
}
