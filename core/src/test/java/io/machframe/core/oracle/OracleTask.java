/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.oracle;

import io.machframe.core.error.KernReturn;
import io.machframe.core.platform.Mach;
import io.machframe.core.platform.MachCalls;
import io.machframe.core.platform.MemoryCalls;
import io.machframe.core.platform.MessageBuffer;
import io.machframe.core.platform.MessageLayout;
import io.machframe.core.platform.kernel.MachKernel;
import io.machframe.core.platform.kernel.SendEnd;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;

/** A task of a scenario: its name space, what the scenario calls its names, and a port at which others hand it rights. */
final class OracleTask {
    private static final int SIZE = MessageLayout.DESCRIPTORS + MessageLayout.PORT_DESCRIPTOR_SIZE;
    private static final int PATIENCE_MILLIS = 10_000;

    private final MachCalls calls;
    private final int inbox;
    private final Runnable end;
    private final Names names = new Names();
    private final MessageBuffer buffer;
    private final IdentityHashMap<Object, Long> sent = new IdentityHashMap<>();
    private long last;
    private int lastSize;
    private long received;

    /** What this task calls the ports of others. */
    private final Map<OracleTask, Integer> links = new HashMap<>();

    /**
     * @param inbox the receive right of the port for rights
     * @param end ends the task as the end of a process does
     */
    OracleTask(MachCalls calls, int inbox, Runnable end) {
        this.calls = calls;
        this.inbox = inbox;
        this.end = end;
        this.buffer = calls.newBuffer(Message.CAPACITY);
    }

    /** Makes a task of this process. */
    static OracleTask of(MachKernel kernel) {
        int[] name = new int[1];
        require(kernel.construct(Mach.MPO_INSERT_SEND_RIGHT, 0, 0, name));
        return new OracleTask(kernel, name[0], kernel::terminate);
    }

    MachCalls calls() {
        return calls;
    }

    Names names() {
        return names;
    }

    /** Says what this task calls the port for rights of another. */
    void link(OracleTask other, int name) {
        links.put(other, name);
    }

    /**
     * Hands a right to another task, as a call on that task's port would carry it.
     *
     * @return the name it has there, or null or dead
     */
    int pass(int name, int disposition, OracleTask other) {
        int link = links.computeIfAbsent(other, this::linkInProcess);
        buffer.bytes().putInt(MessageLayout.BITS, MessageLayout.BITS_COMPLEX | Mach.MACH_MSG_TYPE_COPY_SEND);
        buffer.bytes().putInt(MessageLayout.REMOTE_PORT, link);
        buffer.bytes().putInt(MessageLayout.LOCAL_PORT, 0).putInt(MessageLayout.VOUCHER_PORT, 0);
        buffer.bytes().putInt(MessageLayout.DESCRIPTOR_COUNT, 1);
        buffer.bytes().putInt(MessageLayout.DESCRIPTORS, name);
        buffer.bytes().putLong(MessageLayout.DESCRIPTORS + 4, 0);
        buffer.bytes().put(MessageLayout.DESCRIPTORS + MessageLayout.DESCRIPTOR_DISPOSITION, (byte) disposition);
        int options = Mach.MACH_SEND_MSG | Mach.MACH_SEND_TIMEOUT;
        require(calls.message(buffer, options, SIZE, 0, 0, 0));
        return other.receivePassed();
    }

    private int linkInProcess(OracleTask other) {
        int[] link = new int[1];
        SendEnd right = ((MachKernel) other.calls).object(other.inbox);
        if (right == null) {
            throw new IllegalStateException("the other task is gone");
        }
        require(((MachKernel) calls).insertObject(right, link));
        return link[0];
    }

    /** Takes the right of the next message at the port for rights and returns its name. */
    int receivePassed() {
        int options = Mach.MACH_RCV_MSG | Mach.MACH_RCV_TIMEOUT;
        require(calls.message(buffer, options, 0, buffer.capacity(), inbox, PATIENCE_MILLIS));
        return buffer.bytes().getInt(MessageLayout.DESCRIPTORS);
    }

    private MemoryCalls memory() {
        return ((MachKernel) calls).memory();
    }

    /** Returns the memory in which the scenario's item is sent; made when it is met first. */
    long memoryOf(Object item, int size) {
        Long known = sent.get(item);
        if (known == null) {
            long[] address = new long[1];
            require(memory().allocate(size, address));
            known = address[0];
            sent.put(item, known);
        }
        last = known;
        lastSize = size;
        return known;
    }

    /** Returns whether the memory that was sent last is still there; it is not after this. */
    boolean isLastMapped() {
        return memory().deallocate(last, lastSize) == KernReturn.KERN_SUCCESS;
    }

    void received(long address) {
        received = address;
    }

    /** Returns memory that came in the last message. */
    ByteBuffer received(int size) {
        return memory().view(received, size);
    }

    /** Ends the task as the end of a process does. */
    void terminate() {
        end.run();
    }

    static void require(int code) {
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
