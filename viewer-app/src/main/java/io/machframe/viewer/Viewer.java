/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.viewer;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.logging.Logger;
import javafx.application.Application;

/**
 * Starts the viewer: a window that lists the streams published on this machine and shows the chosen one.
 *
 * <p>It is not the {@link Application} itself, since Java refuses to start one of those from the class path.
 */
public final class Viewer {
    private static final int FAILED = 1;
    private static final int MISUSED = 2;

    private static final boolean ON_LINUX = System.getProperty("os.name").startsWith("Linux");
    private static final List<Path> GPU_DEVICES =
            List.of(Path.of("/dev/dri"), Path.of("/dev/nvidiactl"), Path.of("/dev/dxg"));

    /** Kept, as loggers that nobody holds are forgotten. */
    private static final Logger JAVAFX = Logger.getLogger("javafx");

    private Viewer() {}

    /** Opens the window and exits when it is closed; {@code --help} tells the arguments. */
    public static void main(String[] arguments) {
        System.exit(run(arguments));
    }

    private static int run(String[] arguments) {
        if (List.of(arguments).contains("--help")) {
            System.out.print(ViewerOptions.USAGE);
            return 0;
        }
        try {
            ViewerOptions.parse(List.of(arguments));
        } catch (IllegalArgumentException e) {
            System.err.println("viewer: " + e.getMessage());
            System.err.print(ViewerOptions.USAGE);
            return MISUSED;
        }
        if (!hasDisplay()) {
            System.err.println("viewer: there is no display (DISPLAY is not set)");
            return FAILED;
        }
        // It runs well from the class path, and what it says of that helps no user.
        JAVAFX.setFilter(message -> !message.getMessage().startsWith("Unsupported JavaFX configuration"));
        drawWithoutGpuIfThereIsNone();
        try {
            Application.launch(ViewerApp.class, arguments);
            return 0;
        } catch (UnsupportedOperationException e) {
            System.err.println("viewer: " + e.getMessage() + " (JavaFX needs an X server, GTK 3 and libXtst)");
            return FAILED;
        } catch (RuntimeException e) {
            System.err.println("viewer: " + rootOf(e).getMessage());
            return FAILED;
        }
    }

    /** JavaFX on Linux speaks to an X server, unless it was told to draw somewhere else. */
    private static boolean hasDisplay() {
        return !ON_LINUX || System.getProperty("glass.platform") != null || System.getenv("DISPLAY") != null;
    }

    /** JavaFX finds out itself, but only after loading OpenGL, with a stack trace where that is not installed. */
    private static void drawWithoutGpuIfThereIsNone() {
        if (ON_LINUX && GPU_DEVICES.stream().noneMatch(Files::exists) && System.getProperty("prism.order") == null) {
            System.setProperty("prism.order", "sw");
        }
    }

    private static Throwable rootOf(Throwable thrown) {
        Throwable cause = thrown.getCause();
        return cause == null ? thrown : rootOf(cause);
    }
}
