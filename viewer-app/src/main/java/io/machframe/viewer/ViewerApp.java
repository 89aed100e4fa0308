/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.viewer;

import io.machframe.viewer.model.Settings;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.prefs.Preferences;
import javafx.application.Application;
import javafx.application.Platform;
import javafx.stage.Stage;
import org.jspecify.annotations.Nullable;

/** The JavaFX application. There is one in a process, since JavaFX starts but once, and it makes the object itself. */
public final class ViewerApp extends Application {
    private static final int SIGNALLED = 128;

    private static @Nullable ViewerOptions options;

    private @Nullable ViewerWindow window;

    /** Called by JavaFX. */
    public ViewerApp() {}

    /** Opens the window, waits until it is closed, and returns the exit status. */
    static int run(ViewerOptions chosen) {
        options = chosen;
        AtomicInteger status = new AtomicInteger();
        if (chosen.snapshot().isPresent()) {
            StopSignals.handle(number -> {
                if (status.getAndSet(SIGNALLED + number) != 0) {
                    Runtime.getRuntime().halt(status.get()); // the second one
                }
                end(status.get());
            });
        }
        Application.launch(ViewerApp.class);
        return status.get();
    }

    private static void end(int status) {
        try {
            Platform.runLater(Platform::exit);
        } catch (IllegalStateException notYetStarted) {
            Runtime.getRuntime().halt(status);
        }
    }

    @Override
    public void start(Stage stage) {
        if (options != null) {
            window = new ViewerWindow(stage, options, new Settings(Preferences.userNodeForPackage(ViewerApp.class)));
            window.open();
        }
    }

    @Override
    public void stop() throws IOException {
        if (window != null) {
            window.close();
        }
    }
}
