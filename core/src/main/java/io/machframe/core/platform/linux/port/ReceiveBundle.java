/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.port;

import io.machframe.core.platform.Mach;
import io.machframe.core.platform.MessageBuffer;
import io.machframe.core.platform.kernel.Parcel;
import io.machframe.core.platform.kernel.PortRequests;
import io.machframe.core.platform.kernel.SendEnd;
import io.machframe.core.platform.linux.libc.Descriptor;
import io.machframe.core.platform.linux.libc.DescriptorCloser;
import io.machframe.core.platform.linux.libc.LibC;
import io.machframe.core.platform.linux.libc.NativeMemory;
import io.machframe.core.platform.linux.wire.ControlPacket;
import io.machframe.core.platform.linux.wire.DescriptorInspector;
import io.machframe.core.platform.linux.wire.Wire;
import io.machframe.core.platform.linux.wire.WireLayout;
import org.jspecify.annotations.Nullable;

/**
 * What a receive right is beside its queue, in transit to another task: packets in a socket of its own, which is sent
 * with the right. If the right never arrives, the socket dies with it, and so all that is in it.
 *
 * <pre>
 *   first       magic, limit, number of send-once rights, flags, ids of the two requests' rights, how many of the
 *               send-once rights are registered for a notification
 *   then        the numbers and pipes of the send-once rights
 *   last        the message that was too large for an earlier receive
 * </pre>
 */
public final class ReceiveBundle {
    private static final int MAGIC = 0x3152464d;
    private static final int INTS = 7;
    private static final int NO_SENDERS = 1;
    private static final int PORT_DESTROYED = 2;
    private static final int HAD_SENDERS = 4;
    private static final int STASH = 8;
    private static final int STASH_CREDITED = 16;
    private static final int ALL_FLAGS = 31;

    private ReceiveBundle() {}

    /** Packs and returns the socket, the caller's to close, or -1 if the system has no space for it. */
    static int pack(CreditPool credits, SendOnceRegistry onces, PortRequests requests, @Nullable StashedMessage stash) {
        int[] pair = Descriptor.socketPair();
        if (pair == null) {
            return -1;
        }
        int out = pair[0];
        int in = pair[1];
        // So that the stashed message says that it is this process's, whose rights are closed at once.
        Wire.current().sockets().set(in, LibC.SO_PASSCRED, 1);
        boolean packed = packState(out, credits, onces, requests, stash)
                && packOnces(out, onces)
                && (stash == null || packStash(out, stash.parcel()));
        LibC.close(out);
        if (!packed) {
            LibC.close(in);
            return -1;
        }
        return in;
    }

    private static boolean packStash(int out, Parcel stashed) {
        int flags = (stashed.sentOnce() ? WireLayout.FLAG_ONCE : 0) | (stashed.isNotice() ? WireLayout.FLAG_NOTICE : 0);
        return Wire.current().writer().send(out, stashed, flags, 0) == 0;
    }

    private static boolean packState(
            int out,
            CreditPool credits,
            SendOnceRegistry onces,
            PortRequests requests,
            @Nullable StashedMessage stash) {
        ControlPacket packet = new ControlPacket();
        LinuxEnd noSenders = (LinuxEnd) requests.noSenders();
        LinuxEnd portDestroyed = (LinuxEnd) requests.portDestroyed();
        packet.putInt(MAGIC);
        packet.putInt(credits.limit());
        packet.putInt(onces.count());
        packet.putInt((noSenders != null ? NO_SENDERS : 0)
                | (portDestroyed != null ? PORT_DESTROYED : 0)
                | (requests.hadSenders() ? HAD_SENDERS : 0)
                | (stash != null ? STASH : 0)
                | (stash != null && stash.credited() ? STASH_CREDITED : 0));
        putOnce(packet, noSenders);
        putOnce(packet, portDestroyed);
        packet.putInt(onces.countRegistered());
        return packet.send(out);
    }

    private static void putOnce(ControlPacket packet, @Nullable LinuxEnd right) {
        packet.putInt(right == null ? 0 : right.onceId());
        for (int i = 0; right != null && i < right.fdCount(); i++) {
            packet.putFd(right.fd(i));
        }
    }

    private static boolean packOnces(int out, SendOnceRegistry onces) {
        ControlPacket packet = new ControlPacket();
        for (int id : onces.ids()) {
            packet.putInt(id);
            packet.putFd(onces.pipe(id));
            if (packet.isFull()) {
                if (!packet.send(out)) {
                    return false;
                }
                packet.clear();
            }
        }
        return packet.isEmpty() || packet.send(out);
    }

