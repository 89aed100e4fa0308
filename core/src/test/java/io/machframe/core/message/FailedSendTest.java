/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.error.DeadPortException;
import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendOnceRight;
import io.machframe.core.port.SendRight;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a message, and of the right it goes through, when a send fails. */
class FailedSendTest extends TwoTasks {
    /** F63 */
    @Test
    void aMessageWhoseSendFailsIsWholeAndCanBeSentLater() throws Exception {
        try (ReceiveRight port = client.allocatePort();
                SendRight right = port.makeSend();
                OutgoingMessage message = OutgoingMessage.builder()
                        .id(8)
                        .copy(right)
                        .makeSendOnce(port)
                        .replyOnceTo(port)
                        .body(new byte[] {1, 2, 3})
                        .build()) {
            inbox.setQueueLimit(0);
            for (int i = 0; i < 100; i++) {
                assertFalse(message.trySendTo(toServer, Duration.ZERO));
            }
            assertEquals(1, toServer.references());
            assertEquals(2, right.references());
            kernel.answerNextSend(KernReturn.MACH_SEND_NO_BUFFER);
            MachException failure = assertThrows(MachException.class, () -> message.sendTo(toServer));
            assertEquals(KernReturn.MACH_SEND_NO_BUFFER, failure.reason().code());
            kernel.answerNextSend(KernReturn.MACH_SEND_INVALID_DEST);
            assertThrows(DeadPortException.class, () -> message.sendTo(toServer));
            kernel.answerNextSend(KernReturn.MACH_SEND_TOO_LARGE);
            assertThrows(MachException.class, () -> message.sendTo(toServer));
            kernel.failNextSend(new IllegalStateException("broken"));
            assertThrows(IllegalStateException.class, () -> message.sendTo(toServer));
            assertEquals(1, toServer.references());
            assertEquals(2, right.references());
            assertEquals(2, message.descriptorCount());
            assertEquals(DescriptorKind.SEND_ONCE, message.replyKind());

            inbox.setQueueLimit(1);
            message.sendTo(toServer);
            assertEquals(1, toServer.references());
            assertEquals(1, right.references());
            try (ReceivedMessage received = ReceivedMessage.receiveFrom(inbox)) {
                assertEquals(8, received.id());
                assertEquals(3, received.body().remaining());
                assertEquals(DescriptorKind.SEND_ONCE, received.descriptorKind(1));
            }
        }
    }

    /** An interruption that is nobody's: the library goes on with what is left of the time. */
    @Test
    void aSendThatTheSystemInterruptedGoesOn() throws Exception {
        kernel.answerNextSend(KernReturn.MACH_SEND_INTERRUPTED);
        OutgoingMessage.builder().id(4).build().sendTo(toServer);
        try (ReceivedMessage message = ReceivedMessage.receiveFrom(inbox)) {
            assertEquals(4, message.id());
        }
        assertEquals(1, toServer.references());
    }

    /** F66 */
    @Test
    void anInterruptedSendLeavesTheMessageWhole() throws Exception {
        inbox.setQueueLimit(0);
        try (ReceiveRight port = client.allocatePort();
                OutgoingMessage message =
                        OutgoingMessage.builder().makeSend(port).build()) {
            Thread.currentThread().interrupt();
            assertThrows(InterruptedException.class, () -> message.sendTo(toServer));
            assertFalse(Thread.interrupted());
            inbox.setQueueLimit(1);
            message.sendTo(toServer);
        }
        ReceivedMessage.receiveFrom(inbox).close();
        assertEquals(1, toServer.references());
    }

    /** Whichever way it fails, the right is spent and the message whole. */
    @ParameterizedTest
    @ValueSource(ints = {KernReturn.MACH_SEND_NO_BUFFER, KernReturn.MACH_SEND_TOO_LARGE})
    void aReplyThatFailsSpendsTheRightAndNotTheMessage(int code) throws Exception {
        try (ReceiveRight replies = client.allocatePort()) {
            OutgoingMessage.builder().replyOnceTo(replies).build().sendTo(toServer);
            try (ReceivedMessage request = ReceivedMessage.receiveFrom(inbox);
                    ReceiveRight other = server.allocatePort();
                    OutgoingMessage reply =
                            OutgoingMessage.builder().makeSend(other).build()) {
                SendOnceRight once = request.takeReplyOnce();
                kernel.answerNextSend(code);
                assertThrows(MachException.class, () -> reply.sendTo(once));
                assertFalse(once.isOpen());
                assertEquals(1, reply.descriptorCount());
                assertTrue(other.status().hasSendRights());
            }
        }
    }

    /** F34: a reply to a port that died unnoticed vanishes, {@code ipc_right_copyin}. */
    @Test
    void aReplyToAPortThatDiedIsSpentAndSoIsTheRight() throws Exception {
        ReceiveRight replies = client.allocatePort();
        OutgoingMessage.builder().replyOnceTo(replies).build().sendTo(toServer);
        try (ReceivedMessage request = ReceivedMessage.receiveFrom(inbox);
                ReceiveRight other = server.allocatePort()) {
            SendOnceRight once = request.takeReplyOnce();
            replies.close();
            OutgoingMessage reply = OutgoingMessage.builder().makeSend(other).build();
            reply.sendTo(once);
            assertFalse(once.isOpen());
            assertThrows(IllegalStateException.class, reply::descriptorCount);
            assertFalse(other.status().hasSendRights());
        }
    }
}
