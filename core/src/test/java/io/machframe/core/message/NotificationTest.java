/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.error.DeadPortException;
import io.machframe.core.error.MachException;
import io.machframe.core.error.PortClosedException;
import io.machframe.core.platform.Mach;
import io.machframe.core.port.PortSet;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendOnceRight;
import io.machframe.core.port.SendRight;
import io.machframe.core.port.Task;
import io.machframe.core.testing.FakeKernel;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Notifications, port sets and receive rights on their way, as a user of this library meets them. */
@Timeout(30)
final class NotificationTest {
    static Stream<Task> tasks() {
        return Stream.of(Task.on(new FakeKernel().newTask()), Task.self());
    }

    private static Optional<Notification> next(ReceiveRight port) throws MachException {
        Optional<MachMessage> message = MachMessage.tryReceiveFrom(port, Duration.ZERO);
        if (message.isEmpty()) {
            return Optional.empty();
        }
        try (MachMessage found = message.get()) {
            return found.takeNotification();
        }
    }

    private static void send(SendRight to, int id) throws MachException {
        try (MachMessage message = MachMessage.builder().id(id).build()) {
            message.sendTo(to);
        }
    }

    @ParameterizedTest
    @MethodSource("tasks")
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

    @ParameterizedTest
    @MethodSource("tasks")
    void anUnreadDeathLeavesNothingBehind(Task task) throws Exception {
        try (ReceiveRight inbox = task.allocatePort()) {
            ReceiveRight port = task.allocatePort();
            int name;
            try (SendRight right = port.makeSend()) {
                name = right.name().value();
                right.requestDeadName(inbox);
                port.close();
                MachMessage.receiveFrom(inbox).close();
            }
            assertTrue(task.calls().type(name, new int[1]) != 0);
        }
    }

    @ParameterizedTest
    @MethodSource("tasks")
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

    @ParameterizedTest
    @MethodSource("tasks")
    void theLastSenderIsToldWhenItsMessagesAreReceived(Task task) throws Exception {
        try (ReceiveRight inbox = task.allocatePort();
                ReceiveRight port = task.allocatePort()) {
            SendRight right = port.makeSend();
            assertEquals(Optional.empty(), port.requestNoSenders(inbox));
            send(right, 1);
            right.close();
            assertEquals(Optional.empty(), next(inbox));
            MachMessage.receiveFrom(port).close();

            assertEquals(Optional.of(new Notification.NoSenders(1)), next(inbox));
        }
    }

    @ParameterizedTest
    @MethodSource("tasks")
    void roomInAQueueIsTold(Task task) throws Exception {
        try (ReceiveRight inbox = task.allocatePort();
                ReceiveRight port = task.allocatePort(1);
                SendRight right = port.makeSend()) {
            send(right, 1);
            right.requestSendPossible(inbox);
            assertEquals(Optional.empty(), next(inbox));
            MachMessage.receiveFrom(port).close();

            assertEquals(Optional.of(new Notification.SendPossible(right.name())), next(inbox));
        }
    }

