/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.kernel;

import static io.machframe.core.error.KernReturn.KERN_INVALID_ADDRESS;
import static io.machframe.core.error.KernReturn.MACH_SEND_INVALID_DATA;
import static io.machframe.core.error.KernReturn.MACH_SEND_INVALID_DEST;
import static io.machframe.core.error.KernReturn.MACH_SEND_INVALID_HEADER;
import static io.machframe.core.error.KernReturn.MACH_SEND_INVALID_MEMORY;
import static io.machframe.core.error.KernReturn.MACH_SEND_INVALID_REPLY;
import static io.machframe.core.error.KernReturn.MACH_SEND_INVALID_RIGHT;
import static io.machframe.core.error.KernReturn.MACH_SEND_INVALID_TYPE;
import static io.machframe.core.error.KernReturn.MACH_SEND_INVALID_VOUCHER;
import static io.machframe.core.error.KernReturn.MACH_SEND_MSG_TOO_SMALL;
import static io.machframe.core.error.KernReturn.MACH_SEND_NO_BUFFER;
import static io.machframe.core.error.KernReturn.MACH_SEND_TOO_LARGE;
import static io.machframe.core.platform.Mach.MACH_MSG_PHYSICAL_COPY;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_COPY_SEND;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MAKE_SEND;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MAKE_SEND_ONCE;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MOVE_SEND;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MOVE_SEND_ONCE;
import static io.machframe.core.platform.Mach.MACH_MSG_VIRTUAL_COPY;
import static io.machframe.core.platform.Mach.MACH_PORT_DEAD;
import static io.machframe.core.platform.Mach.MACH_PORT_NULL;

