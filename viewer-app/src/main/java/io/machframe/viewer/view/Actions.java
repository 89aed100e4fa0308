/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.viewer.view;

import io.machframe.javafx.FrameView;
import io.machframe.javafx.ScaleMode;
import io.machframe.surface.property.Orientation;
import java.util.ArrayList;
import java.util.List;
import javafx.beans.property.BooleanProperty;
import javafx.geometry.Point2D;
import javafx.scene.Scene;
import javafx.scene.control.Menu;
import javafx.scene.control.MenuItem;
import javafx.scene.control.SeparatorMenuItem;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;

/** All that the user can have done: the one list that keys, menus and the sheet of keys are made of. */
final class Actions {
    private static final double ZOOM_STEP = 1.25;

    private final FrameView view;
    private final List<Action> picture;
    private final List<Action> window;

    /**
     * Makes the list.
     *
     * @param escape closes what lies over the picture, or else leaves the full screen
     */
    Actions(FrameView view, Switches switches, Runnable snapshot, Runnable escape, Runnable quit) {
        this.view = view;
        picture = List.of(
                Action.of("Fit to the window", () -> scale(ScaleMode.FIT), "0"),
                Action.of("Actual size", () -> scale(ScaleMode.ACTUAL_SIZE), "1"),
                Action.of("Whole multiples", () -> scale(ScaleMode.INTEGER), "2"),
                Action.of("Fill the window", () -> scale(ScaleMode.FILL), "3"),
                Action.of("Zoom in", () -> zoom(ZOOM_STEP), "+"),
                Action.of("Zoom out", () -> zoom(1 / ZOOM_STEP), "-"),
                Action.of("Turn by 90 degrees", this::turn, "r"),
                Action.ofSwitch("Smooth pixels", view.smoothProperty(), "n"),
                Action.ofSwitch("Checkerboard under alpha", view.checkerboardProperty(), "k"),
                Action.ofSwitch("Freeze", view.frozenProperty(), " "),
                Action.of("Save the frame as PNG", snapshot, "s"));
        window = List.of(
                Action.ofSwitch("Full screen", switches.fullScreen(), "f", "F11"),
                Action.ofSwitch("List of streams", switches.list(), "l"),
                Action.ofSwitch("Statistics", switches.statistics(), "i"),
                Action.ofSwitch("Light colours", switches.light(), "t"),
                Action.ofSwitch("Keys", switches.keys(), "?"),
                Action.of("Back", escape, "Esc"),
                Action.of("Quit", quit, "q", "Ctrl+Q"));
    }

    /**
     * What can be on or off in the window.
     *
     * @param fullScreen whether it takes the whole screen
     * @param list whether the list of streams is shown
     * @param statistics whether the statistics are shown over the picture
     * @param light whether the colours are light
     * @param keys whether the sheet of keys is shown
     */
    record Switches(
            BooleanProperty fullScreen,
            BooleanProperty list,
            BooleanProperty statistics,
            BooleanProperty light,
            BooleanProperty keys) {}

    List<Action> all() {
        List<Action> all = new ArrayList<>(picture);
        all.addAll(window);
        return all;
    }

    List<Menu> menus() {
        Menu pictureMenu = new Menu("Picture");
        picture.forEach(action -> pictureMenu.getItems().add(action.menuItem()));
        Menu windowMenu = new Menu("Window");
        window.forEach(action -> windowMenu.getItems().add(action.menuItem()));
        return List.of(pictureMenu, windowMenu);
    }

    List<MenuItem> contextItems() {
        List<MenuItem> items = new ArrayList<>();
        picture.forEach(action -> items.add(action.menuItem()));
        items.add(new SeparatorMenuItem());
        window.forEach(action -> items.add(action.menuItem()));
        return items;
    }

    /** Lets the keys of a scene do what they are for, before any control has them. */
    void listenTo(Scene scene) {
        scene.addEventFilter(KeyEvent.KEY_TYPED, event -> all().stream()
                .filter(action -> action.isTyped(event))
                .findFirst()
                .ifPresent(action -> {
                    action.run().run();
                    event.consume();
                }));
        scene.addEventFilter(KeyEvent.KEY_PRESSED, event -> {
            all().stream().filter(action -> action.isPressed(event)).findFirst().ifPresent(action -> {
                action.run().run();
                event.consume();
            });
            if (event.getCode() == KeyCode.SPACE) {
                event.consume(); // a list would choose by it
            }
        });
    }

    private void scale(ScaleMode mode) {
        view.setScaleMode(mode);
        view.resetZoom();
    }

    private void zoom(double factor) {
        view.zoomAt(new Point2D(view.getWidth() / 2, view.getHeight() / 2), factor);
    }

    private void turn() {
        view.setOrientation(view.orientationProperty().get().then(Orientation.RIGHT));
    }
}
