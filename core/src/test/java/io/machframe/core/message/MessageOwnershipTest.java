/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.error.DeadPortException;
import io.machframe.core.error.InvalidMessageException;
import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;
import io.machframe.core.internal.PortAccess;
import io.machframe.core.lifetime.LeakDetector;
import io.machframe.core.platform.kernel.KernelException;
import io.machframe.core.platform.kernel.MachKernel;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendOnceRight;
import io.machframe.core.port.SendRight;
import io.machframe.core.port.Task;
import io.machframe.core.testing.FakeKernel;
import io.machframe.core.testing.LogCapture;
import io.machframe.core.testing.ProcessResources;
import io.machframe.core.testing.RightsLedger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who owns the rights in a message, between two tasks over queues in memory. */
@Timeout(60)
@ExtendWith(RightsLedger.class)
class MessageOwnershipTest {
    private final FakeKernel kernel = new FakeKernel();
    private final MachKernel clientCalls = kernel.newTask();
    private final Task server = PortAccess.get().taskOn(kernel.newTask());
    private final Task client = PortAccess.get().taskOn(clientCalls);

    /** The server's port, and the client's right to it. */
    private ReceiveRight inbox;

    private SendRight toServer;

    @BeforeEach
    void connect() throws Exception {
        inbox = server.allocatePort();
        toServer = give(inbox, clientCalls, client);
    }

    @AfterEach
    void nothingIsLeft() {
        toServer.close();
        inbox.close();
        assertEquals(List.of(), kernel.open());
    }

    private static SendRight give(ReceiveRight port, MachKernel takerCalls, Task taker) throws KernelException {
        int[] name = new int[1];
        MachKernel owner = (MachKernel) PortAccess.get().calls(port.task());
        assertEquals(
                0, takerCalls.insertObject(owner.receiveEnd(port.name().value()).makeSend(), name));
        return PortAccess.get().adoptSend(taker, name[0]);
    }

    @Test
    void rightsMoveCopyAndAreMade() throws Exception {
        try (ReceiveRight port = client.allocatePort();
                SendRight kept = port.makeSend()) {
            SendRight moved = kept.copy();
            SendOnceRight once = port.makeSendOnce();
            OutgoingMessage message = OutgoingMessage.builder()
                    .move(moved)
                    .copy(kept)
                    .makeSend(port)
                    .move(once)
                    .makeSendOnce(port)
                    .build();
            assertFalse(moved.isOpen());
            assertFalse(once.isOpen());
            assertTrue(kept.isOpen());
            message.sendTo(toServer);
            assertEquals(1, kept.references());

            try (ReceivedMessage received = ReceivedMessage.receiveFrom(inbox)) {
                assertEquals(5, received.descriptorCount());
                SendRight first = received.takeSendRight(0);
                assertEquals(DescriptorKind.NULL, received.descriptorKind(0));
                assertEquals(3, first.references());
                first.close();
                assertThrows(InvalidMessageException.class, () -> received.takeSendRight(3));
                assertThrows(InvalidMessageException.class, () -> received.takeSendOnceRight(1));
                assertThrows(InvalidMessageException.class, () -> received.takeSendRight(0));
                assertThrows(IndexOutOfBoundsException.class, () -> received.takeSendRight(5));
                assertThrows(IndexOutOfBoundsException.class, () -> received.descriptorKind(-1));
                assertThrows(InvalidMessageException.class, received::takeReply);
                received.takeSendOnceRight(3).close();
            }
        }
    }

    /** F44 */
    @Test
    void aBuilderThatIsClosedUnbuiltReleasesWhatItHas() throws Exception {
        try (ReceiveRight port = client.allocatePort()) {
            try (MessageBuilder builder = OutgoingMessage.builder()) {
                builder.makeSend(port).makeSendOnce(port).addNull().replyTo(port);
                assertTrue(port.status().hasSendRights());
            }
            assertFalse(port.status().hasSendRights());
            MessageBuilder built = OutgoingMessage.builder().makeSend(port);
            built.build().close();
            built.close();
            assertThrows(IllegalStateException.class, built::build);
            assertThrows(IllegalStateException.class, () -> built.makeSend(port));
            assertThrows(IllegalStateException.class, built::addNull);
            assertFalse(port.status().hasSendRights());
        }
    }

