/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.error.InvalidMessageException;
import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;
import io.machframe.core.lifetime.LeakDetector;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendOnceRight;
import io.machframe.core.port.SendRight;
import io.machframe.core.testing.LogCapture;
import io.machframe.core.testing.ProcessResources;
import org.junit.jupiter.api.Test;

/** Who owns the rights in a message. */
class MessageOwnershipTest extends TwoTasks {
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
}
