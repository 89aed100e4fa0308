/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.message;

import static io.machframe.core.message.TestMessages.receiveInThread;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.error.DeadPortException;
import io.machframe.core.error.PortClosedException;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendOnceRight;
import io.machframe.core.port.SendRight;
import io.machframe.core.port.Task;
import io.machframe.core.testing.RightsLedger;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Messages sent and received through the rights of one task. */
@Timeout(60)
@ExtendWith(RightsLedger.class)
class MessageTest {
    @Test
    void aBodyOfAnyLengthArrivesExactly() throws Exception {
        try (ReceiveRight port = Task.self().allocatePort();
                SendRight send = port.makeSend()) {
            for (int length : new int[] {0, 1, 2, 3, 4, 11, 4000, 5000, 100_000}) {
                byte[] body = new byte[length];
                for (int i = 0; i < length; i++) {
                    body[i] = (byte) (i * 31);
                }
                OutgoingMessage.builder().id(7).body(body).build().sendTo(send);
                try (ReceivedMessage message = ReceivedMessage.receiveFrom(port)) {
                    assertEquals(7, message.id());
                    byte[] got = new byte[message.body().remaining()];
                    message.body().get(got);
                    assertArrayEquals(body, got);
                    assertEquals(ProcessHandle.current().pid(), message.sender().pid());
                }
            }
        }
    }

    @Test
    void rightsArriveInOrderAndWork() throws Exception {
        try (ReceiveRight inbox = Task.self().allocatePort();
                SendRight send = inbox.makeSend();
                ReceiveRight first = Task.self().allocatePort();
                ReceiveRight answers = Task.self().allocatePort();
                SendRight toFirst = first.makeSend()) {
            OutgoingMessage.builder()
                    .copy(toFirst)
                    .addNull()
                    .makeSendOnce(answers)
                    .body(new byte[16])
                    .build()
                    .sendTo(send);
            try (ReceivedMessage message = ReceivedMessage.receiveFrom(inbox)) {
                assertEquals(DescriptorKind.SEND, message.descriptorKind(0));
                assertEquals(DescriptorKind.NULL, message.descriptorKind(1));
                assertEquals(DescriptorKind.SEND_ONCE, message.descriptorKind(2));
                try (SendRight received = message.takeSendRight(0)) {
                    assertEquals(toFirst.name(), received.name());
                    assertEquals(2, toFirst.references());
                }
                SendOnceRight once = message.takeSendOnceRight(2);
                OutgoingMessage.builder().id(9).build().sendTo(once);
            }
            assertEquals(1, toFirst.references());
            try (ReceivedMessage answer = ReceivedMessage.receiveFrom(answers)) {
                assertEquals(9, answer.id());
            }
        }
    }

    @Test
    void theSixthMessageFindsTheQueueFull() throws Exception {
        try (ReceiveRight port = Task.self().allocatePort();
                SendRight send = port.makeSend()) {
            for (int i = 0; i < 5; i++) {
                assertTrue(OutgoingMessage.builder().id(i).build().trySendTo(send, Duration.ZERO));
            }
            try (OutgoingMessage sixth = OutgoingMessage.builder().id(5).build()) {
                assertFalse(sixth.trySendTo(send, Duration.ZERO));
                assertFalse(sixth.trySendTo(send, Duration.ofMillis(20)));
                assertEquals(1, send.references());
                assertEquals(5, port.status().messageCount());
                ReceivedMessage.receiveFrom(port).close();
                assertTrue(sixth.trySendTo(send, Duration.ZERO));
            }
            for (int i = 1; i < 6; i++) {
                try (ReceivedMessage message = ReceivedMessage.receiveFrom(port)) {
                    assertEquals(i, message.id());
                    assertEquals(i, message.sequenceNumber());
                }
            }
            assertTrue(ReceivedMessage.tryReceiveFrom(port, Duration.ZERO).isEmpty());
        }
    }

    @Test
    void aDeadPortRefusesAndTheMessageStaysWhole() throws Exception {
        ReceiveRight port = Task.self().allocatePort();
        try (SendRight send = port.makeSend();
                ReceiveRight other = Task.self().allocatePort();
                SendRight toOther = other.makeSend()) {
            port.close();
            assertTrue(send.isDead());
            try (OutgoingMessage message =
                    OutgoingMessage.builder().copy(toOther).build()) {
                assertThrows(DeadPortException.class, () -> message.sendTo(send));
                assertEquals(2, toOther.references());
            }
            assertEquals(1, toOther.references());
        }
    }

    @Test
    void closingTheRightEndsABlockedReceive() throws Exception {
        ReceiveRight port = Task.self().allocatePort();
        CompletableFuture<ReceivedMessage> receive = receiveInThread(port);
        Thread.sleep(50);
        port.close();
        ExecutionException failure = assertThrows(ExecutionException.class, receive::get);
        assertEquals(PortClosedException.class, failure.getCause().getClass());
    }

    @Test
    void interruptingTheThreadEndsABlockedReceive() throws Exception {
        try (ReceiveRight port = Task.self().allocatePort()) {
            Thread.currentThread().interrupt();
            assertThrows(InterruptedException.class, () -> ReceivedMessage.receiveFrom(port));
            assertFalse(Thread.interrupted());
        }
    }

    @Test
    void aRequestIsAnsweredThroughItsReplyRight() throws Exception {
        try (ReceiveRight server = Task.self().allocatePort();
                SendRight toServer = server.makeSend();
                ReceiveRight replies = Task.self().allocatePort()) {
            OutgoingMessage.builder().id(1).replyOnceTo(replies).build().sendTo(toServer);
            try (ReceivedMessage request = ReceivedMessage.receiveFrom(server)) {
                assertEquals(DescriptorKind.SEND_ONCE, request.replyKind());
                OutgoingMessage.builder()
                        .id(2)
                        .body(ByteBuffer.wrap(new byte[] {1, 2, 3}))
                        .build()
                        .sendTo(request.takeReplyOnce());
            }
            try (ReceivedMessage reply = ReceivedMessage.receiveFrom(replies)) {
                assertEquals(2, reply.id());
                assertEquals(3, reply.body().remaining());
            }
        }
    }
}
