/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendRight;
import io.machframe.core.port.Task;
import io.machframe.core.testing.Race;
import io.machframe.core.testing.RightsLedger;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Issue 15, B8: two threads that use one message up, however they do. One of them has it, the counts of rights are exact, and
 * the memory of the message is given to the pool once.
 */
@Timeout(120)
@ExtendWith(RightsLedger.class)
class SpentOnceTest {
    private static final int ROUNDS = 500;

    private ReceiveRight port;
    private SendRight toPort;
    private ReceiveRight inside;

    @BeforeEach
    void open() throws Exception {
        port = Task.self().allocatePort();
        toPort = port.makeSend();
        inside = Task.self().allocatePort();
    }

    @AfterEach
    void nothingIsLeftAndTheMemoryOfMessagesIsNotShared() throws Exception {
        assertFalse(inside.status().hasSendRights());
        assertEquals(1, toPort.references());
        try (OutgoingMessage one = OutgoingMessage.builder().id(1).build();
                OutgoingMessage other = OutgoingMessage.builder().id(2).build()) {
            one.sendTo(toPort);
            other.sendTo(toPort);
        }
        assertEquals(Optional.of(1), received());
        assertEquals(Optional.of(2), received());
        assertEquals(Optional.empty(), received());
        inside.close();
        toPort.close();
        port.close();
    }

    private Optional<Integer> received() throws Exception {
        Optional<ReceivedMessage> message = ReceivedMessage.tryReceiveFrom(port);
        try {
            return message.map(ReceivedMessage::id);
        } finally {
            message.ifPresent(ReceivedMessage::close);
        }
    }

    private OutgoingMessage message() throws Exception {
        return OutgoingMessage.builder().makeSend(inside).build();
    }

    @Test
    void aMessageThatIsClosedWhileItIsSentIsSentOrClosed() throws Exception {
        int sent = 0;
        for (int round = 0; round < ROUNDS; round++) {
            OutgoingMessage message = message();
            boolean[] done = Race.of(() -> message.sendTo(toPort), message::close);
            assertTrue(done[0] || done[1]);
            assertEquals(done[0], received().isPresent());
            assertFalse(inside.status().hasSendRights());
            sent += done[0] ? 1 : 0;
        }
        assertNotEquals(0, sent);
    }

    @Test
    void aMessageThatTwoThreadsSendIsSentOnce() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            OutgoingMessage message = message();
            boolean[] done = Race.of(() -> message.sendTo(toPort), () -> message.sendTo(toPort));
            assertNotEquals(done[0], done[1]);
            assertTrue(received().isPresent());
            assertTrue(received().isEmpty());
        }
    }

    @Test
    void aRightIsTakenOutOfAMessageThatIsClosedOrIsReleasedWithIt() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            message().sendTo(toPort);
            ReceivedMessage message = ReceivedMessage.receiveFrom(port);
            Race.of(() -> message.takeSendRight(0).close(), message::close);
            assertFalse(inside.status().hasSendRights());
        }
    }

    @Test
    void aRightIsTakenOutOfAnArrayThatIsClosedOrIsReleasedWithIt() throws Exception {
        try (SendRight right = inside.makeSend()) {
            for (int round = 0; round < ROUNDS; round++) {
                RightArray array = RightArray.copy(List.of(right, right));
                Race.of(() -> array.takeSendRight(1).close(), array::close);
                assertEquals(1, right.references());
            }
        }
    }

    @Test
    void anArrayThatIsClosedWhileItIsMovedIsMovedOrClosed() throws Exception {
        try (SendRight right = inside.makeSend()) {
            for (int round = 0; round < ROUNDS; round++) {
                RightArray array = RightArray.copy(List.of(right));
                try (MessageBuilder builder = OutgoingMessage.builder()) {
                    Race.of(() -> builder.move(array), array::close);
                }
                assertEquals(1, right.references());
            }
        }
    }
}
