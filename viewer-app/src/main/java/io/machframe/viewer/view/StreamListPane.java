/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.viewer.view;

import io.machframe.viewer.model.StreamItem;
import io.machframe.viewer.model.ViewerModel;
import javafx.collections.ListChangeListener;
import javafx.scene.control.Label;
import javafx.scene.control.ListView;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;

/** The list of streams; selecting one chooses it. */
final class StreamListPane extends VBox {
    private static final double NARROWEST = 90;

    private final ViewerModel model;
    private final ListView<StreamItem> list;

    StreamListPane(ViewerModel model) {
        this.model = model;
        list = new ListView<>(model.streams());
        list.setId("streams");
        list.setCellFactory(view -> new StreamCell());
        list.setAccessibleText("Streams");
        VBox.setVgrow(list, Priority.ALWAYS);

        Label title = new Label("Streams");
        title.getStyleClass().add("pane-title");
        title.setLabelFor(list);
        getStyleClass().add("stream-list-pane");
        getChildren().setAll(title, list);
        setMinWidth(NARROWEST);

        list.getSelectionModel().selectedItemProperty().addListener((property, before, item) -> choose(item));
        model.chosen().addListener(change -> select());
        // The control forgets the selection when the selected line changes.
        model.streams().addListener((ListChangeListener<StreamItem>) change -> select());
        select();
    }

    private void choose(@Nullable StreamItem item) {
        if (item != null) {
            model.choose(item.name());
        }
    }

    private void select() {
        String name = model.chosen().get();
        model.streams().stream()
                .filter(item -> item.name().equals(name))
                .findFirst()
                .ifPresent(list.getSelectionModel()::select);
    }
}
