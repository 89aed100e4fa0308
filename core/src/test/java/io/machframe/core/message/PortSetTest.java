/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.message;

import static io.machframe.core.message.TestMessages.receiveInThread;
import static io.machframe.core.message.TestMessages.send;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;
import io.machframe.core.error.PortClosedException;
import io.machframe.core.port.MessageSource;
import io.machframe.core.port.PortSet;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendRight;
import io.machframe.core.port.Task;
import io.machframe.core.testing.EachTask;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Timeout;

/** Ports that are received from together. */
@Timeout(30)
final class PortSetTest {
    /** F94 */
    @EachTask
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
    @EachTask
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

    /** F95, F96, F98 */
    @EachTask
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
    @EachTask
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
    @EachTask
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
}
