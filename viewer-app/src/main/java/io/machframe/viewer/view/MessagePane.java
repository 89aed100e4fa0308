/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.viewer.view;

import io.machframe.javafx.Connection;
import io.machframe.javafx.FrameView;
import io.machframe.viewer.model.ViewerModel;
import javafx.beans.InvalidationListener;
import javafx.css.PseudoClass;
import javafx.scene.control.Label;
import javafx.scene.layout.VBox;

/** What there is to say when no frames come, instead of the picture or over the last one. */
final class MessagePane extends VBox {
    private static final PseudoClass OVER_PICTURE = PseudoClass.getPseudoClass("over-picture");

    private final ViewerModel model;
    private final FrameView picture;
    private final Label message = new Label();
    private final Label hint = new Label();

    MessagePane(ViewerModel model, FrameView picture) {
        this.model = model;
        this.picture = picture;
        getStyleClass().add("message-pane");
        message.setId("message");
        message.getStyleClass().add("message");
        message.setWrapText(true);
        hint.setId("hint");
        hint.getStyleClass().add("hint");
        hint.setWrapText(true);
        hint.managedProperty().bind(hint.textProperty().isNotEmpty());
        getChildren().setAll(message, hint);
        setMouseTransparent(true);

        picture.connectionProperty().addListener(change -> update());
        model.trouble().addListener(change -> update());
        model.streams().addListener((InvalidationListener) change -> update());
        update();
    }

    private void update() {
        Connection connection = picture.connectionProperty().get();
        setVisible(connection.state() != Connection.State.PLAYING);
        pseudoClassStateChanged(OVER_PICTURE, picture.hasPicture());
        if (connection.state() != Connection.State.NONE) {
            say(connection.message(), "");
        } else if (!model.trouble().get().isEmpty()) {
            say("Streams cannot be listed", model.trouble().get());
        } else if (model.streams().isEmpty()) {
            say("No streams yet", "Publish one:  demos/run publish NAME FILE");
        } else {
            say("Choose a stream", "");
        }
    }

    private void say(String text, String more) {
        message.setText(text);
        hint.setText(more);
    }
}