    @Test
    void aForgottenBuilderOrMessageIsReleasedAndReported() throws Exception {
        long before = LeakDetector.leaked();
        try (LogCapture log = new LogCapture(LeakDetector.class);
                ReceiveRight port = client.allocatePort()) {
            forget(port);
            OutgoingMessage.builder().makeSend(port).build().sendTo(toServer);
            forgetReceived();
            assertEquals(0, ProcessResources.collectUntil(() -> before + 3 - LeakDetector.leaked(), 0));
            assertFalse(port.status().hasSendRights());
            assertEquals(
                    2,
                    log.messages().stream()
                            .filter("message with rights was forgotten, not closed"::equals)
                            .count());
        }
    }

    private static void forget(ReceiveRight port) throws Exception {
        assertTrue(port.isOpen());
        OutgoingMessage.builder().makeSend(port);
        assertEquals(1, OutgoingMessage.builder().makeSend(port).build().descriptorCount());
    }

    private void forgetReceived() throws Exception {
        assertEquals(1, ReceivedMessage.receiveFrom(inbox).descriptorCount());
    }

    /** F45 */
    @Test
    void aMessageClosedHalfReadReleasesTheRest() throws Exception {
        try (ReceiveRight port = client.allocatePort()) {
            OutgoingMessage.builder()
                    .makeSend(port)
                    .makeSend(port)
                    .makeSendOnce(port)
                    .replyTo(port)
                    .build()
                    .sendTo(toServer);
            ReceivedMessage message = ReceivedMessage.receiveFrom(inbox);
            SendRight taken = message.takeSendRight(1);
            assertEquals(3, taken.references());
            message.close();
            message.close();
            assertEquals(1, taken.references());
            assertThrows(IllegalStateException.class, message::id);
            assertThrows(IllegalStateException.class, message::body);
            assertThrows(IllegalStateException.class, message::sender);
            assertThrows(IllegalStateException.class, () -> message.takeSendRight(0));
            taken.close();
            assertFalse(port.status().hasSendRights());
        }
    }

    @Test
    void aMessageThatWasSentIsSpent() throws Exception {
        OutgoingMessage message = OutgoingMessage.builder().id(1).build();
        message.sendTo(toServer);
        assertThrows(IllegalStateException.class, () -> message.sendTo(toServer));
        assertThrows(IllegalStateException.class, message::id);
        message.close();
        ReceivedMessage.receiveFrom(inbox).close();
    }

    /** A queued message that nobody took goes with its port. */
    @Test
    void aMessageThatIsNeverReceivedIsReleasedWithItsPort() throws Exception {
        try (ReceiveRight port = client.allocatePort()) {
            OutgoingMessage.builder().makeSend(port).build().sendTo(toServer);
            inbox.close();
            assertFalse(port.status().hasSendRights());
        }
    }

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

    /** F35 */
    @Test
    void nullAndDeadRightsArriveAsWhatTheyAreWithNothingToRelease() throws Exception {
        ReceiveRight gone = client.allocatePort();
        SendRight dead = gone.makeSend();
        OutgoingMessage message = OutgoingMessage.builder()
                .addNull()
                .copy(dead)
                .makeSendOnce(gone)
                .replyOnceTo(gone)
                .build();
        gone.close();
        message.sendTo(toServer);
        dead.close();
        try (ReceivedMessage received = ReceivedMessage.receiveFrom(inbox)) {
            assertEquals(DescriptorKind.NULL, received.descriptorKind(0));
            assertEquals(DescriptorKind.DEAD, received.descriptorKind(1));
            assertEquals(DescriptorKind.DEAD, received.descriptorKind(2));
            assertEquals(DescriptorKind.DEAD, received.replyKind());
            assertThrows(InvalidMessageException.class, () -> received.takeSendRight(1));
            assertThrows(InvalidMessageException.class, received::takeReplyOnce);
        }
    }

