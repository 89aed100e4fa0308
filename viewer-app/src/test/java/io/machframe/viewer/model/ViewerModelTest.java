/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.viewer.model;

import static io.machframe.viewer.model.Eventually.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
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
    private static final FakeFrame FRAME = FakeFrame.bgra(400, 300, (x, y) -> 1);

    /** Like JavaFX it drops what comes after its end. */
    private final ExecutorService ui = new ThreadPoolExecutor(
            1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), new ThreadPoolExecutor.DiscardPolicy());

    private final FakeStreams streams = new FakeStreams();
    private final ViewerModel model = new ViewerModel(streams, ui);

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
        streams.open("b", 2, 2, "BGRA");
        FakeStreams.Stream second = streams.open("a", 1920, 1080, "420v");
        onUi(model::start);

        await("both listed", () -> names().equals(List.of("a", "b")));
        assertEquals(new StreamItem("a", "1920 × 1080  420v  ·  pid 4711", true), onUi(() -> model.streams()
                .get(0)));

        second.end();
        await("one listed", () -> names().equals(List.of("b")));
    }

    @Test
    void whyStreamsCannotBeListedIsTold() {
        streams.failWith(new IOException("no XDG_RUNTIME_DIR"));
        onUi(model::start);

        await("trouble", () -> onUi(() -> model.trouble().get()).equals("no XDG_RUNTIME_DIR"));

        streams.failWith(null);
        await("no trouble", () -> onUi(() -> model.trouble().get()).isEmpty());
    }

    @Test
    void theNewestPictureArrives() {
        FakeStreams.Stream stream = streams.open("a", 2, 2, "BGRA");
        FakeFrame first = stream.publish(FRAME.next(0));
        FakeFrame second = stream.publish(first.next(1));
        choose("a");

        await("playing", () -> state() == Connection.State.PLAYING);
        await("the first is replaced", first::isClosed);
        Picture picture = model.pictures().take().orElseThrow();
        assertFalse(second.isClosed());
        picture.close();
        assertTrue(second.isClosed());
    }

    @Test
    void aNameThatNobodyPublishesIsWaitedFor() {
        choose("later");
        assertEquals("Waiting for later", message());

        streams.open("later", 2, 2, "BGRA").publish(FRAME.next(0));
        await("playing", () -> state() == Connection.State.PLAYING);
        assertEquals("", message());
    }

    @Test
    void theChosenStreamStaysListedWhenItIsNotPublished() {
        streams.open("b", 2, 2, "BGRA");
        choose("a");
        onUi(model::start);

        await("both listed", () -> names().equals(List.of("a", "b")));
        assertEquals(new StreamItem("a", "not published", false), onUi(() -> model.streams()
                .get(0)));

        choose("b");
        await("only the published one listed", () -> names().equals(List.of("b")));
    }

    @Test
    void aStreamThatEndedIsJoinedAgainWhenItIsBack() {
        FakeStreams.Stream first = streams.open("camera-1", 2, 2, "BGRA");
        first.publish(FRAME.next(0));
        choose("camera-1");
        await("playing", () -> state() == Connection.State.PLAYING);

        first.end();
        await("ended", () -> state() == Connection.State.ENDED);
        assertEquals("camera-1 ended; waiting for it to come back", message());
        await("left", () -> !first.isJoined());

        FakeStreams.Stream second = streams.open("camera-1", 4, 4, "BGRA");
        await("joined", second::isJoined);
        assertEquals(Connection.State.ENDED, state());
        second.publish(FRAME.next(0));
        await("playing again", () -> state() == Connection.State.PLAYING);
    }

    @Test
    void theFiguresOfAStreamThatEndedAreKeptAndCountWhatWasNotDrawn() {
        FakeStreams.Stream stream = streams.open("a", 2, 2, "BGRA");
        stream.publish(FRAME.next(0));
        stream.publish(FRAME.next(5));
        choose("a");
        await("joined", stream::isJoined);
        stream.end();

        await("ended", () -> state() == Connection.State.ENDED);
        assertEquals(new StreamStatus(400, 300, "BGRA", 0, 0, 2, 5), onUi(() -> model.status()
                .get()));
    }

    @Test
    void aFormatThatCannotBeDrawnIsReportedUntilTheStreamIsGone() {
        FakeStreams.Stream stream = streams.open("a", 2, 2, "x420");
        stream.publish(FakeFrame.nv12("x420", 2, 2, 0, 0, 0));
        choose("a");

        await("failed", () -> state() == Connection.State.FAILED);
        assertEquals("a: frames are 'x420', which this viewer cannot draw", message());

        stream.end();
        await("waiting", () -> message().equals("Waiting for a"));
    }

    @Test
    void aStreamThatCannotBeJoinedIsTriedAgain() {
        streams.open("a", 2, 2, "BGRA").publish(FRAME.next(0));
        streams.failWith(new IOException("another user's"));
        choose("a");
        await("failed", () -> message().equals("a: another user's"));

        streams.failWith(null);
        await("playing", () -> state() == Connection.State.PLAYING);
    }

    @Test
    void choosingAnotherStreamLeavesTheFirstAndItsPictures() {
        FakeStreams.Stream one = streams.open("one", 2, 2, "BGRA");
        FakeStreams.Stream two = streams.open("two", 2, 2, "BGRA");
        FakeFrame frame = one.publish(FRAME.next(0));
        choose("one");
        await("playing", () -> state() == Connection.State.PLAYING);

        choose("two");

        assertTrue(frame.isClosed());
        assertEquals("Waiting for two", message());
        assertEquals(StreamStatus.NONE, onUi(() -> model.status().get()));
        await("one left", () -> !one.isJoined());
        await("two joined", two::isJoined);
    }

    @Test
    void closingLeavesTheStream() {
        FakeStreams.Stream stream = streams.open("a", 2, 2, "BGRA");
        choose("a");
        await("joined", stream::isJoined);

        onUi(model::close);

        await("left", () -> !stream.isJoined());
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
