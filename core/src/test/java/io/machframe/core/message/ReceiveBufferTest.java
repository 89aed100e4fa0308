/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.error.MessageTooLargeException;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendRight;
import io.machframe.core.port.Task;
import io.machframe.core.testing.EachTask;
import io.machframe.core.testing.RightsLedger;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Receiving into one buffer again and again. */
@Timeout(60)
@ExtendWith(RightsLedger.class)
class ReceiveBufferTest {
    @EachTask
    void oneBufferReceivesMessageAfterMessage(Task task) throws Exception {
        try (ReceiveRight port = task.allocatePort();
                SendRight right = port.makeSend();
                ReceiveRight other = task.allocatePort();
                ReceiveBuffer buffer = ReceiveBuffer.ofSize(task, 200, OversizePolicy.GROW)) {
            ReceivedMessage first = null;
            for (int i = 0; i < 50; i++) {
                byte[] body = new byte[i % 7 == 6 ? 5000 : i];
                Arrays.fill(body, (byte) i);
                try (OutgoingMessage message = (i % 3 == 0
                                ? OutgoingMessage.builder().makeSend(other)
                                : OutgoingMessage.builder())
                        .id(i)
                        .body(body)
                        .build()) {
                    message.sendTo(right);
                }
                ReceivedMessage message = buffer.receiveFrom(port);
                first = first == null ? message : first;
                assertSame(first, message);
                assertEquals(i, message.id());
                assertEquals(i % 3 == 0 ? 1 : 0, message.descriptorCount());
                assertEquals(ByteBuffer.wrap(body), message.body());
                assertEquals(body.length, message.body().remaining());
            }
            assertTrue(buffer.capacity() >= 5000);
            assertNull(buffer.tryReceiveFrom(port));
            assertNull(buffer.tryReceiveFrom(port, Duration.ZERO));
            assertFalse(other.status().hasSendRights());
            buffer.close();
            assertThrows(IllegalStateException.class, () -> buffer.receiveFrom(port));
        }
    }

    /** F47 */
    @EachTask
    void aMessageThatIsTooLargeIsDestroyedAndItsSenderIsTold(Task task) throws Exception {
        try (ReceiveRight port = task.allocatePort();
                SendRight right = port.makeSend();
                ReceiveRight replies = task.allocatePort();
                ReceiveBuffer small = ReceiveBuffer.ofSize(task, 100, OversizePolicy.ERROR)) {
            OutgoingMessage.builder()
                    .replyOnceTo(replies)
                    .makeSend(replies)
                    .body(new byte[200])
                    .build()
                    .sendTo(right);
            OutgoingMessage.builder().id(2).build().sendTo(right);
            MessageTooLargeException failure =
                    assertThrows(MessageTooLargeException.class, () -> small.receiveFrom(port));
            assertTrue(failure.needed() > 200);
            try (ReceivedMessage told = ReceivedMessage.receiveFrom(replies)) {
                assertInstanceOf(
                        Notification.SendOnce.class, told.takeNotification().orElseThrow());
            }
            assertFalse(replies.status().hasSendRights());
            assertEquals(2, small.receiveFrom(port).id());
        }
    }

    /** F48 */
    @EachTask
    void aMessageThatIsTooLargeIsKeptUntilThereIsRoom(Task task) throws Exception {
        try (ReceiveRight port = task.allocatePort();
                SendRight right = port.makeSend();
                ReceiveBuffer small = ReceiveBuffer.ofSize(task, 100, OversizePolicy.KEEP)) {
            OutgoingMessage.builder().id(1).body(new byte[200]).build().sendTo(right);
            OutgoingMessage.builder().id(2).build().sendTo(right);
            for (int i = 0; i < 3; i++) {
                MessageTooLargeException failure =
                        assertThrows(MessageTooLargeException.class, () -> small.receiveFrom(port));
                if (i == 2) {
                    small.grow(failure.needed());
                }
            }
            ReceivedMessage large = small.receiveFrom(port);
            assertEquals(1, large.id());
            assertEquals(200, large.body().remaining());
            assertEquals(2, small.receiveFrom(port).id());
            assertEquals(1, small.receiveFrom(sendTo(right, port)).sequenceNumber() - 1);
        }
    }

    private static ReceiveRight sendTo(SendRight right, ReceiveRight port) throws Exception {
        OutgoingMessage.builder().build().sendTo(right);
        return port;
    }
}
