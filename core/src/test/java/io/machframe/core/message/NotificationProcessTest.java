/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.message;

import static io.machframe.core.testing.Eventually.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.bootstrap.Bootstrap;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendRight;
import io.machframe.core.port.Task;
import io.machframe.core.testing.ChildProcess;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a process is told when another one is killed, and receive rights that go from process to process. */
@Timeout(60)
final class NotificationProcessTest {
    private static final String NAME =
            "notification-test-" + ProcessHandle.current().pid();
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Task task = Task.self();
    private ReceiveRight inbox;
    private ReceiveRight service;
    private ChildProcess child;
    private SendRight peer;

    /** The other process: gives its port out, then takes messages and answers each kind in its way. */
    public static final class Peer {
        static final int PASS_ON = 1000;
        static final int NEXT = 1001;

        private static ReceiveRight moved;

        public static void main(String[] arguments) throws Exception {
            ReceiveRight port = Task.self().allocatePort();
            try (SendRight parent = Bootstrap.lookUp(arguments[0], PATIENCE)) {
                OutgoingMessage.builder().makeSend(port).build().sendTo(parent);
            }
            while (System.in.read() > 0) {
                ReceivedMessage message = ReceivedMessage.receiveFrom(port);
                if (message.id() == PASS_ON) {
                    passOn(message);
                } else if (message.descriptorCount() > 0 && message.descriptorKind(0) == DescriptorKind.RECEIVE) {
                    moved = message.takeReceiveRight(0);
                    answerFrom(message);
                } else if (message.id() == NEXT) {
                    answerFrom(message);
                }
                System.out.println("received"); // and keeps all rights that are in it
            }
        }

        /** Gives a receive right that it did not read from to somebody else, with the right to answer. */
        private static void passOn(ReceivedMessage message) throws Exception {
            try (SendRight to = message.takeSendRight(0)) {
                OutgoingMessage.builder()
                        .move(message.takeReceiveRight(1))
                        .moveReply(message.takeReplyOnce())
                        .build()
                        .sendTo(to);
            }
        }

        /** Sends the number of the first message that came along with a receive right. */
        private static void answerFrom(ReceivedMessage message) throws Exception {
            int id = ReceivedMessage.receiveFrom(moved).id();
            OutgoingMessage.builder().id(id).build().sendTo(message.takeReplyOnce());
        }
    }

    @BeforeEach
    void start() throws Exception {
        service = Bootstrap.checkIn(NAME);
        inbox = task.allocatePort();
        child = ChildProcess.start(Peer.class, NAME);
        peer = hello();
    }

    /** Returns the right to a process that was just started. */
    private SendRight hello() throws Exception {
        try (ReceivedMessage hello = ReceivedMessage.receiveFrom(service)) {
            return hello.takeSendRight(0);
        }
    }

    @AfterEach
    void end() {
        List.of(child, service, inbox, peer).forEach(NotificationProcessTest::close);
    }

