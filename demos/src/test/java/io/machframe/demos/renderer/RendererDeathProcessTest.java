/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.renderer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.testing.RequiresCapability;
import io.machframe.core.testing.TestCapability;
import io.machframe.surface.stream.Frame;
import io.machframe.surface.stream.FrameClient;
import io.machframe.surface.stream.StreamEnd;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A renderer is killed; what shows its frames is not, and another one goes on as the user wished. */
@RequiresCapability(TestCapability.OPENGL)
@Timeout(300)
class RendererDeathProcessTest {
    private final String name = "renderer-" + UUID.randomUUID();

    @Test
    void anotherRendererGoesOnWithWhatTheUserWished() throws Exception {
        try (RendererProcess renderer = RendererProcess.start(name, Controls.first(96, 64), 30);
                FrameClient client = FrameClient.builder(name).follow()) {
            awaitFrame(client, 96);
            renderer.control(renderer.controls().withSize(80, 48));
            awaitFrame(client, 80);
            Optional<Long> killed = renderer.pid();
            renderer.kill();
            awaitEnd(client);
            awaitFrame(client, 80); // by the next renderer
            assertEquals(2, renderer.started());
            assertNotEquals(killed, renderer.pid());

            // The next one is steered, too.
            renderer.control(renderer.controls().withSize(64, 64));
            awaitFrame(client, 64);
            assertEquals(Optional.empty(), renderer.failure());

            ProcessHandle last = ProcessHandle.of(renderer.pid().orElseThrow()).orElseThrow();
            renderer.close();
            assertFalse(last.isAlive());
            assertTrue(renderer.drawn().orElseThrow().number("frames") > 0);
        }
    }

    private static void awaitFrame(FrameClient client, int width) throws Exception {
        for (int seen = 0; seen != width; ) {
            try (Frame frame = client.receive()) {
                seen = frame == null ? 0 : frame.format().width();
            }
        }
    }

    private static void awaitEnd(FrameClient client) throws Exception {
        for (boolean ended = false; !ended; ) {
            try (Frame frame = client.receive()) {
                ended = frame == null;
            }
        }
        assertEquals(Optional.of(StreamEnd.PRODUCER_LOST), client.lastEnd());
    }
}
