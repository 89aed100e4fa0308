/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.message;

import static io.machframe.core.message.TestMessages.next;
import static io.machframe.core.message.TestMessages.send;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.error.DeadPortException;
import io.machframe.core.error.MachException;
import io.machframe.core.internal.PortAccess;
import io.machframe.core.platform.Mach;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendOnceRight;
import io.machframe.core.port.SendRight;
import io.machframe.core.port.Task;
import io.machframe.core.testing.EachTask;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Timeout;

/** What the kernel tells of a port, as a user of this library meets it. */
@Timeout(30)
final class NotificationTest {
    /** F70, F71 */
    @EachTask
    void theDeathOfAPortIsToldOnceWithAReferenceToRelease(Task task) throws Exception {
        try (ReceiveRight inbox = task.allocatePort()) {
            ReceiveRight port = task.allocatePort();
            try (SendRight right = port.makeSend()) {
                right.requestDeadName(inbox);
                port.close();

                Notification told = next(inbox).orElseThrow();
                try (SendRight dead =
                        assertInstanceOf(Notification.DeadName.class, told).right()) {
                    assertEquals(right.name(), dead.name());
                    assertTrue(dead.isDead());
                }
                assertEquals(Optional.empty(), next(inbox));
                assertThrows(MachException.class, () -> right.requestDeadName(inbox));
            }
        }
    }

    @EachTask
    void anUnreadDeathLeavesNothingBehind(Task task) throws Exception {
        try (ReceiveRight inbox = task.allocatePort()) {
            ReceiveRight port = task.allocatePort();
            int name;
            try (SendRight right = port.makeSend()) {
                name = right.name().value();
                right.requestDeadName(inbox);
                port.close();
                ReceivedMessage.receiveFrom(inbox).close();
            }
            assertTrue(PortAccess.get().calls(task).type(name, new int[1]) != 0);
        }
    }

    /** F72, F86 */
    @EachTask
    void theReleaseOfANameIsToldToWhoWaitsForItsDeath(Task task) throws Exception {
        try (ReceiveRight inbox = task.allocatePort();
                ReceiveRight port = task.allocatePort()) {
            SendOnceRight once = port.makeSendOnce();
            once.close();
            SendRight right = port.makeSend();
            right.requestDeadName(inbox);
            right.requestDeadName(inbox).orElseThrow().close();
            assertEquals(Optional.of(new Notification.SendOnce()), next(inbox));
            assertEquals(Optional.of(new Notification.SendOnce()), next(port));
            right.close();
        }
    }

    @EachTask
    void theLastSenderIsToldWhenItsMessagesAreReceived(Task task) throws Exception {
        try (ReceiveRight inbox = task.allocatePort();
                ReceiveRight port = task.allocatePort()) {
            SendRight right = port.makeSend();
            assertEquals(Optional.empty(), port.requestNoSenders(inbox));
            send(right, 1);
            right.close();
            assertEquals(Optional.empty(), next(inbox));
            ReceivedMessage.receiveFrom(port).close();

            assertEquals(Optional.of(new Notification.NoSenders(1)), next(inbox));
        }
    }

    @EachTask
    void roomInAQueueIsTold(Task task) throws Exception {
        try (ReceiveRight inbox = task.allocatePort();
                ReceiveRight port = task.allocatePort(1);
                SendRight right = port.makeSend()) {
            send(right, 1);
            right.requestSendPossible(inbox);
            assertEquals(Optional.empty(), next(inbox));
            ReceivedMessage.receiveFrom(port).close();

            assertEquals(Optional.of(new Notification.SendPossible(right.name())), next(inbox));
        }
    }

