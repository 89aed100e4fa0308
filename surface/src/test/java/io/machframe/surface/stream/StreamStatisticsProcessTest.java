/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.error.MachException;
import io.machframe.core.error.UnknownServiceException;
import io.machframe.core.lifetime.LeakDetector;
import io.machframe.surface.format.PixelFormat;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a server tells any process of its stream. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class StreamStatisticsProcessTest {
    private static final FrameFormat FORMAT = FrameFormat.of(64, 48, PixelFormat.BGRA);

    private final String name = "test-" + UUID.randomUUID();

    @Test
    void anotherProcessTellsHowItsStreamDoes() throws Exception {
        try (StreamPeer publisher = StreamPeer.start();
                StreamPeer client = StreamPeer.start()) {
            assertEquals("done", publisher.open(name, FORMAT));
            assertEquals("done", client.ask("connect " + name));
            assertEquals("done", publisher.ask("publish 1"));
            assertEquals("took 0", client.ask("take"));
            assertEquals("done", publisher.ask("publish 3"));
            assertEquals("took 3", client.ask("take"));
            ServerStatistics figures = StreamDirectory.statistics(name, TestFrames.LONG);
            assertEquals(4, figures.published());
            assertTrue(figures.surfaces() >= 3 && figures.mostSurfaces() >= figures.surfaces(), figures.toString());
            StreamClient seen = figures.clients().get(0);
            assertEquals(client.pid(), seen.pid());
            assertTrue(seen.ready());
            assertEquals(2, seen.delivered());
            assertEquals(2, seen.replaced());
            assertEquals(0, seen.dropped());
            assertEquals(2, seen.held());
            assertEquals(2, seen.latency().count());
            assertTrue(
                    seen.latency().medianNanos() > 0
                            && seen.latency().medianNanos() <= seen.latency().maxNanos(),
                    figures.toString());
            publisher.signal("STOP");
            MachException late =
                    assertThrows(MachException.class, () -> StreamDirectory.statistics(name, Duration.ofMillis(200)));
            assertTrue(late.getMessage().contains("does not answer"), late.getMessage());
            publisher.kill();
            assertThrows(MachException.class, () -> StreamDirectory.statistics(name, TestFrames.LONG));
        }
        assertThrows(UnknownServiceException.class, () -> StreamDirectory.statistics(name, TestFrames.LONG));
    }

    @Test
    void nonsenseInPlaceOfStatisticsIsRefused() throws Exception {
        ClientWishes wishes = new ClientWishes(0.5, 60, 1920, 1080, false, true);
        ServerStatistics sent = new ServerStatistics(
                1, 59.94, 2, 3, 4, 5, List.of(new StreamClient(1, 2, true, 3, 4, 5, 6, 7, 8, Latency.NONE, wishes)));
        ByteBuffer good = StatisticsBody.write(sent);
        assertEquals(sent, StatisticsBody.read(good));
        for (int size = 0; size < good.remaining(); size++) {
            ByteBuffer cut = good.slice(0, size);
            assertThrows(MachException.class, () -> StatisticsBody.read(cut));
        }
        for (int count : new int[] {-1, 2, 257, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            ByteBuffer lies = StatisticsBody.write(sent).order(ByteOrder.LITTLE_ENDIAN);
            lies.putInt(40, count);
            assertThrows(MachException.class, () -> StatisticsBody.read(lies), "count " + count);
        }
    }

    @Test
    void theRateIsThatOfTheLastSecond() {
        FrameRate rate = new FrameRate();
        assertEquals(0, rate.perSecond(0));
        long frame = 20_000_000;
        for (int i = 0; i < 1000; i++) {
            rate.count(i * frame);
        }
        assertEquals(50, rate.perSecond(999 * frame), 0.001);
        assertEquals(0, rate.perSecond(999 * frame + 1_000_000_001));
        for (int i = 0; i < 1000; i++) {
            rate.count(1000 * frame + i * 100_000L);
        }
        assertEquals(10_000, rate.perSecond(1000 * frame + 100_000_000), 0.001);
    }

    /** The collector finds it; its surface goes back into the pool, and the report says which stream it is of. */
    @Test
    void aForgottenDraftIsGivenBackCountedAndReported() throws Exception {
        try (FrameServer server =
                FrameServer.builder(name).format(FORMAT).pool(1, 2).open()) {
            long before = LeakDetector.leaked();
            forget(server);
            forget(server);
            TestFrames.await(() -> {
                System.gc();
                return server.statistics().forgottenDrafts() == 2;
            });
            assertEquals(2, server.statistics().surfaces());
            assertTrue(LeakDetector.leaked() >= before + 2);
            try (FrameDraft one = server.tryAcquire();
                    FrameDraft two = server.tryAcquire()) {
                assertTrue(one != null && two != null);
            }
        }
    }

    private static void forget(FrameServer server) throws Exception {
        server.acquire().lock().close();
    }
}
