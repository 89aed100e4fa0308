/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.messageport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.machframe.core.error.InvalidMessageException;
import io.machframe.core.internal.PortAccess;
import io.machframe.core.memory.MemoryRegion;
import io.machframe.core.message.DescriptorKind;
import io.machframe.core.message.OutgoingMessage;
import io.machframe.core.message.ReceivedMessage;
import io.machframe.core.platform.Mach;
import io.machframe.core.platform.MessageBuffer;
import io.machframe.core.platform.MessageLayout;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendRight;
import io.machframe.core.port.Task;
import io.machframe.core.testing.RightsLedger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The bytes of CFMessagePort, worked out from its layout by hand and compared with those that arrive. */
@Timeout(60)
@ExtendWith(RightsLedger.class)
final class WireFormTest {
    private final Task task = Task.self();
    private ReceiveRight inbox;
    private SendRight right;
    private ReceiveRight replies;

    @BeforeEach
    void open() throws Exception {
        inbox = task.allocatePort();
        right = inbox.makeSend();
        replies = task.allocatePort();
    }

    @AfterEach
    void close() {
        right.close();
        inbox.close();
        replies.close();
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Sends a message and returns what {@code mach_msg} then writes, without the names of ports and the trailer. */
    private String received(OutgoingMessage message) throws Exception {
        message.sendTo(right);
        MessageBuffer buffer = PortAccess.get().calls(task).newBuffer(8192);
        int code = PortAccess.get()
                .calls(task)
                .message(buffer, Mach.MACH_RCV_MSG, 0, 8192, PortAccess.get().receiveName(inbox), 0);
        assertEquals(0, code);
        ByteBuffer all = buffer.bytes();
        int reply = all.getInt(MessageLayout.REMOTE_PORT);
        if (reply != 0) {
            PortAccess.get().calls(task).deallocate(reply);
        }
        if (all.getInt(MessageLayout.BITS) < 0) {
            long address = all.getLong(MessageLayout.DESCRIPTORS);
            int size = all.getInt(MessageLayout.DESCRIPTORS + MessageLayout.OOL_SIZE);
            MemoryRegion.adopt(task, address, size).close();
        }
        all.putInt(MessageLayout.REMOTE_PORT, 0).putInt(MessageLayout.LOCAL_PORT, 0);
        byte[] bytes = new byte[all.getInt(MessageLayout.SIZE)];
        all.get(0, bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private static String hex(String words) {
        return words.replaceAll("\\s", "");
    }

    @Test
    void aRequestWithDataInLine() throws Exception {
        String expected = hex(
                """
                12110000 44000000 00000000 00000000 00000000 01000000
                00000000
                00000000 00000000 00000000 00000000
                f8f4f2f0 07000000 05000000 03000000
                6162630000000000
                """);
        assertEquals(
                // A receiver sees a moved send-once right to reply by (0x12) and a copied send right as its own (0x11).
                expected, received(WireForm.encodeRequest(7, 5, bytes("abc"), replies)));
    }

    @Test
    void aNoteHasNoReplyRight() throws Exception {
        String expected = hex(
                """
                00110000 3c000000 00000000 00000000 00000000 01000000
                00000000
                00000000 00000000 00000000 00000000
                f8f4f2f0 feffffff 01000000 00000000
                """);
        assertEquals(expected, received(WireForm.encodeRequest(-2, 1, bytes(""), null)));
    }

    @Test
    void noDataAreALengthOfMinusOne() throws Exception {
        String expected = hex(
                """
                00110000 3c000000 00000000 00000000 00000000 01000000
                00000000
                00000000 00000000 00000000 00000000
                f8f4f2f0 02000000 ffffff7f ffffffff
                """);
        assertEquals(expected, received(WireForm.encodeRequest(2, Integer.MAX_VALUE, null, null)));
    }

    @Test
    void aReplyNegatesTheConversationAndKeepsTheId() throws Exception {
        String expected = hex(
                """
                00110000 44000000 00000000 00000000 00000000 01000000
                00000000
                00000000 00000000 00000000 00000000
                f8f4f2f0 07000000 fbffffff 08000000
                6162636465666768
                """);
        WireForm.Content request = new WireForm.Content(7, 5, bytes(""), null);
        assertEquals(expected, received(WireForm.encodeReply(request, Optional.of(bytes("abcdefgh")))));
    }

    /** The address and the two bytes after it are the receiver's own; the size of the memory is in the last word. */
    private static String withoutAddress(String message) {
        return message.substring(0, 56) + "................" + "...." + message.substring(76);
    }

    @Test
    void aRequestWithDataOutOfLine() throws Exception {
        String expected = hex(
                """
                12110080 3c000000 00000000 00000000 00000000 01000000
                01000000
                ................ .... 0001 a10f0000
                f8f4f2f0 07000000 05000000 a10f0000
                """);
        assertEquals(
                expected, withoutAddress(received(WireForm.encodeRequest(7, 5, ByteBuffer.allocate(4001), replies))));
    }

    @Test
    void aReplyWithDataOutOfLine() throws Exception {
        String expected = hex(
                """
                00110080 3c000000 00000000 00000000 00000000 01000000
                01000000
                ................ .... 0001 0000a000
                f8f4f2f0 07000000 fbffffff 0000a000
                """);
        WireForm.Content request = new WireForm.Content(7, 5, bytes(""), null);
        ByteBuffer data = ByteBuffer.allocate(10 << 20);
        assertEquals(expected, withoutAddress(received(WireForm.encodeReply(request, Optional.of(data)))));
    }

    @Test
    void theLargestDataInLineFillAMessageOf4060Bytes() throws Exception {
        ByteBuffer data = ByteBuffer.allocate(4000);
        assertEquals(
                4060 * 2, received(WireForm.encodeRequest(1, 1, data, null)).length());
    }

    @Test
    void whatIsEncodedIsDecoded() throws Exception {
        for (int length : new int[] {0, 1, 7, 8, 9, 3999, 4000, 4001, 100_000}) {
            ByteBuffer data = ByteBuffer.allocate(length);
            for (int i = 0; i < length; i++) {
                data.put(i, (byte) i);
            }
            WireForm.encodeRequest(-length, 9, data, replies).sendTo(right);
            try (ReceivedMessage message = ReceivedMessage.receiveFrom(inbox)) {
                assertEquals(WireForm.HEADER_ID, message.id());
                assertEquals(DescriptorKind.SEND_ONCE, message.replyKind());
                try (WireForm.Content content = WireForm.decodeRequest(message)) {
                    assertEquals(-length, content.id());
                    assertEquals(9, content.conversation());
                    assertEquals(data, content.data());
                    assertEquals(data, content.keep().data());
                }
            }
        }
    }

    /** The four words and the data of a message, as a peer may send them. */
    private String problem(int magic, int conversation, int length, int dataBytes) throws Exception {
        ByteBuffer body = ByteBuffer.allocate(36 + dataBytes).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        body.putInt(20, magic).putInt(24, 1).putInt(28, conversation).putInt(32, length);
        return problem(
                OutgoingMessage.builder().id(WireForm.HEADER_ID).rawBody(body).build());
    }

    private String problem(OutgoingMessage sent) throws Exception {
        sent.sendTo(right);
        try (ReceivedMessage message = ReceivedMessage.receiveFrom(inbox)) {
            return assertThrows(InvalidMessageException.class, () -> WireForm.decodeRequest(message))
                    .getMessage();
        }
    }

    @Test
    void p29_whatIsNotInThisFormIsRefused() throws Exception {
        String invalid = "a received message is invalid: ";
        assertEquals(invalid + "its magic number is 0x1", problem(1, 1, 0, 0));
        assertEquals(invalid + "its conversation is -1", problem(WireForm.MAGIC, -1, 0, 0));
        assertEquals(invalid + "it says it has 9 bytes of data but brings 8", problem(WireForm.MAGIC, 1, 9, 8));
        assertEquals(invalid + "it says it has -2 bytes of data but brings 8", problem(WireForm.MAGIC, 1, -2, 8));
        assertEquals(
                invalid + "it says it has -2147483648 bytes of data but brings 0",
                problem(WireForm.MAGIC, 1, Integer.MIN_VALUE, 0));
        assertEquals(
                invalid + "it has 0 bytes after its descriptors",
                problem(OutgoingMessage.builder().build()));
        assertEquals(
                invalid + "it has descriptors other than one of memory",
                problem(OutgoingMessage.builder()
                        .addNull()
                        .addNull()
                        .rawBody(ByteBuffer.allocate(64))
                        .build()));
    }

    /** A message with memory out of line whose four words are a peer's own. */
    private String problem(int conversation, int length, int memory) throws Exception {
        ByteBuffer words = ByteBuffer.allocate(16).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        words.putInt(0, WireForm.MAGIC).putInt(8, conversation).putInt(12, length);
        return problem(OutgoingMessage.builder()
                .outOfLine(ByteBuffer.allocate(memory))
                .rawBody(words)
                .build());
    }

    @Test
    void p29_memoryThatIsNotInThisFormIsRefusedAndGivenBack() throws Exception {
        String invalid = "a received message is invalid: ";
        assertEquals(invalid + "it says it has 5001 bytes of data but brings 5000", problem(1, 5001, 5000));
        assertEquals(invalid + "it says it has -1 bytes of data but brings 5000", problem(1, -1, 5000));
        assertEquals(invalid + "its conversation is -4", problem(-4, 5000, 5000));
        assertEquals(
                invalid + "it has descriptors other than one of memory",
                problem(OutgoingMessage.builder()
                        .outOfLine(ByteBuffer.allocate(10))
                        .outOfLine(ByteBuffer.allocate(10))
                        .rawBody(ByteBuffer.allocate(16))
                        .build()));
        assertEquals(
                invalid + "it has descriptors other than one of memory",
                problem(OutgoingMessage.builder()
                        .makeSend(inbox)
                        .rawBody(ByteBuffer.allocate(64))
                        .build()));
    }
}
