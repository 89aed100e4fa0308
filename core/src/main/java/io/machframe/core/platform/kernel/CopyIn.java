/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.kernel;

import static io.machframe.core.error.KernReturn.MACH_SEND_INVALID_DATA;
import static io.machframe.core.error.KernReturn.MACH_SEND_INVALID_DEST;
import static io.machframe.core.error.KernReturn.MACH_SEND_INVALID_HEADER;
import static io.machframe.core.error.KernReturn.MACH_SEND_INVALID_REPLY;
import static io.machframe.core.error.KernReturn.MACH_SEND_INVALID_RIGHT;
import static io.machframe.core.error.KernReturn.MACH_SEND_INVALID_TYPE;
import static io.machframe.core.error.KernReturn.MACH_SEND_INVALID_VOUCHER;
import static io.machframe.core.error.KernReturn.MACH_SEND_MSG_TOO_SMALL;
import static io.machframe.core.error.KernReturn.MACH_SEND_NO_BUFFER;
import static io.machframe.core.error.KernReturn.MACH_SEND_TOO_LARGE;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_COPY_SEND;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MAKE_SEND;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MAKE_SEND_ONCE;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MOVE_RECEIVE;
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
    private final RightTransfer rights;
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
        this.rights = new RightTransfer(space);
        this.copy = transport.newBuffer(1024);
        this.message = copy;
    }

    Parcel parcel() {
        return parcel;
    }

    @Nullable
    PortEntry destinationEntry() {
        return destinationEntry;
    }

    /**
     * Returns whether the message carries the receive right of the port it goes to. Nobody could ever receive it, so it
     * is destroyed with the port, and the send has succeeded.
     */
    boolean isToItself() {
        for (int i = 0; i < parcel.rightCount(); i++) {
            if (parcel.right(i) instanceof ReceiveEnd right
                    && right.identity().equals(destination().identity())) {
                return true;
            }
        }
        return false;
    }

    SendEnd destination() {
        if (destination == null) {
            throw new IllegalStateException("nothing was copied in");
        }
        return destination;
    }

    /** Checks what can be checked without names. Returns a send code; nothing is taken. */
    int check(MessageBuffer message, int size) {
        if (size < MessageLayout.HEADER_SIZE || (size & 3) != 0) {
            return MACH_SEND_MSG_TOO_SMALL;
        }
        if (size > transport.maxMessageSize()) {
            return MACH_SEND_TOO_LARGE;
        }
        if (size > message.capacity()) {
            return MACH_SEND_INVALID_DATA;
        }
        int wrong = checkDescriptors(message.bytes(), size);
        return wrong != 0 ? wrong : checkHeader(message.bytes());
    }

    private int checkDescriptors(ByteBuffer bytes, int size) {
        if ((bytes.getInt(MessageLayout.BITS) & MessageLayout.BITS_COMPLEX) == 0) {
            return 0;
        }
        if (size < MessageLayout.DESCRIPTORS) {
            return MACH_SEND_MSG_TOO_SMALL;
        }
        int count = bytes.getInt(MessageLayout.DESCRIPTOR_COUNT);
        if (count < 0 || count > (size - MessageLayout.DESCRIPTORS) / MessageLayout.PORT_DESCRIPTOR_SIZE) {
            return MACH_SEND_MSG_TOO_SMALL;
        }
        if (count + 1 > transport.maxRights()) {
            return MACH_SEND_TOO_LARGE;
        }
        for (int i = 0; i < count; i++) {
            int type =
                    MessageLayout.DESCRIPTORS + i * MessageLayout.PORT_DESCRIPTOR_SIZE + MessageLayout.DESCRIPTOR_TYPE;
            if (bytes.get(type) != MessageLayout.TYPE_PORT) {
                return MACH_SEND_INVALID_TYPE;
            }
        }
        return 0;
    }

    private static int checkHeader(ByteBuffer bytes) {
        int bits = bytes.getInt(MessageLayout.BITS);
        int reply = MessageLayout.local(bits);
        boolean validReply =
                reply == 0 ? bytes.getInt(MessageLayout.LOCAL_PORT) == MACH_PORT_NULL : isSendDisposition(reply);
        if ((bits & ~MessageLayout.BITS_USER) != 0 || !isSendDisposition(MessageLayout.remote(bits)) || !validReply) {
            return MACH_SEND_INVALID_HEADER;
        }
        if (isNullOrDead(bytes.getInt(MessageLayout.REMOTE_PORT))) {
            return MACH_SEND_INVALID_DEST;
        }
        // No name denotes a voucher here, so the null one is the only one that may stand in a voucher's place.
        boolean voucher = (bits & MessageLayout.BITS_VOUCHER_MASK) != 0;
        return voucher && bytes.getInt(MessageLayout.VOUCHER_PORT) != MACH_PORT_NULL ? MACH_SEND_INVALID_VOUCHER : 0;
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
        settle(destinationEntry);
        for (int i = 0; i < parcel.rightCount(); i++) {
            settle(entries[i]);
        }
        end();
    }

    /** The message was not sent and nothing shall have happened. */
    void undo() {
        for (int i = 0; i < parcel.rightCount(); i++) {
            untake(entries[i], dispositions[i], parcel.take(i));
        }
        if (destination != null) {
            untake(destinationEntry, destinationDisposition, destination.retain());
        }
        end();
    }

    private void untake(@Nullable PortEntry entry, int disposition, PortEnd right) {
        if (entry != null && isMove(disposition)) {
            putBack(entry, disposition, right);
        } else if (entry != null && entry.receive != null && disposition == MACH_MSG_TYPE_MAKE_SEND_ONCE) {
            entry.receive.unmake((SendEnd) right);
        } else {
            right.close();
        }
        if (entry != null && disposition == MACH_MSG_TYPE_MAKE_SEND) {
            entry.makeSendCount--;
        }
        settle(entry);
    }

    /**
     * The message timed out: the user gets it back in its buffer with every right in MOVE form, and with the reference
     * that form stands for (pseudo-receive).
     */
    void giveBack() {
        ByteBuffer bytes = message.bytes();
        int bits = bytes.getInt(MessageLayout.BITS);
        if (destination != null) {
            bytes.putInt(
                    MessageLayout.REMOTE_PORT,
                    returned(destinationEntry, destinationDisposition, destination.retain()));
            bits = (bits & ~MessageLayout.BITS_REMOTE_MASK) | asReceived(destinationDisposition);
        }
        for (int i = 0; i < parcel.rightCount(); i++) {
            bytes.putInt(positions[i], returned(entries[i], dispositions[i], parcel.take(i)));
            if (positions[i] == MessageLayout.LOCAL_PORT) {
                bits = withLocal(bits, asReceived(dispositions[i]));
            } else {
                bytes.put(positions[i] + MessageLayout.DESCRIPTOR_DISPOSITION, (byte) asReceived(dispositions[i]));
            }
        }
        bytes.putInt(MessageLayout.BITS, bits);
        end();
    }

    /** Names a right that comes back; as with any right that is received, nothing is left of one whose port died. */
    private int returned(@Nullable PortEntry entry, int disposition, PortEnd right) {
        int name;
        if (entry == null || isDead(right)) {
            right.close();
            name = MACH_PORT_DEAD;
        } else if (disposition == MACH_MSG_TYPE_MAKE_SEND_ONCE) {
            name = newSendOnce(right);
        } else {
            putBack(entry, disposition, right);
            name = entry.name;
        }
        settle(entry);
        return name;
    }

    private int newSendOnce(PortEnd right) {
        try {
            return space.insert(right).name;
        } catch (KernelException noSpace) {
            right.close();
            return MACH_PORT_NULL;
        }
    }

    private static boolean isDead(PortEnd right) {
        return right instanceof SendEnd send && send.isDead();
    }

    private void putBack(PortEntry entry, int disposition, PortEnd right) {
        if (right instanceof ReceiveEnd receive) {
            space.putBack(receive, entry);
        } else if (disposition == MACH_MSG_TYPE_MOVE_SEND_ONCE) {
            entry.sendOnce = (SendEnd) right;
        } else {
            space.giveBack(entry, (SendEnd) right);
        }
    }

    /** The name of a right that was taken stays its own until the message is surely gone; now it is. */
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
        PortEntry entry = space.peek(name);
        SendEnd end = entry == null ? null : (SendEnd) take(entry, disposition);
        if (end == null) {
            throw new KernelException(MACH_SEND_INVALID_DEST);
        }
        destinationEntry = entry;
        destinationDisposition = disposition;
        destination = end;
    }

    private void takeReply(int bits) throws KernelException {
        ByteBuffer bytes = copy.bytes();
        int name = bytes.getInt(MessageLayout.LOCAL_PORT);
        int disposition = MessageLayout.local(bits);
        bytes.putInt(MessageLayout.BITS, withLocal(bits, asReceived(disposition)));
        if (isNullOrDead(name)) {
            return;
        }
        if (name == bytes.getInt(MessageLayout.REMOTE_PORT)
                && (disposition == MACH_MSG_TYPE_MOVE_SEND_ONCE
                        || destinationDisposition == MACH_MSG_TYPE_MOVE_SEND_ONCE)) {
            throw new KernelException(MACH_SEND_INVALID_DEST);
        }
        boolean same = destinationEntry != null && destinationEntry.name == name;
        PortEntry entry = same ? destinationEntry : space.peek(name);
        PortEnd right = entry == null ? null : take(entry, disposition);
        if (right == null && same) {
            right = shareDestination(disposition);
        }
        if (entry == null || right == null) {
            throw new KernelException(MACH_SEND_INVALID_REPLY);
        }
        add(entry, disposition, right, MessageLayout.LOCAL_PORT);
        bytes.putInt(MessageLayout.LOCAL_PORT, Parcel.PRESENT);
    }

    /** Destination and reply are one name, and what the reply needs went to the destination: {@code ipc_right_copyin_two}. */
    private @Nullable PortEnd shareDestination(int disposition) throws KernelException {
        if (isMove(disposition) && disposition == destinationDisposition) {
            throw new KernelException(MACH_SEND_INVALID_DEST);
        }
        if (disposition != MACH_MSG_TYPE_COPY_SEND
                || destinationDisposition != MACH_MSG_TYPE_MOVE_SEND
                || destinationEntry == null) {
            return null;
        }
        destinationEntry.pending++;
        return destination().retain();
    }

    private void takeDescriptors(int bits) throws KernelException {
        if ((bits & MessageLayout.BITS_COMPLEX) == 0) {
            return;
        }
        int count = copy.bytes().getInt(MessageLayout.DESCRIPTOR_COUNT);
        for (int i = 0; i < count; i++) {
            int position = MessageLayout.DESCRIPTORS + i * MessageLayout.PORT_DESCRIPTOR_SIZE;
            if (!takeDescriptor(copy.bytes(), position)) {
                refuseDescriptor();
            }
        }
    }

    private boolean takeDescriptor(ByteBuffer bytes, int position) throws KernelException {
        int name = bytes.getInt(position);
        int disposition = bytes.get(position + MessageLayout.DESCRIPTOR_DISPOSITION);
        if (!RightTransfer.isDisposition(disposition)) {
            return false;
        }
        bytes.put(position + MessageLayout.DESCRIPTOR_DISPOSITION, (byte) asReceived(disposition));
        if (isNullOrDead(name)) {
            return true;
        }
        PortEntry entry = space.peek(name);
        PortEnd right = entry == null ? null : take(entry, disposition);
        if (right != null && entry != null) {
            add(entry, disposition, right, position);
            bytes.putInt(position, Parcel.PRESENT);
            return true;
        }
        bytes.putInt(position, MACH_PORT_DEAD);
        return entry != null && rights.isDead(entry, disposition);
    }

    /**
     * A descriptor is wrong: the rights of the header and of earlier descriptors are destroyed. But a dead destination is
     * what the kernel meets first, so that is said of it instead and nothing is taken.
     */
    private void refuseDescriptor() throws KernelException {
        if (destination().isDead()) {
            throw new KernelException(MACH_SEND_INVALID_DEST);
        }
        commit();
        throw new KernelException(MACH_SEND_INVALID_RIGHT);
    }

    /** Takes one right as its disposition says, or returns null if the entry has no such right. */
    private @Nullable PortEnd take(PortEntry entry, int disposition) throws KernelException {
        PortEnd right = null;
        entry.pending++; // first, because this may be the last right of the name
        try {
            right = rights.take(entry, disposition);
            return right;
        } catch (KernelException noRoom) {
            throw new KernelException(MACH_SEND_NO_BUFFER);
        } finally {
            if (right == null) {
                entry.pending--;
            }
        }
    }

    private void add(PortEntry entry, int disposition, PortEnd right, int position) {
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

    private static boolean isNullOrDead(int name) {
        return name == MACH_PORT_NULL || name == MACH_PORT_DEAD;
    }

    private static boolean isMove(int disposition) {
        return disposition >= MACH_MSG_TYPE_MOVE_RECEIVE && disposition <= MACH_MSG_TYPE_MOVE_SEND_ONCE;
    }

    private static int asReceived(int disposition) {
        return RightTransfer.asReceived(disposition);
    }
}
