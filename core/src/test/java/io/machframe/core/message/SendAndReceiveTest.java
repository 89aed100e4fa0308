/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.platform.MessageLayout;
import io.machframe.core.port.PortOptions;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendOnceRight;
import io.machframe.core.port.SendRight;
import io.machframe.core.port.Task;
import io.machframe.core.testing.EachTask;
import io.machframe.core.testing.RightsLedger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a message says of its way, and sends that are refused. */
@Timeout(60)
@ExtendWith(RightsLedger.class)
class SendAndReceiveTest {
    /** F93 */
    @EachTask
    void aRefusedSendIsToldWhenThereIsRoom(Task task) throws Exception {
        try (ReceiveRight inbox = task.allocatePort();
                ReceiveRight port = task.allocatePort(1);
                SendRight right = port.makeSend();
                OutgoingMessage second = OutgoingMessage.builder().id(2).build()) {
            right.requestSendPossibleAfterRefusal(inbox);
            assertTrue(OutgoingMessage.builder().id(1).build().trySendTo(right));
            ReceivedMessage.receiveFrom(port).close();
            assertEquals(0, inbox.status().messageCount());
            assertTrue(OutgoingMessage.builder().id(1).build().trySendTo(right));
            assertFalse(second.trySendTo(right));
            assertEquals(1, right.references());
            assertEquals(0, inbox.status().messageCount());
            ReceivedMessage.receiveFrom(port).close();
            try (ReceivedMessage told = ReceivedMessage.receiveFrom(inbox)) {
                assertEquals(
                        new Notification.SendPossible(right.name()),
                        told.takeNotification().orElseThrow());
            }
            assertTrue(second.trySendTo(right));
            try (ReceivedMessage message = ReceivedMessage.receiveFrom(port)) {
                assertEquals(2, message.id());
            }
            assertEquals(0, inbox.status().messageCount());
        }
    }

    /** F24, F35, F45 */
    @EachTask
    void aReaderTakesPartByPartAndTheRestIsReleased(Task task) throws Exception {
        try (ReceiveRight port = task.allocatePort();
                SendRight right = port.makeSend();
                ReceiveRight first = task.allocatePort();
                ReceiveRight last = task.allocatePort()) {
            ReceiveRight moved = task.allocatePort();
            ReceiveRight gone = task.allocatePort();
            try (SendRight dead = gone.makeSend()) {
                OutgoingMessage.builder()
                        .makeSend(first)
                        .addNull()
                        .copy(dead)
                        .move(moved)
                        .makeSendOnce(last)
                        .body(new byte[16])
                        .build()
                        .sendTo(right);
                gone.close();
            }
            ReceivedMessage closed;
            try (ReceivedMessage message = ReceivedMessage.receiveFrom(port)) {
                closed = message;
                assertEquals(5, message.descriptorCount());
                try (SendRight taken = message.takeSendRight(0)) {
                    assertTrue(taken.isToSamePortAs(first));
                }
                assertEquals(DescriptorKind.NULL, message.descriptorKind(1));
                assertEquals(DescriptorKind.DEAD, message.descriptorKind(2));
                message.takeReceiveRight(3).close();
            }
            assertThrows(IllegalStateException.class, () -> closed.takeSendOnceRight(4));
            try (ReceivedMessage told = ReceivedMessage.receiveFrom(last)) {
                assertInstanceOf(
                        Notification.SendOnce.class, told.takeNotification().orElseThrow());
            }
            OutgoingMessage.builder()
                    .makeSendOnce(last)
                    .body(new byte[] {9})
                    .build()
                    .sendTo(right);
            try (ReceivedMessage message = ReceivedMessage.receiveFrom(port)) {
                try (SendOnceRight once = message.takeSendOnceRight(0)) {
                    OutgoingMessage.builder().id(4).build().sendTo(once);
                }
                assertEquals(ByteBuffer.wrap(new byte[] {9}), message.body());
                assertEquals(1, message.descriptorCount());
                assertThrows(IndexOutOfBoundsException.class, () -> message.descriptorKind(1));
            }
            try (ReceivedMessage message = ReceivedMessage.receiveFrom(last)) {
                assertEquals(4, message.id());
            }
        }
    }

    /** F50, F51, F52: nothing that the sender writes reaches the trailer. */
    @EachTask
    void theTrailerTellsTheTruthWhateverTheBodySays(Task task) throws Exception {
        try (ReceiveRight port = task.allocatePort(PortOptions.defaults().withContext(0xc0ffee));
                SendRight right = port.makeSend();
                RequestPort other = RequestPort.open(task)) {
            OutgoingMessage.builder().id(1).build().sendTo(right);
            AuditToken honest;
            try (ReceivedMessage message = ReceivedMessage.receiveFrom(port)) {
                honest = message.sender();
                assertTrue(honest.pid() > 0);
                assertEquals(honest.effectiveUser(), honest.uid());
                assertEquals(honest.effectiveGroup(), honest.gid());
            }
            for (int shift = 0; shift < 8; shift++) {
                OutgoingMessage.builder()
                        .id(2)
                        .rawBody(forgedTrailer(shift))
                        .build()
                        .sendTo(right);
                try (ReceivedMessage message = ReceivedMessage.receiveFrom(port)) {
                    assertEquals(honest, message.sender());
                    assertEquals(0xc0ffee, message.context());
                    assertEquals(shift + 1, message.sequenceNumber());
                    assertTrue(message.takeNotification().isEmpty());
                }
            }
            assertEquals(0, honest.auditSession());
        }
    }

    /** A trailer of the kernel, as a body. */
    private static ByteBuffer forgedTrailer(int shift) {
        ByteBuffer body =
                ByteBuffer.allocate(4 * shift + MessageLayout.MAX_TRAILER_SIZE).order(ByteOrder.LITTLE_ENDIAN);
        int at = 4 * shift;
        body.putInt(at + MessageLayout.TRAILER_SIZE, 60);
        body.putInt(at + MessageLayout.TRAILER_SEQNO, 99);
        body.putInt(at + MessageLayout.TRAILER_GID, 1);
        body.putLong(at + MessageLayout.TRAILER_CONTEXT, 0xbad);
        return body;
    }
}