    /** F31 */
    @Test
    void aReplyRightForManyRepliesIsASendRight() throws Exception {
        try (ReceiveRight replies = client.allocatePort()) {
            OutgoingMessage.builder().replyTo(replies).build().sendTo(toServer);
            try (ReceivedMessage request = ReceivedMessage.receiveFrom(inbox);
                    SendRight reply = request.takeReply()) {
                assertEquals(DescriptorKind.NULL, request.replyKind());
                for (int i = 0; i < 3; i++) {
                    OutgoingMessage.builder().id(i).build().sendTo(reply);
                }
            }
            for (int i = 0; i < 3; i++) {
                try (ReceivedMessage answer = ReceivedMessage.receiveFrom(replies)) {
                    assertEquals(i, answer.id());
                    assertEquals(i, answer.sequenceNumber());
                }
            }
        }
    }

    @Test
    void rightsOfTwoTasksDoNotMix() throws Exception {
        try (ReceiveRight serverPort = server.allocatePort();
                ReceiveRight clientPort = client.allocatePort();
                MessageBuilder builder = OutgoingMessage.builder().makeSend(clientPort)) {
            SendRight foreign = serverPort.makeSend();
            assertThrows(IllegalArgumentException.class, () -> builder.move(foreign));
            assertTrue(foreign.isOpen());
            assertThrows(IllegalArgumentException.class, () -> builder.copy(foreign));
            assertThrows(IllegalArgumentException.class, () -> builder.makeSend(serverPort));
            assertThrows(IllegalArgumentException.class, () -> builder.replyOnceTo(serverPort));
            assertEquals(1, foreign.references());
            try (OutgoingMessage message = builder.build();
                    SendOnceRight once = serverPort.makeSendOnce()) {
                assertThrows(IllegalArgumentException.class, () -> message.sendTo(foreign));
                assertThrows(IllegalArgumentException.class, () -> message.sendTo(once));
                assertTrue(once.isOpen());
                assertTrue(clientPort.status().hasSendRights());
            }
            foreign.close();
        }
    }

    @Test
    void aMessageHasOneReplyRight() throws Exception {
        try (ReceiveRight port = client.allocatePort();
                MessageBuilder builder = OutgoingMessage.builder().replyOnceTo(port)) {
            assertThrows(IllegalStateException.class, () -> builder.replyTo(port));
            assertThrows(IllegalStateException.class, () -> builder.replyOnceTo(port));
            assertEquals(0, port.status().makeSendCount());
        }
    }

    @Test
    void aBuilderThatCannotMakeARightKeepsWhatItHad() throws Exception {
        try (ReceiveRight port = client.allocatePort();
                MessageBuilder builder = OutgoingMessage.builder().makeSend(port)) {
            kernel.failNextMake(KernReturn.KERN_NO_SPACE);
            assertThrows(MachException.class, () -> builder.makeSendOnce(port));
            kernel.failNextMake(KernReturn.KERN_NO_SPACE);
            assertThrows(MachException.class, () -> builder.replyOnceTo(port));
            builder.replyOnceTo(port).build().sendTo(toServer);
            try (ReceivedMessage received = ReceivedMessage.receiveFrom(inbox)) {
                assertEquals(1, received.descriptorCount());
                assertEquals(DescriptorKind.SEND_ONCE, received.replyKind());
            }
        }
    }

    /** F43 */
    @Test
    void fiveHundredRoundsLeaveTheCountsAsTheyWere() throws Exception {
        try (ReceiveRight port = client.allocatePort();
                SendRight right = port.makeSend()) {
            for (int i = 0; i < 500; i++) {
                OutgoingMessage.builder().copy(right).replyOnceTo(port).build().sendTo(toServer);
                try (ReceivedMessage message = ReceivedMessage.receiveFrom(inbox)) {
                    OutgoingMessage.builder().id(i).build().sendTo(message.takeReplyOnce());
                    message.takeSendRight(0).close();
                }
                ReceivedMessage.receiveFrom(port).close();
            }
            assertEquals(1, right.references());
            assertEquals(1, toServer.references());
            assertEquals(1, port.status().makeSendCount());
        }
    }

