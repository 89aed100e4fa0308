/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.error.MachException;
import io.machframe.surface.format.PixelFormat;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the two sides say of themselves, and what clients say they can bear. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class FeedbackProcessTest {
    private static final FrameFormat FORMAT = FrameFormat.of(64, 48, PixelFormat.BGRA);

    private final String name = "test-" + UUID.randomUUID();
    private final BlockingQueue<ClientWishes> told = new LinkedBlockingQueue<>();

    private FrameServer open() throws MachException {
        return FrameServer.builder(name)
                .format(FORMAT)
                .device(0x1_0000_00e2L)
                .clients(ForkJoinPool.commonPool(), new ClientListener() {
                    @Override
                    public void wishes(StreamClient client) {
                        told.add(client.wishes());
                    }
                })
                .open();
    }

    private ClientWishes next() throws InterruptedException {
        return Objects.requireNonNull(told.poll(TestFrames.LONG.toSeconds(), TimeUnit.SECONDS), "nothing is told");
    }

    @Test
    void thePublisherSeesWhatAllClientsWantTogether() throws Exception {
        try (FrameServer server = open();
                StreamPeer one = StreamPeer.start();
                StreamPeer two = StreamPeer.start()) {
            assertEquals(AudienceWishes.NONE, server.wishes());
            assertEquals("done", one.ask("connect " + name));
            TestFrames.await(() -> server.wishes().clients() == 1);
            assertEquals(new AudienceWishes(1, 1, 0, 0, 0, 0, 0, false), server.wishes());
            assertEquals("done", two.ask("able " + name + " 226 true BGRA 420v"));
            assertEquals("true", one.ask("tell 0.5 30 1280 720 true false"));
            assertEquals(new ClientWishes(0.5, 30, 1280, 720, true, false), next());
            assertEquals(new AudienceWishes(2, 2, 0, 0.5, 0, 0, 0, true), server.wishes()); // the other has no limit
            assertEquals("true", two.ask("tell 1.25 59.94 640 1080 false true"));
            next();
            assertEquals(new AudienceWishes(2, 1, 1, 1.25, 59.94, 1280, 1080, true), server.wishes());
            assertEquals(
                    1.25,
                    StreamDirectory.statistics(name, TestFrames.LONG)
                            .clients()
                            .get(1)
                            .wishes()
                            .utilisation());
            two.kill();
            TestFrames.await(() -> server.wishes().clients() == 1);
            assertEquals(new AudienceWishes(1, 1, 0, 0.5, 30, 1280, 720, false), server.wishes());
            assertEquals(
                    "ServerCapabilities[device=4294967522, dmaBufs=false, clientsMayWrite=false]", one.ask("server"));
        }
    }

    @Test
    void aFormatThatAClientDoesNotTakeIsSaidAtOnce() throws Exception {
        try (FrameServer server = open();
                StreamPeer client = StreamPeer.start()) {
            String refused = client.ask("able " + name + " 0 false 420v x420");
            assertTrue(refused.contains("are 64x48 BGRA, and the client takes only [420v, x420]"), refused);
            assertEquals("done", client.ask("able " + name + " 0 false BGRA"));
            client.send("drain");
            server.format(FrameFormat.of(32, 32, PixelFormat.BGRA));
            server.format(FrameFormat.of(64, 48, PixelFormat.of("420v")));
            assertEquals("UNSUITABLE", client.answer());
            assertEquals(0, TestFrames.clients(server));
        }
    }

    @Test
    void aClientThatFollowsTellsEachPublisher() throws Exception {
        try (FrameClient client = FrameClient.builder(name).follow()) {
            ClientWishes wishes = ClientWishes.DEFAULT.withMaxFrameRate(15).withOnAir(true);
            assertTrue(client.tryTell(wishes));
            for (int round = 0; round < 2; round++) {
                try (FrameServer server = open()) {
                    TestFrames.publish(server, round);
                    assertEquals(round, TestFrames.next(client));
                    assertEquals(wishes, next());
                    assertEquals(15, server.wishes().maxFrameRate());
                }
                client.receive(); // null, as that is over
            }
        }
    }

    @Test
    void wishesThatMakeNoSenseAreRefused() {
        double[][] wrong = {
            {Double.NaN, 0, 0, 0},
            {-1, 0, 0, 0},
            {Double.POSITIVE_INFINITY, 0, 0, 0},
            {0, -0.1, 0, 0},
            {0, Double.NaN, 0, 0},
            {0, 0, 1, 0},
            {0, 0, 0, 1},
            {0, 0, -1, -1},
            {0, 0, 1 << 17, 1}
        };
        for (double[] each : wrong) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> new ClientWishes(each[0], each[1], (int) each[2], (int) each[3], true, true));
            ByteBuffer body = ByteBuffer.allocate(ClientWishes.SIZE).order(ByteOrder.LITTLE_ENDIAN);
            body.putDouble(each[0]).putDouble(each[1]).putInt((int) each[2]).putInt((int) each[3]);
            assertThrows(MachException.class, () -> ClientWishes.read(body.rewind()));
        }
        ByteBuffer cut = ByteBuffer.allocate(ClientWishes.SIZE - 1);
        assertThrows(MachException.class, () -> ClientWishes.read(cut));
        assertThrows(
                IllegalArgumentException.class,
                () -> new ClientCapabilities(0, false, Collections.nCopies(33, PixelFormat.BGRA)));
    }
}
