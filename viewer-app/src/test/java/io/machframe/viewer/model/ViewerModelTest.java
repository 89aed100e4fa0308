/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.viewer.model;

import static io.machframe.javafx.Eventually.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.machframe.javafx.TestStream;
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

    private static TestStream open(String name) {
        return TestStream.open(name, 400, 300, PixelFormat.BGRA);
    }

    private void choose(String name) {
        onUi(() -> model.choose(name));
    }

    private List<String> names() {
        return onUi(() -> model.streams().stream().map(StreamItem::name).toList());
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
