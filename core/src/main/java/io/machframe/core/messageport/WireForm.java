/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.messageport;

import io.machframe.core.error.InvalidMessageException;
import io.machframe.core.error.MachException;
import io.machframe.core.message.MachMessage;
import io.machframe.core.message.MessageBuilder;
import io.machframe.core.port.ReceiveRight;
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

    /** In the part after the header. */
    private static final int SLOT = 4;

    private static final int WORDS = SLOT + 16;
    private static final int DATA = WORDS + 16;

    private WireForm() {}

    /**
     * What a message says.
     *
     * @param data a view of the message's bytes, valid as long as the message
     */
    record Content(int id, int conversation, ByteBuffer data) {
        /** Returns the same with data of its own, which stay when the message is gone. */
        Content copy() {
            return new Content(id, conversation, copyOf(data).asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN));
        }
    }

    static ByteBuffer copyOf(ByteBuffer data) {
        ByteBuffer own = ByteBuffer.allocate(data.remaining()).order(ByteOrder.LITTLE_ENDIAN);
        return own.put(0, data, data.position(), data.remaining());
    }

    /** Makes a message. The data are copied; their position stays. */
    static MachMessage encode(int id, int conversation, @Nullable ByteBuffer data, @Nullable ReceiveRight replyTo)
            throws MachException {
        int length = data == null ? 0 : data.remaining();
        try (MessageBuilder builder = MachMessage.builder().id(HEADER_ID)) {
            if (replyTo != null) {
                builder.replyOnceTo(replyTo);
            }
            ByteBuffer body = ByteBuffer.allocate(DATA + filled(length)).order(ByteOrder.LITTLE_ENDIAN);
            putWords(body, WORDS, id, conversation, data == null ? -1 : length);
            if (data != null) {
                body.put(DATA, data, data.position(), length);
            }
            return builder.rawBody(body).build();
        }
    }

    /** Makes the answer to a request. */
    static MachMessage encodeReply(Content request, Optional<ByteBuffer> data) throws MachException {
        return encode(request.id, -request.conversation, data.orElse(null), null);
    }

    private static void putWords(ByteBuffer body, int at, int id, int conversation, int length) {
        body.putInt(at, MAGIC).putInt(at + 4, id).putInt(at + 8, conversation).putInt(at + 12, length);
    }

    private static int filled(int length) {
        return (length + 7) & ~7;
    }

    /** As {@link #decode}, for what only a requester sends. */
    static Content decodeRequest(MachMessage message) throws InvalidMessageException {
        Content content = decode(message);
        require(content.conversation >= 0, "its conversation is " + content.conversation);
        return content;
    }

    /**
     * Reads a message.
     *
     * @throws InvalidMessageException if it is not in this form
     */
    static Content decode(MachMessage message) throws InvalidMessageException {
        ByteBuffer body = message.rawBody();
        require(message.rightCount() == 0, "it has " + message.rightCount() + " descriptors");
        require(body.remaining() >= DATA, "it has " + body.remaining() + " bytes after its header");
        int at = WORDS;
        require(body.getInt(at) == MAGIC, "its magic number is 0x" + Integer.toHexString(body.getInt(at)));
        int length = body.getInt(at + 12);
        require(
                length >= -1 && length <= body.remaining() - DATA,
                "it says it has " + length + " bytes of data but brings " + (body.remaining() - DATA));
        ByteBuffer data = body.slice(DATA, Math.max(0, length)).order(ByteOrder.LITTLE_ENDIAN);
        return new Content(body.getInt(at + 4), body.getInt(at + 8), data);
    }

    private static void require(boolean good, String problem) throws InvalidMessageException {
        if (!good) {
            throw new InvalidMessageException(problem);
        }
    }
}