    private static void close(AutoCloseable owner) {
        try {
            owner.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private Notification told() throws Exception {
        try (ReceivedMessage message =
                ReceivedMessage.tryReceiveFrom(inbox, PATIENCE).orElseThrow()) {
            return message.takeNotification().orElseThrow();
        }
    }

    /** F74 */
    @Test
    void theDeathOfAKilledReceiverIsTold() throws Exception {
        peer.requestDeadName(inbox);
        child.kill();

        try (SendRight dead =
                assertInstanceOf(Notification.DeadName.class, told()).right()) {
            assertEquals(peer.name(), dead.name());
        }
        assertTrue(peer.isDead());
    }

    @Test
    void theEndOfTheLastSenderIsToldThoughItIsKilled() throws Exception {
        try (ReceiveRight port = task.allocatePort()) {
            OutgoingMessage.builder().makeSend(port).build().sendTo(peer);
            port.requestNoSenders(inbox);
            child.writeLine("");
            child.readLine();
            assertTrue(ReceivedMessage.tryReceiveFrom(inbox, Duration.ZERO).isEmpty());
            child.kill();

            assertEquals(new Notification.NoSenders(1), told());
        }
    }

    @Test
    void aRightInAMessageThatNobodyReadsIsASender() throws Exception {
        try (ReceiveRight port = task.allocatePort()) {
            OutgoingMessage.builder().makeSend(port).build().sendTo(peer);
            port.requestNoSenders(inbox);
            assertTrue(
                    ReceivedMessage.tryReceiveFrom(inbox, Duration.ofMillis(50)).isEmpty());
            child.kill();

            assertEquals(new Notification.NoSenders(1), told());
        }
    }

    /** F33 */
    @Test
    void aRequestThatAKilledServerDidNotReadIsAnsweredByANotice() throws Exception {
        OutgoingMessage.builder().replyOnceTo(inbox).build().sendTo(peer);
        child.kill();

        assertEquals(new Notification.SendOnce(), told());
    }

    @Test
    void aRequestThatAKilledServerHeldIsAnsweredByANotice() throws Exception {
        OutgoingMessage.builder().replyOnceTo(inbox).build().sendTo(peer);
        child.writeLine("");
        child.readLine();
        child.kill();

        assertEquals(new Notification.SendOnce(), told());
    }

    @Test
    void aReceiveRightIsReadInTheProcessItWentTo() throws Exception {
        ReceiveRight port = task.allocatePort();
        try (SendRight right = port.makeSend()) {
            OutgoingMessage.builder().id(77).build().sendTo(right);
            OutgoingMessage.builder().move(port).replyOnceTo(inbox).build().sendTo(peer);
            child.writeLine("");

            assertEquals(77, ReceivedMessage.receiveFrom(inbox).id());
            child.kill();
            await("the port is dead", right::isDead);
        }
    }

    /** F77: three processes hold the right; the last goes by SIGKILL. */
    @Test
    void theEndOfThreeSendersIsToldWhenTheLastIsKilled() throws Exception {
        try (ReceiveRight port = task.allocatePort();
                ChildProcess other = ChildProcess.start(Peer.class, NAME);
                SendRight toOther = hello()) {
            SendRight mine = port.makeSend();
            OutgoingMessage.builder().copy(mine).build().sendTo(peer);
            OutgoingMessage.builder().copy(mine).build().sendTo(toOther);
            port.requestNoSenders(inbox);
            for (ChildProcess each : List.of(child, other)) {
                each.writeLine("");
                each.readLine();
            }
            mine.close();
            other.kill();
            assertTrue(
                    ReceivedMessage.tryReceiveFrom(inbox, Duration.ofMillis(50)).isEmpty());
            child.kill();

            assertEquals(new Notification.NoSenders(1), told());
        }
    }

    /** F107: the first process sends to a port whose right the second passes on, unread, to the third. */
    @Test
    void aReceiveRightGoesThroughThreeProcessesWithItsMessages() throws Exception {
        try (ChildProcess third = ChildProcess.start(Peer.class, NAME);
                SendRight toThird = hello()) {
            ReceiveRight port = task.allocatePort();
            try (SendRight right = port.makeSend()) {
                OutgoingMessage.builder().id(1).build().sendTo(right);
                OutgoingMessage.builder()
                        .id(Peer.PASS_ON)
                        .copy(toThird)
                        .move(port)
                        .replyOnceTo(inbox)
                        .build()
                        .sendTo(peer);
                OutgoingMessage.builder().id(2).build().sendTo(right);
                child.writeLine("");
                child.readLine();
                OutgoingMessage.builder().id(3).build().sendTo(right);
                for (int expected = 1; expected <= 3; expected++) {
                    third.writeLine("");
                    try (ReceivedMessage answer = ReceivedMessage.receiveFrom(inbox)) {
                        assertEquals(expected, answer.id());
                        assertEquals(third.pid(), answer.sender().pid());
                    }
                    if (expected < 3) {
                        OutgoingMessage.builder()
                                .id(Peer.NEXT)
                                .replyOnceTo(inbox)
                                .build()
                                .sendTo(toThird);
                    }
                }
                child.kill(); // which held the right for a while
                OutgoingMessage.builder().id(4).build().sendTo(right);
                third.kill();
                await("the port is dead", right::isDead);
            }
        }
    }
}
