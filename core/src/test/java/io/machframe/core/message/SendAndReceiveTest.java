/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.message;

import static io.machframe.core.testing.Eventually.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.error.DeadPortException;
import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;
import io.machframe.core.error.MessageTooLargeException;
import io.machframe.core.error.NoReplyException;
import io.machframe.core.error.PortClosedException;
import io.machframe.core.internal.PortAccess;
import io.machframe.core.platform.MessageLayout;
import io.machframe.core.port.PortOptions;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendOnceRight;
import io.machframe.core.port.SendRight;
import io.machframe.core.port.Task;
import io.machframe.core.testing.FakeKernel;
import io.machframe.core.testing.RightsLedger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests and replies, receiving into one buffer, and what a message says of its way. */
@Timeout(60)
@ExtendWith(RightsLedger.class)
class SendAndReceiveTest {
    static Stream<Task> tasks() {
        return Stream.of(PortAccess.get().taskOn(new FakeKernel().newTask()), Task.self());
    }

    private static CompletableFuture<Void> serve(ReceiveRight server, Server action) {
        return CompletableFuture.runAsync(() -> {
            try (ReceivedMessage request = ReceivedMessage.receiveFrom(server)) {
                action.answer(request);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private interface Server {
        void answer(ReceivedMessage request) throws Exception;
    }

    private static void reply(ReceivedMessage request) throws Exception {
        OutgoingMessage.builder().id(request.id() + 1).build().sendTo(request.takeReplyOnce());
    }

    /** F30, F69 */
    @ParameterizedTest
    @MethodSource("tasks")
    void aRequestIsAnsweredInOneCall(Task task) throws Exception {
        try (ReceiveRight server = task.allocatePort();
                SendRight toServer = server.makeSend();
                RequestPort client = RequestPort.open(task)) {
            for (int i = 0; i < 20; i++) {
                CompletableFuture<Void> served = serve(server, SendAndReceiveTest::reply);
                try (ReceivedMessage reply =
                        client.request(toServer, OutgoingMessage.builder().id(i))) {
                    assertEquals(i + 1, reply.id());
                }
                served.get();
                served = serve(server, SendAndReceiveTest::reply);
                try (ReceivedMessage reply = client.tryRequest(
                                toServer, OutgoingMessage.builder().id(i), Duration.ofMinutes(1))
                        .orElseThrow()) {
                    assertEquals(i + 1, reply.id());
                }
                served.get();
            }
            assertEquals(1, toServer.references());
        }
    }

    /** F32 */
    @ParameterizedTest
    @MethodSource("tasks")
    void aRequestThatIsDroppedIsToldAndTheNextOneIsNotConfused(Task task) throws Exception {
        try (ReceiveRight server = task.allocatePort();
                SendRight toServer = server.makeSend();
                RequestPort client = RequestPort.open(task)) {
            for (int i = 0; i < 3; i++) {
                CompletableFuture<Void> served = serve(server, request -> {});
                assertThrows(NoReplyException.class, () -> client.request(toServer, OutgoingMessage.builder()));
                served.get();
                CompletableFuture<Void> answered = serve(server, SendAndReceiveTest::reply);
                client.request(toServer, OutgoingMessage.builder()).close();
                answered.get();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("tasks")
    void aLateReplyMeetsNobody(Task task) throws Exception {
        try (ReceiveRight server = task.allocatePort();
                SendRight toServer = server.makeSend();
                RequestPort client = RequestPort.open(task)) {
            assertEquals(
                    Optional.empty(),
                    client.tryRequest(toServer, OutgoingMessage.builder().id(5), Duration.ofMillis(5)));
            try (ReceivedMessage late = ReceivedMessage.receiveFrom(server)) {
                assertEquals(DescriptorKind.DEAD, late.replyKind());
            }
            CompletableFuture<Void> served = serve(server, SendAndReceiveTest::reply);
            try (ReceivedMessage reply =
                    client.request(toServer, OutgoingMessage.builder().id(8))) {
                assertEquals(9, reply.id());
            }
            served.get();
        }
    }

    /** F69: what cannot be sent is not waited for, and is whole. */
    @ParameterizedTest
    @MethodSource("tasks")
    void aFailedSendReceivesNothing(Task task) throws Exception {
        try (ReceiveRight inbox = task.allocatePort();
                SendRight toInbox = inbox.makeSend();
                ReceiveRight full = task.allocatePort(0);
                SendRight toFull = full.makeSend();
                ReceiveRight other = task.allocatePort()) {
            OutgoingMessage.builder().id(1).build().sendTo(toInbox);
            ReceiveRight gone = task.allocatePort();
            try (SendRight dead = gone.makeSend();
                    OutgoingMessage message =
                            OutgoingMessage.builder().makeSend(other).build()) {
                gone.close();
                assertThrows(DeadPortException.class, () -> message.sendAndReceive(dead, inbox));
                MachException late = assertThrows(
                        MachException.class, () -> message.trySendAndReceive(toFull, inbox, Duration.ofMillis(1)));
                assertEquals(KernReturn.MACH_SEND_TIMED_OUT, late.reason().code());
                Thread.currentThread().interrupt();
                assertThrows(InterruptedException.class, () -> message.sendAndReceive(toFull, inbox));
                assertFalse(Thread.interrupted());
                assertEquals(1, message.descriptorCount());
                assertEquals(1, toFull.references());
                try (ReceivedMessage kept = message.sendAndReceive(toInbox, inbox)) {
                    assertEquals(1, kept.id());
                }
                assertThrows(IllegalStateException.class, message::id);
            }
            ReceivedMessage.receiveFrom(inbox).close();
            assertFalse(other.status().hasSendRights());
        }
    }

    @ParameterizedTest
    @MethodSource("tasks")
    void closingThePortEndsTheWaitForAReply(Task task) throws Exception {
        try (ReceiveRight server = task.allocatePort();
                SendRight toServer = server.makeSend()) {
            ReceiveRight replies = task.allocatePort();
            OutgoingMessage request =
                    OutgoingMessage.builder().replyOnceTo(replies).build();
            CompletableFuture<ReceivedMessage> reply = CompletableFuture.supplyAsync(() -> {
                try {
                    return request.sendAndReceive(toServer, replies);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            await("the message is queued", () -> server.status().messageCount() == 1);
            replies.close();
            Throwable failure = assertThrows(ExecutionException.class, reply::get);
            assertInstanceOf(PortClosedException.class, failure.getCause().getCause());
            ReceivedMessage.receiveFrom(server).close();
        }
    }

    /** F93 */
    @ParameterizedTest
    @MethodSource("tasks")
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

    @ParameterizedTest
    @MethodSource("tasks")
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
    @ParameterizedTest
    @MethodSource("tasks")
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
    @ParameterizedTest
    @MethodSource("tasks")
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

    /** F30, F31 */
    @ParameterizedTest
    @MethodSource("tasks")
    void aReplyRightIsMadeMovedOrCopied(Task task) throws Exception {
        try (ReceiveRight port = task.allocatePort();
                SendRight right = port.makeSend();
                ReceiveRight replies = task.allocatePort();
                SendRight kept = replies.makeSend()) {
            SendRight given = kept.copy();
            OutgoingMessage.builder().moveReply(replies.makeSendOnce()).build().sendTo(right);
            OutgoingMessage.builder().moveReply(given).build().sendTo(right);
            OutgoingMessage.builder().copyReply(kept).build().sendTo(right);
            assertFalse(given.isOpen());
            try (ReceivedMessage message = ReceivedMessage.receiveFrom(port)) {
                OutgoingMessage.builder().id(1).build().sendTo(message.takeReplyOnce());
            }
            for (int id = 2; id <= 3; id++) {
                try (ReceivedMessage message = ReceivedMessage.receiveFrom(port);
                        SendRight reply = message.takeReply()) {
                    OutgoingMessage.builder().id(id).build().sendTo(reply);
                }
            }
            for (int id = 1; id <= 3; id++) {
                try (ReceivedMessage message = ReceivedMessage.receiveFrom(replies)) {
                    assertEquals(id, message.id());
                }
            }
            assertEquals(1, kept.references());
            assertEquals(1, replies.status().makeSendCount());
            try (MessageBuilder builder = OutgoingMessage.builder().copyReply(kept)) {
                assertThrows(IllegalStateException.class, () -> builder.moveReply(kept));
                assertTrue(kept.isOpen());
            }
            assertEquals(1, kept.references());
        }
    }

    /** F24, F35, F45 */
    @ParameterizedTest
    @MethodSource("tasks")
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
    @ParameterizedTest
    @MethodSource("tasks")
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
