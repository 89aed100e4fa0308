/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.viewer;

import io.machframe.javafx.Connection;
import io.machframe.viewer.model.ViewerModel;
import io.machframe.viewer.view.ViewerPane;
import java.io.IOException;
import javafx.application.Platform;
import javafx.beans.binding.Bindings;
import javafx.scene.Scene;
import javafx.stage.Stage;
import org.jspecify.annotations.Nullable;

/** The window: a model, the panes that show it, and the options of the command line. */
final class ViewerWindow {
    private static final String TITLE = "Machframe Viewer";

    private final Stage stage;
    private final ViewerOptions options;
    private final ViewerModel model = new ViewerModel(Platform::runLater);
    private final ViewerPane pane = new ViewerPane(model);

    ViewerWindow(Stage stage, ViewerOptions options) {
        this.stage = stage;
        this.options = options;
    }

    void open() {
        stage.setScene(new Scene(pane, 1240, 680));
        stage.setMinWidth(480);
        stage.setMinHeight(320);
        stage.titleProperty()
                .bind(Bindings.createStringBinding(() -> titleFor(model.chosen().get()), model.chosen()));
        if (options.exitAtEnd()) {
            pane.frameView().connectionProperty().addListener((property, before, now) -> {
                if (now.state() == Connection.State.ENDED) {
                    stage.close();
                }
            });
        }
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

    private static String titleFor(@Nullable String name) {
        return name == null ? TITLE : name + " – " + TITLE;
    }
}
