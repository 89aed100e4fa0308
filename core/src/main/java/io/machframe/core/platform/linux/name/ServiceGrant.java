/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.name;

import io.machframe.core.platform.Mach;
import io.machframe.core.platform.MessageLayout;
import io.machframe.core.platform.Untrusted;
import io.machframe.core.platform.Untrusted.Refusal;
import io.machframe.core.platform.kernel.Parcel;
import io.machframe.core.platform.kernel.SendEnd;
import io.machframe.core.platform.linux.libc.LibC;
import io.machframe.core.platform.linux.libc.NativeMemory;
import io.machframe.core.platform.linux.port.Arrival;
import io.machframe.core.platform.linux.port.SocketSendEnd;
import io.machframe.core.platform.linux.wire.Wire;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The one packet of a look-up: a send right to the service's port, and the service's name in full as its body. */
final class ServiceGrant {
    private static final int BODY = MessageLayout.DESCRIPTORS + MessageLayout.PORT_DESCRIPTOR_SIZE;
    private static final int CAPACITY = 256;

    private ServiceGrant() {}

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

    /**
     * Receives the grant of a name without waiting.
     *
     * @return the right, the caller's to close, or null if nothing has come yet
     * @throws Refusal as a race if the server ended before it answered, or its port died
     */
    static @Nullable SendEnd receive(Wire wire, int socket, String name) throws Refusal {
        Parcel parcel = new Parcel();
        parcel.begin(NativeMemory.allocate(CAPACITY), 0);
        int received = wire.reader().receive(socket, parcel.buffer(), CAPACITY, parcel);
        if (received == -LibC.EAGAIN || received == -LibC.EINTR) {
            return null;
        }
        if (received <= 0) {
            throw Refusal.race("the server hung up");
        }
        try {
            return Untrusted.of(parcel).open(claim -> right(wire, received, claim, name));
        } finally {
            parcel.clear();
        }
    }

    private static SendEnd right(Wire wire, int received, Parcel parcel, String name) throws Refusal {
        int size = Arrival.messageSize(wire.reader(), received);
        if (size < BODY || size > CAPACITY) {
            wire.reader().discardFds(0);
            throw Refusal.lie("what it sent is no grant");
        }
        parcel.size(size);
        boolean grant = new Arrival(wire, parcel, id -> false).accept(received, parcel.buffer(), CAPACITY)
                && parcel.rightCount() == 1
                && parcel.right(0) instanceof SocketSendEnd;
        if (!grant || !name.equals(name(parcel))) {
            throw Refusal.lie("what it grants is no right to that name");
        }
        if (((SendEnd) parcel.right(0)).isDead()) {
            throw Refusal.race("the port died");
        }
        return (SendEnd) parcel.take(0);
    }

    private static String name(Parcel parcel) {
        ByteBuffer bytes = parcel.buffer().bytes();
        int length = Math.max(0, Math.min(bytes.getInt(MessageLayout.ID), parcel.size() - BODY));
        byte[] text = new byte[length];
        bytes.get(BODY, text);
        return new String(text, StandardCharsets.UTF_8);
    }
}
