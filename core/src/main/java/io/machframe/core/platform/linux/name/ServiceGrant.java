/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.name;

import io.machframe.core.platform.Mach;
import io.machframe.core.platform.MessageLayout;
import io.machframe.core.platform.kernel.Parcel;
import io.machframe.core.platform.kernel.SendEnd;
import io.machframe.core.platform.linux.libc.LibC;
import io.machframe.core.platform.linux.libc.NativeMemory;
import io.machframe.core.platform.linux.port.Arrival;
import io.machframe.core.platform.linux.port.SocketSendEnd;
import io.machframe.core.platform.linux.wire.Wire;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The one packet of a look-up: a send right to the service's port, and the service's name in full as its body. */
final class ServiceGrant {
    /** What {@link #receive} answers. */
    static final int GRANTED = 0;

    static final int NOTHING = 1;
    static final int REFUSED = 2;
    static final int HUNG_UP = 3;

    private static final int BODY = MessageLayout.DESCRIPTORS + MessageLayout.PORT_DESCRIPTOR_SIZE;
    private static final int CAPACITY = 256;

    private final Parcel parcel = new Parcel();

    /** Sends a grant without waiting; a client that is gone or does not read gets none. Takes ownership of {@code right}. */
    static void send(Wire wire, int socket, String name, SendEnd right) {
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        Parcel parcel = new Parcel();
        parcel.begin(NativeMemory.allocate(CAPACITY), MessageLayout.round(BODY + text.length));
        ByteBuffer bytes = parcel.buffer().bytes();
        bytes.putInt(MessageLayout.BITS, MessageLayout.BITS_COMPLEX | Mach.MACH_MSG_TYPE_PORT_SEND);
        bytes.putInt(MessageLayout.SIZE, parcel.size());
        bytes.putInt(MessageLayout.ID, text.length);
        bytes.putInt(MessageLayout.DESCRIPTOR_COUNT, 1);
        bytes.putInt(MessageLayout.DESCRIPTORS, Parcel.PRESENT);
        bytes.put(
                MessageLayout.DESCRIPTORS + MessageLayout.DESCRIPTOR_DISPOSITION, (byte) Mach.MACH_MSG_TYPE_PORT_SEND);
        bytes.put(BODY, text);
        parcel.add(right);
        wire.writer().send(socket, parcel, 0, 0);
        parcel.clear();
    }

    int receive(Wire wire, int socket) {
        parcel.begin(NativeMemory.allocate(CAPACITY), 0);
        int received = wire.reader().receive(socket, parcel.buffer(), CAPACITY, parcel);
        if (received == -LibC.EAGAIN || received == -LibC.EINTR) {
            return NOTHING;
        }
        if (received <= 0) {
            return HUNG_UP;
        }
        int size = Arrival.messageSize(wire.reader(), received);
        if (size < BODY || size > CAPACITY) {
            wire.reader().discardFds(0);
            return REFUSED;
        }
        parcel.size(size);
        boolean granted = new Arrival(wire, parcel, id -> false).accept(received, parcel.buffer(), CAPACITY)
                && parcel.rightCount() == 1
                && parcel.right(0) instanceof SocketSendEnd;
        return granted ? GRANTED : REFUSED;
    }

    String name() {
        ByteBuffer bytes = parcel.buffer().bytes();
        int length = Math.max(0, Math.min(bytes.getInt(MessageLayout.ID), parcel.size() - BODY));
        byte[] text = new byte[length];
        bytes.get(BODY, text);
        return new String(text, StandardCharsets.UTF_8);
    }

    /** Takes the right out; the caller owns it. */
    SendEnd right() {
        return (SendEnd) parcel.take(0);
    }

    void close() {
        parcel.clear();
    }
}
