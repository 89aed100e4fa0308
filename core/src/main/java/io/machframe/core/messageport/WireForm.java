/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.messageport;

import io.machframe.core.error.InvalidMessageException;
import io.machframe.core.error.MachException;
import io.machframe.core.memory.MemoryRegion;
import io.machframe.core.message.DescriptorKind;
import io.machframe.core.message.MessageBuilder;
import io.machframe.core.message.OutgoingMessage;
import io.machframe.core.message.ReceivedMessage;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.Task;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How CFMessagePort lays a message out, for requests and replies, so that a process that uses CoreFoundation
 * understands it:
 *
 * <pre>
 *   0  header, id 1
 *  24  descriptor count: 1 with data out of line, else 0
 *  28  descriptor of the data out of line, else zeros
 *  44  magic 0xf0f2f4f8
 *  48  message id, the user's
 *  52  conversation: a positive number in a request, the same negated in its reply
 *  56  length of the data, -1 for none
 *  60  data in line, filled up to a multiple of 8
 * </pre>
 */
final class WireForm {
    static final int HEADER_ID = 1;

    /** Data that take more than this when filled up go out of line. */
    static final int MAX_INLINE = 4000;

    /** {@code CFMessagePortSendRequest} sends no more. */
    static final int MAX_DATA = 0x60000000;

    static final int MAGIC = 0xf0f2f4f8;

    /** Where the four words are after the header, unless a descriptor takes the place before them. */
    private static final int WORDS = 20;

    private static final int WORDS_SIZE = 16;
    private static final int DATA = WORDS + WORDS_SIZE;

    private WireForm() {}

    /**
     * What a message says.
     *
     * @param data read-only and little-endian, valid as long as the message, or if they came out of line until this is
     *     closed
     * @param memory what owns data that came out of line, else null
     */
    record Content(int id, int conversation, ByteBuffer data, @Nullable MemoryRegion memory) implements AutoCloseable {
        /** Returns the same, valid when the message is gone; only one of the two is closed. */
        Content keep() {
            return memory != null ? this : new Content(id, conversation, readOnly(copyOf(data)), null);
        }

        @Override
        public void close() {
            if (memory != null) {
                memory.close();
            }
        }
    }

    static ByteBuffer copyOf(ByteBuffer data) {
        ByteBuffer own = ByteBuffer.allocate(data.remaining()).order(ByteOrder.LITTLE_ENDIAN);
        return own.put(0, data, data.position(), data.remaining());
    }

    private static ByteBuffer readOnly(ByteBuffer data) {
        return data.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Makes a request. Its data must not change until it is sent; their position stays.
     *
     * @param replyTo where the answer shall go; null if none is wanted
     */
    static OutgoingMessage encodeRequest(
            int id, int conversation, @Nullable ByteBuffer data, @Nullable ReceiveRight replyTo) throws MachException {
        try (MessageBuilder builder = OutgoingMessage.builder()) {
            if (replyTo != null) {
                builder.replyOnceTo(replyTo);
            }
            if (data != null && isLarge(data)) {
                builder.outOfLine(data);
            }
            return encode(builder, id, conversation, data);
        }
    }

    /** Makes the answer to a request. Its data are copied; their position stays. */
    static OutgoingMessage encodeReply(Content request, Optional<ByteBuffer> data) throws MachException {
        try (MessageBuilder builder = OutgoingMessage.builder()) {
            if (data.isPresent() && isLarge(data.get())) {
                builder.move(MemoryRegion.copyOf(Task.self(), data.get()));
            }
            return encode(builder, request.id, -request.conversation, data.orElse(null));
        }
    }

    private static OutgoingMessage encode(MessageBuilder builder, int id, int conversation, @Nullable ByteBuffer data) {
        int length = data == null ? -1 : data.remaining();
        ByteBuffer body;
        if (data != null && isLarge(data)) {
            body = buffer(WORDS_SIZE);
            putWords(body, 0, id, conversation, length);
        } else {
            body = buffer(DATA + filled(Math.max(0, length)));
            putWords(body, WORDS, id, conversation, length);
            if (data != null) {
                body.put(DATA, data, data.position(), length);
            }
        }
        return builder.id(HEADER_ID).rawBody(body).build();
    }

    private static boolean isLarge(ByteBuffer data) {
        return filled(data.remaining()) > MAX_INLINE;
    }

    private static ByteBuffer buffer(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static void putWords(ByteBuffer body, int at, int id, int conversation, int length) {
        body.putInt(at, MAGIC).putInt(at + 4, id).putInt(at + 8, conversation).putInt(at + 12, length);
    }

    private static int filled(int length) {
        return (length + 7) & ~7;
    }

    /** As {@link #decode}, for what only a requester sends. */
    static Content decodeRequest(ReceivedMessage message) throws InvalidMessageException {
        Content content = decode(message);
        if (content.conversation < 0) {
            content.close();
            throw new InvalidMessageException("its conversation is " + content.conversation);
        }
        return content;
    }

    /**
     * Reads a message, and takes the memory out that it may bring.
     *
     * @throws InvalidMessageException if it is not in this form
     */
    static Content decode(ReceivedMessage message) throws InvalidMessageException {
        boolean large = message.descriptorCount() == 1 && message.descriptorKind(0) == DescriptorKind.MEMORY;
        require(large || message.descriptorCount() == 0, "it has descriptors other than one of memory");
        ByteBuffer body = message.rawBody();
        int at = large ? 0 : WORDS;
        int room = body.remaining() - at - WORDS_SIZE;
        require(room >= 0, "it has " + body.remaining() + " bytes after its descriptors");
        require(body.getInt(at) == MAGIC, "its magic number is 0x" + Integer.toHexString(body.getInt(at)));
        int id = body.getInt(at + 4);
        int conversation = body.getInt(at + 8);
        int length = body.getInt(at + 12);
        if (large) {
            return takeOutOfLine(message, id, conversation, length);
        }
        requireLength(length >= -1, length, room);
        return new Content(
                id, conversation, body.slice(DATA, Math.max(0, length)).order(ByteOrder.LITTLE_ENDIAN), null);
    }

    private static Content takeOutOfLine(ReceivedMessage message, int id, int conversation, int length)
            throws InvalidMessageException {
        MemoryRegion memory = message.takeMemory(0);
        try {
            requireLength(length >= 0 && memory.size() <= MemoryRegion.MAX_SIZE, length, memory.size());
            return new Content(id, conversation, readOnly(memory.bytes().slice(0, length)), memory);
        } catch (InvalidMessageException e) {
            memory.close();
            throw e;
        }
    }

    private static void requireLength(boolean possible, int length, long room) throws InvalidMessageException {
        require(possible && length <= room, "it says it has " + length + " bytes of data but brings " + room);
    }

    private static void require(boolean good, String problem) throws InvalidMessageException {
        if (!good) {
            throw new InvalidMessageException(problem);
        }
    }
}
