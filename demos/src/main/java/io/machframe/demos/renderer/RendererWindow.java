/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.renderer;

import io.machframe.javafx.FrameView;
import java.util.Objects;
import javafx.animation.PauseTransition;
import javafx.application.Application;
import javafx.geometry.Insets;
import javafx.geometry.Pos;
import javafx.scene.Scene;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.Slider;
import javafx.scene.input.KeyCode;
import javafx.scene.input.MouseEvent;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.stage.Stage;
import javafx.util.Duration;
import org.jspecify.annotations.Nullable;

/** The user interface: shows the renderer's stream and steers it. JavaFX makes the object, once in a process. */
public final class RendererWindow extends Application {
    private static final double RADIANS_PER_PIXEL = 0.01;
    private static final double STEP = 0.1;
    private static final double ZOOM_PER_PIXEL = 0.002;
    private static final Duration RESIZED = Duration.millis(200);
    private static final Duration LOOK = Duration.millis(250);

    /**
     * What it is started with.
     *
     * @param name of the stream
     * @param first what is shown at first
     * @param rate frames a second at most
     */
    record Options(String name, Controls first, int rate) {}

    private static @Nullable Options options;

    private final FrameView view = new FrameView();
    private final Label status = new Label();
    private final Slider speed = new Slider(-3, 3, 0.6);
    private final PauseTransition resized = new PauseTransition(RESIZED);
    private @Nullable RendererProcess renderer;
    private double lastX;
    private double lastY;

    /** Called by JavaFX. */
    public RendererWindow() {}

    /** Opens the window, waits until it is closed, and returns the exit status. */
    static int run(Options chosen) {
        options = chosen;
        launch(RendererWindow.class);
        return 0;
    }

    @Override
    public void start(Stage stage) {
        Options chosen = Objects.requireNonNull(options);
        RendererProcess process = RendererProcess.start(chosen.name(), chosen.first(), chosen.rate());
        renderer = process;
        view.setStreamName(chosen.name());
        view.setPrefSize(chosen.first().width(), chosen.first().height());
        steer(process);
        BorderPane root = new BorderPane(view);
        root.setBottom(bar(process));
        Scene scene = new Scene(root);
        scene.setOnKeyPressed(event -> press(event.getCode(), process));
        stage.setScene(scene);
        stage.setTitle("Renderer");
        stage.show();
        view.requestFocus();
        look(process);
    }

    private void steer(RendererProcess process) {
        view.setFocusTraversable(true);
        view.addEventHandler(MouseEvent.MOUSE_PRESSED, event -> {
            lastX = event.getX();
            lastY = event.getY();
            view.requestFocus();
        });
        view.addEventHandler(MouseEvent.MOUSE_DRAGGED, event -> {
            turn(process, (event.getX() - lastX) * RADIANS_PER_PIXEL, (event.getY() - lastY) * RADIANS_PER_PIXEL);
            lastX = event.getX();
            lastY = event.getY();
        });
        view.setOnScroll(
                event -> process.control(process.controls().zoomed(Math.exp(-event.getDeltaY() * ZOOM_PER_PIXEL))));
        speed.valueProperty()
                .addListener((value, before, now) ->
                        process.control(process.controls().withSpeed(now.doubleValue())));
        resized.setOnFinished(
                event -> process.control(process.controls().withSize((int) view.getWidth(), (int) view.getHeight())));
        view.widthProperty().addListener(change -> resized.playFromStart());
        view.heightProperty().addListener(change -> resized.playFromStart());
    }

    private HBox bar(RendererProcess process) {
        Button kill = new Button("Kill the renderer");
        kill.setOnAction(event -> process.kill());
        kill.setFocusTraversable(false);
        speed.setFocusTraversable(false);
        Region space = new Region();
        HBox.setHgrow(space, Priority.ALWAYS);
        HBox bar = new HBox(10, new Label("Speed"), speed, space, status, kill);
        bar.setAlignment(Pos.CENTER_LEFT);
        bar.setPadding(new Insets(6));
        return bar;
    }

    private static void turn(RendererProcess process, double right, double down) {
        process.control(process.controls().turned(right, down));
    }

    private void press(KeyCode key, RendererProcess process) {
        switch (key) {
            case LEFT -> turn(process, -STEP, 0);
            case RIGHT -> turn(process, STEP, 0);
            case UP -> turn(process, 0, -STEP);
            case DOWN -> turn(process, 0, STEP);
            case SPACE -> speed.setValue(speed.getValue() == 0 ? 0.6 : 0);
            default -> {}
        }
    }

    /** Looks again and again how the renderer is, until the window is closed. */
    private void look(RendererProcess process) {
        PauseTransition pause = new PauseTransition(LOOK);
        pause.setOnFinished(event -> {
            status.setText(process.failure()
                    .orElseGet(() -> "renderer " + process.started()
                            + process.pid().map(pid -> ", process " + pid).orElse("") + ": "
                            + view.connectionProperty().get().state()));
            pause.playFromStart();
        });
        pause.play();
    }

    @Override
    public void stop() {
        view.close();
        if (renderer != null) {
            renderer.close();
        }
    }
}
