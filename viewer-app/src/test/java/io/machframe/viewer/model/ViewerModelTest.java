/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.viewer.model;

import static io.machframe.viewer.model.Eventually.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.machframe.surface.IOSurface;
import io.machframe.surface.format.PixelFormat;
import java.util.List;
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
class ViewerModelTest {
    /** Like JavaFX it drops what comes after its end. */
    private final ExecutorService ui = new ThreadPoolExecutor(
            1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), new ThreadPoolExecutor.DiscardPolicy());

    private final ViewerModel model = new ViewerModel(ui);

    @AfterEach
    void close() {
        ui.execute(model::close);
        ui.shutdown();
    }

    @Test
    void nothingIsChosenAtFirst() {
        assertNull(onUi(() -> model.chosen().get()));
        assertEquals(Connection.NONE, onUi(() -> model.connection().get()));
        assertEquals(StreamStatus.NONE, onUi(() -> model.status().get()));
    }

    @Test
    void publishedStreamsAreListedByName() {
        onUi(model::start);
        try (TestStream b = open("b")) {
            try (TestStream a = open("a")) {
                await("both listed", () -> names().equals(List.of("a", "b")));
                assertEquals(
                        new StreamItem(
                                "a",
                                "400x300 BGRA  ·  pid "
                                        + ProcessHandle.current().pid(),
                                true),
                        onUi(() -> model.streams().get(0)));
            }
            await("one listed", () -> names().equals(List.of("b")));
        }
    }

    @Test
    void theNewestPictureArrives() {
        try (TestStream stream = open("a")) {
            IOSurface first = stream.publish(1);
            choose("a");
            await("the first is received", () -> state() == Connection.State.PLAYING);

            IOSurface second = stream.publish(2);
            await("the second has replaced it", () -> second.isInUse() && !first.isInUse());

            Picture picture = model.pictures().take().orElseThrow();
            assertEquals(2, picture.pixels().get(0));
            picture.close();
            assertFalse(second.isInUse());
        }
    }

    @Test
    void aNameThatNobodyPublishesIsWaitedFor() {
        choose("later");
        assertEquals("Waiting for later", message());

        try (TestStream stream = open("later")) {
            stream.publish(1);
            await("playing", () -> state() == Connection.State.PLAYING);
            assertEquals("", message());
        }
    }

    @Test
    void theChosenStreamStaysListedWhenItIsNotPublished() {
        try (TestStream b = open("b")) {
            choose("a");
            onUi(model::start);

            await("both listed", () -> names().equals(List.of("a", "b")));
            assertEquals(new StreamItem("a", "not published", false), onUi(() -> model.streams()
                    .get(0)));

            choose("b");
            await("only the published one listed", () -> names().equals(List.of("b")));
        }
    }

    @Test
    void aStreamThatEndedIsJoinedAgainWhenItIsBack() {
        try (TestStream stream = open("camera-1")) {
            stream.publish(1);
            choose("camera-1");
            await("playing", () -> state() == Connection.State.PLAYING);
        }
        await("ended", () -> state() == Connection.State.ENDED);
        assertEquals("camera-1 ended; waiting for it to come back", message());

        try (TestStream stream = open("camera-1")) {
            await("joined", () -> stream.clients() == 1);
            assertEquals(Connection.State.ENDED, state());
            stream.publish(1);
            await("playing again", () -> state() == Connection.State.PLAYING);
        }
    }

    @Test
    void theFiguresOfAStreamThatEndedAreKeptAndCountWhatWasNotDrawn() {
        try (TestStream stream = open("a")) {
            stream.publish(1);
            choose("a");
            await("one received", () -> onUi(() -> model.status().get().received()) == 1);
            stream.publish(2);
            await("two received", () -> onUi(() -> model.status().get().received()) == 2);
        }
        await("ended", () -> state() == Connection.State.ENDED);
        assertEquals(new StreamStatus("400x300 BGRA", 0, 0, 2, 1), onUi(() -> model.status()
                .get()));
    }

    @Test
    void aFormatThatCannotBeDrawnIsReportedUntilTheStreamIsGone() {
        try (TestStream stream = TestStream.open("a", 2, 2, PixelFormat.of("hdep"))) {
            choose("a");
            await("failed", () -> state() == Connection.State.FAILED);
            assertEquals("a: its frames are 'hdep', which this viewer cannot draw", message());
        }
        await("waiting", () -> message().equals("Waiting for a"));
    }

    @Test
    void choosingAnotherStreamLeavesTheFirstAndItsPictures() {
        try (TestStream one = open("one");
                TestStream two = open("two")) {
            IOSurface frame = one.publish(1);
            choose("one");
            await("playing", () -> state() == Connection.State.PLAYING);

            choose("two");

            assertFalse(frame.isInUse());
            assertEquals("Waiting for two", message());
            assertEquals(StreamStatus.NONE, onUi(() -> model.status().get()));
            await("two joined and one left", () -> two.clients() == 1 && one.clients() == 0);
        }
    }

    @Test
    void closingLeavesTheStream() {
        try (TestStream stream = open("a")) {
            choose("a");
            await("joined", () -> stream.clients() == 1);

            onUi(model::close);

            await("left", () -> stream.clients() == 0);
        }
    }

    private static TestStream open(String name) {
        return TestStream.open(name, 400, 300, PixelFormat.BGRA);
    }

    private void choose(String name) {
        onUi(() -> model.choose(name));
    }

    private List<String> names() {
        return onUi(() -> model.streams().stream().map(StreamItem::name).toList());
    }

    private Connection.State state() {
        return onUi(() -> model.connection().get().state());
    }

    private String message() {
        return onUi(() -> model.connection().get().message());
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
