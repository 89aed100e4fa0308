/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import static io.machframe.surface.stream.TestFrames.pixel;
import static io.machframe.surface.stream.TestFrames.publish;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.machframe.core.runloop.RunLoop;
import io.machframe.core.runloop.RunLoopMode;
import io.machframe.core.runloop.RunLoopSource;
import io.machframe.surface.format.PixelFormat;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class FrameListenerTest {
    private static final FrameFormat FORMAT = FrameFormat.of(16, 16, PixelFormat.BGRA);

    private final String name = "test-" + UUID.randomUUID();
    private final BlockingQueue<String> news = new LinkedBlockingQueue<>();

    private final class Listener implements FrameListener {
        @Override
        public void received(Frame frame) {
            news.add(pixel(frame) + " on " + Thread.currentThread().getName());
            if (pixel(frame) == 1) {
                throw new IllegalStateException("a listener that fails gets the next frame");
            }
        }

        @Override
        public void ended(StreamEnd reason) {
            news.add(reason.toString());
        }
    }

    private String next() throws InterruptedException {
        return news.poll(60, TimeUnit.SECONDS);
    }

    @Test
    void framesAndTheEndAreCalledOnTheExecutor() throws Exception {
        ExecutorService executor = Executors.newSingleThreadExecutor(task -> new Thread(task, "mine"));
        try (FrameServer server = FrameServer.open(name, FORMAT);
                FrameClient client =
                        FrameClient.builder(name).delivery(Delivery.queue(8)).connect()) {
            publish(server, 0);
            client.listen(executor, new Listener());
            assertEquals("0 on mine", next());
            for (int i = 1; i < 50; i++) {
                publish(server, i);
                assertEquals(i + " on mine", next());
            }
            publish(server, 50);
            publish(server, 51);
            assertEquals("50 on mine", next());
            assertEquals("51 on mine", next());
            assertThrows(IllegalStateException.class, () -> client.listen(executor, new Listener()));
            server.close();
            assertEquals("ENDED", next());
            assertEquals(0, client.statistics().held());
        } finally {
            executor.shutdown();
        }
    }

    @Test
    void aRunLoopCallsForFramesOnItsThread() throws Exception {
        String here = Thread.currentThread().getName();
        try (FrameServer server = FrameServer.open(name, FORMAT);
                FrameClient client =
                        FrameClient.builder(name).delivery(Delivery.queue(8)).connect()) {
            publish(server, 0);
            RunLoopSource source = client.runLoopSource(0, new Listener());
            RunLoop.current().add(source, RunLoopMode.DEFAULT);
            for (int i = 0; i < 20; i++) {
                while (news.isEmpty()) {
                    RunLoop.current().runInMode(RunLoopMode.DEFAULT, Duration.ofSeconds(30), true);
                }
                assertEquals(i + " on " + here, next());
                publish(server, i + 1);
            }
            source.invalidate();
        }
    }

    @Test
    void aClosedClientCallsNoMore() throws Exception {
        try (FrameServer server = FrameServer.open(name, FORMAT)) {
            FrameClient client = FrameClient.connect(name);
            client.listen(Runnable::run, new Listener());
            client.close();
            publish(server, 5);
            assertNull(news.poll(50, TimeUnit.MILLISECONDS));
        }
    }
}
