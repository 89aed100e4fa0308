/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux;

import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_PORT_RECEIVE;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_PORT_SEND;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_PORT_SEND_ONCE;
import static io.machframe.core.platform.Mach.MACH_PORT_DEAD;
import static io.machframe.core.platform.Mach.MACH_PORT_NULL;

import io.machframe.core.platform.MessageLayout;
import io.machframe.core.platform.kernel.Parcel;
import io.machframe.core.platform.kernel.PortEnd;
import java.nio.ByteBuffer;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Checks a packet that somebody sent, and turns its descriptors into rights. Every count, size and descriptor in it is
 * hostile until checked; a packet that is wrong anywhere is destroyed whole.
 */
final class Arrival {
    private final Wire wire;
    private final Parcel parcel;
    private final IntPredicate onceIds;
    private int nextFd;

    Arrival(Wire wire, Parcel parcel, IntPredicate onceIds) {
        this.wire = wire;
        this.parcel = parcel;
        this.onceIds = onceIds;
    }

    /** Returns whether the packet of that many bytes is good; its rights are then in the parcel, else released. */
    boolean accept(int received) {
        boolean good =
                !wire.isTruncated() && isFramed(wire, received) && adoptRights() && nextFd == wire.fdCount() && admit();
        if (good) {
            wire.takeFds();
        } else {
            discard();
        }
        return good;
    }

    /** Returns whether a packet of that many bytes can be a message, whatever is in it. */
    static boolean isFramed(Wire wire, int received) {
        int size = received - WireLayout.PREFIX_SIZE;
        return size >= MessageLayout.HEADER_SIZE
                && (size & 3) == 0
                && wire.prefix(WireLayout.MAGIC) == WireLayout.MAGIC_VALUE
                && wire.prefix(WireLayout.MESSAGE_SIZE) == size;
    }

    private boolean adoptRights() {
        ByteBuffer bytes = parcel.buffer().bytes();
        int bits = bytes.getInt(MessageLayout.BITS);
        if ((bits & ~MessageLayout.BITS_USER) != 0 || !adoptReply(bytes, bits)) {
            return false;
        }
        if ((bits & MessageLayout.BITS_COMPLEX) == 0) {
            return true;
        }
        int count = parcel.size() < MessageLayout.DESCRIPTORS ? -1 : bytes.getInt(MessageLayout.DESCRIPTOR_COUNT);
        if (count < 0 || count > (parcel.size() - MessageLayout.DESCRIPTORS) / MessageLayout.PORT_DESCRIPTOR_SIZE) {
            return false;
        }
        for (int i = 0; i < count; i++) {
            if (!adoptDescriptor(bytes, MessageLayout.DESCRIPTORS + i * MessageLayout.PORT_DESCRIPTOR_SIZE)) {
                return false;
            }
        }
        return true;
    }

    private boolean adoptReply(ByteBuffer bytes, int bits) {
        int disposition = MessageLayout.local(bits);
        int name = bytes.getInt(MessageLayout.LOCAL_PORT);
        if (name == Parcel.PRESENT) {
            return adopt(disposition, wire.prefix(WireLayout.REPLY_KIND), wire.prefix(WireLayout.REPLY_ONCE_ID));
        }
        return name == MACH_PORT_NULL || (name == MACH_PORT_DEAD && isRight(disposition));
    }

    private boolean adoptDescriptor(ByteBuffer bytes, int at) {
        if (bytes.get(at + MessageLayout.DESCRIPTOR_TYPE) != MessageLayout.TYPE_PORT) {
            return false;
        }
        int disposition = bytes.get(at + MessageLayout.DESCRIPTOR_DISPOSITION);
        int name = bytes.getInt(at);
        if (name == MACH_PORT_NULL || name == MACH_PORT_DEAD) {
            return isRight(disposition);
        }
        boolean adopted = name == Parcel.PRESENT
                && adopt(
                        disposition,
                        bytes.getShort(at + WireLayout.DESCRIPTOR_KIND),
                        bytes.getInt(at + WireLayout.DESCRIPTOR_ONCE_ID));
        bytes.putInt(at + WireLayout.DESCRIPTOR_ONCE_ID, 0);
        bytes.putShort(at + WireLayout.DESCRIPTOR_KIND, (short) 0);
        return adopted;
    }

