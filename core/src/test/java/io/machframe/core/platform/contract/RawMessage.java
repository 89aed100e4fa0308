/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.machframe.core.error.KernReturn;
import io.machframe.core.platform.Mach;
import io.machframe.core.platform.MachCalls;
import io.machframe.core.platform.MessageBuffer;
import io.machframe.core.platform.MessageLayout;
import java.nio.ByteBuffer;

/** A message as C code writes and reads it: bytes in a buffer, and {@code mach_msg}. */
final class RawMessage {
    private static final int CAPACITY = 4096;

    private final MachCalls calls;
    private final MessageBuffer buffer;
    private int size = MessageLayout.HEADER_SIZE;
    private int descriptors;

    RawMessage(MachCalls calls) {
        this(calls, CAPACITY);
    }

    RawMessage(MachCalls calls, int capacity) {
        this.calls = calls;
        this.buffer = calls.newBuffer(capacity);
    }

    ByteBuffer bytes() {
        return buffer.bytes();
    }

    RawMessage to(int name, int disposition) {
        return remote(name).bits((bits() & ~MessageLayout.BITS_REMOTE_MASK) | disposition);
    }

    RawMessage replyTo(int name, int disposition) {
        bytes().putInt(MessageLayout.LOCAL_PORT, name);
        return bits((bits() & ~MessageLayout.BITS_LOCAL_MASK) | (disposition << 8));
    }

    RawMessage id(int id) {
        bytes().putInt(MessageLayout.ID, id);
        return this;
    }

    /** Makes the message complex, with no descriptor yet. */
    RawMessage complex() {
        if ((bits() & MessageLayout.BITS_COMPLEX) == 0) {
            bits(bits() | MessageLayout.BITS_COMPLEX);
            bytes().putInt(MessageLayout.DESCRIPTOR_COUNT, 0);
            size = MessageLayout.DESCRIPTORS;
        }
        return this;
    }

    /** Adds a port descriptor; before any body. */
    RawMessage right(int name, int disposition) {
        return descriptor(name, disposition, MessageLayout.TYPE_PORT);
    }

    RawMessage descriptor(int name, int disposition, int type) {
        complex();
        bytes().putInt(size, name);
        bytes().putInt(size + 4, 0);
        bytes().putShort(size + 8, (short) 0);
        bytes().put(size + MessageLayout.DESCRIPTOR_DISPOSITION, (byte) disposition);
        bytes().put(size + MessageLayout.DESCRIPTOR_TYPE, (byte) type);
        size += MessageLayout.PORT_DESCRIPTOR_SIZE;
        bytes().putInt(MessageLayout.DESCRIPTOR_COUNT, ++descriptors);
        return this;
    }

    /** Adds a descriptor of a guarded port. */
    RawMessage guarded(int name, int disposition, int flags) {
        outOfLine(0, name, false, 0, disposition, MessageLayout.TYPE_GUARDED_PORT);
        bytes().putShort(size - MessageLayout.OOL_DESCRIPTOR_SIZE + MessageLayout.GUARD_FLAGS, (short) flags);
        return this;
    }

    /** Adds a descriptor of memory. */
    RawMessage outOfLine(long address, int bytes, boolean deallocate, int copy) {
        return outOfLine(address, bytes, deallocate, copy, 0, MessageLayout.TYPE_OOL);
    }

    /** Adds a descriptor of an array of names. */
    RawMessage rights(long address, int count, int disposition, boolean deallocate) {
        int copy = Mach.MACH_MSG_VIRTUAL_COPY;
        return outOfLine(address, count, deallocate, copy, disposition, MessageLayout.TYPE_OOL_PORTS);
    }

    private RawMessage outOfLine(long address, int count, boolean deallocate, int copy, int disposition, int type) {
        complex();
        bytes().putLong(size, address);
        bytes().put(size + MessageLayout.OOL_DEALLOCATE, (byte) (deallocate ? 1 : 0));
        bytes().put(size + MessageLayout.OOL_COPY, (byte) copy);
        bytes().put(size + MessageLayout.DESCRIPTOR_DISPOSITION, (byte) disposition);
        bytes().put(size + MessageLayout.DESCRIPTOR_TYPE, (byte) type);
        bytes().putInt(size + MessageLayout.OOL_SIZE, count);
        size += MessageLayout.OOL_DESCRIPTOR_SIZE;
        bytes().putInt(MessageLayout.DESCRIPTOR_COUNT, ++descriptors);
        return this;
    }

