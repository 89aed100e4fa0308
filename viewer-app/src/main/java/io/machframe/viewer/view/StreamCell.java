/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.viewer.view;

import io.machframe.viewer.model.StreamItem;
import javafx.css.PseudoClass;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;

/** A stream's name, and below it what it is. What is cut is in a tooltip. */
final class StreamCell extends ListCell<StreamItem> {
    private static final PseudoClass ABSENT = PseudoClass.getPseudoClass("absent");

    private final Label name = new Label();
    private final Label details = new Label();
    private final VBox lines = new VBox(name, details);
    private final Tooltip whole = new Tooltip();

    StreamCell() {
        getStyleClass().add("stream-cell");
        name.getStyleClass().add("name");
        details.getStyleClass().add("details");
        // Long names are cut to the width of the list instead of making it scroll.
        setPrefWidth(0);
    }

    @Override
    protected void updateItem(@Nullable StreamItem item, boolean empty) {
        super.updateItem(item, empty);
        pseudoClassStateChanged(ABSENT, item != null && !item.live());
        if (item == null || empty) {
            setGraphic(null);
        } else {
            name.setText(item.name());
            details.setText(item.details());
            whole.setText(item.name() + "\n" + item.details());
            setGraphic(lines);
        }
    }

    @Override
    protected void layoutChildren() {
        super.layoutChildren();
        setTooltip(getGraphic() != null && (isCut(name) || isCut(details)) ? whole : null);
    }

    private static boolean isCut(Label label) {
        return label.prefWidth(-1) > label.getWidth() + 0.5;
    }
}
