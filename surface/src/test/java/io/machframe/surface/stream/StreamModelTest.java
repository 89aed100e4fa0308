/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.surface.format.PixelFormat;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A server and its clients through random histories, each step compared with a model of a few lines. {@code
 * -Dmachframe.model.histories} and {@code .seed} ask for more, or for one that failed.
 */
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class StreamModelTest {
    private static final int HISTORIES = Integer.getInteger("machframe.model.histories", 20);
    private static final long SEED = Long.getLong("machframe.model.seed", 1);
    private static final int STEPS = 150;
    private static final int MOST_CLIENTS = 4;
    private static final FrameFormat[] FORMATS = {
        FrameFormat.of(16, 8, PixelFormat.BGRA), FrameFormat.of(32, 8, PixelFormat.BGRA)
    };

    /** What a client must see: the numbers of the frames that wait for it, by the rule of its queue. */
    private static final class Model {
        final FrameClient client;
        final int capacity;
        final Delivery.Overflow overflow;
        final int maxAcquired;
        final Deque<Long> waiting = new ArrayDeque<>();
        final Deque<Frame> held = new ArrayDeque<>();
        final long joined;
        long delivered;
        long replaced;
        long dropped;
        boolean over;

        Model(FrameClient client, int capacity, Delivery.Overflow overflow, int maxAcquired, long joined) {
            this.client = client;
            this.capacity = capacity;
            this.overflow = overflow;
            this.maxAcquired = maxAcquired;
            this.joined = joined;
        }

        void published(long sequence) {
            if (over) {
                return;
            }
            if (waiting.size() < capacity) {
                waiting.add(sequence);
            } else if (overflow == Delivery.Overflow.DROP_OLDEST) {
                waiting.removeFirst();
                waiting.add(sequence);
                replaced++;
            } else {
                dropped++;
                over = overflow == Delivery.Overflow.DISCONNECT;
            }
        }

        void receive() throws Exception {
            if (held.size() == maxAcquired) {
                return;
            }
            Frame frame = client.tryReceive();
            Long expected = waiting.poll();
            if (expected == null) {
                assertNull(frame);
                assertEquals(over, client.end().isPresent());
                return;
            }
            assertEquals(expected, Objects.requireNonNull(frame).sequence());
            delivered++;
            held.add(frame);
            check(frame);
        }

        /** A frame that is held is never drawn over. */
        void check(Frame frame) {
            assertEquals((int) frame.sequence(), TestFrames.pixel(frame));
            assertEquals(frame.sequence(), frame.timestampNanos());
            assertEquals(frame.format().width(), frame.surface().width());
        }

        void compare(ServerStatistics figures, long published) {
            held.forEach(this::check);
            if (over) {
                return;
            }
            StreamClient seen = figures.clients().stream()
                    .filter(each -> each.id() == id)
                    .findFirst()
                    .orElseThrow();
            assertEquals(delivered, seen.delivered());
            assertEquals(replaced, seen.replaced());
            assertEquals(dropped, seen.dropped());
            assertEquals(waiting.size(), seen.waiting());
            assertEquals(waiting.size() + held.size(), seen.held());
            // Every frame since it joined was delivered, replaced or dropped, or waits.
            assertEquals(published - joined, delivered + replaced + dropped + waiting.size());
        }

        int id;

        void close() {
            held.forEach(Frame::close);
            client.close();
        }
    }

    @Test
    void randomHistoriesAreAsTheModelSays() throws Exception {
        for (long seed = SEED; seed < SEED + HISTORIES; seed++) {
            try {
                history(new Random(seed));
            } catch (AssertionError | Exception e) {
                throw new AssertionError("history " + seed + " went wrong", e);
            }
        }
    }

    private static void history(Random random) throws Exception {
        String name = "test-" + UUID.randomUUID();
        List<Model> models = new ArrayList<>();
        long published = 0;
        int lastId = 0;
        try (FrameServer server =
                FrameServer.builder(name).format(FORMATS[0]).pool(1, 4).open()) {
            for (int step = 0; step < STEPS; step++) {
                switch (random.nextInt(10)) {
                    case 0, 1, 2, 3 -> {
                        TestFrames.publish(server, (int) published);
                        for (Model model : models) {
                            model.published(published);
                        }
                        published++;
                    }
                    case 4, 5, 6 -> {
                        if (!models.isEmpty()) {
                            models.get(random.nextInt(models.size())).receive();
                        }
                    }
                    case 7 -> {
                        Model model = models.isEmpty() ? null : models.get(random.nextInt(models.size()));
                        if (model != null && !model.held.isEmpty()) {
                            (random.nextBoolean() ? model.held.removeFirst() : model.held.removeLast()).close();
                        }
                    }
                    case 8 -> {
                        if (models.size() < MOST_CLIENTS) {
                            Model model = join(random, name, published);
                            model.id = ++lastId;
                            models.add(model);
                        } else {
                            Model left = models.remove(random.nextInt(models.size()));
                            left.close();
                        }
                    }
                    default -> {
                        if (random.nextInt(4) == 0) {
                            server.format(FORMATS[random.nextInt(FORMATS.length)]);
                        } else {
                            try (FrameDraft unseen = server.acquire()) {
                                TestFrames.fill(unseen, -1);
                            }
                        }
                    }
                }
                int connected =
                        (int) models.stream().filter(model -> !model.over).count();
                TestFrames.await(() -> TestFrames.clients(server) == connected);
                ServerStatistics figures = server.statistics();
                for (Model model : models) {
                    model.compare(figures, published);
                }
                assertEquals(published, figures.published());
            }
            models.forEach(Model::close);
            models.clear();
            TestFrames.await(() -> TestFrames.clients(server) == 0);
            // Nothing is in use but the newest frame: what is drawn now needs no more than the pool has.
            int before = server.statistics().surfaces();
            TestFrames.publish(server, (int) published);
            assertTrue(server.statistics().surfaces() <= Math.max(before, 2));
        } finally {
            models.forEach(Model::close);
        }
    }

    private static Model join(Random random, String name, long published) throws Exception {
        int capacity = 1 + random.nextInt(4);
        int maxAcquired = 1 + random.nextInt(3);
        Delivery.Queue queue = Delivery.queue(capacity);
        Delivery.Overflow[] rules = {
            Delivery.Overflow.DROP_OLDEST, Delivery.Overflow.DROP_NEWEST, Delivery.Overflow.DISCONNECT
        };
        Delivery.Overflow overflow = rules[random.nextInt(rules.length)];
        Delivery delivery =
                switch (overflow) {
                    case DROP_NEWEST -> queue.dropNewest();
                    case DISCONNECT -> queue.disconnect();
                    default -> capacity == 1 && random.nextBoolean() ? Delivery.latest() : queue.dropOldest();
                };
        FrameClient client = FrameClient.builder(name)
                .delivery(delivery)
                .maxAcquired(maxAcquired)
                .connect();
        Model model = new Model(client, capacity, overflow, maxAcquired, Math.max(0, published - 1));
        if (published > 0) {
            model.waiting.add(published - 1); // the current frame at once
        }
        return model;
    }
}
