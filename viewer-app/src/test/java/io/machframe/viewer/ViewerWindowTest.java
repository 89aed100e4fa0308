/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.viewer;

import static io.machframe.core.testing.Eventually.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.javafx.FrameView;
import io.machframe.javafx.JavaFxText;
import io.machframe.javafx.ScaleMode;
import io.machframe.javafx.TestStream;
import io.machframe.surface.format.PixelFormat;
import io.machframe.viewer.model.Settings;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;
import org.testfx.util.WaitForAsyncUtils;

@ExtendWith(ApplicationExtension.class)
@EnabledIf(value = JavaFxText.IS_THERE, disabledReason = JavaFxText.MISSING)
@Timeout(120)
class ViewerWindowTest {
    private static final int GREEN = 0xff00c000;

    @TempDir
    private Path folder;

    private final FxRobot robot = new FxRobot();
    private final Settings settings = new Settings(new MemoryPreferences());
    private Stage stage;
    private ViewerWindow window;

    @Start
    void receive(Stage given) {
        stage = given;
    }

    @AfterEach
    void close() throws IOException {
        onFx(() -> {
            stage.hide();
            window.close();
            return null;
        });
    }

    @Test
    void anEmptyViewerTellsHowToPublish() {
        open(none());

        assertEquals("No streams yet", text("#message"));
        assertEquals("Publish one:  demos/run publish NAME FILE", text("#hint"));
        assertEquals("Machframe Viewer", onFx(stage::getTitle));
    }

    @Test
    void aClickOnAStreamShowsIt() {
        try (TestStream one = stream("one");
                TestStream two = stream("two")) {
            open(none());
            two.publish(GREEN);
            awaitLine("two");
            assertEquals("Choose a stream", text("#message"));

            robot.clickOn("two");

            await("playing", () -> !isVisible("#message"));
            await("drawn", () -> colourAtCentre() == GREEN);
            assertEquals("two – Machframe Viewer", onFx(stage::getTitle));
        }
    }

    @Test
    void streamsAreChosenByKeysToo() {
        try (TestStream one = stream("one");
                TestStream two = stream("two")) {
            open(none());
            awaitLine("one");

            robot.clickOn("one").type(KeyCode.DOWN);

            await("joined", () -> two.clients() == 1 && one.clients() == 0);
        }
    }

    @Test
    void theStatusLineTellsTheFiguresOfTheStream() {
        try (TestStream stream = TestStream.open("camera-1", 1366, 768, PixelFormat.NV12_VIDEO)) {
            open(named("camera-1"));
            stream.publish(100, 128, 128);
            // A picture that is replaced before it is drawn would count as skipped.
            await("drawn", () -> colourAtCentre() == 0xff626262);
            stream.publish(110, 128, 128);
            await("received", () -> text("#received").equals("2 received"));

            assertEquals("1366x768 420v", text("#picture"));
            assertEquals("0 skipped", text("#skipped"));
            assertTrue(text("#latency").matches("latency [0-9.]+ (µs|ms)"), text("#latency"));
            assertTrue(text("#rate").matches("[0-9]+\\.[0-9] fps"), text("#rate"));
        }
    }

    @Test
    void aStreamThatEndsLeavesItsLastPictureAndPlaysAgainWhenItIsBack() {
        open(named("camera-1"));
        assertEquals("Waiting for camera-1", text("#message"));
        try (TestStream stream = stream("camera-1")) {
            stream.publish(GREEN);
            await("drawn", () -> colourAtCentre() == GREEN);
        }
        await("ended", () -> text("#message").equals("camera-1 ended; waiting for it to come back"));
        assertTrue(isVisible("#message"));
        await("listed as absent", () -> robot.lookup("not published").tryQuery().isPresent());
        assertEquals("not published", selected());

        try (TestStream stream = stream("camera-1")) {
            stream.publish(0xff0000c0);
            await("drawn", () -> colourAtCentre() == 0xff0000c0);
            assertFalse(isVisible("#message"));
            await("selected", () -> selected().startsWith("1366x768 BGRA"));
        }
    }

    @Test
    void theWindowClosesAtTheEndOfTheStreamIfItIsToldTo() {
        try (TestStream stream = stream("camera-1")) {
            open(new ViewerOptions(Optional.of("camera-1"), true, Optional.empty(), folder));
            stream.publish(GREEN);
            await("playing", () -> !isVisible("#message"));
            assertTrue(onFx(stage::isShowing));
        }
        await("closed", () -> !onFx(stage::isShowing));
    }

    @Test
    void aSnapshotOfTheWindowIsLeftAtTheEnd() throws IOException {
        Path file = folder.resolve("window.png");
        try (TestStream stream = stream("camera-1")) {
            open(new ViewerOptions(Optional.of("camera-1"), false, Optional.of(file), folder));
            stream.publish(GREEN);
            await("drawn", () -> colourAtCentre() == GREEN);
            onFx(() -> {
                stage.hide();
                window.close();
                return null;
            });
        }
        BufferedImage image = ImageIO.read(file.toFile());
        assertEquals(GREEN, image.getRGB(image.getWidth() * 2 / 3, image.getHeight() / 2));
    }

