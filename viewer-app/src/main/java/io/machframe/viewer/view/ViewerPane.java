/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.viewer.view;

import io.machframe.javafx.FrameView;
import io.machframe.viewer.model.Settings;
import io.machframe.viewer.model.Settings.Amount;
import io.machframe.viewer.model.Settings.Choice;
import io.machframe.viewer.model.ViewerModel;
import java.net.URL;
import java.util.Objects;
import javafx.animation.PauseTransition;
import javafx.application.Platform;
import javafx.beans.InvalidationListener;
import javafx.beans.Observable;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.css.PseudoClass;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.Scene;
import javafx.scene.control.ContextMenu;
import javafx.scene.control.Label;
import javafx.scene.control.MenuBar;
import javafx.scene.control.SplitPane;
import javafx.scene.input.ContextMenuEvent;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.StackPane;
import javafx.util.Duration;

/** The whole viewer: menus at the top, streams on the left, the picture in the middle, statistics at the bottom. */
public final class ViewerPane extends BorderPane implements AutoCloseable {
    private static final PseudoClass LIGHT = PseudoClass.getPseudoClass("light");
    private static final Duration NOTICE = Duration.seconds(4);

    private final FrameView frameView = new FrameView();
    private final StreamListPane list;
    private final SplitPane split = new SplitPane();
    private final Label notice = new Label();
    private final BooleanProperty fullScreen = new SimpleBooleanProperty(this, "fullScreen");
    private final BooleanProperty listShown = new SimpleBooleanProperty(this, "listShown", true);
    private final BooleanProperty statisticsShown = new SimpleBooleanProperty(this, "statisticsShown");
    private final BooleanProperty light = new SimpleBooleanProperty(this, "light");
    private final BooleanProperty keysShown = new SimpleBooleanProperty(this, "keysShown");
    private final Actions actions;
    private double divider = 0.2;

    /**
     * Makes the panes of a model, which stays the caller's to start and close.
     *
     * @param snapshot saves the frame that is shown
     * @param quit closes the window
     */
    public ViewerPane(ViewerModel model, Runnable snapshot, Runnable quit) {
        frameView.streamNameProperty().bind(model.chosen());
        frameView.badgeShownProperty().set(false); // the message pane tells
        frameView.setAccessibleText("Picture");
        list = new StreamListPane(model);
        actions = new Actions(
                frameView,
                new Actions.Switches(fullScreen, listShown, statisticsShown, light, keysShown),
                snapshot,
                this::back,
                quit);

        StatusBar statusBar = new StatusBar();
        frameView.statisticsProperty().addListener((property, before, now) -> statusBar.show(now));
        MenuBar menus = new MenuBar();
        menus.getMenus().setAll(actions.menus());
        split.getItems().setAll(list, centre(model));
        SplitPane.setResizableWithParent(list, false);

        getStyleClass().add("viewer-pane");
        getStylesheets().add(stylesheet().toExternalForm());
        setTop(menus);
        setCenter(split);
        setBottom(statusBar);
        hideIn(fullScreen, menus);
        hideIn(fullScreen, statusBar);
        listShown.addListener(change -> showList());
        fullScreen.addListener(change -> showList());
        light.addListener((property, before, now) -> pseudoClassStateChanged(LIGHT, now));
    }

    private StackPane centre(ViewerModel model) {
        StatisticsPane statistics = new StatisticsPane(frameView);
        statistics.visibleProperty().bind(statisticsShown);
        KeysPane keys = new KeysPane(actions.all());
        keys.setId("keys");
        keys.visibleProperty().bind(keysShown);
        notice.setId("notice");
        notice.getStyleClass().add("overlay");
        notice.setVisible(false);
        StackPane centre = new StackPane(frameView, new MessagePane(model, frameView), statistics, notice, keys);
        centre.setMinSize(0, 0);
        StackPane.setAlignment(statistics, Pos.TOP_LEFT);
        StackPane.setAlignment(notice, Pos.BOTTOM_CENTER);
        statistics.setMouseTransparent(true);
        notice.setMouseTransparent(true);
        keys.setMouseTransparent(true);

        new PictureMouse(frameView, () -> fullScreen.set(!fullScreen.get()));
        ContextMenu menu = new ContextMenu();
        menu.getItems().setAll(actions.contextItems());
        frameView.addEventHandler(
                ContextMenuEvent.CONTEXT_MENU_REQUESTED,
                event -> menu.show(frameView, event.getScreenX(), event.getScreenY()));
        return centre;
    }

    private static void hideIn(BooleanProperty state, Node node) {
        node.visibleProperty().bind(state.not());
        node.managedProperty().bind(state.not());
    }

    /** Lets the keys pressed in a scene do what they are for. */
    public void listenTo(Scene scene) {
        actions.listenTo(scene);
    }

    /** Returns the picture. */
    public FrameView frameView() {
        return frameView;
    }

    /** Whether the window takes the whole screen. */
    public BooleanProperty fullScreenProperty() {
        return fullScreen;
    }

    /** Tells the user something for some seconds. */
    public void tell(String text) {
        notice.setText(text);
        notice.setVisible(true);
        PauseTransition pause = new PauseTransition(NOTICE);
        pause.setOnFinished(event -> {
            if (notice.getText().equals(text)) {
                notice.setVisible(false);
            }
        });
        pause.play();
    }

    /** Makes the choices that were remembered. */
    public void load(Settings settings) {
        divider = settings.get(Amount.DIVIDER);
        // Before it has its width, a split pane keeps no divider.
        split.widthProperty().addListener(new InvalidationListener() {
            @Override
            public void invalidated(Observable width) {
                split.widthProperty().removeListener(this);
                Platform.runLater(() -> split.setDividerPositions(divider));
            }
        });
        listShown.set(settings.get(Choice.LIST));
        statisticsShown.set(settings.get(Choice.STATISTICS));
        light.set(settings.get(Choice.LIGHT));
        frameView.smoothProperty().set(settings.get(Choice.SMOOTH));
        frameView.checkerboardProperty().set(settings.get(Choice.CHECKERBOARD));
    }

    /** Lets the choices be remembered. */
    public void save(Settings settings) {
        rememberDivider();
        settings.put(Amount.DIVIDER, divider);
        settings.put(Choice.LIST, listShown.get());
        settings.put(Choice.STATISTICS, statisticsShown.get());
        settings.put(Choice.LIGHT, light.get());
        settings.put(Choice.SMOOTH, frameView.smoothProperty().get());
        settings.put(Choice.CHECKERBOARD, frameView.checkerboardProperty().get());
    }

    /** Leaves the stream and releases all pictures. Called on the JavaFX thread when the panes are in no window any more. */
    @Override
    public void close() {
        frameView.streamNameProperty().unbind();
        frameView.close();
    }

    private void back() {
        if (keysShown.get()) {
            keysShown.set(false);
        } else {
            fullScreen.set(false);
        }
    }

    private void showList() {
        boolean wanted = listShown.get() && !fullScreen.get();
        boolean shown = split.getItems().contains(list);
        if (wanted && !shown) {
            split.getItems().add(0, list);
            split.setDividerPositions(divider);
        } else if (!wanted && shown) {
            rememberDivider();
            split.getItems().remove(list);
        }
    }

    private void rememberDivider() {
        if (split.getDividers().size() == 1) {
            divider = split.getDividerPositions()[0];
        }
    }

    private static URL stylesheet() {
        return Objects.requireNonNull(ViewerPane.class.getResource("viewer.css"), "viewer.css");
    }
}
