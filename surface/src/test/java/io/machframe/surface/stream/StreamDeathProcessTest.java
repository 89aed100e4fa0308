/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.error.DeadPortException;
import io.machframe.core.error.MachException;
import io.machframe.core.error.UnknownServiceException;
import io.machframe.core.testing.ProcessResources;
import io.machframe.surface.format.PixelFormat;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * Processes that are killed and stopped at random moments: the others go on or are told, and nothing is left. More
 * rounds by {@code -Dmachframe.death.rounds}.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "counts what Linux keeps")
@Timeout(1200)
final class StreamDeathProcessTest {
    private static final int ROUNDS = Integer.getInteger("machframe.death.rounds", 3);
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final FrameFormat FORMAT = FrameFormat.of(641, 359, PixelFormat.NV12_VIDEO);

    private final String name = "test-" + UUID.randomUUID();
    private final Random random = new Random();
    private final ExecutorService others = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        return thread;
    });

    @Test
    void clientsAreToldOfAKilledPublisherAndItsNameIsFreeAtOnce() throws Exception {
        try (StreamPeer survivor = StreamPeer.start()) {
            String resources = "";
            long descriptors = 0;
            for (int round = 0; round <= ROUNDS; round++) {
                try (StreamPeer publisher = StreamPeer.start()) {
                    assertEquals("done", publisher.open(name, FORMAT));
                    assertEquals("done", survivor.ask("connect " + name));
                    assertEquals("done", publisher.ask("stream"));
                    FrameClient client = FrameClient.connect(name); // now, or it would find who is next
                    Future<String> own = others.submit(() -> receiveAll(client));
                    survivor.send("drain");
                    Thread.sleep(random.nextInt(100));
                    publisher.kill();
                    restart();
                    assertEquals("PRODUCER_LOST", own.get());
                    assertEquals("PRODUCER_LOST", survivor.answer());
                    assertEquals("done", survivor.ask("leave"));
                }
                if (round == 0) {
                    resources = survivor.ask("resources");
                    descriptors = SharedDescriptors.count();
                }
            }
            assertEquals(resources, survivor.ask("resources"));
            SharedDescriptors.requireAtMost(descriptors);
            assertEquals(0, ProcessResources.mappings("machframe-surface"));
        }
    }

    /** Publishes under the name that was another's a moment ago. */
    private void restart() throws Exception {
        try (FrameServer server = FrameServer.open(name, FORMAT);
                FrameClient client = FrameClient.connect(name)) {
            publish(server, 0);
            requireGood(client);
            assertEquals(
                    1,
                    StreamDirectory.list().stream()
                            .filter(stream -> stream.name().equals(name))
                            .count());
        }
    }

    private static String receiveAll(FrameClient connected) throws Exception {
        try (FrameClient client = connected) {
            while (true) {
                try (Frame frame = client.tryReceive(LONG)) {
                    if (client.end().isPresent()) {
                        return client.end().get().toString();
                    }
                    requireGood(Objects.requireNonNull(frame));
                }
            }
        } catch (DeadPortException e) {
            return "PRODUCER_LOST"; // before it answered with a surface
        }
    }

    /** It is killed while it opens its stream, welcomes clients or has just begun. */
    @Test
    void aPublisherKilledWhileItBeginsLeavesNothing() throws Exception {
        long descriptors = 0;
        for (int round = 0; round <= ROUNDS; round++) {
            try (StreamPeer publisher = StreamPeer.start()) {
                publisher.ask("list"); // now it runs
                Future<String> clients = others.submit(this::connectUntilTold);
                publisher.send("open " + name + " 641 359 420v");
                publisher.send("stream");
                Thread.sleep(random.nextInt(120));
                publisher.kill();
                restart();
                told = true;
                assertEquals("", clients.get());
                told = false;
            }
            if (round == 0) {
                descriptors = SharedDescriptors.count();
            }
        }
        SharedDescriptors.requireAtMost(descriptors);
        assertEquals(0, ProcessResources.mappings("machframe-surface"));
    }

    private volatile boolean told;

    private String connectUntilTold() {
        while (!told) {
            try (FrameClient client = FrameClient.connect(name)) {
                while (!told && client.end().isEmpty()) {
                    Frame frame = client.tryReceive(Duration.ofMillis(20));
                    if (frame != null) {
                        frame.close();
                    }
                }
            } catch (UnknownServiceException | DeadPortException endedOrNotThere) {
                Thread.onSpinWait();
            } catch (IOException | InterruptedException | RuntimeException e) {
                return e.toString();
            }
        }
        return "";
    }

    @Test
    void aKilledClientGivesBackWhatItUsedAndOthersGoOn() throws Exception {
        try (StreamPeer survivor = StreamPeer.start();
                FrameServer server = FrameServer.open(name, FORMAT)) {
            assertEquals("done", survivor.ask("connect " + name));
            Publishing publishing = new Publishing(server);
            Future<Long> published = others.submit(publishing);
            survivor.send("drain");
            long descriptors = 0;
            for (int round = 0; round <= ROUNDS; round++) {
                try (StreamPeer victim = StreamPeer.start()) {
                    victim.send("connect " + name);
                    victim.send("drain");
                    Thread.sleep(random.nextInt(600)); // some are killed before they have begun
                    victim.kill();
                }
                awaitSubscribers(server, 1);
                if (round == 0) {
                    descriptors =
                            SharedDescriptors.count() - server.statistics().surfaces();
                }
            }
            publishing.ended = true;
            assertTrue(published.get() > 0);
            SharedDescriptors.requireAtMost(descriptors + server.statistics().surfaces());
            assertTrue(server.statistics().surfaces() <= 8, server.statistics().toString());
            server.close();
            assertEquals("ENDED", survivor.answer());
            assertEquals("done", survivor.ask("leave"));
        }
        assertEquals(0, ProcessResources.mappings("machframe-surface"));
    }

    private static final class Publishing implements Callable<Long> {
        private final FrameServer server;
        private volatile boolean ended;

        Publishing(FrameServer server) {
            this.server = server;
        }

        @Override
        public Long call() throws Exception {
            long sequence = 0;
            while (!ended) {
                publish(server, sequence++);
            }
            return sequence;
        }
    }

    /** G.4 44: a client that holds all it can is killed, others lose nothing, and the pool gets small again. */
    @Test
    void aKilledClientGivesBackAllThatItHeld() throws Exception {
        int most = 30;
        try (FrameServer server = FrameServer.open(name, FORMAT);
                FrameClient other =
                        FrameClient.builder(name).delivery(Delivery.queue(2)).connect()) {
            int sequence = 0;
            for (int round = 0; round < ROUNDS; round++) {
                long reclaimed = server.statistics().reclaimed();
                try (StreamPeer hoarder = StreamPeer.start()) {
                    assertEquals("done", hoarder.ask("hoard " + name + " " + most));
                    if (round > 0) {
                        hoarder.ask("take"); // the newest, at once
                    }
                    for (int i = round > 0 ? 1 : 0; i < most; i++) {
                        publish(server, sequence);
                        assertEquals("took " + sequence, hoarder.ask("take"));
                        assertEquals(sequence++, requireGood(other));
                    }
                    assertTrue(server.statistics().surfaces() >= most);
                    hoarder.kill();
                }
                awaitSubscribers(server, 1);
                assertEquals(reclaimed + most, server.statistics().reclaimed());
            }
            for (int i = 0; i < 200; i++) {
                publish(server, sequence);
                assertEquals(sequence++, requireGood(other));
            }
            assertTrue(server.statistics().surfaces() <= 4, server.statistics().toString());
            assertEquals(0, other.statistics().skipped());
        }
    }

    @Test
    void aStoppedClientHoldsUpNobodyAndGoesOnLater() throws Exception {
        try (FrameServer server = FrameServer.open(name, FORMAT);
                FrameClient other = FrameClient.connect(name);
                StreamPeer stopped = StreamPeer.start()) {
            assertEquals("done", stopped.ask("connect " + name));
            publish(server, 0);
            assertEquals("took 0", stopped.ask("take"));
            requireGood(other);
            stopped.signal("STOP");
            for (int i = 1; i < 200; i++) {
                publish(server, i);
                assertEquals(i, requireGood(other));
            }
            assertTrue(server.statistics().surfaces() <= 5, server.statistics().toString());
            stopped.signal("CONT");
            assertEquals("good", stopped.ask("look"));
            assertEquals("done", stopped.ask("release"));
            assertEquals("took 199", stopped.ask("take"));
            assertEquals("good", stopped.ask("look"));
        }
    }

    @Test
    void aStoppedPublisherIsAnErrorInBoundedTimeAndServesLater() throws Exception {
        try (StreamPeer stopped = StreamPeer.start()) {
            assertEquals("done", stopped.open(name, FORMAT));
            assertEquals("done", stopped.ask("publish 1"));
            try (FrameClient client = FrameClient.connect(name)) {
                requireGood(client);
                stopped.signal("STOP");
                long descriptors = SharedDescriptors.count();
                for (int i = 0; i < 10; i++) { // soon its queue is full
                    MachException refused = assertThrows(MachException.class, () -> FrameClient.builder(name)
                            .timeout(Duration.ofMillis(30))
                            .connect());
                    assertTrue(refused.getMessage().contains("does not answer"), refused.getMessage());
                }
                assertNull(client.tryReceive(Duration.ofMillis(300)));
                SharedDescriptors.requireAtMost(descriptors);
                stopped.signal("CONT");
                assertEquals("done", stopped.ask("publish 1"));
                requireGood(client);
                try (FrameClient late = FrameClient.connect(name)) {
                    requireGood(late);
                }
            }
        }
    }

    private static void awaitSubscribers(FrameServer server, int count) throws InterruptedException {
        while (TestFrames.clients(server) != count) {
            Thread.sleep(10);
        }
    }

    private static void publish(FrameServer server, long sequence) throws Exception {
        try (FrameDraft draft = Objects.requireNonNull(server.tryAcquire(LONG))) {
            FramePattern.draw(draft.surface(), sequence);
            draft.publish(sequence);
        }
    }

    private static long requireGood(FrameClient client) throws Exception {
        try (Frame frame = TestFrames.receive(client)) {
            return requireGood(frame);
        }
    }

    private static long requireGood(Frame frame) {
        assertEquals("", FramePattern.problem(frame.surface(), frame.sequence()));
        return frame.sequence();
    }
}
