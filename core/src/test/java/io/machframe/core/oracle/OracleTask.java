/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.oracle;

import io.machframe.core.error.KernReturn;
import io.machframe.core.platform.Mach;
import io.machframe.core.platform.MachCalls;
import io.machframe.core.platform.MessageBuffer;
import io.machframe.core.platform.MessageLayout;
import io.machframe.core.platform.kernel.MachKernel;
import io.machframe.core.platform.kernel.SendEnd;
import java.nio.ByteBuffer;
import java.util.IdentityHashMap;

/** A task of a scenario: its name space, what the scenario calls its names, and a port at which others hand it rights. */
final class OracleTask {
    private static final int SIZE = MessageLayout.DESCRIPTORS + MessageLayout.PORT_DESCRIPTOR_SIZE;

    private final MachKernel kernel;
    private final Names names = new Names();
    private final MessageBuffer buffer;
    private final int inbox;
    private final IdentityHashMap<Object, Long> sent = new IdentityHashMap<>();
    private long last;
    private int lastSize;
    private long received;

    OracleTask(MachKernel kernel) {
        this.kernel = kernel;
        this.buffer = kernel.newBuffer(Message.CAPACITY);
        int[] name = new int[1];
        require(kernel.construct(Mach.MPO_INSERT_SEND_RIGHT, 0, 0, name));
        inbox = name[0];
    }

    MachCalls calls() {
        return kernel;
    }

    Names names() {
        return names;
    }

    /**
     * Hands a right to another task, as a call on that task's port would carry it.
     *
     * @return the name it has there, or null or dead
     */
    int pass(int name, int disposition, OracleTask other) {
        int[] link = new int[1];
        SendEnd end = other.kernel.object(other.inbox);
        if (end == null) {
            throw new IllegalStateException("the other task is gone");
        }
        require(kernel.insertObject(end, link));
        buffer.bytes().putInt(MessageLayout.BITS, MessageLayout.BITS_COMPLEX | Mach.MACH_MSG_TYPE_MOVE_SEND);
        buffer.bytes().putInt(MessageLayout.REMOTE_PORT, link[0]);
        buffer.bytes().putInt(MessageLayout.LOCAL_PORT, 0).putInt(MessageLayout.VOUCHER_PORT, 0);
        buffer.bytes().putInt(MessageLayout.DESCRIPTOR_COUNT, 1);
        buffer.bytes().putInt(MessageLayout.DESCRIPTORS, name);
        buffer.bytes().putLong(MessageLayout.DESCRIPTORS + 4, 0);
        buffer.bytes().put(MessageLayout.DESCRIPTORS + MessageLayout.DESCRIPTOR_DISPOSITION, (byte) disposition);
        int options = Mach.MACH_SEND_MSG | Mach.MACH_SEND_TIMEOUT;
        require(kernel.message(buffer, options, SIZE, 0, 0, 0, 0));
        return other.receivePassed();
    }

    private int receivePassed() {
        int options = Mach.MACH_RCV_MSG | Mach.MACH_RCV_TIMEOUT;
        require(kernel.message(buffer, options, 0, buffer.capacity(), inbox, 1000, 0));
        return buffer.bytes().getInt(MessageLayout.DESCRIPTORS);
    }

    /** Returns the memory in which the scenario's item is sent; made when it is met first. */
    long memoryOf(Object item, int size) {
        Long known = sent.get(item);
        if (known == null) {
            long[] address = new long[1];
            require(kernel.memory().allocate(size, address));
            known = address[0];
            sent.put(item, known);
        }
        last = known;
        lastSize = size;
        return known;
    }

    /** Returns whether the memory that was sent last is still there; it is not after this. */
    boolean isLastMapped() {
        return kernel.memory().deallocate(last, lastSize) == KernReturn.KERN_SUCCESS;
    }

    void received(long address) {
        received = address;
    }

    /** Returns memory that came in the last message. */
    ByteBuffer received(int size) {
        return kernel.memory().view(received, size);
    }

    /** Ends the task as the end of a process does. */
    void terminate() {
        kernel.terminate();
    }

    private static void require(int code) {
        if (code != KernReturn.KERN_SUCCESS) {
            throw new RefusedException(code);
        }
    }

    /** A right could not be handed over; the code is what the call it was for then answers. */
    static final class RefusedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final int code;

        RefusedException(int code) {
            super(new KernReturn(code).toString());
            this.code = code;
        }

        int code() {
            return code;
        }
    }
}
