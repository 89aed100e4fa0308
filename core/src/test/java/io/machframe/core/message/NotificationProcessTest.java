/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.bootstrap.Bootstrap;
import io.machframe.core.error.MachException;
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
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Task task = Task.self();
    private ReceiveRight inbox;
    private ReceiveRight service;
    private ChildProcess child;
    private SendRight peer;

    /** The other process: gives its port out, then takes messages and answers each kind in its way. */
    public static final class Peer {
        public static void main(String[] arguments) throws Exception {
            ReceiveRight port = Task.self().allocatePort();
            try (SendRight parent = Bootstrap.lookUp(arguments[0], PATIENCE)) {
                MachMessage.builder().makeSend(port).build().sendTo(parent);
            }
            while (System.in.read() > 0) {
                MachMessage message = MachMessage.receiveFrom(port);
                if (message.rightCount() > 0 && message.rightKind(0) == RightKind.RECEIVE) {
                    answerFrom(message);
                }
                System.out.println("received"); // and keeps all rights that are in it
            }
        }

        /** Sends the number of the first message that came along with a receive right. */
        private static void answerFrom(MachMessage message) throws MachException {
            ReceiveRight moved = message.takeReceiveRight(0);
            int id = MachMessage.receiveFrom(moved).id();
            MachMessage.builder().id(id).build().sendTo(message.takeReplyOnce());
        }
    }

    @BeforeEach
    void start() throws Exception {
        String name = "notification-test-" + ProcessHandle.current().pid();
        service = Bootstrap.checkIn(name);
        inbox = task.allocatePort();
        child = ChildProcess.start(Peer.class, name);
        try (MachMessage hello = MachMessage.receiveFrom(service)) {
            peer = hello.takeSendRight(0);
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

    private Notification told() throws MachException {
        try (MachMessage message = MachMessage.tryReceiveFrom(inbox, PATIENCE).orElseThrow()) {
            return message.takeNotification().orElseThrow();
        }
    }

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
            MachMessage.builder().makeSend(port).build().sendTo(peer);
            port.requestNoSenders(inbox);
            child.writeLine("");
            child.readLine();
            assertTrue(MachMessage.tryReceiveFrom(inbox, Duration.ZERO).isEmpty());
            child.kill();

            assertEquals(new Notification.NoSenders(1), told());
        }
    }

    @Test
    void aRightInAMessageThatNobodyReadsIsASender() throws Exception {
        try (ReceiveRight port = task.allocatePort()) {
            MachMessage.builder().makeSend(port).build().sendTo(peer);
            port.requestNoSenders(inbox);
            assertTrue(MachMessage.tryReceiveFrom(inbox, Duration.ofMillis(50)).isEmpty());
            child.kill();

            assertEquals(new Notification.NoSenders(1), told());
        }
    }

    @Test
    void aRequestThatAKilledServerDidNotReadIsAnsweredByANotice() throws Exception {
        MachMessage.builder().replyOnceTo(inbox).build().sendTo(peer);
        child.kill();

        assertEquals(new Notification.SendOnce(), told());
    }

    @Test
    void aRequestThatAKilledServerHeldIsAnsweredByANotice() throws Exception {
        MachMessage.builder().replyOnceTo(inbox).build().sendTo(peer);
        child.writeLine("");
        child.readLine();
        child.kill();

        assertEquals(new Notification.SendOnce(), told());
    }

    @Test
    void aReceiveRightIsReadInTheProcessItWentTo() throws Exception {
        ReceiveRight port = task.allocatePort();
        try (SendRight right = port.makeSend()) {
            MachMessage.builder().id(77).build().sendTo(right);
            MachMessage.builder().move(port).replyOnceTo(inbox).build().sendTo(peer);
            child.writeLine("");

            assertEquals(77, MachMessage.receiveFrom(inbox).id());
            child.kill();
            while (!right.isDead()) {
                Thread.sleep(1);
            }
        }
    }
}
