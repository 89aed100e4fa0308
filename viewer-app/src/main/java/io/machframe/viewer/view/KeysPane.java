/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.viewer.view;

import java.util.List;
import javafx.scene.control.Label;
import javafx.scene.layout.GridPane;

/** The sheet of keys, over the picture. */
final class KeysPane extends GridPane {
    KeysPane(List<Action> actions) {
        getStyleClass().addAll("overlay", "keys-pane");
        setMaxSize(USE_PREF_SIZE, USE_PREF_SIZE);
        for (int row = 0; row < actions.size(); row++) {
            Label keys = new Label(actions.get(row).keyNames());
            keys.getStyleClass().add("key");
            addRow(row, keys, new Label(actions.get(row).text()));
        }
    }
}
