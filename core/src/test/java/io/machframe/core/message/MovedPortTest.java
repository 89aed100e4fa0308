/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.message;

import static io.machframe.core.message.TestMessages.next;
import static io.machframe.core.message.TestMessages.receiveInThread;
import static io.machframe.core.message.TestMessages.send;
import static io.machframe.core.testing.Eventually.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.error.PortClosedException;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendOnceRight;
import io.machframe.core.port.SendRight;
import io.machframe.core.port.Task;
import io.machframe.core.testing.EachTask;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Receive rights on their way in messages. */
@Timeout(30)
final class MovedPortTest {
    /** F25 */
    @EachTask
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
    @EachTask
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

    /** A right that is sent to its own port dies with it. */
    @EachTask
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

    /** F29: a thread that waits for a message of a right that goes away is told, and takes none of the new holder's. */
    @EachTask
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
}
