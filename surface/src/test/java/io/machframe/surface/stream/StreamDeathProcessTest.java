/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.error.MachException;
import io.machframe.core.error.UnknownServiceException;
import io.machframe.core.testing.ProcessResources;
import io.machframe.surface.IOSurface;
import io.machframe.surface.format.PixelFormat;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
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
                    Future<String> own = others.submit(this::receiveAll);
                    survivor.send("drain");
                    Thread.sleep(random.nextInt(100));
                    publisher.kill();
                    restart();
                    assertEquals("broken off", own.get());
                    assertEquals("broken off", survivor.answer());
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
    private void restart() throws IOException {
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

    private String receiveAll() throws IOException {
        try (FrameClient client = FrameClient.connect(name)) {
            while (true) {
                requireGood(client);
            }
        } catch (StreamEndedException e) {
            return e.wasClosed() ? "closed" : "broken off";
        } catch (UnknownServiceException e) {
            return "broken off"; // before it was looked for
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
                while (!told) {
                    Optional<Frame> frame = client.receive(Duration.ofMillis(20));
                    frame.ifPresent(Frame::close);
                }
            } catch (UnknownServiceException | StreamEndedException endedOrNotThere) {
                Thread.onSpinWait();
            } catch (IOException | RuntimeException e) {
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
            assertEquals("closed", survivor.answer());
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
        public Long call() throws IOException {
            long sequence = 0;
            while (!ended) {
                publish(server, sequence++);
            }
            return sequence;
        }
    }

    /** A client that holds all it can is killed: the publisher, who had none left, goes on. */
    @Test
    void aKilledClientGivesBackAllThePublisherHas() throws Exception {
        Set<IOSurface> surfaces = new HashSet<>();
        try (FrameServer server = FrameServer.open(name, FORMAT)) {
            for (int round = 0; round < ROUNDS; round++) {
                try (StreamPeer hoarder = StreamPeer.start()) {
                    assertEquals("done", hoarder.ask("connect " + name));
                    int sequence = (int) server.statistics().published();
                    for (int i = 0; i < FrameServer.MAX_SURFACES; i++) {
                        surfaces.add(publish(server, sequence + i));
                        assertEquals("took " + (sequence + i), hoarder.ask("take"));
                    }
                    assertEquals(Optional.empty(), server.acquire(Duration.ofMillis(50)));
                    hoarder.kill();
                }
                assertTrue(surfaces.stream().noneMatch(IOSurface::isInUse));
            }
            assertEquals(FrameServer.MAX_SURFACES, surfaces.size());
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
                    MachException refused =
                            assertThrows(MachException.class, () -> FrameClient.connect(name, Duration.ofMillis(30)));
                    assertTrue(refused.getMessage().contains("does not answer"), refused.getMessage());
                }
                assertEquals(Optional.empty(), client.receive(Duration.ofMillis(300)));
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
        while (server.statistics().subscribers() != count) {
            Thread.sleep(10);
        }
    }

    private static IOSurface publish(FrameServer server, long sequence) throws IOException {
        try (FrameDraft draft = server.acquire(LONG).orElseThrow()) {
            FramePattern.draw(draft.surface(), sequence);
            draft.publish(sequence);
            return (IOSurface) draft.surface(); // to ask who uses it
        }
    }

    private static long requireGood(FrameClient client) throws IOException {
        try (Frame frame = client.receive(LONG).orElseThrow()) {
            assertEquals("", FramePattern.problem(frame.surface(), frame.sequence()));
            return frame.sequence();
        }
    }
}
