/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.examples;

import static io.machframe.core.testing.Eventually.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.machframe.core.error.MachException;
import io.machframe.core.testing.Background;
import io.machframe.core.testing.RightsLedger;
import io.machframe.surface.SurfaceLock;
import io.machframe.surface.format.PixelFormat;
import io.machframe.surface.stream.Frame;
import io.machframe.surface.stream.FrameClient;
import io.machframe.surface.stream.FrameDraft;
import io.machframe.surface.stream.FrameFormat;
import io.machframe.surface.stream.FrameServer;
import io.machframe.surface.stream.StreamDirectory;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The examples of the package page of {@code stream}. */
@Timeout(60)
@ExtendWith(RightsLedger.class)
class StreamExampleTest {
    private final AtomicInteger seen = new AtomicInteger();

    private boolean more() {
        return seen.get() == 0;
    }

    private static void draw(SurfaceLock lock) {
        lock.plane(0).bytes().putInt(0, 42);
    }

    private void look(SurfaceLock lock) {
        seen.set(lock.plane(0).bytes().getInt(0));
    }

    // @start region="publish"
    void publish() throws MachException, InterruptedException {
        try (FrameServer server = FrameServer.builder("camera")
                .format(FrameFormat.of(1920, 1080, PixelFormat.BGRA))
                .open()) {
            while (more()) {
                try (FrameDraft draft = server.acquire()) { // a surface that nobody reads
                    try (SurfaceLock lock = draft.lock()) {
                        draw(lock);
                    }
                    draft.publish();
                }
            }
        }
    }
    // @end

    // @start region="receive"
    void receive() throws MachException, InterruptedException {
        try (FrameClient client = FrameClient.connect("camera")) {
            while (client.end().isEmpty()) {
                try (Frame frame = client.receive()) { // the newest; null when the stream ends meanwhile
                    if (frame != null) {
                        try (SurfaceLock lock = frame.lock()) {
                            look(lock);
                        }
                    }
                }
            }
        }
    }
    // @end

    @Test
    void framesGoFromOneSideToTheOther() throws Exception {
        Thread publisher = Background.start(this::publish);
        await("the stream is listed", () -> StreamDirectory.list().stream()
                .anyMatch(stream -> stream.name().equals("camera")));
        receive();
        publisher.join();
        assertEquals(42, seen.get());
    }
}
