/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.machframe.surface.format.PixelFormat;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a frame costs, counted. */
@Timeout(120)
class StreamCostTest {
    private static final FrameFormat FORMAT = FrameFormat.of(64, 48, PixelFormat.BGRA);
    private static final int WARM_UP = 20_000;
    private static final int FRAMES = 10_000;

    private final String name = "test-" + UUID.randomUUID();
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** On the thread that publishes and receives; counting itself costs some bytes. */
    @Test
    void aFrameMakesNoGarbageOnEitherSide() throws Exception {
        for (Delivery delivery : new Delivery[] {Delivery.latest(), Delivery.queue(4)}) {
            try (FrameServer server = FrameServer.open(name, FORMAT);
                    FrameClient client =
                            FrameClient.builder(name).delivery(delivery).connect()) {
                pass(server, client, WARM_UP);
                long before = threads.getCurrentThreadAllocatedBytes();
                pass(server, client, FRAMES);
                long allocated = threads.getCurrentThreadAllocatedBytes() - before;
                assertTrue(allocated < FRAMES, () -> allocated + " bytes for " + FRAMES + " frames, " + delivery);
            }
        }
    }

    private static void pass(FrameServer server, FrameClient client, int frames) throws Exception {
        for (int i = 0; i < frames; i++) {
            try (FrameDraft draft = server.acquire()) {
                draft.publish(i);
            }
            try (Frame frame = client.tryReceive()) {
                assertEquals(i, frame == null ? -1 : frame.timestampNanos());
            }
        }
    }

    /** A thread that sleeps for each frame, and one that publishes to a sleeper. */
    @Test
    void aFrameThatWakesAClientMakesNoGarbageOnEitherSide() throws Exception {
        try (FrameServer server = FrameServer.open(name, FORMAT);
                FrameClient client = FrameClient.connect(name)) {
            long[] received = new long[1];
            Thread receiver = new Thread(() -> received[0] = receiveAll(client));
            receiver.start();
            for (int i = 0; i < WARM_UP / 4; i++) {
                publishToSleeper(server);
            }
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < FRAMES / 4; i++) {
                publishToSleeper(server);
            }
            long allocated = threads.getCurrentThreadAllocatedBytes() - before;
            server.close();
            receiver.join();
            assertTrue(allocated < FRAMES / 4, () -> allocated + " bytes published");
            assertTrue(received[0] < FRAMES / 4, () -> received[0] + " bytes received");
        }
    }

    private static void publishToSleeper(FrameServer server) throws Exception {
        try (FrameDraft draft = server.acquire()) {
            draft.publish(0);
        }
        Thread.sleep(0, 50_000);
    }

    /** Returns what was allocated for the last frames. */
    private long receiveAll(FrameClient client) {
        long before = 0;
        try {
            while (true) {
                try (Frame frame = client.receive()) {
                    if (frame == null) {
                        return threads.getCurrentThreadAllocatedBytes() - before;
                    }
                    if (frame.sequence() <= WARM_UP / 4) {
                        before = threads.getCurrentThreadAllocatedBytes();
                    }
                }
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** A receive with a limit makes none either. */
    @Test
    void aReceiveThatTimesOutMakesNoGarbage() throws Exception {
        Duration limit = Duration.ofNanos(1000);
        try (FrameServer server = FrameServer.open(name, FORMAT);
                FrameClient client = FrameClient.connect(name)) {
            for (int i = 0; i < WARM_UP / 4; i++) {
                client.tryReceive(limit);
            }
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < FRAMES / 4; i++) {
                client.tryReceive(limit);
            }
            long allocated = threads.getCurrentThreadAllocatedBytes() - before;
            assertTrue(allocated < FRAMES / 4, () -> allocated + " bytes");
            assertEquals(0, server.statistics().published());
        }
    }
}
