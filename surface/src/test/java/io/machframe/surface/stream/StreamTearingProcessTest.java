/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.testing.ProcessResources;
import io.machframe.surface.format.PixelFormat;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * A publisher that is as fast as it can, a fast and a slow client, and a third that comes and goes, each in its process:
 * no byte of a frame is ever another frame's.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "starts processes that count Linux resources")
@Timeout(240)
final class StreamTearingProcessTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** More for a longer run. */
    private static final int FACTOR = Integer.getInteger("machframe.tearing.factor", 1);

    /** Width, height, and how many frames the fast client looks at. */
    private static final int[][] SHAPES = {
        {1, 1, 400}, {2, 2, 400}, {641, 359, 80}, {1366, 768, 20}, {768, 1366, 20}, {1921, 1081, 12}, {4096, 2304, 4}
    };

    private final String name = "test-" + UUID.randomUUID();

    @Test
    void noFrameIsTorn() throws Exception {
        try (StreamPeer publisher = StreamPeer.start();
                StreamPeer fast = StreamPeer.start();
                StreamPeer slow = StreamPeer.start()) {
            for (int[] shape : SHAPES) {
                stream(FrameFormat.of(shape[0], shape[1], PixelFormat.BGRA), shape[2], publisher, fast, slow);
                stream(FrameFormat.of(shape[0], shape[1], PixelFormat.NV12_VIDEO), shape[2], publisher, fast, slow);
            }
        }
    }

    private void stream(FrameFormat format, int frames, StreamPeer publisher, StreamPeer fast, StreamPeer slow)
            throws Exception {
        assertEquals("done", publisher.open(name, format));
        assertEquals("done", fast.ask("connect " + name));
        assertEquals("done", slow.ask("connect " + name));
        assertEquals("done", publisher.ask("stream"));
        fast.send("check " + FACTOR * frames + " 0");
        slow.send("check " + FACTOR * frames / 4 + " 7");
        comeAndGo(format);
        assertEquals("good", fast.answer(), format::toString);
        assertEquals("good", slow.answer(), format::toString);
        requireSmallPool(publisher.ask("stop"));
        assertEquals("done", fast.ask("leave"));
        assertEquals("done", slow.ask("leave"));
        assertEquals("done", publisher.ask("shut"));
    }

    /** One that is drawn, the newest, and for each of the clients one it looks at and one it takes. */
    private static void requireSmallPool(String figures) {
        int surfaces = Integer.parseInt(figures.replaceAll(".*, (\\d+) surfaces", "$1"));
        assertTrue(surfaces <= 8, figures);
    }

    private void comeAndGo(FrameFormat format) throws Exception {
        FrameClient.connect(name).close();
        long descriptors = ProcessResources.descriptors("");
        for (int visit = 0; visit < 6; visit++) {
            try (FrameClient client = FrameClient.connect(name)) {
                assertEquals(format, client.format());
                for (int i = 0; i < visit; i++) {
                    try (Frame frame = Objects.requireNonNull(client.tryReceive(PATIENCE))) {
                        assertEquals("", FramePattern.problem(frame.surface(), frame.sequence()));
                        assertEquals(frame.sequence(), frame.timestampNanos());
                    }
                }
            }
        }
        // Those of the run loop in the background go when it has noticed that it has nothing to do.
        TestFrames.await(() -> ProcessResources.descriptors("") <= descriptors);
    }
}
