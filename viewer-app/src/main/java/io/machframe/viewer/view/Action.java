/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.viewer.view;

import java.util.List;
import javafx.beans.property.BooleanProperty;
import javafx.event.ActionEvent;
import javafx.event.EventHandler;
import javafx.scene.control.CheckMenuItem;
import javafx.scene.control.MenuItem;
import javafx.scene.input.KeyCombination;
import javafx.scene.input.KeyEvent;
import org.jspecify.annotations.Nullable;

/**
 * Something the user can have done, by a key or a menu.
 *
 * @param text what it is called
 * @param keys what to press: a character as it is typed, or a combination such as {@code F11} or {@code Ctrl+Q}
 * @param state what it turns on and off, null if it is no switch
 * @param run does it
 */
record Action(String text, List<String> keys, @Nullable BooleanProperty state, Runnable run) {
    static Action of(String text, Runnable run, String... keys) {
        return new Action(text, List.of(keys), null, run);
    }

    static Action ofSwitch(String text, BooleanProperty state, String... keys) {
        return new Action(text, List.of(keys), state, () -> state.set(!state.get()));
    }

    /** Returns a new item for a menu. */
    MenuItem menuItem() {
        String label = text + "  (" + keyNames() + ")";
        EventHandler<ActionEvent> handler = event -> run.run();
        if (state == null) {
            MenuItem item = new MenuItem(label);
            item.setOnAction(handler);
            return item;
        }
        CheckMenuItem item = new CheckMenuItem(label);
        item.selectedProperty().bindBidirectional(state);
        return item;
    }

    String keyNames() {
        return String.join(
                ", ", keys.stream().map(key -> key.equals(" ") ? "Space" : key).toList());
    }

    boolean isTyped(KeyEvent event) {
        return keys.contains(event.getCharacter());
    }

    boolean isPressed(KeyEvent event) {
        return keys.stream()
                .anyMatch(key -> key.length() > 1 && KeyCombination.valueOf(key).match(event));
    }
}
