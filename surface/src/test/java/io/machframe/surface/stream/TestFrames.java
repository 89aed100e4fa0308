/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import io.machframe.core.error.MachException;
import io.machframe.core.testing.Eventually;
import io.machframe.surface.SurfaceLock;
import java.time.Duration;
import java.util.Objects;
import java.util.function.BooleanSupplier;

/** Publishes and receives frames of one colour. */
public final class TestFrames {
    public static final Duration LONG = Duration.ofSeconds(30);

    private TestFrames() {}

    /** Publishes a frame that has this number in each 32-bit word. */
    public static void publish(FrameServer server, int pixel, long timestamp)
            throws MachException, InterruptedException {
        try (FrameDraft draft = server.acquire()) {
            fill(draft, pixel);
            draft.publish(timestamp);
        }
    }

    /** Publishes a frame whose time stamp is the number that it shows. */
    public static void publish(FrameServer server, int pixel) throws MachException, InterruptedException {
        publish(server, pixel, pixel);
    }

    public static void fill(FrameDraft draft, int pixel) {
        try (SurfaceLock lock = draft.lock()) {
            for (int i = 0; i + Integer.BYTES <= lock.buffer().capacity(); i += Integer.BYTES) {
                lock.buffer().putInt(i, pixel);
            }
        }
    }

    /** Returns the next frame, which must come. */
    public static Frame receive(FrameClient client) throws MachException, InterruptedException {
        return Objects.requireNonNull(client.tryReceive(LONG), "a frame in time");
    }

    /** Returns what a frame shows. */
    public static int pixel(Frame frame) {
        try (SurfaceLock lock = frame.lock()) {
            return lock.plane(0).bytes().getInt(0);
        }
    }

    /** Returns what the next frame shows, and closes it. */
    public static int next(FrameClient client) throws MachException, InterruptedException {
        try (Frame frame = receive(client)) {
            return pixel(frame);
        }
    }

    public static int clients(FrameServer server) {
        return server.statistics().clients().size();
    }

    /** Waits for what another process or thread brings about. */
    public static void await(BooleanSupplier condition) {
        Eventually.await("what the others bring about", LONG, condition::getAsBoolean);
    }
}
