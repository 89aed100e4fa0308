/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.viewer;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.testing.ChildProcess;
import io.machframe.surface.format.PixelFormat;
import io.machframe.surface.stream.FrameDraft;
import io.machframe.surface.stream.FrameFormat;
import io.machframe.surface.stream.FrameServer;
import java.util.Random;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A viewer that is killed, at whatever moment, costs its publisher nothing. */
class ViewerDeathProcessTest {
    private static final int ROUNDS = Integer.getInteger("machframe.death.rounds", 3);

    /** The viewer as a process of its own, without a screen. */
    public static void main(String[] arguments) {
        System.setProperty("glass.platform", "Monocle");
        System.setProperty("monocle.platform", "Headless");
        System.setProperty("prism.order", "sw");
        System.setProperty("java.util.prefs.userRoot", System.getProperty("java.io.tmpdir"));
        Viewer.main(arguments);
    }

    @Test
    @Timeout(600)
    void aKilledViewerGivesEverythingBack() throws Exception {
        String name = "viewed-" + UUID.randomUUID();
        Random random = new Random(7);
        try (FrameServer server = FrameServer.open(name, FrameFormat.of(640, 360, PixelFormat.BGRA))) {
            for (int round = 0; round < ROUNDS; round++) {
                try (ChildProcess viewer = ChildProcess.start(ViewerDeathProcessTest.class, name)) {
                    publishUntil(server, () -> server.statistics().clients().size() == 1);
                    long end = System.nanoTime() + random.nextInt(500) * 1_000_000L;
                    publishUntil(server, () -> System.nanoTime() >= end);
                    viewer.kill();
                }
                publishUntil(server, () -> server.statistics().clients().size() == 0);
            }
            // Had one viewer kept what it held, the pool would have grown with each.
            assertTrue(server.statistics().surfaces() <= 6, () -> server.statistics()
                    .toString());
        }
    }

    private static void publishUntil(FrameServer server, BooleanSupplier condition) throws Exception {
        while (!condition.getAsBoolean()) {
            try (FrameDraft draft = server.acquire()) {
                draft.publish(System.nanoTime());
            }
            Thread.sleep(5);
        }
    }
}
