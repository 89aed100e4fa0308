/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.message;

import static io.machframe.core.testing.Eventually.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.bootstrap.Bootstrap;
import io.machframe.core.error.DeadPortException;
import io.machframe.core.error.ServiceActiveException;
import io.machframe.core.error.UnknownServiceException;
import io.machframe.core.port.MessageSource;
import io.machframe.core.port.PortSet;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendRight;
import io.machframe.core.port.Task;
import io.machframe.core.testing.ChildProcess;
import io.machframe.core.testing.RequiresCapability;
import io.machframe.core.testing.RightsLedger;
import io.machframe.core.testing.TestCapability;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * On Linux: a peer killed by SIGKILL while it holds receive rights, also one it would have to give back, one that it has
 * not received and one that is in a set, and the only send and send-once rights; while calls of all kinds wait for it.
 * {@code -Dmachframe.death.rounds} says how often, 30 times in the build.
 */
@RequiresCapability(TestCapability.LINUX)
@Timeout(value = 3600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@ExtendWith(RightsLedger.class)
class DeathOfRightsProcessTest {
    private static final int ROUNDS = Integer.getInteger("machframe.death.rounds", 30);
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int MOVED = 1;
    private static final int WAIT = 2;

    private final Random random = new Random(11);

    @Test
    void whatAKilledPeerHeldEndsOrComesBack() throws Exception {
        String name = "rights." + ProcessHandle.current().pid();
        try (ReceiveRight inbox = Bootstrap.checkIn(name)) {
            ChildProcess next = ChildProcess.start(Holder.class, name, name + ".0");
            for (int round = 0; round < ROUNDS; round++) {
                try (ChildProcess child = next;
                        ReceivedMessage hello = ReceivedMessage.receiveFrom(inbox)) {
                    String service = name + "." + round;
                    if (round + 1 < ROUNDS) {
                        next = ChildProcess.start(Holder.class, name, name + "." + (round + 1));
                    }
                    try (Round each = new Round(hello, service)) {
                        each.begin();
                        Thread.sleep(random.nextInt(20));
                        child.kill();
                        each.check();
                    }
                }
            }
        }
    }

    private interface Body {
        void run() throws Exception;
    }

    /** What is between this process and one child. */
    private static final class Round implements AutoCloseable {
        private final String service;
        private final List<AutoCloseable> open = new ArrayList<>();
        private final SendRight toChild;
        private final SendRight toUnread;
        private final ReceiveRight notices = port(16);
        private final ReceiveRight heirs = port(16);
        private final ReceiveRight replies = port(16);

        /** Its only send right is the child's, and it is in a set. */
        private final ReceiveRight watched = port(16);

        private final ReceiveRight watchedNotices = port(16);
        private final PortSet set = keep(Task.self().allocateSet());
        private final SendRight toMoved;
        private final SendRight toLent;
        private final SendRight toAdrift;
        private final List<CompletableFuture<Void>> calls = new ArrayList<>();

        Round(ReceivedMessage hello, String service) throws Exception {
            this.service = service;
            toChild = keep(hello.takeSendRight(0));
            toUnread = keep(hello.takeSendRight(1));
            ReceiveRight moved = Task.self().allocatePort();
            ReceiveRight lent = Task.self().allocatePort(2);
            ReceiveRight adrift = Task.self().allocatePort();
            toMoved = keep(moved.makeSend());
            toLent = keep(lent.makeSend());
            toAdrift = keep(adrift.makeSend());
            toMoved.requestDeadName(notices);
            lent.requestPortDestroyed(heirs);
            set.add(watched);
            set.add(watchedNotices);
            OutgoingMessage.builder().id(5).build().sendTo(toLent);
            OutgoingMessage.builder().move(adrift).build().sendTo(toUnread);
            OutgoingMessage.builder()
                    .id(MOVED)
                    .move(moved)
                    .move(lent)
                    .makeSend(watched)
                    .replyOnceTo(replies)
                    .build()
                    .sendTo(toChild);
        }

        private ReceiveRight port(int limit) throws Exception {
            return keep(Task.self().allocatePort(limit));
        }

        private <T extends AutoCloseable> T keep(T right) {
            open.add(right);
            return right;
        }

        /** Waits until the child has all that it shall have, and lets calls of all kinds wait for it. */
        void begin() throws Exception {
            try (ReceivedMessage ready = ReceivedMessage.receiveFrom(replies)) {
                assertEquals(MOVED, ready.id());
            }
            watched.requestNoSenders(watchedNotices);
            OutgoingMessage.builder().id(WAIT).replyOnceTo(replies).build().sendTo(toChild);
            call(() -> assertInstanceOf(Notification.NoSenders.class, told(set)));
            call(() -> assertInstanceOf(Notification.SendOnce.class, told(replies)));
            call(() -> assertInstanceOf(Notification.DeadName.class, told(notices)));
            call(this::lookUpUntilItIsGone);
            call(this::sendUntilItIsDead);
            call(this::sendWithTimeOutsUntilItIsDead);
        }

        private void call(Body body) {
            calls.add(CompletableFuture.runAsync(
                    () -> {
                        try {
                            body.run();
                        } catch (Exception e) {
                            throw new IllegalStateException(e);
                        }
                    },
                    task -> new Thread(task).start()));
        }

        private static Notification told(MessageSource port) throws Exception {
            try (ReceivedMessage message = ReceivedMessage.receiveFrom(port)) {
                Notification notification = message.takeNotification().orElseThrow();
                if (notification instanceof Notification.DeadName dead) {
                    dead.right().close();
                }
                return notification;
            }
        }

        private void lookUpUntilItIsGone() throws Exception {
            while (true) {
                try {
                    Bootstrap.lookUp(service, LONG).close();
                } catch (UnknownServiceException gone) {
                    return;
                }
            }
        }

        private void sendUntilItIsDead() throws Exception {
            while (true) {
                try {
                    OutgoingMessage.builder().build().sendTo(toMoved);
                } catch (DeadPortException dead) {
                    return;
                }
            }
        }

        private void sendWithTimeOutsUntilItIsDead() throws Exception {
            while (true) {
                try (OutgoingMessage message = OutgoingMessage.builder().build()) {
                    message.trySendTo(toMoved, Duration.ofMillis(3));
                } catch (DeadPortException dead) {
                    return;
                }
            }
        }

        void check() throws Exception {
            for (CompletableFuture<Void> call : calls) {
                call.get();
            }
            inherit();
            await("the port is dead", toAdrift::isDead);
            takeOverTheName();
            try (ReceivedMessage nothing =
                    ReceivedMessage.tryReceiveFrom(replies, Duration.ZERO).orElse(null)) {
                assertEquals(null, nothing);
            }
        }

        /** The right that was lent comes back with its queue, and works. */
        private void inherit() throws Exception {
            Notification.PortDestroyed back = assertInstanceOf(Notification.PortDestroyed.class, told(heirs));
            try (ReceiveRight lent = back.right()) {
                assertTrue(lent.isToSamePortAs(toLent));
                assertEquals(2, lent.queueLimit());
                try (ReceivedMessage queued = ReceivedMessage.receiveFrom(lent)) {
                    assertEquals(5, queued.id());
                }
                for (int i = 0; i < 5; i++) {
                    OutgoingMessage.builder().id(i).build().sendTo(toLent);
                    try (ReceivedMessage message = ReceivedMessage.receiveFrom(lent)) {
                        assertEquals(i, message.id());
                    }
                }
            }
            assertTrue(toLent.isDead());
        }

        private void takeOverTheName() throws Exception {
            while (true) {
                try {
                    Bootstrap.checkIn(service).close();
                    return;
                } catch (ServiceActiveException stillThere) {
                    Thread.sleep(1);
                }
            }
        }

        @Override
        public void close() throws Exception {
            for (AutoCloseable right : open) {
                right.close();
            }
        }
    }

    /** Takes what it gets, puts one receive right in a set, and waits there. */
    static final class Holder {
        private Holder() {}

        public static void main(String[] arguments) throws Exception {
            ReceiveRight service = Bootstrap.checkIn(arguments[1]);
            ReceiveRight listener = Task.self().allocatePort();
            ReceiveRight unread = Task.self().allocatePort();
            PortSet set = Task.self().allocateSet();
            try (SendRight parent = Bootstrap.lookUp(arguments[0], LONG)) {
                OutgoingMessage.builder()
                        .makeSend(listener)
                        .makeSend(unread)
                        .build()
                        .sendTo(parent);
            }
            ReceivedMessage rights = ReceivedMessage.receiveFrom(listener);
            ReceiveRight moved = rights.takeReceiveRight(0);
            ReceiveRight lent = rights.takeReceiveRight(1);
            SendRight watched = rights.takeSendRight(2);
            set.add(moved);
            OutgoingMessage.builder().id(MOVED).build().sendTo(rights.takeReplyOnce());
            ReceivedMessage unanswered = ReceivedMessage.receiveFrom(listener);
            while (service.isOpen() && lent.isOpen() && watched.isOpen() && unanswered.descriptorCount() == 0) {
                ReceivedMessage.receiveFrom(set).close();
            }
        }
    }
}
