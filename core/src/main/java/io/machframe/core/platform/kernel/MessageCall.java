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

/** {@code mach_msg}: the two halves, send and receive, over a task's names. */
final class MessageCall {
    private final PortSpace space;
    private final CopyOut copyOut;
    private final ThreadLocal<CopyIn> copyIns;
    private final ThreadLocal<Parcel> arrivals = ThreadLocal.withInitial(Parcel::new);

    MessageCall(Transport transport, PortSpace space) {
        this.space = space;
        this.copyOut = new CopyOut(space);
        this.copyIns = ThreadLocal.withInitial(() -> new CopyIn(space, transport));
    }

    int run(MessageBuffer buffer, int options, int sendSize, int receiveSize, int receiveName, int timeout) {
        int result = KERN_SUCCESS;
        if ((options & Mach.MACH_SEND_MSG) != 0) {
            int wait = (options & Mach.MACH_SEND_TIMEOUT) != 0 ? timeout : -1;
            result = send(buffer, sendSize, wait, (options & Mach.MACH_SEND_INTERRUPT) != 0);
        }
        if (result == KERN_SUCCESS && (options & Mach.MACH_RCV_MSG) != 0) {
            result = receive(buffer, options, receiveSize, receiveName, timeout);
        }
        return result;
    }

    private int send(MessageBuffer buffer, int size, int timeout, boolean interruptible) {
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
            sent = copyIn.destination().send(copyIn.parcel(), timeout, interruptible);
        } catch (RuntimeException | Error e) {
            synchronized (space) {
                copyIn.undo();
            }
            throw e;
        }
        synchronized (space) {
            settle(copyIn, sent);
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
        ReceiveEnd end;
        long context;
        synchronized (space) {
            PortEntry entry = space.peek(name);
            if (entry == null || entry.receive == null) {
                return MACH_RCV_INVALID_NAME;
            }
            end = entry.receive;
            context = entry.context;
        }
        Parcel parcel = arrivals.get();
        parcel.begin(buffer, 0);
        int limit = Math.min(size, buffer.capacity()) - trailer;
        boolean keepLarge = (options & Mach.MACH_RCV_LARGE) != 0;
        int wait = (options & Mach.MACH_RCV_TIMEOUT) != 0 ? timeout : -1;
        int result = end.receive(parcel, limit, keepLarge, wait, (options & Mach.MACH_RCV_INTERRUPT) != 0);
        if (result == KERN_SUCCESS) {
            synchronized (space) {
                result = copyOut.copyOut(parcel, name, context, options);
            }
        } else if (result == MACH_RCV_TOO_LARGE && buffer.capacity() >= MessageLayout.HEADER_SIZE) {
            buffer.bytes().putInt(MessageLayout.SIZE, parcel.size());
            if (!keepLarge) {
                CopyOut.describeDestroyed(parcel, buffer.bytes(), name);
            }
        }
        parcel.clear();
        return result;
    }
}
