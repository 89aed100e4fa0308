/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.bootstrap.Bootstrap;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendRight;
import io.machframe.core.port.Task;
import io.machframe.core.testing.ChildProcess;
import io.machframe.core.testing.Eventually;
import io.machframe.core.testing.ProcessResources;
import io.machframe.core.testing.RequiresCapability;
import io.machframe.core.testing.RightsLedger;
import io.machframe.core.testing.TestCapability;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Much of the same, after which everything is as before: rights, descriptors and memory, here and in the other process.
 *
 * <p>{@code -Dmachframe.soak.transfers} says how often a hundred rights go to the other process and back (100 times in
 * the build, 20,000 as a soak); {@code -Dmachframe.soak.messages} how many messages 50 threads send (20,000 in the build,
 * a million as a soak).
 */
@RequiresCapability(TestCapability.LINUX)
@Timeout(value = 3600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@ExtendWith(RightsLedger.class)
class SoakTest {
    private static final int TRANSFERS = Integer.getInteger("machframe.soak.transfers", 100);
    private static final int MESSAGES = Integer.getInteger("machframe.soak.messages", 20_000);
    private static final int THREADS = 50;
    private static final int PORTS = 100;
    private static final Duration LONG = Duration.ofSeconds(60);

    /** What one may have more of in the end than after the first tenth, for buffers that grow and threads that start. */
    private static final long TOLERATED_KIB = 64 * 1024;

    private static final int DONE = 1;

    @Test
    void aHundredRightsThatGoAndComeBackLeaveNothing() throws Exception {
        String name = "soak." + ProcessHandle.current().pid();
        try (ReceiveRight inbox = Bootstrap.checkIn(name);
                ChildProcess child = ChildProcess.start(Mirror.class, name, Integer.toString(TRANSFERS));
                ReceivedMessage hello = ReceivedMessage.receiveFrom(inbox);
                SendRight mirror = hello.takeSendRight(0)) {
            List<ReceiveRight> ports = new ArrayList<>();
            for (int i = 0; i < PORTS; i++) {
                ports.add(Task.self().allocatePort());
            }
            long before = 0;
            for (int i = 0; i < TRANSFERS; i++) {
                if (i == TRANSFERS / 10) {
                    before = ProcessResources.addressSpace();
                }
                MessageBuilder builder = OutgoingMessage.builder().replyOnceTo(inbox);
                for (ReceiveRight port : ports) {
                    builder.makeSend(port);
                }
                builder.build().sendTo(mirror);
                try (ReceivedMessage back = ReceivedMessage.receiveFrom(inbox)) {
                    assertEquals(PORTS, back.descriptorCount());
                }
            }
            assertTrue(ProcessResources.addressSpace() <= before + TOLERATED_KIB);
            for (ReceiveRight port : ports) {
                Eventually.await(
                        "its last right is closed", () -> !port.status().hasSendRights());
                assertEquals(TRANSFERS, port.status().makeSendCount());
                port.close();
            }
            assertEquals("as before", child.readLine());
            assertEquals(0, child.waitFor());
        }
    }

    @Test
    void messagesOfFiftyThreadsLeaveNothing() throws Exception {
        try (ReceiveRight port = Task.self().allocatePort(100);
                SendRight right = port.makeSend()) {
            List<CompletableFuture<Void>> senders = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                int sender = i;
                senders.add(CompletableFuture.runAsync(
                        () -> send(right, sender, MESSAGES / THREADS), task -> new Thread(task).start()));
            }
            int[] next = new int[THREADS];
            long before = 0;
            for (int i = 0; i < MESSAGES / THREADS * THREADS; i++) {
                if (i == MESSAGES / 10) {
                    before = ProcessResources.addressSpace();
                }
                try (ReceivedMessage message = ReceivedMessage.receiveFrom(port)) {
                    assertEquals(next[message.id()]++, message.body().getInt());
                }
            }
            assertTrue(ProcessResources.addressSpace() <= before + TOLERATED_KIB);
            for (CompletableFuture<Void> sender : senders) {
                sender.get();
            }
            assertTrue(ReceivedMessage.tryReceiveFrom(port, Duration.ZERO).isEmpty());
            assertEquals(0, port.status().messageCount());
            assertEquals(1, right.references());
        }
    }

    private static void send(SendRight right, int sender, int count) {
        try {
            for (int i = 0; i < count; i++) {
                byte[] number = {(byte) i, (byte) (i >> 8), (byte) (i >> 16), (byte) (i >> 24)};
                OutgoingMessage.builder().id(sender).body(number).build().sendTo(right);
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Sends the rights of each message back with its answer, and says whether it has what it had. */
    static final class Mirror {
        private Mirror() {}

        public static void main(String[] arguments) throws Exception {
            int count = Integer.parseInt(arguments[1]);
            try (ReceiveRight port = Task.self().allocatePort();
                    SendRight server = Bootstrap.lookUp(arguments[0], LONG)) {
                OutgoingMessage.builder().id(DONE).makeSend(port).build().sendTo(server);
                long before = descriptors();
                for (int i = 1; i < count; i++) {
                    answer(port);
                }
                // What another process sent is closed on a thread of its own.
                Eventually.await("all is closed that came", () -> descriptors() == before);
                answer(port);
                System.out.println("as before");
            }
        }

        private static long descriptors() {
            return ProcessResources.descriptors("socket:") + ProcessResources.descriptors("pipe:");
        }

        private static void answer(ReceiveRight port) throws Exception {
            try (ReceivedMessage message = ReceivedMessage.receiveFrom(port)) {
                MessageBuilder builder = OutgoingMessage.builder();
                for (int i = 0; i < message.descriptorCount(); i++) {
                    builder.move(message.takeSendRight(i));
                }
                builder.build().sendTo(message.takeReplyOnce());
            }
        }
    }
}
