/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.kernel;

import static io.machframe.core.error.KernReturn.KERN_SUCCESS;
import static io.machframe.core.error.KernReturn.MACH_RCV_INVALID_NAME;
import static io.machframe.core.error.KernReturn.MACH_RCV_INVALID_TRAILER;
import static io.machframe.core.error.KernReturn.MACH_RCV_TOO_LARGE;
import static io.machframe.core.error.KernReturn.MACH_SEND_INTERRUPTED;
import static io.machframe.core.error.KernReturn.MACH_SEND_INVALID_DEST;
import static io.machframe.core.error.KernReturn.MACH_SEND_NO_BUFFER;
import static io.machframe.core.error.KernReturn.MACH_SEND_TIMED_OUT;
import static io.machframe.core.error.KernReturn.MACH_SEND_TOO_LARGE;

import io.machframe.core.platform.Mach;
import io.machframe.core.platform.MessageBuffer;
import io.machframe.core.platform.MessageLayout;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** {@code mach_msg}: the two halves, send and receive, over a task's names. */
final class MessageCall {
    private final PortSpace space;
    private final Notifications notifications;
    private final CopyOut copyOut;
    private final ThreadLocal<CopyIn> copyIns;
    private final ThreadLocal<Parcel> arrivals = ThreadLocal.withInitial(Parcel::new);

    MessageCall(Transport transport, PortSpace space, Notifications notifications) {
        this.space = space;
        this.notifications = notifications;
        this.copyOut = new CopyOut(space, transport.memory());
        this.copyIns = ThreadLocal.withInitial(() -> new CopyIn(space, transport));
    }

    int run(MessageBuffer buffer, int options, int sendSize, int receiveSize, int receiveName, int timeout) {
        int result = KERN_SUCCESS;
        if ((options & Mach.MACH_SEND_MSG) != 0) {
            int wait = (options & Mach.MACH_SEND_TIMEOUT) != 0 ? timeout : -1;
            result = send(
                    buffer,
                    sendSize,
                    wait,
                    (options & Mach.MACH_SEND_INTERRUPT) != 0,
                    (options & Mach.MACH_SEND_NOTIFY) != 0);
        }
        if (result == KERN_SUCCESS && (options & Mach.MACH_RCV_MSG) != 0) {
            result = receive(buffer, options, receiveSize, receiveName, timeout);
        }
        return result;
    }

    private int send(MessageBuffer buffer, int size, int timeout, boolean interruptible, boolean wantsNotice) {
        CopyIn copyIn = copyIns.get();
        int wrong = copyIn.check(buffer, size);
        if (wrong != KERN_SUCCESS) {
            return wrong;
        }
        synchronized (space) {
            try {
                copyIn.copyIn(buffer, size);
            } catch (KernelException e) {
                return e.code();
            }
        }
        int sent;
        try {
            sent = copyIn.isToItself()
                    ? KERN_SUCCESS
                    : copyIn.destination().send(copyIn.parcel(), timeout, interruptible);
        } catch (RuntimeException | Error e) {
            synchronized (space) {
                copyIn.undo();
            }
            throw e;
        }
        synchronized (space) {
            PortEntry refused = sent == MACH_SEND_TIMED_OUT && wantsNotice ? copyIn.destinationEntry() : null;
            settle(copyIn, sent);
            if (refused != null) {
                notifications.wantsRoom(refused);
            }
            notifications.check();
        }
        return sent;
    }

    private static void settle(CopyIn copyIn, int sent) {
        switch (sent) {
            case MACH_SEND_TIMED_OUT, MACH_SEND_INTERRUPTED, MACH_SEND_NO_BUFFER -> copyIn.giveBack();
            case MACH_SEND_INVALID_DEST, MACH_SEND_TOO_LARGE -> copyIn.undo();
            default -> copyIn.commit();
        }
    }

    private int receive(MessageBuffer buffer, int options, int size, int name, int timeout) {
        int trailer = CopyOut.trailerSize(options);
        if (trailer < 0) {
            return MACH_RCV_INVALID_TRAILER;
        }
        @Nullable ReceiveEnd end;
        @Nullable SetEnd set;
        synchronized (space) {
            notifications.check();
            PortEntry entry = space.peek(name);
            if (entry == null || (entry.receive == null && entry.set == null)) {
                return MACH_RCV_INVALID_NAME;
            }
            end = entry.receive;
            set = entry.set == null ? null : entry.set.end();
        }
        Parcel parcel = arrivals.get();
        parcel.begin(buffer, 0);
        int limit = Math.min(size, buffer.capacity()) - trailer;
        boolean keepLarge = (options & Mach.MACH_RCV_LARGE) != 0;
        boolean interruptible = (options & Mach.MACH_RCV_INTERRUPT) != 0;
        int wait = (options & Mach.MACH_RCV_TIMEOUT) != 0 ? timeout : -1;
        try {
            int result = end != null
                    ? end.receive(parcel, limit, keepLarge, wait, interruptible)
                    : Objects.requireNonNull(set).receive(parcel, limit, keepLarge, wait, interruptible);
            if (result == KERN_SUCCESS || result == MACH_RCV_TOO_LARGE) {
                synchronized (space) {
                    int receiver = receiver(parcel, name);
                    if (result == KERN_SUCCESS) {
                        result = copyOut.copyOut(parcel, receiver, options);
                    } else if (size >= MessageLayout.SIZE + Integer.BYTES) {
                        describeTooLarge(parcel, buffer, options, receiver, size);
                    }
                    PortEntry port = space.peek(receiver);
                    if (port != null) {
                        notifications.checkNoSenders(port);
                    }
                }
            }
            return result;
        } finally {
            parcel.clear(); // after an Error, too, or its rights would be the next message's
        }
    }

    private static void describeTooLarge(Parcel parcel, MessageBuffer buffer, int options, int receiver, int size) {
        buffer.bytes().putInt(MessageLayout.SIZE, parcel.size());
        boolean whole = size >= MessageLayout.HEADER_SIZE;
        if (whole && (options & Mach.MACH_RCV_LARGE) == 0) {
            CopyOut.describeDestroyed(parcel, buffer.bytes(), receiver);
        } else if (whole && (options & Mach.MACH_RCV_LARGE_IDENTITY) != 0) {
            buffer.bytes().putInt(MessageLayout.LOCAL_PORT, receiver);
        }
    }

    /** Returns the name of the port that a message came to, which a set's name does not tell. */
    private int receiver(Parcel parcel, int name) {
        ReceiveEnd member = parcel.receiver();
        return member == null ? name : space.receiveName(member);
    }
}
