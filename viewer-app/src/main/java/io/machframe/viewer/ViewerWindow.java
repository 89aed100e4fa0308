/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.viewer;

import io.machframe.javafx.Connection;
import io.machframe.viewer.model.Settings;
import io.machframe.viewer.model.Settings.Amount;
import io.machframe.viewer.model.Settings.Choice;
import io.machframe.viewer.model.ViewerModel;
import io.machframe.viewer.view.ViewerPane;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import javafx.application.Platform;
import javafx.beans.binding.Bindings;
import javafx.geometry.Rectangle2D;
import javafx.scene.Scene;
import javafx.scene.image.Image;
import javafx.scene.input.KeyCombination;
import javafx.stage.Screen;
import javafx.stage.Stage;
import org.jspecify.annotations.Nullable;

/** The window: a model, the panes that show it, the options of the command line, and what is remembered. */
final class ViewerWindow {
    private static final String TITLE = "Machframe Viewer";
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss-SSS");

    private final Stage stage;
    private final ViewerOptions options;
    private final Settings settings;
    private final ViewerModel model = new ViewerModel(Platform::runLater);
    private final ViewerPane pane;

    ViewerWindow(Stage stage, ViewerOptions options, Settings settings) {
        this.stage = stage;
        this.options = options;
        this.settings = settings;
        pane = new ViewerPane(model, this::saveFrame, stage::hide);
    }

    void open() {
        Scene scene = new Scene(pane);
        pane.listenTo(scene);
        stage.setScene(scene);
        stage.setMinWidth(320);
        stage.setMinHeight(240);
        stage.setFullScreenExitHint("");
        stage.setFullScreenExitKeyCombination(KeyCombination.NO_MATCH); // the pane knows what Escape is for
        pane.fullScreenProperty().addListener((property, before, now) -> stage.setFullScreen(now));
        stage.fullScreenProperty().addListener((property, before, now) -> pane.fullScreenProperty()
                .set(now));
        stage.titleProperty()
                .bind(Bindings.createStringBinding(() -> titleFor(model.chosen().get()), model.chosen()));
        if (options.exitAtEnd()) {
            pane.frameView().connectionProperty().addListener((property, before, now) -> {
                if (now.state() == Connection.State.ENDED) {
                    stage.close();
                }
            });
        }
        pane.load(settings);
        placeAsRemembered();
        stage.setOnHiding(event -> remember());
        model.start();
        options.name().ifPresent(model::choose);
        stage.show();
    }

    /**
     * Leaves the streams when the window is closed, after taking the snapshot if one is wanted.
     *
     * @throws IOException if the snapshot cannot be written
     */
    void close() throws IOException {
        try {
            if (options.snapshot().isPresent()) {
                Png.write(stage.getScene().snapshot(null), options.snapshot().get());
            }
        } finally {
            model.close();
            pane.close();
        }
    }

    /** A place that no screen shows any more is forgotten. */
    private void placeAsRemembered() {
        stage.setWidth(settings.get(Amount.WIDTH));
        stage.setHeight(settings.get(Amount.HEIGHT));
        double x = settings.get(Amount.X);
        double y = settings.get(Amount.Y);
        boolean visible =
                Screen.getScreens().stream().map(Screen::getVisualBounds).anyMatch(screen -> contains(screen, x, y));
        if (visible) {
            stage.setX(x);
            stage.setY(y);
        }
        stage.setMaximized(settings.get(Choice.MAXIMIZED));
    }

    private static boolean contains(Rectangle2D screen, double x, double y) {
        return screen.contains(x, y) && screen.contains(x + 100, y + 40);
    }

    private void remember() {
        settings.put(Choice.MAXIMIZED, stage.isMaximized());
        if (!stage.isMaximized() && !stage.isFullScreen()) {
            settings.put(Amount.X, stage.getX());
            settings.put(Amount.Y, stage.getY());
            settings.put(Amount.WIDTH, stage.getWidth());
            settings.put(Amount.HEIGHT, stage.getHeight());
        }
        pane.save(settings);
        settings.save();
    }

    /** Writes the frame that is shown as a PNG, on a thread of its own. */
    private void saveFrame() {
        String name = model.chosen().get();
        Image frame = pane.frameView().copyPicture().orElse(null);
        if (name == null || frame == null) {
            pane.tell("There is no frame to save");
            return;
        }
        String plain = name.replaceAll("[^\\p{L}\\p{N}._-]", "_");
        Path file = options.frames()
                .toAbsolutePath()
                .resolve(plain + "-" + LocalDateTime.now(ZoneId.systemDefault()).format(TIME) + ".png");
        Thread writer = new Thread(
                () -> {
                    String text = write(frame, file);
                    Platform.runLater(() -> pane.tell(text));
                },
                "snapshot");
        writer.start();
    }

    private static String write(Image frame, Path file) {
        try {
            Png.write(frame, file);
            return "Saved " + file;
        } catch (IOException e) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException suppressed) {
                e.addSuppressed(suppressed);
            }
            return file + " cannot be written: " + e.getMessage();
        }
    }

    private static String titleFor(@Nullable String name) {
        return name == null ? TITLE : name + " – " + TITLE;
    }
}