    @Test
    void keysDoWhatTheSheetOfKeysSays() {
        try (TestStream stream = stream("camera-1")) {
            open(named("camera-1"));
            stream.publish(GREEN);
            await("drawn", () -> colourAtCentre() == GREEN);
            FrameView view = view();

            robot.write("1");
            await("actual size", () -> onFx(view::getScaleMode) == ScaleMode.ACTUAL_SIZE);
            robot.write("+");
            await("zoomed", () -> onFx(() -> view.zoomProperty().get()) == 1.25);
            robot.write("0");
            await(
                    "fitted",
                    () -> onFx(() -> view.zoomProperty().get()) == 1 && onFx(view::getScaleMode) == ScaleMode.FIT);
            robot.write(" ");
            await("frozen", () -> onFx(() -> view.frozenProperty().get()));
            robot.write("n");
            await("square pixels", () -> !onFx(() -> view.smoothProperty().get()));
            robot.write("i");
            await(
                    "statistics",
                    () -> onFx(() -> robot.lookup("#statistics").query().isVisible()));
            assertTrue(text("#statistics").startsWith("1366x768 BGRA"), text("#statistics"));
            robot.write("l");
            await("no list", () -> robot.lookup("#streams").tryQuery().isEmpty());
            robot.write("f");
            await("full screen", () -> onFx(stage::isFullScreen));
            robot.write("?");
            await("keys", () -> onFx(() -> robot.lookup("#keys").query().isVisible()));
            robot.type(KeyCode.ESCAPE);
            await("no keys", () -> !onFx(() -> robot.lookup("#keys").query().isVisible()));
            assertTrue(onFx(stage::isFullScreen), "Escape closes one thing at a time");
            robot.type(KeyCode.ESCAPE);
            await("a window again", () -> !onFx(stage::isFullScreen));
        }
    }

    @Test
    void aFrameIsSavedAsItIs() throws IOException {
        try (TestStream stream = stream("a/b")) {
            open(named("a/b"));
            stream.publish((x, y) -> x == 3 && y == 2 ? 0xff0000ff : GREEN);
            await("drawn", () -> colourAtCentre() == GREEN);

            robot.write("s");

            await("told", () -> text("#notice").startsWith("Saved "));
            Path file = Path.of(text("#notice").substring("Saved ".length()));
            assertTrue(file.getFileName().toString().startsWith("a_b-"), file.toString());
            BufferedImage image = ImageIO.read(file.toFile());
            assertEquals(1366, image.getWidth());
            assertEquals(0xff0000ff, image.getRGB(3, 2));
        }
    }

    @Test
    void aNarrowWindowLeavesOutTheLastFigures() {
        try (TestStream stream = stream("camera-1")) {
            open(named("camera-1"));
            stream.publish(GREEN);
            await("all", () -> isShown("#skipped") && isShown("#picture"));

            onFx(() -> {
                stage.setWidth(330);
                return null;
            });

            await("not all", () -> !isShown("#skipped") && !isShown("#received"));
            assertTrue(isShown("#picture") && isShown("#rate"));
            assertEquals("1366x768 BGRA", text("#picture"));
        }
    }

    @Test
    void choicesAreRemembered() {
        open(none());
        robot.write("l").write("t").write("n");
        await("made", () -> !onFx(() -> view().smoothProperty().get()));
        onFx(() -> {
            stage.setWidth(700);
            stage.setHeight(500);
            return null;
        });
        onFx(() -> {
            stage.hide();
            window.close();
            stage = new Stage();
            return null;
        });

        open(none());

        assertFalse(onFx(() -> view().smoothProperty().get()));
        assertTrue(robot.lookup("#streams").tryQuery().isEmpty());
        assertEquals(700, onFx(stage::getWidth), 2);
        assertEquals(500, onFx(stage::getHeight), 2);
    }

    @Test
    void aNameThatIsCutIsInATooltip() {
        String name = "a stream with a name that is much too long for the list of streams beside the picture";
        try (TestStream stream = stream(name);
                TestStream other = stream("b")) {
            open(none());
            await("listed", () -> robot.lookup("b").tryQuery().isPresent());

            await(
                    "a tooltip",
                    () -> onFx(() -> robot.lookup(".stream-cell").queryAllAs(ListCell.class).stream()
                            .map(cell -> cell.getTooltip())
                            .anyMatch(tooltip ->
                                    tooltip != null && tooltip.getText().startsWith(name + "\n"))));
        }
    }

    private FrameView view() {
        return onFx(() -> (FrameView) stage.getScene().lookup(".frame-view"));
    }

    private boolean isShown(String label) {
        return onFx(() -> robot.lookup(label).query().isVisible());
    }

    private ViewerOptions none() {
        return new ViewerOptions(Optional.empty(), false, Optional.empty(), folder);
    }

    private ViewerOptions named(String name) {
        return new ViewerOptions(Optional.of(name), false, Optional.empty(), folder);
    }

    private static TestStream stream(String name) {
        return TestStream.open(name, 1366, 768, PixelFormat.BGRA);
    }

    private void open(ViewerOptions options) {
        onFx(() -> {
            window = new ViewerWindow(stage, options, settings);
            window.open();
            return null;
        });
    }

    private void awaitLine(String name) {
        await("listed", () -> robot.lookup(name).tryQuery().isPresent());
        // The list lays its lines out once more after it made them.
        WaitForAsyncUtils.waitForFxEvents();
    }

    private int colourAtCentre() {
        return onFx(() -> stage.getScene()
                .lookup(".frame-view")
                .snapshot(null, null)
                .getPixelReader()
                .getArgb(400, 300));
    }

    private String text(String label) {
        return onFx(() -> robot.lookup(label).<Label>query().getText());
    }

    /** The details of the stream that the list shows as selected. */
    private String selected() {
        return onFx(() ->
                robot.lookup(".stream-cell:selected .details").<Label>query().getText());
    }

    private boolean isVisible(String label) {
        return onFx(() -> robot.lookup(label).query().getParent().isVisible());
    }

    private static <T> T onFx(Callable<T> action) {
        return WaitForAsyncUtils.waitForAsyncFx(60_000, action);
    }
}
