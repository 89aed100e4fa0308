/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.machframe.core.testing.ChildProcess;
import io.machframe.surface.format.PixelFormat;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What a frame costs, counted in a process of its own: as users run one, with the whole compiler, and without the traces of
 * owners that tests ask for.
 */
@Timeout(300)
class StreamCostTest {
    private static final int FRAMES = 10_000;

    @Test
    void aFrameMakesNoGarbageOnEitherSide() throws Exception {
        requireNoGarbage("latest");
        requireNoGarbage("queue");
    }

    /** A thread that sleeps for each frame, and one that publishes to a sleeper. */
    @Test
    void aFrameThatWakesAClientMakesNoGarbageOnEitherSide() throws Exception {
        requireNoGarbage("wake");
    }

    @Test
    void aReceiveThatTimesOutMakesNoGarbage() throws Exception {
        requireNoGarbage("timeout");
    }

    /** Less than a byte a frame on each thread: counting itself costs some. */
    private static void requireNoGarbage(String what) throws Exception {
        ProcessBuilder builder = ChildProcess.builder(Measurement.class, what);
        builder.command().remove("-XX:TieredStopAtLevel=1");
        try (ChildProcess child = ChildProcess.of(builder.start())) {
            for (String bytes : child.readLine().split(" ", -1)) {
                assertTrue(
                        Long.parseLong(bytes) < FRAMES, () -> what + ": " + bytes + " bytes for " + FRAMES + " frames");
            }
        }
    }

    /** Prints how much each thread allocated for {@link #FRAMES} frames. */
    static final class Measurement {
        private static final FrameFormat FORMAT = FrameFormat.of(64, 48, PixelFormat.BGRA);
        private static final int WARM_UP = 20_000;
        private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

        private final String name = "test-" + UUID.randomUUID();

        private Measurement() {}

        public static void main(String[] arguments) throws Exception {
            Measurement measurement = new Measurement();
            System.out.println(
                    switch (arguments[0]) {
                        case "latest" -> measurement.pass(Delivery.latest());
                        case "queue" -> measurement.pass(Delivery.queue(4));
                        case "wake" -> measurement.wake();
                        case "timeout" -> measurement.timeOut();
                        default -> throw new IllegalArgumentException(arguments[0]);
                    });
            System.exit(0);
        }

        private static long allocated() {
            return THREADS.getCurrentThreadAllocatedBytes();
        }

        private String pass(Delivery delivery) throws Exception {
            try (FrameServer server = FrameServer.open(name, FORMAT);
                    FrameClient client =
                            FrameClient.builder(name).delivery(delivery).connect()) {
                pass(server, client, WARM_UP);
                long before = allocated();
                pass(server, client, FRAMES);
                return Long.toString(allocated() - before);
            }
        }

        private static void pass(FrameServer server, FrameClient client, int frames) throws Exception {
            for (int i = 0; i < frames; i++) {
                try (FrameDraft draft = server.acquire()) {
                    draft.publish(i);
                }
                try (Frame frame = client.tryReceive()) {
                    if (frame == null || frame.timestampNanos() != i) {
                        throw new IllegalStateException("another frame than " + i);
                    }
                }
            }
        }

        private String wake() throws Exception {
            try (FrameServer server = FrameServer.open(name, FORMAT);
                    FrameClient client = FrameClient.connect(name)) {
                long[] received = new long[1];
                Thread receiver = new Thread(() -> received[0] = receiveAll(client));
                receiver.start();
                for (int i = 0; i < WARM_UP; i++) {
                    publishToSleeper(server);
                }
                long before = allocated();
                for (int i = 0; i < FRAMES; i++) {
                    publishToSleeper(server);
                }
                long published = allocated() - before;
                server.close();
                receiver.join();
                return published + " " + received[0];
            }
        }

        private static void publishToSleeper(FrameServer server) throws Exception {
            try (FrameDraft draft = server.acquire()) {
                draft.publish(0);
            }
            Thread.sleep(0, 50_000);
        }

        /** Returns what was allocated for the last frames. */
        private static long receiveAll(FrameClient client) {
            long before = 0;
            try {
                while (true) {
                    try (Frame frame = client.receive()) {
                        if (frame == null) {
                            return allocated() - before;
                        }
                        if (frame.sequence() <= WARM_UP) {
                            before = allocated();
                        }
                    }
                }
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }

        private String timeOut() throws Exception {
            Duration limit = Duration.ofNanos(1000);
            try (FrameServer server = FrameServer.open(name, FORMAT);
                    FrameClient client = FrameClient.connect(name)) {
                for (int i = 0; i < WARM_UP; i++) {
                    client.tryReceive(limit);
                }
                long before = allocated();
                for (int i = 0; i < FRAMES; i++) {
                    client.tryReceive(limit);
                }
                return Long.toString(allocated() - before + server.statistics().published());
            }
        }
    }
}
