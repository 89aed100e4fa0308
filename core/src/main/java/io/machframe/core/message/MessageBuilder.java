/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.message;

import io.machframe.core.error.MachException;
import io.machframe.core.platform.Mach;
import io.machframe.core.platform.MessageBuffer;
import io.machframe.core.platform.MessageLayout;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendOnceRight;
import io.machframe.core.port.SendRight;
import io.machframe.core.port.Task;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Puts a {@link MachMessage} together. Rights keep the order in which they are added.
 *
 * <p><b>Ownership.</b> A right enters as <em>moved</em> (the object given is spent), <em>copied</em> (the caller keeps
 * its own), or <em>made</em> from a receive right. From then on the builder owns it, later the message; a builder that
 * is closed unbuilt releases what it owns. For one thread, used once.
 */
public final class MessageBuilder implements AutoCloseable {
    private static final int INITIAL_DESCRIPTORS = 4;
    private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

    private int[] names = new int[INITIAL_DESCRIPTORS];
    private byte[] dispositions = new byte[INITIAL_DESCRIPTORS];
    private int count;
    private int id;
    private int reply;
    private int replyDisposition;
    private ByteBuffer body = EMPTY;
    private boolean framed;
    private @Nullable Task task;
    private boolean built;

    MessageBuilder() {}

    /** Sets the id, {@code msgh_id}; 0 if never set. */
    public MessageBuilder id(int value) {
        id = value;
        return this;
    }

    /** Sets the body: the remaining bytes of {@code bytes}, any number of them, copied when the message is built. */
    public MessageBuilder body(ByteBuffer bytes) {
        body = bytes;
        framed = true;
        return this;
    }

    /** Sets the body. */
    public MessageBuilder body(byte[] bytes) {
        return body(ByteBuffer.wrap(bytes));
    }

    /**
     * Sets the body as it lies in the message, without the length that {@link #body(ByteBuffer)} puts before it: for
     * peers with a layout of their own.
     *
     * @param bytes a multiple of 4 bytes
     */
    public MessageBuilder rawBody(ByteBuffer bytes) {
        if (bytes.remaining() % 4 != 0) {
            throw new IllegalArgumentException("a raw body is a multiple of 4 bytes, not " + bytes.remaining());
        }
        body = bytes;
        framed = false;
        return this;
    }

    /** Adds a send right and spends the object given. */
    public MessageBuilder move(SendRight right) {
        use(right.task());
        add(right.relinquish(), Mach.MACH_MSG_TYPE_MOVE_SEND);
        return this;
    }

    /** Adds a send-once right and spends the object given. */
    public MessageBuilder move(SendOnceRight right) {
        use(right.task());
        add(right.relinquish(), Mach.MACH_MSG_TYPE_MOVE_SEND_ONCE);
        return this;
    }

    /** Adds one more reference to the port of a send right, which the caller keeps. */
    public MessageBuilder copy(SendRight right) throws MachException {
        return move(right.copy());
    }

    /** Adds a send right made from a receive right. */
    public MessageBuilder makeSend(ReceiveRight right) throws MachException {
        return move(right.makeSend());
    }

    /** Adds a send-once right made from a receive right. */
    public MessageBuilder makeSendOnce(ReceiveRight right) throws MachException {
        return move(right.makeSendOnce());
    }

    /** Adds a place for a right and leaves it empty, {@code MACH_PORT_NULL}. */
    public MessageBuilder none() {
        add(Mach.MACH_PORT_NULL, Mach.MACH_MSG_TYPE_MOVE_SEND);
        return this;
    }

    /** Gives the receiver the right to reply once to {@code port}. */
    public MessageBuilder replyOnceTo(ReceiveRight port) throws MachException {
        return reply(port.task(), port.makeSendOnce().relinquish(), Mach.MACH_MSG_TYPE_MOVE_SEND_ONCE);
    }

    /** Gives the receiver the right to reply to {@code port} any number of times. */
    public MessageBuilder replyTo(ReceiveRight port) throws MachException {
        return reply(port.task(), port.makeSend().relinquish(), Mach.MACH_MSG_TYPE_MOVE_SEND);
    }

    /** Makes the message, which owns all that was added. */
    public MachMessage build() {
        if (built) {
            throw new IllegalStateException("the builder was used");
        }
        built = true;
        return MachMessage.built(contents());
    }

    /** Releases what was added, unless a message was built. */
    @Override
    public void close() {
        if (!built) {
            build().close();
        }
    }

    private Contents contents() {
        int start = count == 0 ? MessageLayout.HEADER_SIZE : Contents.descriptor(count);
        int frame = framed ? 4 : 0;
        int size = Math.addExact(start, MessageLayout.round(Math.addExact(frame, body.remaining())));
        Task owner = task == null ? Task.self() : task;
        MessageBuffer buffer = MessagePool.take(owner, size);
        Contents contents = new Contents(owner, buffer);
        contents.size = size;
        writeHeader(buffer.bytes(), size);
        writeDescriptors(buffer.bytes());
        writeBody(buffer.bytes(), start, size);
        return contents;
    }

    private void writeHeader(ByteBuffer bytes, int size) {
        bytes.putInt(MessageLayout.BITS, (count > 0 ? MessageLayout.BITS_COMPLEX : 0) | (replyDisposition << 8));
        bytes.putInt(MessageLayout.SIZE, size);
        bytes.putInt(MessageLayout.REMOTE_PORT, Mach.MACH_PORT_NULL);
        bytes.putInt(MessageLayout.LOCAL_PORT, reply);
        bytes.putInt(MessageLayout.VOUCHER_PORT, Mach.MACH_PORT_NULL);
        bytes.putInt(MessageLayout.ID, id);
        if (count > 0) {
            bytes.putInt(MessageLayout.DESCRIPTOR_COUNT, count);
        }
    }

    private void writeDescriptors(ByteBuffer bytes) {
        for (int i = 0; i < count; i++) {
            int at = Contents.descriptor(i);
            bytes.putInt(at, names[i]);
            bytes.putInt(at + 4, 0);
            bytes.putShort(at + 8, (short) 0);
            bytes.put(at + MessageLayout.DESCRIPTOR_DISPOSITION, dispositions[i]);
            bytes.put(at + MessageLayout.DESCRIPTOR_TYPE, (byte) MessageLayout.TYPE_PORT);
        }
    }

    private void writeBody(ByteBuffer bytes, int start, int end) {
        int at = start;
        if (framed) {
            bytes.putInt(at, body.remaining());
            at += 4;
        }
        bytes.put(at, body, body.position(), body.remaining());
        for (int i = at + body.remaining(); i < end; i++) {
            bytes.put(i, (byte) 0);
        }
    }

    private void add(int name, int disposition) {
        if (count == names.length) {
            names = java.util.Arrays.copyOf(names, count * 2);
            dispositions = java.util.Arrays.copyOf(dispositions, count * 2);
        }
        names[count] = name;
        dispositions[count++] = (byte) disposition;
    }

    private MessageBuilder reply(Task owner, int name, int disposition) {
        use(owner);
        if (reply != Mach.MACH_PORT_NULL) {
            owner.calls().deallocate(name);
            throw new IllegalStateException("the message has a reply right already");
        }
        reply = name;
        replyDisposition = disposition;
        return this;
    }

    private void use(Task owner) {
        if (task != null && task != owner) {
            throw new IllegalArgumentException("the rights of one message belong to one task");
        }
        task = owner;
    }
}