    private static boolean isRight(int disposition) {
        return disposition >= MACH_MSG_TYPE_PORT_RECEIVE && disposition <= MACH_MSG_TYPE_PORT_SEND_ONCE;
    }

    private boolean adopt(int disposition, int kind, int onceId) {
        if (!isRight(disposition) || disposition != dispositionOf(kind)) {
            return false;
        }
        int needed = fdsOf(kind);
        if (nextFd + needed > wire.fdCount()) {
            return false;
        }
        PortEnd end = endOf(kind, onceId);
        if (end == null) {
            return false;
        }
        parcel.add(end);
        nextFd += needed;
        return true;
    }

    private static int dispositionOf(int kind) {
        return switch (kind) {
            case WireLayout.KIND_ONCE -> MACH_MSG_TYPE_PORT_SEND_ONCE;
            case WireLayout.KIND_RECEIVE -> MACH_MSG_TYPE_PORT_RECEIVE;
            default -> MACH_MSG_TYPE_PORT_SEND;
        };
    }

    private static int fdsOf(int kind) {
        return switch (kind) {
            case WireLayout.KIND_MEMORY -> 1;
            case WireLayout.KIND_RECEIVE -> 4;
            default -> 2;
        };
    }

    private @Nullable PortEnd endOf(int kind, int onceId) {
        int first = wire.fd(nextFd);
        int second = fdsOf(kind) > 1 ? wire.fd(nextFd + 1) : -1;
        return switch (kind) {
            case WireLayout.KIND_PORT -> sendEnd(first, second);
            case WireLayout.KIND_ONCE ->
                FdKind.isQueueEnd(wire, first) && FdKind.isOncePipe(second)
                        ? new SocketOnceEnd(first, second, onceId)
                        : null;
            case WireLayout.KIND_MEMORY -> memoryEnd(first);
            case WireLayout.KIND_RECEIVE -> receiveEnd(first, second, wire.fd(nextFd + 2), wire.fd(nextFd + 3));
            default -> null;
        };
    }

    private @Nullable PortEnd sendEnd(int queue, int credits) {
        long cookie = wire.cookie(queue);
        boolean good = wire.isQueueEnd(queue, cookie) && FdKind.isCreditPipe(credits);
        return good ? new SocketSendEnd(queue, credits, cookie) : null;
    }

    private @Nullable PortEnd receiveEnd(int queue, int sendEnd, int credits, int carrier) {
        if (!FdKind.isQueueEnd(wire, queue)
                || !FdKind.isQueueEnd(wire, sendEnd)
                || !FdKind.isPlaceWriter(credits)
                || !FdKind.isQueueEnd(wire, carrier)) {
            return null;
        }
        wire.option(queue, LibC.SO_PASSCRED, 1);
        return SocketReceiveEnd.arriving(queue, sendEnd, credits, carrier);
    }

    private static @Nullable LinuxEnd memoryEnd(int fd) {
        FileIdentity identity = FdKind.memoryIdentity(fd);
        return identity == null ? null : new MemoryEnd(fd, identity);
    }

    /** A message through a send-once right is admitted once. */
    private boolean admit() {
        boolean once = (wire.prefix(WireLayout.FLAGS) & WireLayout.FLAG_ONCE) != 0;
        parcel.sentOnce(once);
        parcel.notice(once && (wire.prefix(WireLayout.FLAGS) & WireLayout.FLAG_NOTICE) != 0);
        return !once || onceIds.test(wire.prefix(WireLayout.ONCE_ID));
    }

    private void discard() {
        int owned = parcel.rightCount() == 0 ? 0 : Wire.fdsOf(parcel);
        for (int i = owned; i < wire.fdCount(); i++) {
            LibC.close(wire.fd(i));
        }
        wire.takeFds();
        parcel.discardRights();
    }
}
