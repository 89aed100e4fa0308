/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import io.machframe.core.error.InvalidMessageException;
import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;
import io.machframe.core.message.MachMessage;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendRight;
import io.machframe.surface.format.PixelFormat;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The messages of a stream, by id. All numbers are little-endian.
 *
 * <pre>
 *   SUBSCRIBE        client to server   body: version (4)           reply right: the client's inbox, to send many
 *   WELCOME          server to inbox    body: version, width, height, pixel format,
 *                                         surfaces in the pool (4 each)         right: the mailbox
 *   FRAME            server to inbox    nothing: a frame is in the mailbox, or the stream ended
 *   SURFACE_REQUEST  client to server   body: slot (4)              reply right: to send many
 *   SURFACE          server to client   body: slot (4)              right: the surface
 *   REFUSED          server to client   body: why, UTF-8; instead of WELCOME or SURFACE
 * </pre>
 *
 * <p>A client asks for the surfaces, one after the other, instead of being sent all at once: a surface is in use while
 * its port waits in a queue, so a client that stopped reading could hold them all. It asks for those in the pool when it
 * connects, and for another when a frame first comes in it.
 *
 * <p>The server never waits to send. It could not help waiting with a right to send once, which knows no full queue.
 */
final class Protocol {
    static final int VERSION = 1;
    static final int MAX_SIDE = 1 << 16;

    static final int SUBSCRIBE = 0x4d465301;
    static final int WELCOME = 0x4d465302;
    static final int FRAME = 0x4d465303;
    static final int SURFACE_REQUEST = 0x4d465304;
    static final int SURFACE = 0x4d465305;
    static final int REFUSED = 0x4d465306;

    private static final int MAX_REASON = 300;

    private Protocol() {}

    static MachMessage subscribe(ReceiveRight inbox) throws MachException {
        return MachMessage.builder()
                .id(SUBSCRIBE)
                .body(numbers(VERSION))
                .replyTo(inbox)
                .build();
    }

    static MachMessage welcome(FrameFormat format, int surfaces, Mailbox mailbox) throws MachException {
        return MachMessage.builder()
                .id(WELCOME)
                .body(numbers(
                        VERSION,
                        format.width(),
                        format.height(),
                        format.pixelFormat().code(),
                        surfaces))
                .move(mailbox.createMachPort())
                .build();
    }

    static MachMessage frame() {
        return MachMessage.builder().id(FRAME).build();
    }

    static MachMessage surfaceRequest(int slot, ReceiveRight replies) throws MachException {
        return MachMessage.builder()
                .id(SURFACE_REQUEST)
                .body(numbers(slot))
                .replyTo(replies)
                .build();
    }

    static FrameFormat format(MachMessage welcome) throws MachException {
        requireVersion(welcome);
        ByteBuffer body = body(welcome, 5);
        int width = body.getInt(4);
        int height = body.getInt(8);
        if (width < 1 || height < 1 || width > MAX_SIDE || height > MAX_SIDE) {
            throw violation("it announces frames of " + width + "x" + height);
        }
        return FrameFormat.of(width, height, new PixelFormat(body.getInt(12)));
    }

    static int surfaces(MachMessage welcome) throws MachException {
        int surfaces = body(welcome, 5).getInt(16);
        if (surfaces < 0 || surfaces > Mailbox.MAX_SLOTS) {
            throw violation("it announces " + surfaces + " surfaces");
        }
        return surfaces;
    }

    /** Throws unless the sender of a first message speaks this version. */
    static void requireVersion(MachMessage message) throws MachException {
        if (number(message) != VERSION) {
            throw violation("it speaks version " + number(message) + " of the stream protocol, not " + VERSION);
        }
    }

    static MachMessage surface(int slot, SendRight surface) {
        return MachMessage.builder()
                .id(SURFACE)
                .body(numbers(slot))
                .move(surface)
                .build();
    }

    static MachMessage refusal(String why) {
        byte[] reason = why.getBytes(StandardCharsets.UTF_8);
        return MachMessage.builder()
                .id(REFUSED)
                .body(ByteBuffer.wrap(reason, 0, Math.min(reason.length, MAX_REASON)))
                .build();
    }

    /** Returns an answer if it is one of that kind; else closes it and throws why it is none. */
    static MachMessage requireAnswer(int id, MachMessage answer) throws MachException {
        if (answer.id() == id) {
            return answer;
        }
        try (answer) {
            throw answer.id() == REFUSED
                    ? new MachException(
                            "mach_msg",
                            new KernReturn(KernReturn.KERN_FAILURE),
                            "the publisher refuses: " + why(answer))
                    : violation("its id is " + Integer.toHexString(answer.id()));
        }
    }

    private static String why(MachMessage refusal) throws MachException {
        ByteBuffer body = refusal.body();
        byte[] reason = new byte[Math.min(body.remaining(), MAX_REASON)];
        body.get(reason);
        return new String(reason, StandardCharsets.UTF_8).replaceAll("\\p{Cntrl}", " ");
    }

    /** Takes the one right out of a message. */
    static SendRight right(MachMessage message) throws MachException {
        if (message.rightCount() == 0) {
            throw violation("message " + Integer.toHexString(message.id()) + " brings no right");
        }
        return message.takeSendRight(0);
    }

    /** Returns the first number of a message's body. */
    static int number(MachMessage message) throws MachException {
        return body(message, 1).getInt(0);
    }

    static ByteBuffer numbers(int... numbers) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * numbers.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int number : numbers) {
            bytes.putInt(number);
        }
        return bytes.flip();
    }

    static InvalidMessageException violation(String problem) {
        return new InvalidMessageException(problem);
    }

    private static ByteBuffer body(MachMessage message, int numbers) throws MachException {
        ByteBuffer body = message.body();
        if (body.remaining() < 4 * numbers) {
            throw violation("message " + Integer.toHexString(message.id()) + " is too short");
        }
        return body;
    }
}
