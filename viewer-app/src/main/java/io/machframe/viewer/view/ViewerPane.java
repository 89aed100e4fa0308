/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.viewer.view;

import io.machframe.javafx.FrameView;
import io.machframe.viewer.model.ViewerModel;
import java.net.URL;
import java.util.Objects;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.StackPane;

/** The whole viewer: streams on the left, the picture in the middle, figures at the bottom. */
public final class ViewerPane extends BorderPane implements AutoCloseable {
    private final FrameView frameView = new FrameView();

    /** Makes the panes of a model, which stays the caller's to start and close. */
    public ViewerPane(ViewerModel model) {
        frameView.streamNameProperty().bind(model.chosen());
        frameView.badgeShownProperty().set(false); // the message pane tells
        StatusBar statusBar = new StatusBar();
        frameView.statisticsProperty().addListener((property, before, now) -> statusBar.show(now));

        getStyleClass().add("viewer-pane");
        getStylesheets().add(stylesheet().toExternalForm());
        setLeft(new StreamListPane(model));
        setCenter(new StackPane(frameView, new MessagePane(model, frameView)));
        setBottom(statusBar);
    }

    /** Returns the picture. */
    public FrameView frameView() {
        return frameView;
    }

    /** Leaves the stream and releases all pictures. Called on the JavaFX thread when the panes are in no window any more. */
    @Override
    public void close() {
        frameView.close();
    }

    private static URL stylesheet() {
        return Objects.requireNonNull(ViewerPane.class.getResource("viewer.css"), "viewer.css");
    }
}
