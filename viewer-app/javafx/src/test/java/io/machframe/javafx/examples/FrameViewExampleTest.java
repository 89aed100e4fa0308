/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.javafx.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.machframe.javafx.Connection;
import io.machframe.javafx.FrameView;
import io.machframe.javafx.JavaFxText;
import io.machframe.javafx.ScaleMode;
import javafx.scene.Scene;
import javafx.scene.layout.BorderPane;
import javafx.scene.text.Text;
import javafx.stage.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.ExtendWith;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;
import org.testfx.util.WaitForAsyncUtils;

/** The example of the package page of {@code javafx}. */
@ExtendWith(ApplicationExtension.class)
@EnabledIf(value = JavaFxText.IS_THERE, disabledReason = JavaFxText.MISSING)
@Timeout(120)
class FrameViewExampleTest {
    private Stage window;

    // @start region="show"
    /** Shows a stream in a window, with a line that says how it is joined. */
    static void show(Stage stage) {
        FrameView view = new FrameView();
        view.setStreamName("camera"); // joined whenever it is published
        view.setScaleMode(ScaleMode.FILL);
        Text state = new Text();
        state.textProperty().bind(view.connectionProperty().map(Connection::message));
        stage.setScene(new Scene(new BorderPane(view, null, null, state, null)));
        stage.setOnHidden(event -> view.close());
        stage.show();
    }
    // @end

    @Start
    void open(Stage stage) {
        show(stage);
        window = stage;
    }

    @AfterEach
    void close() {
        WaitForAsyncUtils.waitForAsyncFx(60_000, window::hide);
    }

    @Test
    void theLineSaysThatTheStreamIsWaitedFor() {
        Text state = (Text) ((BorderPane) window.getScene().getRoot()).getBottom();
        assertEquals("Waiting for camera", WaitForAsyncUtils.waitForAsyncFx(60_000, state::getText));
    }
}
