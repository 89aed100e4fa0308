/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.error.PortClosedException;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendRight;
import io.machframe.core.port.Task;
import io.machframe.core.testing.RequiresCapability;
import io.machframe.core.testing.RightsLedger;
import io.machframe.core.testing.TestCapability;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Many threads on one port, and rights that come and go, on this system's ports. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@ExtendWith(RightsLedger.class)
class MessageThreadsTest {
    private static final int SENDERS = 50;
    private static final int MESSAGES = 100;
    private static final int ROUNDS = 500;

    private interface Step {
        void run() throws Exception;
    }

    private static CompletableFuture<Void> inThread(Step step) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread thread = new Thread(() -> complete(done, step));
        thread.start();
        return done;
    }

    private static void complete(CompletableFuture<Void> done, Step step) {
        try {
            step.run();
            done.complete(null);
        } catch (Exception | Error e) {
            done.completeExceptionally(e);
        }
    }

    /** F67 */
    @Test
    void messagesOfFiftyThreadsArriveAllAndEachThreadsInOrder() throws Exception {
        try (ReceiveRight port = Task.self().allocatePort();
                SendRight right = port.makeSend()) {
            List<CompletableFuture<Void>> senders = new ArrayList<>();
            for (int i = 0; i < SENDERS; i++) {
                int sender = i;
                senders.add(inThread(() -> {
                    try (SendRight own = right.copy()) {
                        for (int number = 0; number < MESSAGES; number++) {
                            OutgoingMessage.builder()
                                    .id(sender)
                                    .body(bytes(number))
                                    .build()
                                    .sendTo(own);
                        }
                    }
                }));
            }
            int[] next = new int[SENDERS];
            for (int i = 0; i < SENDERS * MESSAGES; i++) {
                try (ReceivedMessage message = ReceivedMessage.receiveFrom(port)) {
                    assertEquals(next[message.id()]++, message.body().getInt());
                    assertEquals(i, message.sequenceNumber());
                }
            }
            for (CompletableFuture<Void> sender : senders) {
                sender.get();
            }
            assertTrue(ReceivedMessage.tryReceiveFrom(port, Duration.ZERO).isEmpty());
            assertEquals(1, right.references());
            assertEquals(0, port.status().messageCount());
        }
    }

    /** The same with many receivers: each message goes to one of them. */
    @Test
    void eachMessageGoesToOneOfManyReceivers() throws Exception {
        try (ReceiveRight port = Task.self().allocatePort(16);
                SendRight right = port.makeSend()) {
            boolean[] seen = new boolean[2000];
            List<CompletableFuture<Void>> receivers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                receivers.add(inThread(() -> {
                    for (int number = take(port); number >= 0; number = take(port)) {
                        assertFalse(seen[number]);
                        seen[number] = true;
                    }
                }));
            }
            for (int i = 0; i < seen.length; i++) {
                OutgoingMessage.builder().id(i).build().sendTo(right);
            }
            for (int i = 0; i < receivers.size(); i++) {
                OutgoingMessage.builder().id(-1).build().sendTo(right);
            }
            for (CompletableFuture<Void> receiver : receivers) {
                receiver.get();
            }
            for (boolean each : seen) {
                assertTrue(each);
            }
        }
    }

    private static int take(ReceiveRight port) throws Exception {
        try (ReceivedMessage message = ReceivedMessage.receiveFrom(port)) {
            return message.id();
        }
    }

    /** F66: whoever is interrupted all the time still sends each message once and receives each once. */
    @Test
    @RequiresCapability(TestCapability.LINUX)
    void interruptionsLoseNothingAndSendNothingTwice() throws Exception {
        try (ReceiveRight port = Task.self().allocatePort(1);
                SendRight right = port.makeSend();
                ReceiveRight passenger = Task.self().allocatePort()) {
            AtomicBoolean over = new AtomicBoolean();
            Thread[] threads = new Thread[2];
            CompletableFuture<Void> sent = new CompletableFuture<>();
            CompletableFuture<Void> received = new CompletableFuture<>();
            threads[0] = new Thread(() -> complete(sent, () -> sendInterrupted(right, passenger, 10_000)));
            threads[1] = new Thread(() -> complete(received, () -> receiveInterrupted(port, 10_000)));
            CompletableFuture<Void> interrupting = inThread(() -> {
                for (int i = 0; !over.get(); i++) {
                    threads[i % 2].interrupt();
                    Thread.onSpinWait();
                    if (i % 16 == 0) {
                        Thread.sleep(0, 50_000);
                    }
                }
            });
            threads[0].start();
            threads[1].start();
            sent.get();
            received.get();
            over.set(true);
            interrupting.get();
            assertTrue(ReceivedMessage.tryReceiveFrom(port, Duration.ZERO).isEmpty());
            assertFalse(passenger.status().hasSendRights());
            assertEquals(1, right.references());
        }
    }

    private static void sendInterrupted(SendRight right, ReceiveRight passenger, int count) throws Exception {
        for (int i = 0; i < count; i++) {
            OutgoingMessage message =
                    OutgoingMessage.builder().id(i).makeSend(passenger).build();
            boolean done = false;
            while (!done) {
                try {
                    message.sendTo(right);
                    done = true;
                } catch (InterruptedException e) {
                    // The message is whole, and is sent again.
                }
            }
        }
    }

    private static void receiveInterrupted(ReceiveRight port, int count) throws Exception {
        for (int i = 0; i < count; ) {
            try (ReceivedMessage message = ReceivedMessage.receiveFrom(port)) {
                assertEquals(i++, message.id());
                assertEquals(1, message.descriptorCount());
            } catch (InterruptedException e) {
                // Nothing was received; the next call receives it.
            }
        }
    }

    /** Closing at any moment ends the receive in one of the ways that the documentation names. */
    @Test
    void closingARightThatAnotherThreadReceivesWithEndsTheReceive() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            ReceiveRight port = Task.self().allocatePort();
            CompletableFuture<Void> receiving =
                    inThread(() -> ReceivedMessage.receiveFrom(port).close());
            if (round % 3 == 0) {
                Thread.sleep(0, round * 1000);
            }
            port.close();
            Throwable end =
                    assertThrows(ExecutionException.class, receiving::get).getCause();
            assertTrue(end instanceof PortClosedException || end instanceof IllegalStateException, end::toString);
        }
    }

    @Test
    void portsThatComeAndGoLeaveNothing() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            try (ReceiveRight port = Task.self().allocatePort();
                    SendRight right = port.makeSend();
                    ReceiveRight other = Task.self().allocatePort()) {
                OutgoingMessage.builder()
                        .makeSend(other)
                        .makeSendOnce(other)
                        .copy(right)
                        .replyOnceTo(other)
                        .body(new byte[round])
                        .build()
                        .sendTo(right);
                if (round % 2 == 0) {
                    ReceivedMessage.receiveFrom(port).close();
                    assertFalse(other.status().hasSendRights());
                }
            }
        }
    }

    @Test
    void sendsThatTimeOutLeaveNothing() throws Exception {
        try (ReceiveRight port = Task.self().allocatePort(0);
                SendRight right = port.makeSend();
                ReceiveRight other = Task.self().allocatePort()) {
            for (int round = 0; round < ROUNDS; round++) {
                try (OutgoingMessage message = OutgoingMessage.builder()
                        .makeSend(other)
                        .replyOnceTo(other)
                        .build()) {
                    assertFalse(message.trySendTo(right, Duration.ZERO));
                    assertFalse(message.trySendTo(right, Duration.ZERO));
                }
            }
            assertEquals(1, right.references());
            assertFalse(other.status().hasSendRights());
        }
    }

    /** F116 */
    @Test
    void twentyThousandTransfersOfRightsLeaveNothing() throws Exception {
        try (ReceiveRight port = Task.self().allocatePort(100);
                SendRight right = port.makeSend()) {
            List<ReceiveRight> ports = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                ports.add(Task.self().allocatePort());
            }
            for (int i = 0; i < 20_000; i += 10) {
                MessageBuilder builder = OutgoingMessage.builder();
                for (int j = 0; j < 10; j++) {
                    builder.makeSend(ports.get((i + j) % 100));
                }
                builder.build().sendTo(right);
                ReceivedMessage.receiveFrom(port).close();
            }
            for (ReceiveRight each : ports) {
                assertFalse(each.status().hasSendRights());
                assertEquals(200, each.status().makeSendCount());
                each.close();
            }
        }
    }

    private static ByteBuffer bytes(int number) {
        return ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(number)
                .flip();
    }
}
