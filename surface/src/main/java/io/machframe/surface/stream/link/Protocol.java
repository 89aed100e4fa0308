/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream.link;

import io.machframe.core.error.InvalidMessageException;
import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;
import io.machframe.core.message.MessageBuilder;
import io.machframe.core.message.OutgoingMessage;
import io.machframe.core.message.ReceivedMessage;
import io.machframe.core.platform.Untrusted;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendRight;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The messages of a stream, by id. All numbers are little-endian.
 *
 * <pre>
 *   SUBSCRIBE  client to service     body: version, capacity, overflow, maxAcquired (4 each), timeout in ns (8)
 *                                    device (8), 1 if it needs memory for the processor, number of formats (4 each),
 *                                    up to {@value Hello#MAX_FORMATS} formats (4 each)
 *                                    reply right: the client's inbox, to send many
 *   WELCOME    server to inbox       body: version, width, height, pixel format (4 each), device (8),
 *                                    1 for dma-bufs plus 2 if clients may write (4)
 *                                    rights: the stream's page, the client's page, the connection to send many
 *   REQUEST    client to connection  body: slot, serial number (4 each)
 *   SURFACE    server to inbox       body: slot, serial number (4 each); right: the surface
 *   REFUSED    server to inbox       body: why, UTF-8; instead of WELCOME or SURFACE
 *   FRAME      server to inbox       nothing: look into the queue, or for the end
 *   READY      client to connection  nothing: it begins to receive
 *   PROGRESS   client to connection  nothing: a frame was taken or released, which the server asked to be notified of
 *   USER       client to connection  body: up to {@value #MAX_USER_BYTES} bytes that the two programs agree on
 *   WISHES     client to connection  body: what it can bear and wants
 *   LEAVE      client to connection  nothing: it takes no more frames, and may still hold some
 *   QUESTION   anybody to service    body: version (4); reply right, to send once: how does the stream do?
 *   ANSWER     server to that        body: the statistics
 * </pre>
 *
 * <p>Either side is known to have ended when the last right to send to the other's port is gone, which the kernel
 * reports: the server's connection port, and the client's inbox.
 *
 * <p>The server never waits to send: a client without space in its inbox gets no answer.
 */
public final class Protocol {
    /** The version of this protocol. */
    public static final int VERSION = 3;

    /** The most pixels in a row or column of a frame, for both sides. */
    public static final int MAX_SIDE = 1 << 16;

    /** The most bytes of a {@link #USER} message. */
    public static final int MAX_USER_BYTES = 4096;

    static final int SUBSCRIBE = 0x4d465301;
    static final int WELCOME = 0x4d465302;
    static final int FRAME = 0x4d465303;
    static final int REQUEST = 0x4d465304;
    static final int SURFACE = 0x4d465305;
    static final int REFUSED = 0x4d465306;
    static final int READY = 0x4d465307;
    static final int PROGRESS = 0x4d465308;
    static final int USER = 0x4d465309;
    static final int LEAVE = 0x4d46530a;
    static final int WISHES = 0x4d46530d;
    static final int QUESTION = 0x4d46530b;
    static final int ANSWER = 0x4d46530c;

    private static final int TERMS_SIZE = 24;
    private static final int MAX_REASON = 300;

    private Protocol() {}

    static OutgoingMessage subscribe(Terms terms, Hello hello, ReceiveRight inbox) throws MachException {
        ByteBuffer body = ByteBuffer.allocate(TERMS_SIZE + hello.size()).order(ByteOrder.LITTLE_ENDIAN);
        body.putInt(VERSION).putInt(terms.capacity()).putInt(terms.overflow()).putInt(terms.maxAcquired());
        body.putLong(terms.timeoutNanos());
        hello.write(body);
        return OutgoingMessage.builder()
                .id(SUBSCRIBE)
                .body(body.flip())
                .replyTo(inbox)
                .build();
    }

    /** Server: reads what a client says of itself, after its terms. */
    public static Hello hello(ReceivedMessage message) throws MachException {
        return Hello.read(body(message, TERMS_SIZE), TERMS_SIZE);
    }

    /** Server: reads what a client asks for. */
    public static Terms terms(ReceivedMessage message) throws MachException {
        if (message.id() != SUBSCRIBE) {
            throw violation("its id is " + Integer.toHexString(message.id()));
        }
        requireVersion(message);
        ByteBuffer body = body(message, TERMS_SIZE);
        return Untrusted.of(new Terms(body.getInt(4), body.getInt(8), body.getLong(16), body.getInt(12)))
                .open(Protocol::require);
    }

    private static Terms require(Terms terms) throws InvalidMessageException {
        String problem = terms.problem();
        if (!problem.isEmpty()) {
            throw violation(problem);
        }
        return terms;
    }

    static OutgoingMessage surface(int slot, int serial, SendRight surface) {
        return OutgoingMessage.builder()
                .id(SURFACE)
                .body(numbers(slot, serial))
                .move(surface)
                .build();
    }

    /** Makes a message that is only an id. */
    static OutgoingMessage signal(int id) {
        return OutgoingMessage.builder().id(id).build();
    }

    static MessageBuilder of(int id, int... numbers) {
        return OutgoingMessage.builder().id(id).body(numbers(numbers));
    }

    /** Server: makes the answer to a request that is not fulfilled. */
    public static OutgoingMessage refusal(String why) {
        byte[] reason = why.getBytes(StandardCharsets.UTF_8);
        return OutgoingMessage.builder()
                .id(REFUSED)
                .body(ByteBuffer.wrap(reason, 0, Math.min(reason.length, MAX_REASON)))
                .build();
    }

    /** Server: returns whether a message to the service is a question, not a request to be let in. */
    public static boolean isQuestion(ReceivedMessage message) {
        return message.id() == QUESTION;
    }

    /** Server: makes the answer to a question. */
    public static OutgoingMessage answer(ByteBuffer body) {
        return OutgoingMessage.builder().id(ANSWER).body(body).build();
    }

    /** Throws unless the sender of a first message speaks this version. */
    public static void requireVersion(ReceivedMessage message) throws MachException {
        int version = body(message, 4).getInt(0);
        if (version != VERSION) {
            throw violation("it speaks version " + version + " of the stream protocol, not " + VERSION);
        }
    }

    static MachException refused(ReceivedMessage refusal) throws MachException {
        ByteBuffer body = refusal.body();
        byte[] reason = new byte[Math.min(body.remaining(), MAX_REASON)];
        body.get(reason);
        String why = new String(reason, StandardCharsets.UTF_8).replaceAll("\\p{Cntrl}", " ");
        return new MachException("mach_msg", new KernReturn(KernReturn.KERN_FAILURE), "the publisher refuses: " + why);
    }

    /** Takes a right out of a message. */
    static SendRight right(ReceivedMessage message, int index) throws MachException {
        if (message.descriptorCount() <= index) {
            throw violation("message " + Integer.toHexString(message.id()) + " brings " + message.descriptorCount()
                    + " rights");
        }
        return message.takeSendRight(index);
    }

    static ByteBuffer numbers(int... numbers) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * numbers.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int number : numbers) {
            bytes.putInt(number);
        }
        return bytes.flip();
    }

    /** Makes the error of what a peer did against this protocol. */
    public static InvalidMessageException violation(String problem) {
        return new InvalidMessageException(problem);
    }

    /** Returns a message's body, which has at least so many bytes. */
    static ByteBuffer body(ReceivedMessage message, int size) throws MachException {
        ByteBuffer body = message.body();
        if (body.remaining() < size) {
            throw violation("message " + Integer.toHexString(message.id()) + " is too short");
        }
        return body;
    }
}