    RawMessage body(int... words) {
        for (int word : words) {
            bytes().putInt(size, word);
            size += 4;
        }
        return this;
    }

    /** Makes the message that many bytes long. */
    RawMessage size(int bytes) {
        size = bytes;
        return this;
    }

    int size() {
        return size;
    }

    /** Sends without waiting. */
    int send() {
        return send(Mach.MACH_SEND_TIMEOUT, 0);
    }

    int send(int options, int timeout) {
        return calls.message(buffer, Mach.MACH_SEND_MSG | options, size, 0, 0, timeout);
    }

    int sendAndReceive(int options, int receiveName, int timeout) {
        return calls.message(
                buffer,
                Mach.MACH_SEND_MSG | Mach.MACH_RCV_MSG | options,
                size,
                buffer.capacity(),
                receiveName,
                timeout);
    }

    /** Receives without waiting. */
    int receive(int receiveName) {
        return receive(receiveName, Mach.MACH_RCV_TIMEOUT, buffer.capacity(), 0);
    }

    int receive(int receiveName, int options, int receiveSize, int timeout) {
        int code = calls.message(buffer, Mach.MACH_RCV_MSG | options, 0, receiveSize, receiveName, timeout);
        if (code == KernReturn.KERN_SUCCESS) {
            size = bytes().getInt(MessageLayout.SIZE);
        }
        return code;
    }

    /** Receives a message that must be there. */
    static RawMessage taken(MachCalls calls, int receiveName) {
        RawMessage message = new RawMessage(calls);
        assertEquals(KernReturn.KERN_SUCCESS, message.receive(receiveName));
        return message;
    }

    int bits() {
        return bytes().getInt(MessageLayout.BITS);
    }

    RawMessage bits(int bits) {
        bytes().putInt(MessageLayout.BITS, bits);
        return this;
    }

    private RawMessage remote(int name) {
        bytes().putInt(MessageLayout.REMOTE_PORT, name);
        return this;
    }

    boolean isComplex() {
        return (bits() & MessageLayout.BITS_COMPLEX) != 0;
    }

    int remote() {
        return bytes().getInt(MessageLayout.REMOTE_PORT);
    }

    int remoteDisposition() {
        return MessageLayout.remote(bits());
    }

    int local() {
        return bytes().getInt(MessageLayout.LOCAL_PORT);
    }

    int localDisposition() {
        return MessageLayout.local(bits());
    }

    int id() {
        return bytes().getInt(MessageLayout.ID);
    }

    int descriptorCount() {
        return isComplex() ? bytes().getInt(MessageLayout.DESCRIPTOR_COUNT) : 0;
    }

    int name(int index) {
        return bytes().getInt(descriptor(index));
    }

    int disposition(int index) {
        return bytes().get(descriptor(index) + MessageLayout.DESCRIPTOR_DISPOSITION);
    }

    int type(int index) {
        return bytes().get(descriptor(index) + MessageLayout.DESCRIPTOR_TYPE);
    }

    long address(int index) {
        return bytes().getLong(descriptor(index));
    }

    /** Returns the bytes of memory, or how many names an array has. */
    int outOfLineSize(int index) {
        return bytes().getInt(descriptor(index) + MessageLayout.OOL_SIZE);
    }

    int deallocates(int index) {
        return bytes().get(descriptor(index) + MessageLayout.OOL_DEALLOCATE);
    }

    /** Returns a word of the body. */
    int word(int index) {
        int start = isComplex() ? descriptor(descriptorCount()) : MessageLayout.HEADER_SIZE;
        return bytes().getInt(start + 4 * index);
    }

    /** Returns an int of the trailer. */
    int trailer(int field) {
        return bytes().getInt(MessageLayout.round(size) + field);
    }

    long trailerLong(int field) {
        return bytes().getLong(MessageLayout.round(size) + field);
    }

    private int descriptor(int index) {
        int at = MessageLayout.DESCRIPTORS;
        for (int i = 0; i < index; i++) {
            at += MessageLayout.descriptorSize(bytes().get(at + MessageLayout.DESCRIPTOR_TYPE));
        }
        return at;
    }
}
