/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.error.MachException;
import io.machframe.core.error.PortClosedException;
import io.machframe.surface.format.PixelFormat;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that follow a name, whose publishers come and go. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class FollowProcessTest {
    private static final FrameFormat FORMAT = FrameFormat.of(64, 48, PixelFormat.BGRA);

    private final String name = "test-" + UUID.randomUUID();

    @Test
    void itWaitsForTheNameAndComesBackWithIt() throws Exception {
        try (StreamPeer follower = StreamPeer.start();
                StreamPeer second = StreamPeer.start()) {
            assertEquals("done", follower.ask("follow " + name));
            assertEquals("WAITING 0", follower.ask("state"));
            follower.send("next");
            try (StreamPeer first = StreamPeer.start()) {
                assertEquals("done", first.open(name, FORMAT));
                assertEquals("done", first.ask("publish 1"));
                assertEquals("0", follower.answer());
                assertEquals("CONNECTED 1", follower.ask("state"));
                assertEquals("done", first.ask("publish 1"));
                assertEquals("took 1", follower.ask("take"));
                follower.send("next");
                first.kill();
            }
            assertEquals("done", second.open(name, FORMAT));
            assertEquals("done", second.ask("publish 1"));
            assertEquals("0", follower.answer());
            assertEquals("CONNECTED 2", follower.ask("state"));
            assertEquals("good", follower.ask("look")); // at the frame of the one that died
            assertEquals("done", follower.ask("release"));
            follower.send("next");
            assertEquals("done", second.ask("shut"));
            assertEquals("done", second.open(name, FrameFormat.of(32, 32, PixelFormat.BGRA)));
            assertEquals("done", second.ask("publish 1"));
            assertEquals("0", follower.answer());
            assertEquals("CONNECTED 3", follower.ask("state"));
        }
    }

    /** One that restarts as fast as it can, in one process or the next: nobody is left behind. */
    @Test
    void itMissesNoRestart() throws Exception {
        try (StreamPeer follower = StreamPeer.start();
                StreamPeer publisher = StreamPeer.start()) {
            assertEquals("done", follower.ask("follow " + name));
            for (int round = 0; round < 20; round++) {
                follower.send("next");
                assertEquals("done", publisher.open(name, FORMAT));
                assertEquals("done", publisher.ask("publish 1"));
                assertEquals("0", follower.answer(), "round " + round);
                assertEquals("done", publisher.ask("shut"));
            }
        }
    }

    @Test
    void aStoppedPublisherIsConnectedToWhenItGoesOn() throws Exception {
        try (StreamPeer publisher = StreamPeer.start();
                FrameClient client = FrameClient.builder(name)
                        .timeout(Duration.ofMillis(200))
                        .follow()) {
            assertThrows(IllegalStateException.class, client::format);
            assertFalse(client.trySend(new byte[1]));
            assertNull(client.tryReceive());
            assertNull(client.tryReceive(Duration.ofMillis(50)));
            assertEquals(ClientState.WAITING, client.state());
            assertEquals("done", publisher.open(name, FORMAT));
            assertEquals("done", publisher.ask("publish 1"));
            publisher.signal("STOP");
            assertNull(client.tryReceive(Duration.ofMillis(500)));
            assertEquals(ClientState.WAITING, client.state());
            publisher.signal("CONT");
            try (Frame frame = TestFrames.receive(client)) {
                assertEquals(0, frame.sequence());
            }
            assertEquals(FORMAT, client.format());
            assertTrue(client.lastEnd().isEmpty());
            publisher.kill();
            assertNull(client.receive());
            assertEquals(ClientState.WAITING, client.state());
            assertEquals(StreamEnd.PRODUCER_LOST, client.lastEnd().orElseThrow());
            assertTrue(client.end().isEmpty());
            ClientStatistics figures = client.statistics();
            assertEquals(new ClientStatistics(1, 1, 0, 0, 1, 0, figures.framesPerSecond(), figures.latency()), figures);
            assertEquals(1, figures.latency().count());
            assertEquals(FORMAT, client.format());
        }
    }

    @Test
    void aListenerIsToldOfGaps() throws Exception {
        BlockingQueue<String> told = new LinkedBlockingQueue<>();
        try (StreamPeer publisher = StreamPeer.start();
                FrameClient client = FrameClient.builder(name).follow()) {
            client.listen(ForkJoinPool.commonPool(), new FrameListener() {
                @Override
                public void received(Frame frame) {
                    told.add("frame " + frame.sequence());
                }

                @Override
                public void connected() {
                    told.add("connected");
                }

                @Override
                public void waiting() {
                    told.add("waiting");
                }

                @Override
                public void ended(StreamEnd reason) {
                    told.add("ended " + reason);
                }

                @Override
                public void failed(MachException reason) {
                    told.add("failed " + reason.getMessage());
                }
            });
            assertEquals("waiting", next(told));
            for (int round = 0; round < 3; round++) {
                assertEquals("done", publisher.open(name, FORMAT));
                assertEquals("connected", next(told));
                assertEquals("done", publisher.ask("publish 1"));
                assertEquals("frame 0", next(told));
                assertEquals("done", publisher.ask("shut"));
                assertEquals("waiting", next(told));
            }
            assertEquals(3, client.statistics().connections());
        }
    }

    private static String next(BlockingQueue<String> told) throws InterruptedException {
        return Objects.requireNonNull(told.poll(TestFrames.LONG.toSeconds(), TimeUnit.SECONDS), "nothing is told");
    }

    @Test
    void aCloseEndsItsWait() throws Exception {
        FrameClient client = FrameClient.builder(name).follow();
        CompletableFuture<Frame> receiving = CompletableFuture.supplyAsync(() -> {
            try {
                return client.receive();
            } catch (MachException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        Thread.sleep(100);
        client.close();
        ExecutionException ended = assertThrows(
                ExecutionException.class, () -> receiving.get(TestFrames.LONG.toSeconds(), TimeUnit.SECONDS));
        assertEquals(PortClosedException.class, ended.getCause().getCause().getClass());
        assertEquals(ClientState.ENDED, client.state());
        assertThrows(IllegalStateException.class, client::receive);
    }

    /** A publisher that refuses is not asked again and again. */
    @Test
    void aRefusalIsToldOnce() throws Exception {
        try (FrameServer server = FrameServer.open(name, FORMAT);
                FrameClient client = FrameClient.builder(name)
                        .delivery(Delivery.queue(2).block(Duration.ofSeconds(1)))
                        .follow()) {
            MachException refused = assertThrows(MachException.class, client::receive);
            assertTrue(refused.getMessage().contains("does not wait for clients"), refused.getMessage());
            assertNull(client.tryReceive(Duration.ofMillis(100)));
            assertEquals(ClientState.WAITING, client.state());
            assertEquals(0, server.statistics().published());
        }
    }
}