    /** Returns whether there is a stashed message, which {@link #unpackStash} unpacks; the right is whole when that is done. */
    static boolean hasStash(int flags) {
        return (flags & STASH) != 0;
    }

    /**
     * Unpacks into what is empty yet, and leaves a stashed message where it is. Any thread's {@link Wire} may be used.
     *
     * @return flags; -1 if the bundle makes no sense
     */
    static int unpack(int socket, CreditPool credits, SendOnceRegistry onces, PortRequests requests) {
        ControlPacket packet = new ControlPacket();
        if (!packet.receive(socket)) {
            return -1;
        }
        int flags = packet.intCount() == INTS ? packet.getInt(3) : 0;
        int rights = Integer.bitCount(flags & (NO_SENDERS | PORT_DESTROYED));
        boolean good = packet.intCount() == INTS
                && packet.getInt(0) == MAGIC
                && packet.fdCount() == 2 * rights
                && packet.getInt(1) >= 0
                && packet.getInt(1) <= Mach.MACH_PORT_QLIMIT_MAX
                && areOncePipes(packet);
        if (!good) {
            packet.discardFds();
            return -1;
        }
        credits.limit(packet.getInt(1));
        int next = 0;
        if ((flags & NO_SENDERS) != 0) {
            requests.noSenders(new SocketOnceEnd(packet.fd(next), packet.fd(next + 1), packet.getInt(4), null, true));
            next += 2;
        }
        if ((flags & PORT_DESTROYED) != 0) {
            requests.portDestroyed(
                    new SocketOnceEnd(packet.fd(next), packet.fd(next + 1), packet.getInt(5), null, true));
        }
        if ((flags & HAD_SENDERS) != 0) {
            requests.senderSeen();
        }
        return unpackOnces(socket, packet.getInt(2), packet.getInt(6), onces) ? flags & ALL_FLAGS : -1;
    }

    private static boolean areOncePipes(ControlPacket packet) {
        for (int i = 0; i < packet.fdCount(); i += 2) {
            if (!Wire.current().sockets().isQueueEnd(packet.fd(i))
                    || !DescriptorInspector.isOncePipe(packet.fd(i + 1))) {
                return false;
            }
        }
        return true;
    }

    private static boolean unpackOnces(int socket, int count, int registered, SendOnceRegistry onces) {
        ControlPacket packet = new ControlPacket();
        while (onces.count() < count) {
            if (!packet.receive(socket)) {
                return false;
            }
            boolean good = packet.fdCount() > 0 && packet.fdCount() == packet.intCount();
            for (int i = 0; i < packet.fdCount(); i++) {
                boolean adopted = good
                        && DescriptorInspector.isOnceWatch(packet.fd(i))
                        && onces.adopt(packet.getInt(i), packet.fd(i));
                if (!adopted) {
                    DescriptorCloser.close(packet.fd(i));
                } else if (onces.count() <= registered) {
                    onces.registered(packet.getInt(i));
                }
                good &= adopted;
            }
            if (!good) {
                return false;
            }
        }
        return true;
    }

    /** Unpacks the stashed message, after the rest. Returns null if it makes no sense. */
    static @Nullable StashedMessage unpackStash(int socket, int flags) {
        Wire wire = Wire.current();
        MessageBuffer packet = NativeMemory.allocate(WireLayout.MAX_PACKET);
        Parcel stashed = new Parcel();
        int received = wire.reader().receive(socket, packet, packet.capacity(), stashed);
        if (received < 0) {
            return null;
        }
        int size = Arrival.messageSize(wire.reader(), received);
        stashed.begin(NativeMemory.allocate(size), size);
        boolean good = new Arrival(wire, stashed, id -> true).accept(received, packet, packet.capacity());
        stashed.sender(-1, -1, -1); // the process that packed it need not be the one that sent it
        return good ? new StashedMessage(stashed, (flags & STASH_CREDITED) != 0) : null;
    }

    /** What was packed lives on elsewhere: releases it here without a notice. */
    static void forget(PortRequests requests) {
        forget(requests.noSenders(null));
        forget(requests.portDestroyed(null));
    }

    private static void forget(@Nullable SendEnd right) {
        if (right != null) {
            ((LinuxEnd) right).transferred();
            right.close();
        }
    }
}
