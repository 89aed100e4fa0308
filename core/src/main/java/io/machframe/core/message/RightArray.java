/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.message;

import io.machframe.core.error.InvalidMessageException;
import io.machframe.core.error.MachException;
import io.machframe.core.internal.PortAccess;
import io.machframe.core.lifetime.Hold;
import io.machframe.core.platform.Mach;
import io.machframe.core.port.PortRight;
import io.machframe.core.port.PortSet;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendOnceRight;
import io.machframe.core.port.SendRight;
import io.machframe.core.port.Task;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rights of one kind that travel in a message together, out of line: up to 16,383 in all arrays and places of one
 * message. {@code mach_msg_ool_ports_descriptor_t}
 *
 * <p><b>Ownership.</b> The array owns its rights. Moved into a message they are the message's; taken from a message they
 * are given out by the {@code take} methods, and what is left is released when the array is closed.
 *
 * <p><b>Threads.</b> One thread at a time.
 */
public final class RightArray implements AutoCloseable {
    private static final PortAccess ACCESS = PortAccess.get();

    private final Task task;
    private final int[] names;
    private final int disposition;
    private final Hold hold;

    private RightArray(Task task, int[] names, int disposition) {
        this.task = task;
        this.names = names;
        this.disposition = disposition;
        this.hold = Hold.of(this, "array of " + names.length + " rights", () -> release(task, names, disposition));
    }

    /**
     * Makes an array of rights and spends the objects given. The guards of receive rights are taken away.
     *
     * @param rights of one kind and one task; null leaves a place empty, {@code MACH_PORT_NULL}
     * @throws IllegalArgumentException if they are of several kinds or tasks, or of a kind that does not travel; nothing
     *     is spent then
     * @throws IllegalStateException if one was closed or moved, or stands there twice; those before it are released
     */
    @SuppressWarnings("exports") // an annotation that callers need not read
    public static RightArray move(List<? extends @Nullable PortRight> rights) throws MachException {
        PortRight first = requireOneKind(rights);
        int[] names = new int[rights.size()];
        RightArray array = new RightArray(first == null ? Task.self() : first.task(), names, disposition(first));
        try {
            for (int i = 0; i < names.length; i++) {
                names[i] = relinquish(rights.get(i));
            }
        } catch (MachException | RuntimeException e) {
            array.close();
            throw e;
        }
        return array;
    }

    /**
     * Makes an array with one more reference to each port of some send rights, which the caller keeps.
     *
     * @param rights of one task; null leaves a place empty
     */
    @SuppressWarnings("exports")
    public static RightArray copy(List<? extends @Nullable SendRight> rights) throws MachException {
        PortRight first = requireOneKind(rights);
        int[] names = new int[rights.size()];
        RightArray array =
                new RightArray(first == null ? Task.self() : first.task(), names, Mach.MACH_MSG_TYPE_PORT_SEND);
        try {
            for (int i = 0; i < names.length; i++) {
                SendRight right = rights.get(i);
                names[i] = right == null ? Mach.MACH_PORT_NULL : ACCESS.relinquish(right.copy());
            }
        } catch (MachException | RuntimeException e) {
            array.close();
            throw e;
        }
        return array;
    }

    private static @Nullable PortRight requireOneKind(List<? extends @Nullable PortRight> rights) {
        PortRight first = null;
        for (PortRight right : rights) {
            if (right instanceof PortSet) {
                throw new IllegalArgumentException("a port set does not travel: " + right);
            } else if (first == null) {
                first = right;
            } else if (right != null && (right.getClass() != first.getClass() || right.task() != first.task())) {
                throw new IllegalArgumentException(
                        "an array has rights of one kind and task, not both " + first + " and " + right);
            }
        }
        return first;
    }

    private static int relinquish(@Nullable PortRight right) throws MachException {
        if (right instanceof ReceiveRight receive) {
            return ACCESS.relinquishUnguarded(receive);
        }
        return right == null ? Mach.MACH_PORT_NULL : ACCESS.relinquish(right);
    }

    /** Takes over the names at the start of {@code memory}. */
    static RightArray adopt(Task task, ByteBuffer memory, int count, int disposition) {
        int[] names = new int[count];
        for (int i = 0; i < count; i++) {
            names[i] = memory.getInt(i * Integer.BYTES);
        }
        return new RightArray(task, names, disposition);
    }

    Task task() {
        return task;
    }

    int disposition() {
        return disposition;
    }

    /** Returns how many places there are. */
    public int size() {
        hold.requireOpen();
        return names.length;
    }

    /** Returns what is at a place now; a right that was taken leaves null behind. */
    public DescriptorKind kind(int index) {
        hold.requireOpen();
        return DescriptorKind.of(names[index], disposition);
    }

    /**
     * Takes a send right out; the caller owns it.
     *
     * @throws InvalidMessageException if something else stands there
     */
    public SendRight takeSendRight(int index) throws InvalidMessageException {
        return ACCESS.adoptSend(task, take(index, DescriptorKind.SEND));
    }

    /** Takes a send-once right out, as {@link #takeSendRight}. */
    public SendOnceRight takeSendOnceRight(int index) throws InvalidMessageException {
        return ACCESS.adoptSendOnce(task, take(index, DescriptorKind.SEND_ONCE));
    }

    /** Takes a receive right out, with the messages in its queue, as {@link #takeSendRight}. */
    public ReceiveRight takeReceiveRight(int index) throws InvalidMessageException {
        return ACCESS.adoptReceive(task, take(index, DescriptorKind.RECEIVE), 0);
    }

    private int take(int index, DescriptorKind wanted) throws InvalidMessageException {
        hold.pin(); // or the collector could release what is being taken
        try {
            synchronized (names) {
                DescriptorKind found = kind(index);
                if (found != wanted) {
                    throw new InvalidMessageException(
                            "right " + index + " of the array is " + found + ", not " + wanted);
                }
                int name = names[index];
                names[index] = Mach.MACH_PORT_NULL;
                return name;
            }
        } finally {
            hold.unpin();
        }
    }

    /** Writes the names into memory that a message takes along, which owns the rights from now on. */
    void relinquish(ByteBuffer memory) {
        hold.move();
        for (int i = 0; i < names.length; i++) {
            memory.putInt(i * Integer.BYTES, names[i]);
        }
    }

    /** Releases the rights that were not taken. Idempotent. */
    @Override
    public void close() {
        hold.close();
    }

    private static void release(Task task, int[] names, int disposition) {
        for (int name : names) {
            Contents.release(task, name, disposition);
        }
    }

    /** Returns the disposition by which a right moves; for no right, that of a send right. */
    static int disposition(@Nullable PortRight right) {
        if (right instanceof ReceiveRight) {
            return Mach.MACH_MSG_TYPE_MOVE_RECEIVE;
        }
        return right instanceof SendOnceRight ? Mach.MACH_MSG_TYPE_MOVE_SEND_ONCE : Mach.MACH_MSG_TYPE_MOVE_SEND;
    }
}