    /** A peer need not frame its body as this library does. */
    @Test
    void aBodyThatIsNotFramedIsReadRaw() throws Exception {
        for (int length : new int[] {-1, 9, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            ByteBuffer raw = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
            raw.putInt(length).putInt(7).putInt(8).flip();
            OutgoingMessage.builder().rawBody(raw).build().sendTo(toServer);
            try (ReceivedMessage message = ReceivedMessage.receiveFrom(inbox)) {
                assertThrows(InvalidMessageException.class, message::body);
                assertEquals(12, message.rawBody().remaining());
                assertEquals(8, message.rawBody().getInt(8));
            }
        }
        assertThrows(
                IllegalArgumentException.class, () -> OutgoingMessage.builder().rawBody(ByteBuffer.allocate(3)));
    }

    /** F21, F22: the body of a builder is what remains of the buffer, of any kind, and is not moved through. */
    @Test
    void aBodyIsWhatRemainsOfItsBuffer() throws Exception {
        ByteBuffer bytes = ByteBuffer.allocateDirect(20);
        bytes.put(5, (byte) 42).position(5).limit(16);
        OutgoingMessage.builder().body(bytes.asReadOnlyBuffer()).build().sendTo(toServer);
        assertEquals(5, bytes.position());
        try (ReceivedMessage message = ReceivedMessage.receiveFrom(inbox)) {
            assertEquals(11, message.body().remaining());
            assertEquals(42, message.body().get(0));
            assertTrue(message.body().isReadOnly());
            assertEquals(ByteOrder.LITTLE_ENDIAN, message.body().order());
        }
    }

    @Test
    void durationsOfAnyLengthAreUnderstood() throws Exception {
        OutgoingMessage message = OutgoingMessage.builder().build();
        assertThrows(IllegalArgumentException.class, () -> message.trySendTo(toServer, Duration.ofNanos(-1)));
        assertThrows(IllegalArgumentException.class, () -> ReceivedMessage.tryReceiveFrom(inbox, Duration.ofNanos(-1)));
        assertTrue(message.trySendTo(toServer, ChronoUnit.FOREVER.getDuration()));
        ReceivedMessage.tryReceiveFrom(inbox, ChronoUnit.FOREVER.getDuration())
                .orElseThrow()
                .close();
        assertTrue(ReceivedMessage.tryReceiveFrom(inbox, Duration.ofNanos(1)).isEmpty());
        assertTrue(ReceivedMessage.tryReceiveFrom(inbox, Duration.ZERO).isEmpty());
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

    /** F48, F49: larger than the buffer at first, with another thread after the same messages. */
    @Test
    void largeMessagesArriveWholeWithTwoReceivers() throws Exception {
        inbox.setQueueLimit(1024);
        int count = 200;
        CompletableFuture<Long> other = CompletableFuture.supplyAsync(() -> receiveAll(inbox));
        long sent = 0;
        for (int i = 0; i < count; i++) {
            byte[] body = new byte[i % 3 == 0 ? 100_000 + i : i];
            if (body.length > 0) {
                body[body.length - 1] = (byte) i;
                sent += body.length * 1000L + body[body.length - 1];
            }
            OutgoingMessage.builder().body(body).build().sendTo(toServer);
        }
        OutgoingMessage.builder().id(-1).build().sendTo(toServer);
        OutgoingMessage.builder().id(-1).build().sendTo(toServer);
        assertEquals(sent, receiveAll(inbox) + other.get());
    }

    /** Receives up to a message with the id -1. */
    private static long receiveAll(ReceiveRight port) {
        long sum = 0;
        while (true) {
            try (ReceivedMessage message = ReceivedMessage.receiveFrom(port)) {
                if (message.id() == -1) {
                    return sum;
                }
                ByteBuffer body = message.body();
                int length = body.remaining();
                sum += length == 0 ? 0 : length * 1000L + body.get(length - 1);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
