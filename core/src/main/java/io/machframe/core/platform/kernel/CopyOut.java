/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.kernel;

import static io.machframe.core.error.KernReturn.MACH_RCV_BODY_ERROR;
import static io.machframe.core.error.KernReturn.MACH_RCV_HEADER_ERROR;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_PORT_RECEIVE;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_PORT_SEND;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_PORT_SEND_ONCE;
import static io.machframe.core.platform.Mach.MACH_MSG_VM_SPACE;
import static io.machframe.core.platform.Mach.MACH_PORT_DEAD;
import static io.machframe.core.platform.Mach.MACH_PORT_NULL;

import io.machframe.core.platform.DescriptorCursor;
import io.machframe.core.platform.MessageLayout;
import java.nio.ByteBuffer;

/**
 * Gives a received message to a task: turns its rights into names and completes the header and the trailer.
 * {@code ipc_kmsg_copyout}. Runs with the space's monitor held.
 */
final class CopyOut {
    private static final int[] TRAILER_SIZES = {8, 12, 20, 52, 60};

    private final PortSpace space;
    private final TaskMemory memory;
    private final DescriptorCursor descriptors = new DescriptorCursor();

    /** The names of an array, in the extra. */
    private final DescriptorCursor elements = new DescriptorCursor();

    /** How far the rights, blocks and extra of the parcel at hand are used up. */
    private int nextRight;

    private int nextBlock;
    private int nextExtra;

    CopyOut(PortSpace space, TaskMemory memory) {
        this.space = space;
        this.memory = memory;
    }

    /** Returns the bytes of a trailer with the elements that {@code options} ask for, or -1 if there is no such. */
    static int trailerSize(int options) {
        int elements = (options >>> 24) & 0x0f;
        boolean plain = (options >>> 28) == 0;
        return plain && elements < TRAILER_SIZES.length ? TRAILER_SIZES[elements] : plain && elements == 7 ? 68 : -1;
    }

    /** Completes the message in the parcel's buffer and takes the parcel's rights. Returns a receive code. */
    int copyOut(Parcel parcel, int receiveName, int options) {
        ByteBuffer bytes = parcel.buffer().bytes();
        int bits = bytes.getInt(MessageLayout.BITS);
        int result = 0;
        int next = 0;
        int reply = bytes.getInt(MessageLayout.LOCAL_PORT);
        if (reply == Parcel.PRESENT && MessageLayout.local(bits) != 0) {
            reply = insert(parcel.take(next++));
            result = reply == MACH_PORT_NULL ? MACH_RCV_HEADER_ERROR : 0;
        } else if (reply != MACH_PORT_DEAD) {
            reply = MACH_PORT_NULL;
        }
        bytes.putInt(
                MessageLayout.BITS,
                (bits & MessageLayout.BITS_COMPLEX)
                        | (arrival(parcel) << 8)
                        | RightTransfer.asReceived(MessageLayout.local(bits)));
        bytes.putInt(MessageLayout.SIZE, parcel.size());
        bytes.putInt(MessageLayout.REMOTE_PORT, reply);
        bytes.putInt(MessageLayout.LOCAL_PORT, receiveName);
        bytes.putInt(MessageLayout.VOUCHER_PORT, MACH_PORT_NULL);
        if ((bits & MessageLayout.BITS_COMPLEX) != 0) {
            int body = placeDescriptors(parcel, next);
            result = result == 0 ? body : result;
        }
        PortEntry port = space.peek(receiveName);
        writeTrailer(parcel, bytes, port == null ? 0 : port.context, trailerSize(options));
        return result;
    }

    /** Writes the header of a message that was too large and is gone: where it came to, and nothing to release. */
    static void describeDestroyed(Parcel parcel, ByteBuffer bytes, int receiveName) {
        bytes.putInt(MessageLayout.BITS, arrival(parcel) << 8);
        bytes.putInt(MessageLayout.REMOTE_PORT, MACH_PORT_NULL);
        bytes.putInt(MessageLayout.LOCAL_PORT, receiveName);
        bytes.putInt(MessageLayout.VOUCHER_PORT, MACH_PORT_NULL);
    }

    private static int arrival(Parcel parcel) {
        return parcel.sentOnce() ? MACH_MSG_TYPE_PORT_SEND_ONCE : MACH_MSG_TYPE_PORT_SEND;
    }

    private int placeDescriptors(Parcel parcel, int firstRight) {
        nextRight = firstRight;
        nextBlock = 0;
        nextExtra = 0;
        int result = 0;
        for (descriptors.wrap(parcel.buffer(), parcel.size()); descriptors.next(); ) {
            int code =
                    switch (descriptors.type()) {
                        case MessageLayout.TYPE_PORT -> placePort(parcel, descriptors);
                        case MessageLayout.TYPE_OOL_PORTS -> placeArray(parcel);
                        default -> placeMemory(parcel);
                    };
            result = result == 0 ? code : result;
        }
        return result;
    }

