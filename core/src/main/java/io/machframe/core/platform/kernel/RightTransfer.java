/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.kernel;

import static io.machframe.core.error.KernReturn.KERN_INVALID_NAME;
import static io.machframe.core.error.KernReturn.KERN_INVALID_RIGHT;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_COPY_SEND;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MAKE_SEND;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MAKE_SEND_ONCE;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MOVE_RECEIVE;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MOVE_SEND;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MOVE_SEND_ONCE;

import io.machframe.core.platform.Mach;
import org.jspecify.annotations.Nullable;

/**
 * Takes a right out of a task as the argument of a call. {@code ipc_object_copyin} Runs with the space's monitor held.
 */
final class RightTransfer {
    private final PortSpace space;

    RightTransfer(PortSpace space) {
        this.space = space;
    }

    static boolean isDisposition(int disposition) {
        return disposition >= MACH_MSG_TYPE_MOVE_RECEIVE && disposition <= MACH_MSG_TYPE_MAKE_SEND_ONCE;
    }

    /** Returns the disposition that a right taken by {@code disposition} has when it arrives. */
    static int asReceived(int disposition) {
        return switch (disposition) {
            case MACH_MSG_TYPE_COPY_SEND, MACH_MSG_TYPE_MAKE_SEND -> MACH_MSG_TYPE_MOVE_SEND;
            case MACH_MSG_TYPE_MAKE_SEND_ONCE -> MACH_MSG_TYPE_MOVE_SEND_ONCE;
            default -> disposition;
        };
    }

    /** Takes a right. Returns null for the null and the dead name, and for a name whose port died. */
    @Nullable
    PortEnd take(int name, int disposition) throws KernelException {
        if (Mach.isNullOrDead(name)) {
            return null;
        }
        PortEntry entry = space.find(name);
        if (entry == null) {
            throw new KernelException(KERN_INVALID_NAME);
        }
        PortEnd right = take(entry, disposition);
        space.dropIfEmpty(entry);
        if (right == null && !isDead(entry, disposition)) {
            throw new KernelException(KERN_INVALID_RIGHT);
        }
        return right;
    }

    /** Returns whether a dead name may pass for the right it was; a move takes one of its references. */
    boolean isDead(PortEntry entry, int disposition) {
        boolean passes =
                entry.deadRefs > 0 && disposition >= MACH_MSG_TYPE_MOVE_SEND && disposition <= MACH_MSG_TYPE_COPY_SEND;
        if (passes && disposition != MACH_MSG_TYPE_COPY_SEND) {
            space.takeDead(entry);
        }
        return passes;
    }

    /** Takes one right as its disposition says, or returns null if the entry has no such right; the name stays. */
    @Nullable
    PortEnd take(PortEntry entry, int disposition) throws KernelException {
        return switch (disposition) {
            case MACH_MSG_TYPE_MAKE_SEND -> entry.receive == null ? null : makeSend(entry, entry.receive);
            case MACH_MSG_TYPE_MAKE_SEND_ONCE -> entry.receive == null ? null : entry.receive.makeSendOnce();
            case MACH_MSG_TYPE_COPY_SEND -> entry.send == null ? null : entry.send.retain();
            case MACH_MSG_TYPE_MOVE_SEND -> entry.send == null ? null : space.takeSend(entry);
            case MACH_MSG_TYPE_MOVE_RECEIVE -> space.takeReceive(entry);
            default -> takeSendOnce(entry);
        };
    }

    static SendEnd makeSend(PortEntry entry, ReceiveEnd receive) throws KernelException {
        SendEnd right = entry.send != null ? entry.send.retain() : receive.makeSend();
        entry.makeSendCount++;
        receive.requests().senderSeen();
        return right;
    }

    private static @Nullable SendEnd takeSendOnce(PortEntry entry) {
        SendEnd once = entry.sendOnce;
        entry.sendOnce = null;
        return once;
    }
}
