/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.message;

import io.machframe.core.error.MachException;
import io.machframe.core.platform.Mach;
import io.machframe.core.platform.MessageBuffer;
import io.machframe.core.platform.MessageLayout;
import io.machframe.core.port.PortRight;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendOnceRight;
import io.machframe.core.port.SendRight;
import io.machframe.core.port.Task;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Puts a {@link MachMessage} together. Rights keep the order in which they are added.
 *
 * <p><b>Ownership.</b> A right enters as <em>moved</em> (the object given is spent), <em>copied</em> (the caller keeps
 * its own), or <em>made</em> from a receive right. From then on the builder owns it, later the message; a builder that
 * is closed unbuilt releases what it owns. For one thread, used once.
 */
public final class MessageBuilder implements AutoCloseable {
    private static final int INITIAL_RIGHTS = 4;
    private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

    private @Nullable PortRight[] rights = new PortRight[INITIAL_RIGHTS];
    private int count;
    private int id;
    private @Nullable PortRight reply;
    private ByteBuffer body = EMPTY;
    private boolean framed;
    private @Nullable Task task;
    private boolean used;

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
        return add(SendRight.adopt(right.task(), right.relinquish()));
    }

    /** Adds a send-once right and spends the object given. */
    public MessageBuilder move(SendOnceRight right) {
        use(right.task());
        return add(SendOnceRight.adopt(right.task(), right.relinquish()));
    }

    /** Adds one more reference to the port of a send right, which the caller keeps. */
    public MessageBuilder copy(SendRight right) throws MachException {
        use(right.task());
        return add(right.copy());
    }

    /** Adds a send right made from a receive right. */
    public MessageBuilder makeSend(ReceiveRight right) throws MachException {
        use(right.task());
        return add(right.makeSend());
    }

    /** Adds a send-once right made from a receive right. */
    public MessageBuilder makeSendOnce(ReceiveRight right) throws MachException {
        use(right.task());
        return add(right.makeSendOnce());
    }

    /** Adds a place for a right and leaves it empty, {@code MACH_PORT_NULL}. */
    public MessageBuilder none() {
        requireUnused();
        return add(null);
    }

    /** Gives the receiver the right to reply once to {@code port}. */
    public MessageBuilder replyOnceTo(ReceiveRight port) throws MachException {
        requireNoReply(port.task());
        reply = port.makeSendOnce();
        return this;
    }

    /** Gives the receiver the right to reply to {@code port} any number of times. */
    public MessageBuilder replyTo(ReceiveRight port) throws MachException {
        requireNoReply(port.task());
        reply = port.makeSend();
        return this;
    }

    /** Makes the message, which owns all that was added. */
    public MachMessage build() {
        requireUnused();
        Contents contents = contents();
        used = true;
        return MachMessage.built(contents);
    }

    /** Releases what was added, unless a message was built. */
    @Override
    public void close() {
        if (used) {
            return;
        }
        used = true;
        for (PortRight right : rights) {
            close(right);
        }
        close(reply);
    }

    private static void close(@Nullable PortRight right) {
        if (right != null) {
            right.close();
        }
    }

    private Contents contents() {
        int start = count == 0 ? MessageLayout.HEADER_SIZE : Contents.descriptor(count);
        int frame = framed ? 4 : 0;
        int size = Math.addExact(start + frame + 3, body.remaining()) & ~3;
        Task owner = task == null ? Task.self() : task;
        MessageBuffer buffer = MessagePool.take(owner, size);
        Contents contents = new Contents(owner, buffer);
        contents.size = size;
        writeBody(buffer.bytes(), start, size);
        writeHeader(buffer.bytes(), size); // from here on the rights are the message's
        writeDescriptors(buffer.bytes());
        return contents;
    }

    private void writeHeader(ByteBuffer bytes, int size) {
        bytes.putInt(MessageLayout.BITS, (count > 0 ? MessageLayout.BITS_COMPLEX : 0) | (disposition(reply) << 8));
        bytes.putInt(MessageLayout.SIZE, size);
        bytes.putInt(MessageLayout.REMOTE_PORT, Mach.MACH_PORT_NULL);
        bytes.putInt(MessageLayout.LOCAL_PORT, name(reply));
        bytes.putInt(MessageLayout.VOUCHER_PORT, Mach.MACH_PORT_NULL);
        bytes.putInt(MessageLayout.ID, id);
        if (count > 0) {
            bytes.putInt(MessageLayout.DESCRIPTOR_COUNT, count);
        }
    }

    private void writeDescriptors(ByteBuffer bytes) {
        for (int i = 0; i < count; i++) {
            int at = Contents.descriptor(i);
            int disposition = rights[i] == null ? Mach.MACH_MSG_TYPE_MOVE_SEND : disposition(rights[i]);
            bytes.putInt(at, name(rights[i]));
            bytes.putInt(at + 4, 0);
            bytes.putShort(at + 8, (short) 0);
            bytes.put(at + MessageLayout.DESCRIPTOR_DISPOSITION, (byte) disposition);
            bytes.put(at + MessageLayout.DESCRIPTOR_TYPE, (byte) MessageLayout.TYPE_PORT);
        }
    }

    /** Takes the raw name out of a right, which is spent. */
    private static int name(@Nullable PortRight right) {
        return right == null ? Mach.MACH_PORT_NULL : right.relinquish();
    }

    private static int disposition(@Nullable PortRight right) {
        if (right == null) {
            return 0;
        }
        return right instanceof SendOnceRight ? Mach.MACH_MSG_TYPE_MOVE_SEND_ONCE : Mach.MACH_MSG_TYPE_MOVE_SEND;
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

    private MessageBuilder add(@Nullable PortRight right) {
        if (count == rights.length) {
            rights = Arrays.copyOf(rights, count * 2);
        }
        rights[count++] = right;
        return this;
    }

    private void requireNoReply(Task owner) {
        use(owner);
        if (reply != null) {
            throw new IllegalStateException("the message has a reply right already");
        }
    }

    private void use(Task owner) {
        requireUnused();
        if (task != null && task != owner) {
            throw new IllegalArgumentException("the rights of one message belong to one task");
        }
        task = owner;
    }

    private void requireUnused() {
        if (used) {
            throw new IllegalStateException("the builder was used");
        }
    }
}
