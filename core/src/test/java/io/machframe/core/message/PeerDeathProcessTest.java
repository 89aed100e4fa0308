/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.message;

import static io.machframe.core.testing.Eventually.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.bootstrap.Bootstrap;
import io.machframe.core.error.DeadPortException;
import io.machframe.core.error.MachException;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendRight;
import io.machframe.core.port.Task;
import io.machframe.core.testing.ChildProcess;
import io.machframe.core.testing.RequiresCapability;
import io.machframe.core.testing.RightsLedger;
import io.machframe.core.testing.TestCapability;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * On Linux: a peer killed by SIGKILL while it waits for a message, waits for room, holds a request unanswered and messages unread,
 * and sends rights as fast as it can. {@code -Dmachframe.death.rounds} says how often.
 */
@RequiresCapability(TestCapability.LINUX)
@Timeout(value = 1200, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@ExtendWith(RightsLedger.class)
class PeerDeathProcessTest {
    private static final int ROUNDS = Integer.getInteger("machframe.death.rounds", 30);
    private static final int BLOCK = 1;
    private static final int STORM = 2;
    private static final int REQUEST = 3;

    private final Random random = new Random(9);

    @Test
    void aKilledPeerLeavesEverythingAsItShallBe() throws Exception {
        String name = "death." + ProcessHandle.current().pid();
        try (ReceiveRight inbox = Bootstrap.checkIn(name)) {
            ChildProcess next = ChildProcess.start(Peer.class, name);
            for (int round = 0; round < ROUNDS; round++) {
                try (ChildProcess child = next;
                        ReceivedMessage hello = ReceivedMessage.receiveFrom(inbox)) {
                    assertEquals(child.pid(), hello.sender().pid());
                    if (round + 1 < ROUNDS) {
                        next = ChildProcess.start(Peer.class, name);
                    }
                    try (Round each = new Round(hello)) {
                        each.begin();
                        Thread.sleep(random.nextInt(20));
                        child.kill();
                        each.check();
                    }
                }
            }
        }
    }

    /** What is between this process and one child. */
    private static final class Round implements AutoCloseable {
        private final SendRight toListener;
        private final SendRight toFull;
        private final SendRight toUnread;

        /** A port whose rights lie unread with the child, and those it waits to send to, floods, and shall answer. */
        private final ReceiveRight held = Task.self().allocatePort();

        private final ReceiveRight full = Task.self().allocatePort(1);
        private final ReceiveRight stormed = Task.self().allocatePort();
        private final ReceiveRight replies = Task.self().allocatePort();
        private CompletableFuture<Void> blockedSend = new CompletableFuture<>();
        private CompletableFuture<Integer> storm = new CompletableFuture<>();

        Round(ReceivedMessage hello) throws Exception {
            toListener = hello.takeSendRight(0);
            toFull = hello.takeSendRight(1);
            toUnread = hello.takeSendRight(2);
        }

        void begin() throws Exception {
            OutgoingMessage.builder()
                    .makeSend(held)
                    .makeSendOnce(held)
                    .replyTo(held)
                    .build()
                    .sendTo(toUnread);
            try (SendRight own = full.makeSend()) {
                OutgoingMessage.builder().id(77).build().sendTo(own);
            }
            OutgoingMessage.builder().id(BLOCK).makeSend(full).build().sendTo(toListener);
            OutgoingMessage.builder().id(REQUEST).replyTo(replies).build().sendTo(toListener);
            OutgoingMessage.builder().build().sendTo(toFull);
            blockedSend =
                    async(() -> OutgoingMessage.builder().makeSend(held).build().sendTo(toFull));
            CompletableFuture<Void> taking = new CompletableFuture<>();
            storm = CompletableFuture.supplyAsync(() -> weather(taking));
            OutgoingMessage.builder().id(STORM).makeSend(stormed).build().sendTo(toListener);
            taking.get();
            await("the send waits", Round::isSendWaiting);
        }

        private static boolean isSendWaiting() {
            return Thread.getAllStackTraces().values().stream()
                    .flatMap(Arrays::stream)
                    .anyMatch(frame -> frame.getMethodName().equals("awaitCredit"));
        }

        /** Takes what the child sends until it is gone and everything is taken. */
        private int weather(CompletableFuture<Void> taking) {
            int count = 0;
            try {
                while (stormed.status().messageCount() > 0 || stormed.status().hasSendRights() || !taking.isDone()) {
                    ReceivedMessage message = ReceivedMessage.tryReceiveFrom(stormed, Duration.ofMillis(1))
                            .orElse(null);
                    if (message != null) {
                        message.close();
                        count++;
                        taking.complete(null);
                    }
                }
                return count;
            } catch (Exception e) {
                taking.completeExceptionally(e);
                throw new IllegalStateException(e);
            }
        }

        void check() throws Exception {
            for (SendRight right : new SendRight[] {toListener, toFull, toUnread}) {
                assertTrue(right.isDead());
                assertThrows(
                        DeadPortException.class,
                        () -> OutgoingMessage.builder().build().sendTo(right));
            }
            blockedSend.get(); // as XNU does it: it waited, so it succeeds
            assertTrue(storm.get() > 0);
            try (ReceivedMessage only = ReceivedMessage.receiveFrom(full)) {
                assertEquals(77, only.id());
            }
            try (ReceivedMessage lost = ReceivedMessage.receiveFrom(held)) {
                assertEquals(Optional.of(new Notification.SendOnce()), lost.takeNotification());
            }
            // The kernel drops what was in flight soon, not at once.
            for (ReceiveRight port : new ReceiveRight[] {held, full, stormed, replies}) {
                await("no sender is left", () -> !hasSenders(port));
            }
            for (ReceiveRight port : new ReceiveRight[] {full, stormed, held, replies}) {
                assertTrue(ReceivedMessage.tryReceiveFrom(port, Duration.ZERO).isEmpty());
                await("the queue takes its limit", () -> takesItsLimit(port));
            }
        }

        private static boolean hasSenders(ReceiveRight port) {
            try {
                return port.status().hasSendRights();
            } catch (MachException e) {
                throw new IllegalStateException(e);
            }
        }

        /** Returns whether a queue takes as many messages as its limit says; it must never take more. */
        private static boolean takesItsLimit(ReceiveRight port) {
            try (SendRight own = port.makeSend();
                    OutgoingMessage extra = OutgoingMessage.builder().build()) {
                int taken = 0;
                while (taken < port.queueLimit()
                        && OutgoingMessage.builder().build().trySendTo(own, Duration.ZERO)) {
                    taken++;
                }
                boolean exact = taken == port.queueLimit();
                if (exact) {
                    assertFalse(extra.trySendTo(own, Duration.ZERO));
                }
                for (int i = 0; i < taken; i++) {
                    ReceivedMessage.receiveFrom(port).close();
                }
                ReceivedMessage.tryReceiveFrom(port, Duration.ZERO);
                return exact;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void close() {
            toListener.close();
            toFull.close();
            toUnread.close();
            held.close();
            full.close();
            stormed.close();
            replies.close();
        }
    }

    private interface Step {
        void run() throws Exception;
    }

    private static CompletableFuture<Void> async(Step step) {
        return CompletableFuture.runAsync(() -> {
            try {
                step.run();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    /** Tells its rights to the port of a name, and does what it is told until it is killed. */
    static final class Peer {
        private Peer() {}

        public static void main(String[] arguments) throws Exception {
            ReceiveRight listener = Task.self().allocatePort();
            ReceiveRight full = Task.self().allocatePort(1);
            ReceiveRight unread = Task.self().allocatePort();
            SendRight server = Bootstrap.lookUp(arguments[0], Duration.ofSeconds(60));
            OutgoingMessage.builder()
                    .makeSend(listener)
                    .makeSend(full)
                    .makeSend(unread)
                    .build()
                    .sendTo(server);
            ReceivedMessage held = null;
            while (true) {
                ReceivedMessage message = ReceivedMessage.receiveFrom(listener);
                switch (message.id()) {
                    case BLOCK ->
                        start(
                                message,
                                right -> OutgoingMessage.builder().id(1).build().sendTo(right));
                    case STORM ->
                        start(message, right -> {
                            while (true) {
                                OutgoingMessage.builder()
                                        .makeSend(listener)
                                        .makeSendOnce(full)
                                        .build()
                                        .sendTo(right);
                            }
                        });
                    default -> held = message;
                }
                if (held != null && !held.sender().toString().isEmpty()) {
                    held.id(); // it is held, not answered
                }
            }
        }

        private interface Use {
            void of(SendRight right) throws Exception;
        }

        private static void start(ReceivedMessage message, Use use) throws Exception {
            SendRight right = message.takeSendRight(0);
            message.close();
            Thread thread = new Thread(() -> {
                try {
                    use.of(right);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            thread.start();
        }
    }
}