    @ParameterizedTest
    @MethodSource("tasks")
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
                    assertEquals(7, MachMessage.receiveFrom(heir).id());
                }
                assertThrows(DeadPortException.class, () -> send(right, 8));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("tasks")
    void aMessageThatOnlyLooksLikeANotificationIsNone(Task task) throws Exception {
        try (ReceiveRight inbox = task.allocatePort()) {
            SendOnceRight once = inbox.makeSendOnce();
            MachMessage.builder()
                    .id(Mach.MACH_NOTIFY_NO_SENDERS)
                    .rawBody(ByteBuffer.allocate(12))
                    .build()
                    .sendTo(once);

            assertEquals(Optional.empty(), next(inbox));
        }
    }

    @ParameterizedTest
    @MethodSource("tasks")
    void aReceiveRightTravelsWithItsMessagesAndItsSendersNoticeNothing(Task task) throws Exception {
        try (ReceiveRight inbox = task.allocatePort();
                SendRight way = inbox.makeSend()) {
            ReceiveRight port = task.allocatePort();
            SendOnceRight once = port.makeSendOnce();
            try (SendRight right = port.makeSend()) {
                send(right, 1);
                send(right, 2);
                MachMessage.builder().move(port).build().sendTo(way);
                send(right, 3);
                once.close();
                try (MachMessage message = MachMessage.receiveFrom(inbox);
                        ReceiveRight arrived = message.takeReceiveRight(0)) {
                    for (int id : List.of(1, 2, 3)) {
                        assertEquals(id, MachMessage.receiveFrom(arrived).id());
                    }
                    assertEquals(Optional.of(new Notification.SendOnce()), next(arrived));
                }
                assertTrue(right.isDead());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("tasks")
    void portsThatAreSentIntoEachOtherDie(Task task) throws Exception {
        ReceiveRight first = task.allocatePort();
        ReceiveRight second = task.allocatePort();
        try (SendRight toFirst = first.makeSend();
                SendRight toSecond = second.makeSend()) {
            MachMessage.builder().move(second).build().sendTo(toFirst);
            MachMessage.builder().move(first).build().sendTo(toSecond);

            while (!toFirst.isDead() || !toSecond.isDead()) {
                Thread.sleep(1);
            }
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void moreDescriptorsThanAPacketTakesArriveAllTheSame() throws Exception {
        Task task = Task.self();
        try (ReceiveRight inbox = task.allocatePort();
                SendRight way = inbox.makeSend()) {
            MessageBuilder builder = MachMessage.builder();
            for (int i = 0; i < 100; i++) {
                builder.move(task.allocatePort());
            }
            builder.build().sendTo(way);
            try (MachMessage message = MachMessage.receiveFrom(inbox)) {
                assertEquals(100, message.rightCount());
                assertEquals(RightKind.RECEIVE, message.rightKind(99));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("tasks")
    void aSetGivesEachMemberItsTurnAndTellsWhichItWas(Task task) throws Exception {
        try (ReceiveRight first = task.allocatePort();
                ReceiveRight second = task.allocatePort();
                SendRight toFirst = first.makeSend();
                SendRight toSecond = second.makeSend();
                PortSet set = task.allocateSet()) {
            set.add(first);
            set.add(second);
            assertThrows(MachException.class, () -> set.add(first));
            assertEquals(2, set.members().size());
            send(toFirst, 1);
            send(toFirst, 2);
            send(toSecond, 3);
            send(toSecond, 4);

            for (int id : List.of(1, 3, 2, 4)) {
                MachMessage message = MachMessage.receiveFrom(set);
                assertEquals(id, message.id());
                assertEquals(id < 3 ? first.name() : second.name(), message.port());
            }
            first.close();
            assertEquals(List.of(second.name()), set.members());
            set.remove(second);
            assertEquals(Optional.empty(), MachMessage.tryReceiveFrom(set, Duration.ZERO));
        }
    }

    @ParameterizedTest
    @MethodSource("tasks")
    void closingASetEndsTheWaitAndLeavesTheMembersAsTheyAre(Task task) throws Exception {
        try (ReceiveRight port = task.allocatePort();
                SendRight right = port.makeSend()) {
            PortSet set = task.allocateSet();
            set.add(port);
            CompletableFuture<MachMessage> waiting = new CompletableFuture<>();
            Thread thread = new Thread(() -> {
                try {
                    waiting.complete(MachMessage.receiveFrom(set));
                } catch (MachException e) {
                    waiting.completeExceptionally(e);
                }
            });
            thread.start();
            Thread.sleep(50);
            set.close();

            ExecutionException ended = assertThrows(ExecutionException.class, waiting::get);
            assertInstanceOf(PortClosedException.class, ended.getCause());
            send(right, 5);
            assertEquals(5, MachMessage.receiveFrom(port).id());
        }
    }
}
