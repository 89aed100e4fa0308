/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import static io.machframe.surface.stream.TestFrames.await;
import static io.machframe.surface.stream.TestFrames.next;
import static io.machframe.surface.stream.TestFrames.publish;
import static io.machframe.surface.stream.TestFrames.receive;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.error.MachException;
import io.machframe.surface.format.PixelFormat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What clients get that do not take all frames at once. */
@Timeout(120)
class DeliveryTest {
    private static final FrameFormat FORMAT = FrameFormat.of(16, 16, PixelFormat.BGRA);

    private final String name = "test-" + UUID.randomUUID();
    private FrameServer server;

    @BeforeEach
    void open() throws Exception {
        server = FrameServer.builder(name)
                .format(FORMAT)
                .mayBlock(Duration.ofSeconds(20))
                .open();
    }

    @AfterEach
    void close() {
        server.close();
    }

    private FrameClient connect(Delivery delivery) throws Exception {
        return FrameClient.builder(name).delivery(delivery).connect();
    }

    private void publishUpTo(int count) throws Exception {
        for (int i = 0; i < count; i++) {
            publish(server, i);
        }
    }

    private List<Integer> drain(FrameClient client) throws Exception {
        List<Integer> got = new ArrayList<>();
        boolean more = true;
        while (more) {
            try (Frame frame = client.tryReceive()) {
                more = frame != null;
                if (frame != null) {
                    got.add(TestFrames.pixel(frame));
                    assertEquals(TestFrames.pixel(frame), frame.sequence());
                }
            }
        }
        requireCounted(client, server.statistics().clients().get(0));
        return got;
    }

    /** G.4 49: each frame since the client connected was delivered, replaced or dropped. */
    private void requireCounted(FrameClient client, StreamClient seen) {
        assertEquals(
                server.statistics().published(), seen.delivered() + seen.replaced() + seen.dropped() + seen.waiting());
        assertEquals(client.statistics().received(), seen.delivered());
    }

    /** G.4 36. */
    @Test
    void latestGivesTheNewestAndReplacesTheOthers() throws Exception {
        try (FrameClient client = connect(Delivery.latest())) {
            publishUpTo(5);
            assertEquals(4, server.statistics().clients().get(0).replaced());
            assertEquals(List.of(4), drain(client));
            ClientStatistics figures = client.statistics();
            Latency latency = figures.latency();
            assertEquals(new ClientStatistics(1, 1, 4, 0, 1, 0, figures.framesPerSecond(), latency), figures);
            assertEquals(1, latency.count());
            assertTrue(latency.medianNanos() > 0 && latency.maxNanos() == latency.medianNanos(), latency.toString());
        }
    }

    /** G.4 37. */
    @Test
    void aQueueThatDropsTheOldestGivesTheLast() throws Exception {
        try (FrameClient client = connect(Delivery.queue(3))) {
            publishUpTo(5);
            assertEquals(List.of(2, 3, 4), drain(client));
            publish(server, 5);
            assertEquals(List.of(5), drain(client));
            assertEquals(2, client.statistics().skipped());
        }
    }

    /** G.4 37. */
    @Test
    void aQueueThatDropsTheNewestGivesTheFirst() throws Exception {
        try (FrameClient client = connect(Delivery.queue(3).dropNewest())) {
            publishUpTo(5);
            assertEquals(2, server.statistics().clients().get(0).dropped());
            assertEquals(List.of(0, 1, 2), drain(client));
            publish(server, 5);
            assertEquals(List.of(5), drain(client));
        }
    }

    /** G.4 38. */
    @Test
    void aQueueThatBlocksHoldsThePublisherUpAndThenDrops() throws Exception {
        try (FrameClient client = connect(Delivery.queue(3).block(Duration.ofMillis(50)))) {
            publishUpTo(3);
            long start = System.nanoTime();
            publish(server, 3);
            assertTrue(System.nanoTime() - start >= Duration.ofMillis(50).toNanos());
            assertEquals(1, server.statistics().clients().get(0).dropped());
            assertEquals(List.of(0, 1, 2), drain(client));
        }
    }

