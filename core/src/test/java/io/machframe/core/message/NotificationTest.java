/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.message;

import static io.machframe.core.testing.Eventually.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.error.DeadPortException;
import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;
import io.machframe.core.error.PortClosedException;
import io.machframe.core.internal.PortAccess;
import io.machframe.core.platform.Mach;
import io.machframe.core.port.MessageSource;
import io.machframe.core.port.PortSet;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendOnceRight;
import io.machframe.core.port.SendRight;
import io.machframe.core.port.Task;
import io.machframe.core.testing.FakeKernel;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
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
        return Stream.of(PortAccess.get().taskOn(new FakeKernel().newTask()), Task.self());
    }

    private static Optional<Notification> next(ReceiveRight port) throws Exception {
        Optional<ReceivedMessage> message = ReceivedMessage.tryReceiveFrom(port, Duration.ZERO);
        if (message.isEmpty()) {
            return Optional.empty();
        }
        try (ReceivedMessage found = message.get()) {
            return found.takeNotification();
        }
    }

    private static void send(SendRight to, int id) throws Exception {
        try (OutgoingMessage message = OutgoingMessage.builder().id(id).build()) {
            message.sendTo(to);
        }
    }

    /** F70, F71 */
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
                ReceivedMessage.receiveFrom(inbox).close();
            }
            assertTrue(PortAccess.get().calls(task).type(name, new int[1]) != 0);
        }
    }

    /** F72, F86 */
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
            ReceivedMessage.receiveFrom(port).close();

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
            ReceivedMessage.receiveFrom(port).close();

            assertEquals(Optional.of(new Notification.SendPossible(right.name())), next(inbox));
        }
    }

    /** F83, F85 */
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
                    assertEquals(7, ReceivedMessage.receiveFrom(heir).id());
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
            OutgoingMessage.builder()
                    .id(Mach.MACH_NOTIFY_NO_SENDERS)
                    .rawBody(ByteBuffer.allocate(12))
                    .build()
                    .sendTo(once);

            assertEquals(Optional.empty(), next(inbox));
        }
    }

    /** F25 */
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
                OutgoingMessage.builder().move(port).build().sendTo(way);
                send(right, 3);
                once.close();
                try (ReceivedMessage message = ReceivedMessage.receiveFrom(inbox);
                        ReceiveRight arrived = message.takeReceiveRight(0)) {
                    for (int id : List.of(1, 2, 3)) {
                        assertEquals(id, ReceivedMessage.receiveFrom(arrived).id());
                    }
                    assertEquals(Optional.of(new Notification.SendOnce()), next(arrived));
                }
                assertTrue(right.isDead());
            }
        }
    }

    /** F91 */
    @ParameterizedTest
    @MethodSource("tasks")
    void portsThatAreSentIntoEachOtherDie(Task task) throws Exception {
        ReceiveRight first = task.allocatePort();
        ReceiveRight second = task.allocatePort();
        try (SendRight toFirst = first.makeSend();
                SendRight toSecond = second.makeSend()) {
            OutgoingMessage.builder().move(second).build().sendTo(toFirst);
            OutgoingMessage.builder().move(first).build().sendTo(toSecond);

            await("both ports are dead", () -> toFirst.isDead() && toSecond.isDead());
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void moreDescriptorsThanAPacketTakesArriveAllTheSame() throws Exception {
        Task task = Task.self();
        try (ReceiveRight inbox = task.allocatePort();
                SendRight way = inbox.makeSend()) {
            MessageBuilder builder = OutgoingMessage.builder();
            for (int i = 0; i < 100; i++) {
                builder.move(task.allocatePort());
            }
            builder.build().sendTo(way);
            try (ReceivedMessage message = ReceivedMessage.receiveFrom(inbox)) {
                assertEquals(100, message.descriptorCount());
                assertEquals(DescriptorKind.RECEIVE, message.descriptorKind(99));
            }
        }
    }

    /** F94 */
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
                ReceivedMessage message = ReceivedMessage.receiveFrom(set);
                assertEquals(id, message.id());
                assertEquals(id < 3 ? first.name() : second.name(), message.port());
            }
            first.close();
            assertEquals(List.of(second.name()), set.members());
            set.remove(second);
            assertEquals(Optional.empty(), ReceivedMessage.tryReceiveFrom(set, Duration.ZERO));
        }
    }

    /** F99 */
    @ParameterizedTest
    @MethodSource("tasks")
    void closingASetEndsTheWaitAndLeavesTheMembersAsTheyAre(Task task) throws Exception {
        try (ReceiveRight port = task.allocatePort();
                SendRight right = port.makeSend()) {
            PortSet set = task.allocateSet();
            set.add(port);
            CompletableFuture<ReceivedMessage> waiting = receiveInThread(set);
            Thread.sleep(50);
            set.close();

            ExecutionException ended = assertThrows(ExecutionException.class, waiting::get);
            assertInstanceOf(PortClosedException.class, ended.getCause());
            send(right, 5);
            assertEquals(5, ReceivedMessage.receiveFrom(port).id());
        }
    }

    /** F75, F80: a request is fulfilled at once if there is nobody, once, and can be made again. */
    @ParameterizedTest
    @MethodSource("tasks")
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
    @ParameterizedTest
    @MethodSource("tasks")
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
    @ParameterizedTest
    @MethodSource("tasks")
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

    /** F95, F96, F98 */
    @ParameterizedTest
    @MethodSource("tasks")
    void aPortMayBeInSeveralSetsAndWhatItHadIsReadable(Task task) throws Exception {
        try (ReceiveRight port = task.allocatePort();
                SendRight right = port.makeSend();
                PortSet first = task.allocateSet();
                PortSet second = task.allocateSet();
                PortSet third = task.allocateSet()) {
            assertEquals(Optional.empty(), ReceivedMessage.tryReceiveFrom(first, Duration.ofMillis(2)));
            for (int i = 0; i < 4; i++) {
                send(right, i);
            }
            first.add(port);
            second.add(port);
            assertEquals(
                    KernReturn.KERN_ALREADY_IN_SET,
                    assertThrows(MachException.class, () -> first.add(port))
                            .reason()
                            .code());
            assertEquals(
                    KernReturn.KERN_NOT_IN_SET,
                    assertThrows(MachException.class, () -> third.remove(port))
                            .reason()
                            .code());
            for (MessageSource source : List.of(first, second, port)) {
                try (ReceivedMessage message = ReceivedMessage.receiveFrom(source)) {
                    assertEquals(port.name(), message.port());
                }
            }
            third.takeOver(port);
            assertEquals(List.of(), first.members());
            assertEquals(List.of(), second.members());
            assertEquals(List.of(port.name()), third.members());
            assertEquals(Optional.empty(), ReceivedMessage.tryReceiveFrom(first, Duration.ZERO));
            try (ReceivedMessage message = ReceivedMessage.receiveFrom(third)) {
                assertEquals(3, message.id());
            }
        }
    }

    /** Fairness: however busy one member is, each other one waits for one message of it at most. */
    @ParameterizedTest
    @MethodSource("tasks")
    void aBusyMemberKeepsNoOtherFromItsTurn(Task task) throws Exception {
        List<ReceiveRight> ports = new ArrayList<>();
        List<SendRight> rights = new ArrayList<>();
        try (PortSet set = task.allocateSet()) {
            for (int i = 0; i < 5; i++) {
                ports.add(task.allocatePort(1024));
                rights.add(ports.get(i).makeSend());
                set.add(ports.get(i));
            }
            for (int i = 0; i < 300; i++) {
                send(rights.get(0), 0);
            }
            for (int i = 1; i < 5; i++) {
                for (int j = 0; j < 10; j++) {
                    send(rights.get(i), i);
                }
            }
            int[] got = new int[5];
            for (int i = 0; i < 50; i++) {
                try (ReceivedMessage message = ReceivedMessage.receiveFrom(set)) {
                    got[message.id()]++;
                }
            }
            assertEquals("[10, 10, 10, 10, 10]", Arrays.toString(got));
        } finally {
            rights.forEach(SendRight::close);
            ports.forEach(ReceiveRight::close);
        }
    }

    /** F28, F100: whatever becomes of one member, a thread that waits for all goes on waiting for the others. */
    @ParameterizedTest
    @MethodSource("tasks")
    void aMemberThatLeavesDisturbsNobody(Task task) throws Exception {
        try (ReceiveRight inbox = task.allocatePort();
                SendRight way = inbox.makeSend();
                ReceiveRight stays = task.allocatePort();
                SendRight toStays = stays.makeSend();
                PortSet set = task.allocateSet()) {
            ReceiveRight moved = task.allocatePort();
            ReceiveRight closed = task.allocatePort();
            ReceiveRight removed = task.allocatePort();
            for (ReceiveRight each : List.of(moved, stays, closed, removed)) {
                set.add(each);
            }
            CompletableFuture<ReceivedMessage> waiting = receiveInThread(set);
            SendRight toMoved = moved.makeSend();
            OutgoingMessage.builder().move(moved).build().sendTo(way);
            send(toMoved, 1);
            closed.close();
            set.remove(removed);
            removed.close();
            assertEquals(List.of(stays.name()), set.members());
            assertFalse(waiting.isDone());
            send(toStays, 2);
            try (ReceivedMessage message = waiting.get()) {
                assertEquals(2, message.id());
                assertEquals(stays.name(), message.port());
            }
            try (ReceivedMessage message = ReceivedMessage.receiveFrom(inbox);
                    ReceiveRight arrived = message.takeReceiveRight(0)) {
                assertEquals(1, ReceivedMessage.receiveFrom(arrived).id());
            }
            toMoved.close();
        }
    }

    /** F29: a thread that waits for a message of a right that goes away is told, and takes none of the new holder's. */
    @ParameterizedTest
    @MethodSource("tasks")
    void aThreadThatWaitsForAMovedRightIsTold(Task task) throws Exception {
        try (ReceiveRight inbox = task.allocatePort();
                SendRight way = inbox.makeSend()) {
            for (int i = 0; i < 20; i++) {
                ReceiveRight port = task.allocatePort();
                try (SendRight right = port.makeSend()) {
                    CompletableFuture<ReceivedMessage> waiting = receiveInThread(port);
                    if (i % 2 == 0) {
                        Thread.sleep(2);
                    }
                    OutgoingMessage.builder().move(port).build().sendTo(way);
                    send(right, 6);
                    ExecutionException ended = assertThrows(ExecutionException.class, waiting::get);
                    assertTrue(
                            ended.getCause() instanceof PortClosedException
                                    || ended.getCause() instanceof IllegalStateException,
                            () -> "" + ended.getCause());
                    try (ReceivedMessage message = ReceivedMessage.receiveFrom(inbox);
                            ReceiveRight arrived = message.takeReceiveRight(0)) {
                        assertEquals(6, ReceivedMessage.receiveFrom(arrived).id());
                    }
                }
            }
        }
    }

    /** A right that is sent to its own port dies with it. */
    @ParameterizedTest
    @MethodSource("tasks")
    void aPortThatIsSentToItselfDies(Task task) throws Exception {
        try (ReceiveRight inbox = task.allocatePort()) {
            ReceiveRight port = task.allocatePort();
            try (SendRight right = port.makeSend()) {
                right.requestDeadName(inbox);
                OutgoingMessage.builder().move(port).build().sendTo(right);
                assertTrue(right.isDead());
                try (SendRight dead = assertInstanceOf(
                                Notification.DeadName.class, next(inbox).orElseThrow())
                        .right()) {
                    assertTrue(dead.isDead());
                }
            }
        }
    }

    private static CompletableFuture<ReceivedMessage> receiveInThread(MessageSource source) {
        CompletableFuture<ReceivedMessage> result = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                result.complete(ReceivedMessage.receiveFrom(source));
            } catch (Exception e) {
                result.completeExceptionally(e);
            }
        });
        thread.start();
        return result;
    }
}
