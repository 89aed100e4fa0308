/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.viewer.view;

import io.machframe.viewer.model.ViewerModel;
import java.net.URL;
import java.util.Objects;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.StackPane;

/** The whole viewer: streams on the left, the picture in the middle, figures at the bottom. */
public final class ViewerPane extends BorderPane implements AutoCloseable {
    private final FrameView frameView;

    /** Makes the panes of a model, which somebody else starts and closes. */
    public ViewerPane(ViewerModel model) {
        frameView = new FrameView(model.pictures());
        // Before the message pane hears of it, which asks whether there is still a picture.
        model.chosen().addListener(change -> frameView.clear());
        StatusBar statusBar = new StatusBar();
        model.status().addListener((property, before, status) -> statusBar.show(status));

        getStyleClass().add("viewer-pane");
        getStylesheets().add(stylesheet().toExternalForm());
        setLeft(new StreamListPane(model));
        setCenter(new StackPane(frameView, new MessagePane(model, frameView)));
        setBottom(statusBar);
    }

    /** Gives all pictures up. Called on the JavaFX thread when the panes are in no window any more. */
    @Override
    public void close() {
        frameView.close();
    }

    private static URL stylesheet() {
        return Objects.requireNonNull(ViewerPane.class.getResource("viewer.css"), "viewer.css");
    }
}