    /** F83, F85 */
    @EachTask
    void aRightThatIsGivenUpIsHandedOverWithItsMessages(Task task) throws Exception {
        try (ReceiveRight inbox = task.allocatePort()) {
            ReceiveRight port = task.allocatePort();
            try (SendRight right = port.makeSend()) {
                send(right, 7);
                port.requestPortDestroyed(inbox);
                assertThrows(MachException.class, () -> port.requestPortDestroyed(inbox));
                port.close();
                assertEquals(Optional.of(new Notification.SendOnce()), next(inbox));

                Notification told = next(inbox).orElseThrow();
                try (ReceiveRight heir =
                        assertInstanceOf(Notification.PortDestroyed.class, told).right()) {
                    assertEquals(right.name(), heir.name());
                    assertEquals(7, ReceivedMessage.receiveFrom(heir).id());
                }
                assertThrows(DeadPortException.class, () -> send(right, 8));
            }
        }
    }

    @EachTask
    void aMessageThatOnlyLooksLikeANotificationIsNone(Task task) throws Exception {
        try (ReceiveRight inbox = task.allocatePort()) {
            SendOnceRight once = inbox.makeSendOnce();
            OutgoingMessage.builder()
                    .id(Mach.MACH_NOTIFY_NO_SENDERS)
                    .rawBody(ByteBuffer.allocate(12))
                    .build()
                    .sendTo(once);

            assertEquals(Optional.empty(), next(inbox));
        }
    }

    /** F75, F80: a request is fulfilled at once if there is nobody, once, and can be made again. */
    @EachTask
    void theEndOfTheSendersIsToldOncePerRequest(Task task) throws Exception {
        try (ReceiveRight inbox = task.allocatePort();
                ReceiveRight port = task.allocatePort()) {
            port.requestNoSenders(inbox);
            assertEquals(Optional.of(new Notification.NoSenders(0)), next(inbox));
            for (int made = 1; made <= 3; made++) {
                SendRight right = port.makeSend();
                right.close();
                assertEquals(Optional.empty(), next(inbox));
                port.requestNoSenders(inbox);
                assertEquals(Optional.of(new Notification.NoSenders(made)), next(inbox));
            }
            SendRight right = port.makeSend();
            port.requestNoSenders(inbox);
            port.requestNoSenders(inbox).orElseThrow().close();
            assertEquals(Optional.of(new Notification.SendOnce()), next(inbox));
            right.close();
            assertEquals(Optional.of(new Notification.NoSenders(4)), next(inbox));
            assertEquals(Optional.empty(), next(inbox));
        }
    }

    /** F75: nobody has a right, but one more was to be made than was. */
    @EachTask
    void theEndOfSendersThatAreStillToComeIsNoNews(Task task) throws Exception {
        try (ReceiveRight inbox = task.allocatePort();
                ReceiveRight port = task.allocatePort()) {
            port.makeSend().close();
            port.requestNoSenders(inbox, 2);
            assertEquals(Optional.empty(), next(inbox));
            port.makeSend().close();
            assertEquals(Optional.of(new Notification.NoSenders(2)), next(inbox));
            port.requestNoSenders(inbox, 2);
            assertEquals(Optional.of(new Notification.NoSenders(2)), next(inbox));
        }
    }

    /** F88: a send-once right in a message that nobody reads. */
    @EachTask
    void aSendOnceRightThatIsDroppedWithItsMessageIsToldOnce(Task task) throws Exception {
        try (ReceiveRight inbox = task.allocatePort()) {
            ReceiveRight port = task.allocatePort();
            try (SendRight right = port.makeSend()) {
                OutgoingMessage.builder().makeSendOnce(inbox).build().sendTo(right);
                OutgoingMessage.builder().replyOnceTo(inbox).build().sendTo(right);
                port.close();
            }
            Duration patience = Duration.ofSeconds(20);
            for (int i = 0; i < 2; i++) {
                try (ReceivedMessage told =
                        ReceivedMessage.tryReceiveFrom(inbox, patience).orElseThrow()) {
                    assertEquals(Optional.of(new Notification.SendOnce()), told.takeNotification());
                }
            }
            assertEquals(Optional.empty(), next(inbox));
        }
    }
}
