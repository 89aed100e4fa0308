/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.javafx;

import static io.machframe.core.testing.Eventually.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.machframe.surface.format.PixelFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class StreamPlayerTest {
    private final UiThread ui = new UiThread();
    private final StreamPlayer player = new StreamPlayer(ui);

    @AfterEach
    void close() {
        ui.end(player::stop);
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
                    () -> ui.call(() -> player.statistics().get().received()) == 2);
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
            await("one received", () -> ui.call(() -> player.statistics().get().received()) == 1);
            stream.publish(0xff000002);
            await("two received", () -> ui.call(() -> player.statistics().get().received()) == 2);
        }
        await("ended", () -> state() == Connection.State.ENDED);
        assertEquals(new StreamStatistics("400x300 BGRA", 0, 0, 2, 1), ui.call(() -> player.statistics()
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
            assertEquals(
                    StreamStatistics.NONE, ui.call(() -> player.statistics().get()));
            await("two joined and one left", () -> two.clients() == 1 && one.clients() == 0);
        }
    }

    @Test
    void closingLeavesTheStream() {
        try (TestStream stream = open("a")) {
            play("a");
            await("joined", () -> stream.clients() == 1);

            ui.run(player::stop);

            await("left", () -> stream.clients() == 0);
        }
    }

    private static TestStream open(String name) {
        return TestStream.open(name, 400, 300, PixelFormat.BGRA);
    }

    private void play(String name) {
        ui.run(() -> player.play(name));
    }

    private Connection.State state() {
        return ui.call(() -> player.connection().get().state());
    }

    private String message() {
        return ui.call(() -> player.connection().get().message());
    }
}