    private int placePort(Parcel parcel, DescriptorCursor port) {
        if (port.name() != Parcel.PRESENT) {
            return 0;
        }
        int name = insert(parcel.take(nextRight++));
        port.name(name);
        return name == MACH_PORT_NULL ? MACH_RCV_BODY_ERROR : 0;
    }

    private int placeArray(Parcel parcel) {
        int count = (int) descriptors.size();
        if (count == 0) {
            return 0;
        }
        int first = nextExtra;
        int result = 0;
        for (elements.wrapArray(parcel.extra(), first, count); elements.next(); ) {
            int code = placePort(parcel, elements);
            result = result == 0 ? code : result;
        }
        nextExtra = elements.end();
        try {
            descriptors.address(NameArray.write(memory, 0, parcel.extra().bytes(), first, count));
            return result;
        } catch (KernelException noRoom) {
            for (elements.rewind(); elements.next(); ) {
                release(elements.name(), descriptors.disposition());
            }
            return placeNothing();
        }
    }

    /** Gives back what nobody can be told the name of. */
    private void release(int name, int disposition) {
        PortEntry entry = space.peek(name);
        if (entry == null) {
            return;
        }
        if (disposition == MACH_MSG_TYPE_PORT_RECEIVE) {
            space.destroyReceive(entry);
        } else if (disposition == MACH_MSG_TYPE_PORT_SEND) {
            space.takeSend(entry).close();
        } else if (entry.sendOnce != null) {
            entry.sendOnce.close();
            entry.sendOnce = null;
            space.dropIfEmpty(entry);
        }
    }

    private int placeMemory(Parcel parcel) {
        long mark = descriptors.address();
        long size = descriptors.size();
        try {
            if (mark == Parcel.INLINE) {
                long address = memory.allocate(size);
                memory.view(address, (int) size).put(0, parcel.extra().bytes(), nextExtra, (int) size);
                nextExtra += (int) size;
                descriptors.address(address);
            } else if (mark == Parcel.PRESENT) {
                descriptors.address(memory.place(parcel.takeBlock(nextBlock++), size));
            }
            return 0;
        } catch (KernelException noRoom) {
            nextExtra += mark == Parcel.INLINE ? (int) size : 0;
            return placeNothing();
        }
    }

    private int placeNothing() {
        descriptors.address(0);
        descriptors.size(0);
        return MACH_RCV_BODY_ERROR | MACH_MSG_VM_SPACE;
    }

    /** Names a right. A port that died on the way arrives as dead, with nothing to release; no room gives null. */
    private int insert(PortEnd right) {
        if (right instanceof SendEnd send && send.isDead()) {
            right.close();
            return MACH_PORT_DEAD;
        }
        try {
            return space.insertArrived(right).name;
        } catch (KernelException noSpace) {
            right.close();
            return MACH_PORT_NULL;
        }
    }

    /** The kernel's notices come from its own user and group and from no process. */
    private static final int KERNEL_GID = 1;

    private static void writeTrailer(Parcel parcel, ByteBuffer bytes, long context, int size) {
        int at = MessageLayout.round(parcel.size());
        for (int i = 0; i < size; i += 4) {
            bytes.putInt(at + i, 0);
        }
        bytes.putInt(at + MessageLayout.TRAILER_SIZE, size);
        if (size > MessageLayout.TRAILER_SEQNO) {
            bytes.putInt(at + MessageLayout.TRAILER_SEQNO, parcel.sequence());
        }
        if (size > MessageLayout.TRAILER_UID) {
            bytes.putInt(at + MessageLayout.TRAILER_UID, parcel.isNotice() ? 0 : parcel.senderUid());
            bytes.putInt(at + MessageLayout.TRAILER_GID, parcel.isNotice() ? KERNEL_GID : parcel.senderGid());
        }
        if (size > MessageLayout.TRAILER_AUDIT && !parcel.isNotice()) {
            int token = at + MessageLayout.TRAILER_AUDIT;
            bytes.putInt(token, parcel.senderUid());
            bytes.putInt(token + MessageLayout.AUDIT_EUID, parcel.senderUid());
            bytes.putInt(token + MessageLayout.AUDIT_EGID, parcel.senderGid());
            bytes.putInt(token + MessageLayout.AUDIT_RUID, parcel.senderUid());
            bytes.putInt(token + MessageLayout.AUDIT_RGID, parcel.senderGid());
            bytes.putInt(token + MessageLayout.AUDIT_PID, parcel.senderPid());
        }
        if (size > MessageLayout.TRAILER_CONTEXT) {
            bytes.putLong(at + MessageLayout.TRAILER_CONTEXT, context);
        }
    }
}
