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
import io.machframe.core.error.NoReplyException;
import io.machframe.core.error.PortClosedException;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendRight;
import io.machframe.core.port.Task;
import io.machframe.core.testing.EachTask;
import io.machframe.core.testing.RightsLedger;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Requests and the replies to them. */
@Timeout(60)
@ExtendWith(RightsLedger.class)
class RequestPortTest {
    private static CompletableFuture<Void> serve(ReceiveRight server, Server action) {
        return CompletableFuture.runAsync(() -> {
            try (ReceivedMessage request = ReceivedMessage.receiveFrom(server)) {
                action.answer(request);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private interface Server {
        void answer(ReceivedMessage request) throws Exception;
    }

    private static void reply(ReceivedMessage request) throws Exception {
        OutgoingMessage.builder().id(request.id() + 1).build().sendTo(request.takeReplyOnce());
    }

    /** F30, F69 */
    @EachTask
    void aRequestIsAnsweredInOneCall(Task task) throws Exception {
        try (ReceiveRight server = task.allocatePort();
                SendRight toServer = server.makeSend();
                RequestPort client = RequestPort.open(task)) {
            for (int i = 0; i < 20; i++) {
                CompletableFuture<Void> served = serve(server, RequestPortTest::reply);
                try (ReceivedMessage reply =
                        client.request(toServer, OutgoingMessage.builder().id(i))) {
                    assertEquals(i + 1, reply.id());
                }
                served.get();
                served = serve(server, RequestPortTest::reply);
                try (ReceivedMessage reply = client.tryRequest(
                                toServer, OutgoingMessage.builder().id(i), Duration.ofMinutes(1))
                        .orElseThrow()) {
                    assertEquals(i + 1, reply.id());
                }
                served.get();
            }
            assertEquals(1, toServer.references());
        }
    }

    /** F32 */
    @EachTask
    void aRequestThatIsDroppedIsToldAndTheNextOneIsNotConfused(Task task) throws Exception {
        try (ReceiveRight server = task.allocatePort();
                SendRight toServer = server.makeSend();
                RequestPort client = RequestPort.open(task)) {
            for (int i = 0; i < 3; i++) {
                CompletableFuture<Void> served = serve(server, request -> {});
                assertThrows(NoReplyException.class, () -> client.request(toServer, OutgoingMessage.builder()));
                served.get();
                CompletableFuture<Void> answered = serve(server, RequestPortTest::reply);
                client.request(toServer, OutgoingMessage.builder()).close();
                answered.get();
            }
        }
    }

    @EachTask
    void aLateReplyMeetsNobody(Task task) throws Exception {
        try (ReceiveRight server = task.allocatePort();
                SendRight toServer = server.makeSend();
                RequestPort client = RequestPort.open(task)) {
            assertEquals(
                    Optional.empty(),
                    client.tryRequest(toServer, OutgoingMessage.builder().id(5), Duration.ofMillis(5)));
            try (ReceivedMessage late = ReceivedMessage.receiveFrom(server)) {
                assertEquals(DescriptorKind.DEAD, late.replyKind());
            }
            CompletableFuture<Void> served = serve(server, RequestPortTest::reply);
            try (ReceivedMessage reply =
                    client.request(toServer, OutgoingMessage.builder().id(8))) {
                assertEquals(9, reply.id());
            }
            served.get();
        }
    }

    /** F69: what cannot be sent is not waited for, and is whole. */
    @EachTask
    void aFailedSendReceivesNothing(Task task) throws Exception {
        try (ReceiveRight inbox = task.allocatePort();
                SendRight toInbox = inbox.makeSend();
                ReceiveRight full = task.allocatePort(0);
                SendRight toFull = full.makeSend();
                ReceiveRight other = task.allocatePort()) {
            OutgoingMessage.builder().id(1).build().sendTo(toInbox);
            ReceiveRight gone = task.allocatePort();
            try (SendRight dead = gone.makeSend();
                    OutgoingMessage message =
                            OutgoingMessage.builder().makeSend(other).build()) {
                gone.close();
                assertThrows(DeadPortException.class, () -> message.sendAndReceive(dead, inbox));
                MachException late = assertThrows(
                        MachException.class, () -> message.trySendAndReceive(toFull, inbox, Duration.ofMillis(1)));
                assertEquals(KernReturn.MACH_SEND_TIMED_OUT, late.reason().code());
                Thread.currentThread().interrupt();
                assertThrows(InterruptedException.class, () -> message.sendAndReceive(toFull, inbox));
                assertFalse(Thread.interrupted());
                assertEquals(1, message.descriptorCount());
                assertEquals(1, toFull.references());
                try (ReceivedMessage kept = message.sendAndReceive(toInbox, inbox)) {
                    assertEquals(1, kept.id());
                }
                assertThrows(IllegalStateException.class, message::id);
            }
            ReceivedMessage.receiveFrom(inbox).close();
            assertFalse(other.status().hasSendRights());
        }
    }

    @EachTask
    void closingThePortEndsTheWaitForAReply(Task task) throws Exception {
        try (ReceiveRight server = task.allocatePort();
                SendRight toServer = server.makeSend()) {
            ReceiveRight replies = task.allocatePort();
            OutgoingMessage request =
                    OutgoingMessage.builder().replyOnceTo(replies).build();
            CompletableFuture<ReceivedMessage> reply = CompletableFuture.supplyAsync(() -> {
                try {
                    return request.sendAndReceive(toServer, replies);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            await("the message is queued", () -> server.status().messageCount() == 1);
            replies.close();
            Throwable failure = assertThrows(ExecutionException.class, reply::get);
            assertInstanceOf(PortClosedException.class, failure.getCause().getCause());
            ReceivedMessage.receiveFrom(server).close();
        }
    }

    /** F30, F31 */
    @EachTask
    void aReplyRightIsMadeMovedOrCopied(Task task) throws Exception {
        try (ReceiveRight port = task.allocatePort();
                SendRight right = port.makeSend();
                ReceiveRight replies = task.allocatePort();
                SendRight kept = replies.makeSend()) {
            SendRight given = kept.copy();
            OutgoingMessage.builder().moveReply(replies.makeSendOnce()).build().sendTo(right);
            OutgoingMessage.builder().moveReply(given).build().sendTo(right);
            OutgoingMessage.builder().copyReply(kept).build().sendTo(right);
            assertFalse(given.isOpen());
            try (ReceivedMessage message = ReceivedMessage.receiveFrom(port)) {
                OutgoingMessage.builder().id(1).build().sendTo(message.takeReplyOnce());
            }
            for (int id = 2; id <= 3; id++) {
                try (ReceivedMessage message = ReceivedMessage.receiveFrom(port);
                        SendRight reply = message.takeReply()) {
                    OutgoingMessage.builder().id(id).build().sendTo(reply);
                }
            }
            for (int id = 1; id <= 3; id++) {
                try (ReceivedMessage message = ReceivedMessage.receiveFrom(replies)) {
                    assertEquals(id, message.id());
                }
            }
            assertEquals(1, kept.references());
            assertEquals(1, replies.status().makeSendCount());
            try (MessageBuilder builder = OutgoingMessage.builder().copyReply(kept)) {
                assertThrows(IllegalStateException.class, () -> builder.moveReply(kept));
                assertTrue(kept.isOpen());
            }
            assertEquals(1, kept.references());
        }
    }
}
