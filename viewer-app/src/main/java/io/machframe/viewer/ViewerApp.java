/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.viewer;

import java.io.IOException;
import javafx.application.Application;
import javafx.stage.Stage;
import org.jspecify.annotations.Nullable;

/** The JavaFX application, which {@link Viewer} launches. */
public final class ViewerApp extends Application {
    private @Nullable ViewerWindow window;

    /** Called by JavaFX. */
    public ViewerApp() {}

    @Override
    public void start(Stage stage) {
        window = new ViewerWindow(stage, ViewerOptions.parse(getParameters().getRaw()));
        window.open();
    }

    @Override
    public void stop() throws IOException {
        if (window != null) {
            window.close();
        }
    }
}
