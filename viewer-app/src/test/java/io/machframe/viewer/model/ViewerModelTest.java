/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.viewer.model;

import static io.machframe.core.testing.Eventually.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.machframe.javafx.TestStream;
import io.machframe.javafx.UiThread;
import io.machframe.surface.format.PixelFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class ViewerModelTest {
    private final UiThread ui = new UiThread();
    private final ViewerModel model = new ViewerModel(ui);

    @AfterEach
    void close() {
        ui.end(model::close);
    }

    @Test
    void nothingIsChosenAtFirst() {
        assertNull(ui.call(() -> model.chosen().get()));
    }

    @Test
    void publishedStreamsAreListedByName() {
        ui.run(model::start);
        try (TestStream b = open("b")) {
            try (TestStream a = open("a")) {
                await("both listed", () -> names().equals(List.of("a", "b")));
                assertEquals(
                        new StreamItem(
                                "a",
                                "400x300 BGRA  ·  pid "
                                        + ProcessHandle.current().pid(),
                                true),
                        ui.call(() -> model.streams().get(0)));
            }
            await("one listed", () -> names().equals(List.of("b")));
        }
    }

    @Test
    void theChosenStreamStaysListedWhenItIsNotPublished() {
        try (TestStream b = open("b")) {
            choose("a");
            ui.run(model::start);

            await("both listed", () -> names().equals(List.of("a", "b")));
            assertEquals(new StreamItem("a", "not published", false), ui.call(() -> model.streams()
                    .get(0)));

            choose("b");
            await("only the published one listed", () -> names().equals(List.of("b")));
        }
    }

    private static TestStream open(String name) {
        return TestStream.open(name, 400, 300, PixelFormat.BGRA);
    }

    private void choose(String name) {
        ui.run(() -> model.choose(name));
    }

    private List<String> names() {
        return ui.call(() -> model.streams().stream().map(StreamItem::name).toList());
    }
}