    /** G.4 38: it goes on as soon as there is space, and nothing is lost. */
    @Test
    void aPublisherThatIsHeldUpGoesOnWhenThereIsSpace() throws Exception {
        try (FrameClient client = connect(Delivery.queue(2).block(Duration.ofSeconds(20)))) {
            Thread publisher = new Thread(() -> {
                try {
                    publishUpTo(200);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            publisher.start();
            for (int i = 0; i < 200; i++) {
                assertEquals(i, next(client));
            }
            publisher.join();
            assertEquals(0, client.statistics().skipped());
            requireCounted(client, server.statistics().clients().get(0));
        }
    }

    @Test
    void aPublisherThatIsHeldUpLetsOthersInAndGoesOnWhenTheClientLeaves() throws Exception {
        FrameClient blocking = connect(Delivery.queue(1).block(Duration.ofSeconds(20)));
        publish(server, 0);
        Thread publisher = new Thread(() -> {
            try {
                publish(server, 1);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        publisher.start();
        try (FrameClient other = connect(Delivery.latest())) {
            await(() -> server.statistics().published() == 2);
            assertEquals(1, next(other));
            blocking.close();
            publisher.join();
        }
    }

    @Test
    void clientsThatBlockAreRefusedUnlessThePublisherAgrees() throws Exception {
        String strict = name + "-strict";
        try (FrameServer other = FrameServer.open(strict, FORMAT)) {
            Delivery blocking = Delivery.queue(1).block(Duration.ofHours(1));
            String message = assertThrows(
                            MachException.class,
                            () -> FrameClient.builder(strict).delivery(blocking).connect())
                    .getMessage();
            assertTrue(message.contains("does not wait"), message);
            assertTrue(other.statistics().clients().isEmpty());
        }
    }

    /** G.4 39. */
    @Test
    void aClientThatIsDisconnectedGetsWhatWaitsAndTheReason() throws Exception {
        try (FrameClient slow = connect(Delivery.queue(2).disconnect());
                FrameClient good = connect(Delivery.queue(2))) {
            for (int i = 0; i < 5; i++) {
                publish(server, i);
                assertEquals(i, next(good));
            }
            assertEquals(0, next(slow));
            assertEquals(1, next(slow));
            assertNull(slow.receive());
            assertEquals(Optional.of(StreamEnd.TOO_SLOW), slow.end());
            assertEquals(1, server.statistics().clients().size());
            assertEquals(0, good.statistics().skipped());
        }
    }

    /** G.4 40. */
    @Test
    void aClientHoldsNoMoreThanItMay() throws Exception {
        try (FrameClient client = FrameClient.builder(name)
                .delivery(Delivery.queue(5))
                .maxAcquired(2)
                .connect()) {
            publishUpTo(4);
            Frame first = receive(client);
            Frame second = receive(client);
            String message =
                    assertThrows(IllegalStateException.class, client::receive).getMessage();
            assertTrue(message.contains("2 frames"), message);
            first.close();
            assertEquals(2, next(client));
            second.close();
            assertEquals(3, next(client));
            assertEquals(2, client.statistics().mostHeld());
        }
    }

    /** What clients hold stays as it is, and the pool is small again afterwards. */
    @Test
    void framesThatAreHeldAreNotDrawnOver() throws Exception {
        List<FrameClient> clients = new ArrayList<>();
        List<Frame> held = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            clients.add(FrameClient.builder(name).maxAcquired(8).connect());
        }
        int pixel = 0;
        for (int i = 0; i < 8; i++) {
            for (FrameClient client : clients) {
                publish(server, pixel++);
                held.add(receive(client));
            }
        }
        publishUpTo(50);
        for (int i = 0; i < held.size(); i++) {
            assertEquals(i, TestFrames.pixel(held.get(i)));
        }
        ServerStatistics full = server.statistics();
        assertTrue(full.surfaces() <= 80 + 8, full.toString());
        held.forEach(Frame::close);
        publishUpTo(400);
        ServerStatistics free = server.statistics();
        assertTrue(free.surfaces() <= 3, free.toString());
        assertTrue(free.clients().stream().allMatch(client -> client.held() <= 1), free.toString());
        clients.forEach(FrameClient::close);
    }

    @Test
    void badDeliveriesAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> Delivery.queue(0));
        assertThrows(IllegalArgumentException.class, () -> Delivery.queue(65));
        assertThrows(IllegalArgumentException.class, () -> Delivery.queue(1).block(Duration.ofNanos(-1)));
        assertThrows(
                IllegalArgumentException.class, () -> FrameClient.builder(name).maxAcquired(0));
        assertThrows(
                IllegalArgumentException.class, () -> FrameClient.builder(name).maxAcquired(33));
    }
}
