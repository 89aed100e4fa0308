/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.javafx;

import static io.machframe.javafx.Eventually.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.machframe.surface.format.PixelFormat;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class StreamPlayerTest {
    /** Like JavaFX it drops what comes after its end. */
    private final ExecutorService ui = new ThreadPoolExecutor(
            1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), new ThreadPoolExecutor.DiscardPolicy());

    private final StreamPlayer player = new StreamPlayer(ui);

    @AfterEach
    void close() {
        ui.execute(player::stop);
        ui.shutdown();
    }

    @Test
    void theNewestPictureArrives() {
        try (TestStream stream = open("a")) {
            stream.publish(0xff000001);
            play("a");
            await("the first is received", () -> state() == Connection.State.PLAYING);

            stream.publish(0xff000002);
            await(
                    "the second is received",
                    () -> onUi(() -> player.statistics().get().received()) == 2);
            await("the first is released", () -> stream.held() == 1);

            Picture picture = player.pictures().take();
            assertEquals(0xff000002, picture.pixels().get(0));
            picture.close();
            assertEquals(0, stream.held());
        }
    }

    @Test
    void aNameThatIsNotPublishedIsWaitedFor() {
        play("later");
        assertEquals("Waiting for later", message());

        try (TestStream stream = open("later")) {
            stream.publish(0xff000001);
            await("playing", () -> state() == Connection.State.PLAYING);
            assertEquals("", message());
        }
    }

    @Test
    void aStreamThatEndedIsJoinedAgainWhenItIsBack() {
        try (TestStream stream = open("camera-1")) {
            stream.publish(0xff000001);
            play("camera-1");
            await("playing", () -> state() == Connection.State.PLAYING);
        }
        await("ended", () -> state() == Connection.State.ENDED);
        assertEquals("camera-1 ended; waiting for it to come back", message());

        try (TestStream stream = open("camera-1")) {
            await("joined", () -> stream.clients() == 1);
            assertEquals(Connection.State.ENDED, state());
            stream.publish(0xff000001);
            await("playing again", () -> state() == Connection.State.PLAYING);
        }
    }

    @Test
    void theStatisticsOfAStreamThatEndedAreKeptAndCountWhatWasNotDrawn() {
        try (TestStream stream = open("a")) {
            stream.publish(0xff000001);
            play("a");
            await("one received", () -> onUi(() -> player.statistics().get().received()) == 1);
            stream.publish(0xff000002);
            await("two received", () -> onUi(() -> player.statistics().get().received()) == 2);
        }
        await("ended", () -> state() == Connection.State.ENDED);
        assertEquals(new StreamStatistics("400x300 BGRA", 0, 0, 2, 1), onUi(() -> player.statistics()
                .get()));
    }

    @Test
    void aFormatThatCannotBeDrawnIsReportedUntilTheStreamIsGone() {
        try (TestStream stream = TestStream.open("a", 2, 2, PixelFormat.of("hdep"))) {
            stream.publish(1);
            play("a");
            await("failed", () -> state() == Connection.State.FAILED);
            assertEquals("a: its frames are 'hdep', which this view cannot draw", message());
        }
        await("waiting", () -> message().equals("Waiting for a"));
    }

    @Test
    void playingAnotherStreamLeavesTheFirstAndItsPictures() {
        try (TestStream one = open("one");
                TestStream two = open("two")) {
            one.publish(1);
            play("one");
            await("playing", () -> state() == Connection.State.PLAYING);

            play("two");

            assertEquals(0, one.held());
            assertEquals("Waiting for two", message());
            assertEquals(StreamStatistics.NONE, onUi(() -> player.statistics().get()));
            await("two joined and one left", () -> two.clients() == 1 && one.clients() == 0);
        }
    }

    @Test
    void closingLeavesTheStream() {
        try (TestStream stream = open("a")) {
            play("a");
            await("joined", () -> stream.clients() == 1);

            onUi(player::stop);

            await("left", () -> stream.clients() == 0);
        }
    }

    private static TestStream open(String name) {
        return TestStream.open(name, 400, 300, PixelFormat.BGRA);
    }

    private void play(String name) {
        onUi(() -> player.play(name));
    }

    private Connection.State state() {
        return onUi(() -> player.connection().get().state());
    }

    private String message() {
        return onUi(() -> player.connection().get().message());
    }

    private void onUi(Runnable action) {
        onUi(Executors.callable(action));
    }

    private <T> T onUi(Callable<T> action) {
        try {
            return ui.submit(action).get();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }
}