import io.machframe.core.platform.DescriptorCursor;
import io.machframe.core.platform.Mach;
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
    private static final int KEPT_CAPACITY = 1 << 20;

    private final PortSpace space;
    private final Transport transport;
    private final TaskMemory memory;
    private final RightTransfer rights;
    private final Parcel parcel = new Parcel();
    private final DescriptorCursor descriptors = new DescriptorCursor();

    /** The same descriptors in the copy, when the message is given back. */
    private final DescriptorCursor marks = new DescriptorCursor();

    /** The names of an array, in the extra. */
    private final DescriptorCursor elements = new DescriptorCursor();

    /** The user's message and a copy for messages that carry rights, whose names must not leave the task. */
    private MessageBuffer message;

    private MessageBuffer copy;

    /** What the message has out of line. */
    private MessageBuffer extra;

    private int extraSize;

    /** The ranges of memory that the sender gives up, by address and size. */
    private long[] consumed = new long[4];

    private int consumedCount;

    private @Nullable PortEntry destinationEntry;
    private int destinationDisposition;
    private @Nullable SendEnd destination;

    /** Beside each right of the parcel: where it came from, and how. */
    private @Nullable PortEntry[] entries = new PortEntry[16];

    private int[] dispositions = new int[16];

    /** How far the rights and the extra of a message that is given back are named. */
    private int nextRight;

    private int nextExtra;

    CopyIn(PortSpace space, Transport transport) {
        this.space = space;
        this.transport = transport;
        this.memory = transport.memory();
        this.rights = new RightTransfer(space);
        this.copy = transport.newBuffer(1024);
        this.extra = copy;
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
        if (size > MessageLimits.MAX_SIZE) {
            return MACH_SEND_TOO_LARGE;
        }
        if (size > message.capacity()) {
            return MACH_SEND_INVALID_DATA;
        }
        int wrong = checkDescriptors(message, size);
        return wrong != 0 ? wrong : checkHeader(message.bytes());
    }

    private int checkDescriptors(MessageBuffer message, int size) {
        long ports = 0;
        for (descriptors.wrap(message, size); descriptors.next(); ) {
            int type = descriptors.type();
            if (type == MessageLayout.TYPE_GUARDED_PORT || (type != MessageLayout.TYPE_PORT && !hasCopyOption())) {
                return MACH_SEND_INVALID_TYPE;
            }
            ports += type == MessageLayout.TYPE_PORT ? 1 : 0;
            ports += type == MessageLayout.TYPE_OOL_PORTS ? descriptors.size() : 0;
        }
        return switch (descriptors.fault()) {
            case TRUNCATED -> MACH_SEND_MSG_TOO_SMALL;
            case UNKNOWN_TYPE -> MACH_SEND_INVALID_TYPE;
            case NONE -> ports > MessageLimits.MAX_RIGHTS ? MACH_SEND_TOO_LARGE : 0;
        };
    }

    private boolean hasCopyOption() {
        int option = descriptors.copyOption();
        return option == MACH_MSG_PHYSICAL_COPY || option == MACH_MSG_VIRTUAL_COPY;
    }

    private static int checkHeader(ByteBuffer bytes) {
        int bits = bytes.getInt(MessageLayout.BITS);
        int reply = MessageLayout.local(bits);
        boolean validReply =
                reply == 0 ? bytes.getInt(MessageLayout.LOCAL_PORT) == MACH_PORT_NULL : isSendDisposition(reply);
        if ((bits & ~MessageLayout.BITS_USER) != 0 || !isSendDisposition(MessageLayout.remote(bits)) || !validReply) {
            return MACH_SEND_INVALID_HEADER;
        }
        if (Mach.isNullOrDead(bytes.getInt(MessageLayout.REMOTE_PORT))) {
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
        extraSize = 0;
        try {
            takeDestination(user.bytes().getInt(MessageLayout.REMOTE_PORT), MessageLayout.remote(bits));
            if (carriesRights) {
                takeReply(bits);
                takeDescriptors();
            }
            parcel.extra(extra, extraSize);
        } catch (KernelException | RuntimeException | Error e) {
            undo(); // all of it, or what was taken would be in the next message
            throw e;
        }
    }

    /** The message was sent: what was taken is gone. */
    void commit() {
        settle(destinationEntry);
        for (int i = 0; i < parcel.rightCount(); i++) {
            settle(entries[i]);
        }
        for (int i = 0; i < consumedCount; i += 2) {
            deallocate(consumed[i], consumed[i + 1]);
        }
        end();
    }

    /** A range that another thread gave back meanwhile is gone all the same. */
    private void deallocate(long address, long size) {
        try {
            memory.deallocate(address, size);
        } catch (KernelException gone) {
            assert gone.code() != 0;
        }
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
        if (entry != null && Mach.isMove(disposition)) {
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
        nextRight = 0;
        nextExtra = 0;
        if (parcel.rightCount() > 0 && copy.bytes().getInt(MessageLayout.LOCAL_PORT) == Parcel.PRESENT) {
            bits = withLocal(bits, asReceived(dispositions[0]));
            bytes.putInt(MessageLayout.LOCAL_PORT, nextReturned());
        }
        giveDescriptorsBack();
        bytes.putInt(MessageLayout.BITS, bits);
        end();
    }

    /** The copy marks what was taken. Memory is where it was: it was not taken yet. */
    private void giveDescriptorsBack() {
        marks.wrap(copy, parcel.size());
        for (descriptors.wrap(message, parcel.size()); descriptors.next() && marks.next(); ) {
            if (descriptors.type() == MessageLayout.TYPE_OOL_PORTS) {
                giveArrayBack();
            } else if (descriptors.isMemory()) {
                nextExtra += marks.address() == Parcel.INLINE ? (int) marks.size() : 0;
            } else if (marks.name() == Parcel.PRESENT) {
                descriptors.disposition(marks.disposition());
                descriptors.name(nextReturned());
            }
        }
    }

    /** The names in an array are others now. */
    private void giveArrayBack() {
        int count = (int) descriptors.size();
        if (count > 0) {
            int first = nextExtra;
            for (elements.wrapArray(extra, first, count); elements.next(); ) {
                if (elements.name() == Parcel.PRESENT) {
                    elements.name(nextReturned());
                }
            }
            nextExtra = elements.end();
            long own = descriptors.deallocates() ? descriptors.address() : 0;
            try {
                descriptors.address(NameArray.write(memory, own, extra.bytes(), first, count));
            } catch (KernelException noRoom) {
                descriptors.address(0);
                descriptors.size(0);
            }
            descriptors.deallocates(true);
            descriptors.copyOption(MACH_MSG_VIRTUAL_COPY);
        }
        descriptors.disposition(asReceived(descriptors.disposition()));
    }

    private int nextReturned() {
        int index = nextRight++;
        return returned(entries[index], dispositions[index], parcel.take(index));
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
        consumedCount = 0;
        parcel.clear();
        if (copy.capacity() > KEPT_CAPACITY || extra.capacity() > KEPT_CAPACITY) {
            copy = transport.newBuffer(1024);
            extra = copy;
        }
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
        if (Mach.isNullOrDead(name)) {
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
        add(entry, disposition, right);
        bytes.putInt(MessageLayout.LOCAL_PORT, Parcel.PRESENT);
    }

    /** Destination and reply are one name, and what the reply needs went to the destination: {@code ipc_right_copyin_two}. */
    private @Nullable PortEnd shareDestination(int disposition) throws KernelException {
        if (Mach.isMove(disposition) && disposition == destinationDisposition) {
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

    private void takeDescriptors() throws KernelException {
        for (descriptors.wrap(copy, parcel.size()); descriptors.next(); ) {
            switch (descriptors.type()) {
                case MessageLayout.TYPE_PORT -> takePort(descriptors);
                case MessageLayout.TYPE_OOL_PORTS -> takeArray();
                default -> takeMemory();
            }
        }
    }

    private void takeMemory() throws KernelException {
        long address = descriptors.address();
        long size = descriptors.size();
        boolean inline = size <= MessageLimits.MAX_INLINE - parcel.size() - extraSize;
        boolean gone = takeRange(size);
        if (size == 0) {
            descriptors.address(0);
        } else if (inline) {
            descriptors.address(Parcel.INLINE);
            read(address, extraSize, (int) size, (int) size);
        } else {
            descriptors.address(Parcel.PRESENT);
            takeBlock(address, size, gone);
        }
        // What arrives is the receiver's; the kernel says so only of a virtual copy.
        descriptors.deallocates(descriptors.copyOption() == MACH_MSG_VIRTUAL_COPY);
    }

    private void takeBlock(long address, long size, boolean gone) throws KernelException {
        try {
            parcel.add(memory.take(address, size, gone));
        } catch (KernelException e) {
            refuseMemory(e);
        }
    }

    /** Notes the range of a descriptor if the sender gives it up; returns whether it does. */
    private boolean takeRange(long size) throws KernelException {
        if (size == 0 || !descriptors.deallocates()) {
            return false;
        }
        long address = descriptors.address();
        if (!memory.isOwned(address, size)) {
            refuseDescriptor(MACH_SEND_INVALID_MEMORY);
        }
        if (consumedCount == consumed.length) {
            consumed = Arrays.copyOf(consumed, consumedCount * 2);
        }
        consumed[consumedCount++] = address;
        consumed[consumedCount++] = size;
        return true;
    }

    /** Copies memory into the extra, which grows by {@code growth}. */
    private void read(long address, int at, int size, int growth) throws KernelException {
        int needed = extraSize + growth;
        if (extra == copy || extra.capacity() < needed) {
            MessageBuffer larger = transport.newBuffer(Math.max(needed, 2 * extraSize));
            larger.bytes().put(0, extra.bytes(), 0, extraSize);
            extra = larger;
        }
        try {
            memory.read(address, extra, at, size);
        } catch (KernelException e) {
            refuseMemory(e);
        }
        extraSize = needed;
    }

    private void refuseMemory(KernelException reason) throws KernelException {
        if (reason.code() != KERN_INVALID_ADDRESS) {
            throw new KernelException(MACH_SEND_NO_BUFFER);
        }
        refuseDescriptor(MACH_SEND_INVALID_MEMORY);
    }

    /** Takes the rights of an array; each has a port descriptor in the extra. */
    private void takeArray() throws KernelException {
        int count = (int) descriptors.size();
        int disposition = descriptors.disposition();
        takeRange((long) count * Integer.BYTES);
        if (count > 0) {
            int start = extraSize;
            // The names come to lie at the end of the room for the descriptors, each behind all that are written
            // before.
            int names = start + count * (MessageLayout.PORT_DESCRIPTOR_SIZE - Integer.BYTES);
            read(descriptors.address(), names, count * Integer.BYTES, count * MessageLayout.PORT_DESCRIPTOR_SIZE);
            elements.beginWriting(extra, start);
            for (int i = 0; i < count; i++) {
                elements.putPort(extra.bytes().getInt(names + i * Integer.BYTES), disposition);
                takePort(elements);
            }
        }
        descriptors.address(count == 0 ? 0 : Parcel.PRESENT);
        descriptors.deallocates(true);
        descriptors.copyOption(MACH_MSG_VIRTUAL_COPY);
        descriptors.disposition(asReceived(disposition));
    }

    private void takePort(DescriptorCursor port) throws KernelException {
        int name = port.name();
        int disposition = port.disposition();
        if (!RightTransfer.isDisposition(disposition)) {
            refuseDescriptor(MACH_SEND_INVALID_RIGHT);
        }
        port.disposition(asReceived(disposition));
        if (Mach.isNullOrDead(name)) {
            return;
        }
        PortEntry entry = space.peek(name);
        PortEnd right = entry == null ? null : take(entry, disposition);
        if (right != null && entry != null) {
            add(entry, disposition, right);
            port.name(Parcel.PRESENT);
            return;
        }
        port.name(MACH_PORT_DEAD);
        if (entry == null || !rights.isDead(entry, disposition)) {
            refuseDescriptor(MACH_SEND_INVALID_RIGHT);
        }
    }

    /**
     * A descriptor is wrong: the rights of the header and of earlier descriptors are destroyed. But a dead destination is
     * what the kernel meets first, so that is said of it instead and nothing is taken.
     */
    private void refuseDescriptor(int code) throws KernelException {
        if (destination().isDead()) {
            throw new KernelException(MACH_SEND_INVALID_DEST);
        }
        commit();
        throw new KernelException(code);
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

    private void add(PortEntry entry, int disposition, PortEnd right) {
        int index = parcel.rightCount();
        if (index == entries.length) {
            entries = Arrays.copyOf(entries, index * 2);
            dispositions = Arrays.copyOf(dispositions, index * 2);
        }
        entries[index] = entry;
        dispositions[index] = disposition;
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

    private static int asReceived(int disposition) {
        return RightTransfer.asReceived(disposition);
    }
}
