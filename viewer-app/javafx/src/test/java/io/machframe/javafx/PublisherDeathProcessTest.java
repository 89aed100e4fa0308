/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.javafx;

import static io.machframe.core.testing.Eventually.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.machframe.core.testing.ChildProcess;
import io.machframe.surface.format.PixelFormat;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class PublisherDeathProcessTest {
    private static final int COLOUR = 0xff123456;

    private final AtomicReference<Connection> connection = new AtomicReference<>(Connection.NONE);
    private final NewestPicture pictures = new NewestPicture();
    private final FrameReceiver receiver =
            new FrameReceiver("mortal", null, pictures, Runnable::run, connection::set, status -> {});

    @AfterEach
    void close() {
        receiver.stop();
        pictures.clear();
    }

    @Test
    void aPictureOutlivesItsPublisherAndTheStreamIsJoinedAgain() throws IOException {
        receiver.start();
        Picture last;
        try (ChildProcess publisher = ChildProcess.start(Publisher.class)) {
            publisher.readLine();
            awaitState(Connection.State.PLAYING);
            last = pictures.take();
        }
        awaitState(Connection.State.ENDED);
        assertEquals(
                "mortal broke off, its publisher died; waiting for it to come back",
                connection.get().message());
        try (Picture picture = last) {
            assertEquals(COLOUR, picture.pixels().get(400 * 299));
        }

        try (ChildProcess publisher = ChildProcess.start(Publisher.class)) {
            publisher.readLine();
            awaitState(Connection.State.PLAYING);
        }
    }

    private void awaitState(Connection.State state) {
        await(state.toString(), () -> connection.get().state() == state);
    }

    /** Publishes until it is killed. */
    static final class Publisher {
        private Publisher() {}

        public static void main(String[] arguments) throws InterruptedException {
            try (TestStream stream = TestStream.open("mortal", 400, 300, PixelFormat.BGRA)) {
                System.out.println("open");
                while (true) {
                    stream.publish(COLOUR);
                    Thread.sleep(20);
                }
            }
        }
    }
}
