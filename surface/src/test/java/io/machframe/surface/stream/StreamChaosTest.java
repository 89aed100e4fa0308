/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.error.DeadPortException;
import io.machframe.core.error.MachException;
import io.machframe.core.error.UnknownServiceException;
import io.machframe.surface.format.PixelFormat;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Issue 6: a producer at 240 frames a second that changes its format and restarts, and clients of every delivery that are
 * slow, keep frames, leave and come back, for 30 seconds. Each frame proves that it is whole. Longer by {@code
 * -Dmachframe.chaos.seconds}.
 */
@Timeout(3600)
final class StreamChaosTest {
    private static final int SECONDS = Integer.getInteger("machframe.chaos.seconds", 30);
    private static final int CLIENTS = 8;
    private static final int MAX_SURFACES = 6;
    private static final int MAX_ACQUIRED = 3;
    private static final int CAPACITY = 4;
    private static final Duration MOST_BLOCKING = Duration.ofMillis(20);
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    /** Rows with and without padding, one plane and two. */
    private static final FrameFormat[] FORMATS = {
        FrameFormat.of(64, 48, PixelFormat.BGRA),
        FrameFormat.of(61, 47, PixelFormat.BGRA),
        FrameFormat.of(96, 64, PixelFormat.NV12_VIDEO)
    };

    private static final Delivery[] DELIVERIES = {
        Delivery.latest(),
        Delivery.queue(CAPACITY),
        Delivery.queue(CAPACITY).dropNewest(),
        Delivery.queue(2).disconnect(),
        Delivery.queue(1).block(MOST_BLOCKING)
    };

    private final String name = "chaos-" + UUID.randomUUID();
    private volatile boolean over;

    @Test
    void everyFrameIsWholeWhateverHappensToTheOthers() throws Exception {
        List<CompletableFuture<Long>> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            Random random = new Random(i);
            clients.add(CompletableFuture.supplyAsync(() -> client(random), task -> new Thread(task).start()));
        }
        try {
            publish(new Random(99));
        } finally {
            over = true;
        }
        long received = 0;
        for (CompletableFuture<Long> client : clients) {
            received += client.get();
        }
        assertTrue(received > 0);
    }

    /** One server after the other, on the same name. */
    private void publish(Random random) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        while (System.nanoTime() - end < 0) {
            long restart = Math.min(end, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(500 + random.nextInt(4000)));
            try (FrameServer server = FrameServer.builder(name)
                    .format(FORMATS[0])
                    .pool(2, MAX_SURFACES)
                    .mayBlock(MOST_BLOCKING)
                    .open()) {
                for (long sequence = 0; System.nanoTime() - restart < 0; sequence++) {
                    if (random.nextInt(50) == 0) {
                        server.format(FORMATS[random.nextInt(FORMATS.length)]);
                    }
                    publishOne(server, sequence, random);
                    LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1) / 240);
                }
                requireInvariants(server);
            }
        }
    }

    private static void publishOne(FrameServer server, long sequence, Random random) throws Exception {
        if (random.nextInt(10) == 0) {
            server.acquire().close();
        }
        try (FrameDraft draft = server.acquire()) {
            FramePattern.draw(draft.surface(), sequence);
            draft.publish(sequence);
        }
    }

    private static void requireInvariants(FrameServer server) {
        ServerStatistics now = server.statistics();
        // Clients bound what is there above the cap, by what each may hold.
        int most = MAX_SURFACES + CLIENTS * (MAX_ACQUIRED + CAPACITY);
        assertTrue(now.mostSurfaces() <= most, now::toString);
        for (StreamClient client : now.clients()) {
            assertTrue(client.held() <= MAX_ACQUIRED + CAPACITY, client::toString);
            assertTrue(client.offered() + client.dropped() <= now.published() + 1, client::toString);
            assertTrue(client.delivered() >= 0, client::toString);
        }
    }

    /** Connects again and again, and returns how many frames it got. */
    private long client(Random random) {
        long received = 0;
        while (!over) {
            Delivery delivery = DELIVERIES[random.nextInt(DELIVERIES.length)];
            try (FrameClient client = FrameClient.builder(name)
                    .delivery(delivery)
                    .maxAcquired(MAX_ACQUIRED)
                    .timeout(TIMEOUT)
                    .connect()) {
                received += visit(client, delivery, random);
            } catch (UnknownServiceException | DeadPortException betweenTwoServers) {
                LockSupport.parkNanos(1_000_000);
            } catch (MachException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        return received;
    }

    private long visit(FrameClient client, Delivery delivery, Random random)
            throws MachException, InterruptedException {
        Deque<Frame> held = new ArrayDeque<>();
        long last = -1;
        int frames = random.nextInt(300);
        int slowness = random.nextInt(3);
        for (int i = 0; i < frames && !over && client.end().isEmpty(); i++) {
            Frame frame = client.tryReceive(Duration.ofMillis(100));
            if (frame == null) {
                continue;
            }
            assertTrue(frame.sequence() > last, "sequences rise");
            last = frame.sequence();
            requireWhole(frame);
            held.addLast(frame);
            if (slowness > 0 && random.nextInt(8) == 0) {
                LockSupport.parkNanos(random.nextInt(slowness * 20_000_000));
            }
            while (held.size() >= MAX_ACQUIRED || (!held.isEmpty() && random.nextBoolean())) {
                try (Frame oldest = held.removeFirst()) {
                    requireWhole(oldest);
                }
            }
        }
        ClientStatistics counts = client.statistics();
        if (last >= 0 && !(delivery instanceof Delivery.Latest) && counts.skipped() == 0) {
            assertTrue(counts.received() <= last + 1, "nothing twice");
        }
        boolean leavesFirst = random.nextBoolean();
        if (leavesFirst) {
            client.close();
        }
        held.forEach(StreamChaosTest::requireWhole); // also after its client, and its server
        held.forEach(Frame::close);
        assertEquals(0, client.statistics().held());
        return counts.received();
    }

    private static void requireWhole(Frame frame) {
        assertEquals(frame.sequence(), frame.timestampNanos());
        assertEquals("", FramePattern.problem(frame.surface(), frame.sequence()));
    }
}
