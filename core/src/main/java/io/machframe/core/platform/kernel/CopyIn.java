/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.kernel;

import static io.machframe.core.error.KernReturn.MACH_SEND_INVALID_DEST;
import static io.machframe.core.error.KernReturn.MACH_SEND_INVALID_HEADER;
import static io.machframe.core.error.KernReturn.MACH_SEND_INVALID_REPLY;
import static io.machframe.core.error.KernReturn.MACH_SEND_INVALID_RIGHT;
import static io.machframe.core.error.KernReturn.MACH_SEND_INVALID_TYPE;
import static io.machframe.core.error.KernReturn.MACH_SEND_MSG_TOO_SMALL;
import static io.machframe.core.error.KernReturn.MACH_SEND_TOO_LARGE;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_COPY_SEND;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MAKE_SEND;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MAKE_SEND_ONCE;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MOVE_SEND;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MOVE_SEND_ONCE;
import static io.machframe.core.platform.Mach.MACH_PORT_DEAD;
import static io.machframe.core.platform.Mach.MACH_PORT_NULL;

import io.machframe.core.platform.MessageBuffer;
import io.machframe.core.platform.MessageLayout;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Takes a message out of a task: checks it, and turns names into rights. {@code ipc_kmsg_copyin}.
 *
 * <p>What was taken is remembered until the message is surely sent, so that it can be given back: all of it as it was
 * when the destination proves dead ({@link #undo}), or as the kernel gives back a message whose send timed out
 * ({@link #giveBack}). Used by one thread; its methods that touch names run with the space's monitor held.
 */
final class CopyIn {
    private final PortSpace space;
    private final Transport transport;
    private final Parcel parcel = new Parcel();

    /** The user's message and a copy for messages that carry rights, whose names must not leave the task. */
    private MessageBuffer message;

    private MessageBuffer copy;

    private @Nullable PortEntry destinationEntry;
    private int destinationDisposition;
    private @Nullable SendEnd destination;

    /** Beside each right of the parcel: where it came from, how, and where its name stands in the user's message. */
    private @Nullable PortEntry[] entries = new PortEntry[16];

    private int[] dispositions = new int[16];
    private int[] positions = new int[16];

    CopyIn(PortSpace space, Transport transport) {
        this.space = space;
        this.transport = transport;
        this.copy = transport.newBuffer(1024);
        this.message = copy;
    }

    Parcel parcel() {
        return parcel;
    }

    SendEnd destination() {
        if (destination == null) {
            throw new IllegalStateException("nothing was copied in");
        }
        return destination;
    }

    /** Checks what can be checked without names. Returns a send code. */
    int check(MessageBuffer message, int size) {
        if (size < MessageLayout.HEADER_SIZE || (size & 3) != 0 || size > message.capacity()) {
            return MACH_SEND_MSG_TOO_SMALL;
        }
        if (size > transport.maxMessageSize()) {
            return MACH_SEND_TOO_LARGE;
        }
        ByteBuffer bytes = message.bytes();
        int bits = bytes.getInt(MessageLayout.BITS);
        boolean reply = bytes.getInt(MessageLayout.LOCAL_PORT) != MACH_PORT_NULL;
        boolean validReply = reply ? isSendDisposition(MessageLayout.local(bits)) : MessageLayout.local(bits) == 0;
        if ((bits & ~MessageLayout.BITS_USER) != 0 || !isSendDisposition(MessageLayout.remote(bits)) || !validReply) {
            return MACH_SEND_INVALID_HEADER;
        }
        if ((bits & MessageLayout.BITS_COMPLEX) == 0) {
            return 0;
        }
        if (size < MessageLayout.DESCRIPTORS) {
            return MACH_SEND_MSG_TOO_SMALL;
        }
        int count = bytes.getInt(MessageLayout.DESCRIPTOR_COUNT);
        if (count < 0 || count > (size - MessageLayout.DESCRIPTORS) / MessageLayout.PORT_DESCRIPTOR_SIZE) {
            return MACH_SEND_MSG_TOO_SMALL;
        }
        return count + 1 > transport.maxRights() ? MACH_SEND_TOO_LARGE : 0;
    }

    /** Takes the rights of a checked message into the parcel. On failure nothing stays taken but what Mach destroys. */
    void copyIn(MessageBuffer user, int size) throws KernelException {
        message = user;
        int bits = user.bytes().getInt(MessageLayout.BITS);
        boolean carriesRights =
                (bits & MessageLayout.BITS_COMPLEX) != 0 || user.bytes().getInt(MessageLayout.LOCAL_PORT) != 0;
        parcel.begin(carriesRights ? copyOf(user, size) : user, size);
        try {
            takeDestination(user.bytes().getInt(MessageLayout.REMOTE_PORT), MessageLayout.remote(bits));
            if (carriesRights) {
                takeReply(bits);
                takeDescriptors(bits);
            }
        } catch (KernelException e) {
            undo();
            throw e;
        }
    }

    /** The message was sent: what was taken is gone. */
    void commit() {
        if (destinationDisposition == MACH_MSG_TYPE_MOVE_SEND
                || destinationDisposition == MACH_MSG_TYPE_MOVE_SEND_ONCE) {
            settle(destinationEntry);
        }
        for (int i = 0; i < parcel.rightCount(); i++) {
            if (isMove(dispositions[i])) {
                settle(entries[i]);
            }
        }
        end();
    }

    /** The message was not sent and nothing shall have happened. */
    void undo() {
        for (int i = 0; i < parcel.rightCount(); i++) {
            PortEntry entry = entries[i];
            if (entry != null && isMove(dispositions[i])) {
                putBack(entry, dispositions[i], parcel.take(i));
                settle(entry);
            }
        }
        if (destinationEntry != null && destination != null && isMove(destinationDisposition)) {
            putBack(destinationEntry, destinationDisposition, destination.retain());
            settle(destinationEntry);
        }
        end();
    }

    /**
     * The message timed out: the user gets it back in its buffer with every right in MOVE form, and with the reference
     * that form stands for (pseudo-receive).
     */
    void giveBack() throws KernelException {
        ByteBuffer bytes = message.bytes();
        int bits = bytes.getInt(MessageLayout.BITS);
        PortEntry to = destinationEntry;
        SendEnd end = destination;
        if (to != null && end != null) {
            int name = returned(to, destinationDisposition, end.retain());
            bytes.putInt(MessageLayout.REMOTE_PORT, name);
            bits = (bits & ~MessageLayout.BITS_REMOTE_MASK) | asReceived(destinationDisposition);
        }
        for (int i = 0; i < parcel.rightCount(); i++) {
            PortEntry entry = entries[i];
            if (entry == null) {
                continue;
            }
            bytes.putInt(positions[i], returned(entry, dispositions[i], parcel.take(i)));
            if (positions[i] == MessageLayout.LOCAL_PORT) {
                bits = withLocal(bits, asReceived(dispositions[i]));
            } else {
                bytes.put(positions[i] + MessageLayout.DESCRIPTOR_DISPOSITION, (byte) asReceived(dispositions[i]));
            }
        }
        bytes.putInt(MessageLayout.BITS, bits);
        end();
    }

    private int returned(PortEntry entry, int disposition, SendEnd right) throws KernelException {
        if (disposition == MACH_MSG_TYPE_MAKE_SEND_ONCE) {
            return space.insertSendOnce(right).name;
        }
        putBack(entry, asReceived(disposition), right);
        if (isMove(disposition)) {
            settle(entry);
        }
        return entry.name;
    }

    private void putBack(PortEntry entry, int disposition, SendEnd right) {
        if (disposition == MACH_MSG_TYPE_MOVE_SEND_ONCE) {
            entry.sendOnce = right;
        } else {
            space.giveBack(entry, right);
        }
    }

    private void settle(@Nullable PortEntry entry) {
        if (entry != null) {
            entry.pending--;
            space.dropIfEmpty(entry);
        }
    }

    private void end() {
        if (destination != null) {
            destination.close();
        }
        destination = null;
        destinationEntry = null;
        parcel.clear();
    }

    private void takeDestination(int name, int disposition) throws KernelException {
        PortEntry entry = name == MACH_PORT_NULL || name == MACH_PORT_DEAD ? null : space.peek(name);
        SendEnd end = entry == null ? null : take(entry, disposition);
        if (entry == null || end == null) {
            throw new KernelException(MACH_SEND_INVALID_DEST);
        }
        destinationEntry = entry;
        destinationDisposition = disposition;
        destination = end;
    }

    private void takeReply(int bits) throws KernelException {
        ByteBuffer bytes = copy.bytes();
        int name = bytes.getInt(MessageLayout.LOCAL_PORT);
        if (name == MACH_PORT_NULL || name == MACH_PORT_DEAD) {
            return;
        }
        int disposition = MessageLayout.local(bits);
        PortEntry entry = space.peek(name);
        SendEnd right = entry == null ? null : take(entry, disposition);
        if (entry == null || right == null) {
            throw new KernelException(MACH_SEND_INVALID_REPLY);
        }
        add(entry, disposition, right, MessageLayout.LOCAL_PORT);
        bytes.putInt(MessageLayout.LOCAL_PORT, Parcel.PRESENT);
        bytes.putInt(MessageLayout.BITS, withLocal(bits, asReceived(disposition)));
    }

    private void takeDescriptors(int bits) throws KernelException {
        if ((bits & MessageLayout.BITS_COMPLEX) == 0) {
            return;
        }
        ByteBuffer bytes = copy.bytes();
        int count = bytes.getInt(MessageLayout.DESCRIPTOR_COUNT);
        for (int i = 0; i < count; i++) {
            int position = MessageLayout.DESCRIPTORS + i * MessageLayout.PORT_DESCRIPTOR_SIZE;
            if (bytes.get(position + MessageLayout.DESCRIPTOR_TYPE) != MessageLayout.TYPE_PORT) {
                destroy();
                throw new KernelException(MACH_SEND_INVALID_TYPE);
            }
            takeDescriptor(bytes, position);
        }
    }

    private void takeDescriptor(ByteBuffer bytes, int position) throws KernelException {
        int name = bytes.getInt(position);
        int disposition = bytes.get(position + MessageLayout.DESCRIPTOR_DISPOSITION);
        if (!isSendDisposition(disposition)) {
            destroy();
            throw new KernelException(MACH_SEND_INVALID_RIGHT);
        }
        if (name != MACH_PORT_NULL && name != MACH_PORT_DEAD) {
            PortEntry entry = space.peek(name);
            SendEnd right = entry == null ? null : take(entry, disposition);
            if (right != null && entry != null) {
                add(entry, disposition, right, position);
                bytes.putInt(position, Parcel.PRESENT);
            } else if (entry != null && takeDead(entry, disposition)) {
                bytes.putInt(position, MACH_PORT_DEAD);
            } else {
                destroy();
                throw new KernelException(MACH_SEND_INVALID_RIGHT);
            }
        }
        bytes.put(position + MessageLayout.DESCRIPTOR_DISPOSITION, (byte) asReceived(disposition));
    }

    /** A dead name may be sent as if it were the right it was; a move takes one of its references. */
    private boolean takeDead(PortEntry entry, int disposition) {
        if (entry.deadRefs == 0
                || disposition == MACH_MSG_TYPE_MAKE_SEND
                || disposition == MACH_MSG_TYPE_MAKE_SEND_ONCE) {
            return false;
        }
        if (isMove(disposition)) {
            entry.deadRefs--;
            space.dropIfEmpty(entry);
        }
        return true;
    }

    /** Takes one right as its disposition says, or returns null if the entry has no such right. */
    private @Nullable SendEnd take(PortEntry entry, int disposition) throws KernelException {
        ReceiveEnd receive = entry.receive;
        return switch (disposition) {
            case MACH_MSG_TYPE_MAKE_SEND -> receive == null ? null : makeSend(entry, receive);
            case MACH_MSG_TYPE_MAKE_SEND_ONCE -> receive == null ? null : receive.makeSendOnce();
            case MACH_MSG_TYPE_COPY_SEND -> entry.send == null ? null : entry.send.retain();
            case MACH_MSG_TYPE_MOVE_SEND -> entry.send == null ? null : moveSend(entry);
            default -> moveSendOnce(entry);
        };
    }

    private static SendEnd makeSend(PortEntry entry, ReceiveEnd receive) throws KernelException {
        SendEnd right = entry.send != null ? entry.send.retain() : receive.makeSend();
        entry.makeSendCount++;
        return right;
    }

    private SendEnd moveSend(PortEntry entry) {
        entry.pending++;
        return space.takeSend(entry);
    }

    private static @Nullable SendEnd moveSendOnce(PortEntry entry) {
        SendEnd once = entry.sendOnce;
        if (once != null) {
            entry.pending++;
            entry.sendOnce = null;
        }
        return once;
    }

    private void add(PortEntry entry, int disposition, SendEnd right, int position) {
        int index = parcel.rightCount();
        if (index == entries.length) {
            entries = Arrays.copyOf(entries, index * 2);
            dispositions = Arrays.copyOf(dispositions, index * 2);
            positions = Arrays.copyOf(positions, index * 2);
        }
        entries[index] = entry;
        dispositions[index] = disposition;
        positions[index] = position;
        parcel.add(right);
    }

    /** What Mach does when a descriptor is wrong: the rights of the header and of earlier descriptors are gone. */
    private void destroy() {
        commit();
    }

    private MessageBuffer copyOf(MessageBuffer user, int size) {
        if (copy.capacity() < size) {
            copy = transport.newBuffer(size);
        }
        copy.bytes().put(0, user.bytes(), 0, size);
        return copy;
    }

    private static int withLocal(int bits, int disposition) {
        return (bits & ~MessageLayout.BITS_LOCAL_MASK) | (disposition << 8);
    }

    private static boolean isSendDisposition(int disposition) {
        return disposition >= MACH_MSG_TYPE_MOVE_SEND && disposition <= MACH_MSG_TYPE_MAKE_SEND_ONCE;
    }

    private static boolean isMove(int disposition) {
        return disposition == MACH_MSG_TYPE_MOVE_SEND || disposition == MACH_MSG_TYPE_MOVE_SEND_ONCE;
    }

    private static int asReceived(int disposition) {
        return disposition == MACH_MSG_TYPE_MAKE_SEND_ONCE || disposition == MACH_MSG_TYPE_MOVE_SEND_ONCE
                ? MACH_MSG_TYPE_MOVE_SEND_ONCE
                : MACH_MSG_TYPE_MOVE_SEND;
    }
}
