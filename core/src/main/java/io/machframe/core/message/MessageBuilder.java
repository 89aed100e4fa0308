/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.message;

import io.machframe.core.error.MachException;
import io.machframe.core.internal.PortAccess;
import io.machframe.core.memory.MemoryRegion;
import io.machframe.core.platform.DescriptorCursor;
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
 * Puts a {@link OutgoingMessage} together. Rights and memory keep the order in which they are added.
 *
 * <p><b>Ownership.</b> A right enters as <em>moved</em> (the object given is spent), <em>copied</em> (the caller keeps
 * its own), or <em>made</em> from a receive right. From then on the builder owns it, later the message; a builder that
 * is closed unbuilt releases what it owns. For one thread, used once.
 */
public final class MessageBuilder implements AutoCloseable {
    private static final PortAccess ACCESS = PortAccess.get();
    private static final int INITIAL_RIGHTS = 4;
    private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

    private @Nullable AutoCloseable[] parts = new AutoCloseable[INITIAL_RIGHTS];
    private int count;
    private int id;
    private @Nullable PortRight reply;
    private ByteBuffer body = EMPTY;
    private boolean framed;
    private @Nullable Task task;
    private boolean used;
    private boolean outOfLine;

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
        return add(ACCESS.adoptSend(right.task(), ACCESS.relinquish(right)));
    }

    /** Adds a send-once right and spends the object given. */
    public MessageBuilder move(SendOnceRight right) {
        use(right.task());
        return add(ACCESS.adoptSendOnce(right.task(), ACCESS.relinquish(right)));
    }

    /**
     * Adds a receive right, with the messages in its queue, and spends the object given. Its guard is taken away.
     *
     * <p>Threads that wait for a message of it get a {@link io.machframe.core.error.PortClosedException}.
     */
    public MessageBuilder move(ReceiveRight right) throws MachException {
        use(right.task());
        return add(ACCESS.adoptReceive(right.task(), ACCESS.relinquishUnguarded(right), 0));
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

    /**
     * Adds memory out of line: the remaining bytes of a buffer, however many, {@code mach_msg_ool_descriptor_t}. They are
     * read when the message is sent, so they must not change before; if the buffer is not direct, they are copied now.
     * To send memory without a copy, {@link #move(MemoryRegion)}.
     *
     * @throws MachException if there is no room for a copy
     */
    public MessageBuilder outOfLine(ByteBuffer bytes) throws MachException {
        Task owner = task == null ? Task.self() : task;
        use(owner);
        outOfLine = true;
        ByteBuffer borrowed = bytes.slice();
        long address = bytes.isDirect() ? ACCESS.calls(owner).memory().address(borrowed) : 0;
        return add(address == 0 ? MemoryRegion.copyOf(owner, borrowed) : new BorrowedMemory(borrowed, address));
    }

    /** Adds memory out of line and spends the object given: the receiver gets the memory itself. */
    public MessageBuilder move(MemoryRegion memory) throws MachException {
        use(memory.task());
        if (memory.size() > MemoryRegion.MAX_SIZE) {
            throw new IllegalArgumentException("a message takes at most " + MemoryRegion.MAX_SIZE
                    + " bytes of memory at once, not " + memory.size());
        }
        outOfLine = true;
        return add(MemoryRegion.adopt(memory.task(), memory.relinquish(), memory.size()));
    }

    /** Adds an array of rights out of line and spends the object given. */
    public MessageBuilder move(RightArray rights) throws MachException {
        use(rights.task());
        outOfLine = true;
        return add(PlacedRights.of(rights));
    }

    /** Adds the descriptor of a port without a right in it, {@code MACH_PORT_NULL}. */
    public MessageBuilder addNull() {
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

    /** Gives the receiver a right to reply once that this process was given, and spends the object given. */
    public MessageBuilder moveReply(SendOnceRight right) {
        requireNoReply(right.task());
        reply = ACCESS.adoptSendOnce(right.task(), ACCESS.relinquish(right));
        return this;
    }

    /** Gives the receiver a right to reply any number of times, and spends the object given. */
    public MessageBuilder moveReply(SendRight right) {
        requireNoReply(right.task());
        reply = ACCESS.adoptSend(right.task(), ACCESS.relinquish(right));
        return this;
    }

    /** Gives the receiver one more reference to reply through, to the port of a right that the caller keeps. */
    public MessageBuilder copyReply(SendRight right) throws MachException {
        requireNoReply(right.task());
        reply = right.copy();
        return this;
    }

    /**
     * Makes the message, which owns all that was added. What is too much for one message, as 48 MiB of body or 16,384
     * rights, is refused when it is sent, and stays whole.
     */
    public OutgoingMessage build() {
        requireUnused();
        Contents contents = contents();
        used = true;
        return new OutgoingMessage(contents);
    }

    /** Releases what was added, unless a message was built. */
    @Override
    public void close() {
        if (used) {
            return;
        }
        used = true;
        for (AutoCloseable part : parts) {
            close(part);
        }
        close(reply);
    }

    private static void close(@Nullable AutoCloseable part) {
        try {
            if (part != null) {
                part.close();
            }
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e); // no part declares one
        }
    }

    private Contents contents() {
        int start = count == 0 ? MessageLayout.HEADER_SIZE : MessageLayout.DESCRIPTORS + descriptorsSize();
        int frame = framed ? 4 : 0;
        int size = Math.addExact(start + frame + 3, body.remaining()) & ~3;
        Task owner = task == null ? Task.self() : task;
        Contents contents = Contents.toSend(owner, size);
        MessageBuffer buffer = contents.buffer;
        writeBody(buffer.bytes(), start, size);
        writeHeader(buffer.bytes(), size); // from here on the rights are the message's
        DescriptorCursor descriptors = contents.descriptors();
        if (count > 0) {
            writeDescriptors(descriptors.beginWriting(buffer, MessageLayout.DESCRIPTORS));
        }
        contents.endDescriptors();
        if (outOfLine) {
            contents.borrowed = parts;
        }
        return contents;
    }

    private int descriptorsSize() {
        int size = 0;
        for (int i = 0; i < count; i++) {
            size += isRight(parts[i]) ? MessageLayout.PORT_DESCRIPTOR_SIZE : MessageLayout.OOL_DESCRIPTOR_SIZE;
        }
        return size;
    }

    private static boolean isRight(@Nullable AutoCloseable part) {
        return part == null || part instanceof PortRight;
    }

    private void writeHeader(ByteBuffer bytes, int size) {
        bytes.putInt(MessageLayout.BITS, (count > 0 ? MessageLayout.BITS_COMPLEX : 0) | (replyDisposition() << 8));
        bytes.putInt(MessageLayout.SIZE, size);
        bytes.putInt(MessageLayout.REMOTE_PORT, Mach.MACH_PORT_NULL);
        bytes.putInt(MessageLayout.LOCAL_PORT, name(reply));
        bytes.putInt(MessageLayout.VOUCHER_PORT, Mach.MACH_PORT_NULL);
        bytes.putInt(MessageLayout.ID, id);
        if (count > 0) {
            bytes.putInt(MessageLayout.DESCRIPTOR_COUNT, count);
        }
    }

    private int replyDisposition() {
        return reply == null ? 0 : RightArray.disposition(reply);
    }

    private void writeDescriptors(DescriptorCursor descriptors) {
        for (int i = 0; i < count; i++) {
            AutoCloseable part = parts[i];
            if (part instanceof MemoryRegion memory) {
                descriptors.putMemory(address(memory), (int) memory.size(), true);
            } else if (part instanceof BorrowedMemory memory) {
                descriptors.putMemory(memory.address(), memory.bytes().remaining(), false);
            } else if (part instanceof PlacedRights array) {
                writeArray(descriptors, array);
            } else {
                PortRight right = (PortRight) part;
                descriptors.putPort(name(right), RightArray.disposition(right));
            }
        }
    }

    /** Takes the address out of memory that no buffer shows, which therefore need not be moved. */
    private static long address(MemoryRegion memory) {
        try {
            return memory.relinquish();
        } catch (MachException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void writeArray(DescriptorCursor descriptors, PlacedRights array) {
        RightArray rights = array.rights();
        int names = rights.size();
        long address = address(array.memory());
        rights.relinquish(ACCESS.calls(rights.task()).memory().view(address, names * Integer.BYTES));
        descriptors.putArray(address, names, rights.disposition());
    }

    /** Takes the raw name out of a right, which is spent. */
    private static int name(@Nullable PortRight right) {
        return right == null ? Mach.MACH_PORT_NULL : ACCESS.relinquish(right);
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

    private MessageBuilder add(@Nullable AutoCloseable part) {
        if (count == parts.length) {
            parts = Arrays.copyOf(parts, count * 2);
        }
        parts[count++] = part;
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
