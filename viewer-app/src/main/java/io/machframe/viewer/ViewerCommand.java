/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.viewer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Opens the viewer's window and waits until it is closed. */
@Command(
        name = "machframe-viewer",
        description = {
            "Shows the streams that processes of this user publish: a list of them, and the chosen one's picture.",
            "",
            "Needs a display. Ends when the window is closed, or at Ctrl-C."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  ${COMMAND-FULL-NAME}",
            "  ${COMMAND-FULL-NAME} camera",
            "  ${COMMAND-FULL-NAME} camera --exit-at-end --snapshot last.png"
        })
public class ViewerCommand implements Callable<Integer> {
    private static final boolean ON_LINUX = System.getProperty("os.name").startsWith("Linux");
    private static final List<Path> GPU_DEVICES =
            List.of(Path.of("/dev/dri"), Path.of("/dev/nvidiactl"), Path.of("/dev/dxg"));

    /** Kept, as loggers that nothing refers to are collected. */
    private static final Logger JAVAFX = Logger.getLogger("javafx");

    private static final Logger PREFERENCES = Logger.getLogger("java.util.prefs");

    @Parameters(
            paramLabel = "NAME",
            arity = "0..1",
            description = "The stream to show from the start. It is waited for if it is not published yet.")
    private @Nullable String name;

    @Option(names = "--exit-at-end", description = "Close the window when that stream ends.")
    private boolean exitAtEnd;

    @Option(
            names = "--snapshot",
            paramLabel = "OUT",
            description = "Leave a picture of the window in this PNG file when it closes, also by a signal.")
    private @Nullable Path snapshot;

    @Option(
            names = "--frames",
            paramLabel = "DIR",
            description = "Where the key s saves the frame that is shown. Default: the working directory.")
    private Path frames = Path.of("");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** Called by picocli. */
    public ViewerCommand() {}

    @Override
    public Integer call() throws IOException {
        require(name == null || !name.isEmpty(), "a stream's name is not empty");
        require(
                snapshot == null || hasFolder(snapshot), // better known now than when the window closes
                "--snapshot: there is no directory for '" + snapshot + "'");
        require(Files.isDirectory(frames.toAbsolutePath()), "--frames: there is no directory '" + frames + "'");
        if (!hasDisplay()) {
            throw new IOException("there is no display to open a window on (DISPLAY is not set)");
        }
        // It runs well from the class path, and what it says of that helps no user.
        JAVAFX.setFilter(message -> !message.getMessage().startsWith("Unsupported JavaFX configuration"));
        // Where settings cannot be kept, as in a container, nothing else is wrong.
        PREFERENCES.setLevel(Level.SEVERE);
        drawWithoutGpuIfThereIsNone();
        try {
            return ViewerApp.run(
                    new ViewerOptions(Optional.ofNullable(name), exitAtEnd, Optional.ofNullable(snapshot), frames));
        } catch (UnsupportedOperationException e) {
            throw new IOException(e.getMessage() + " (JavaFX needs an X server, GTK 3 and libXtst)", e);
        } catch (RuntimeException e) {
            throw new IOException(rootOf(e).getMessage(), e);
        }
    }

    private void require(boolean good, String problem) {
        if (!good) {
            throw new ParameterException(spec.commandLine(), problem);
        }
    }

    private static boolean hasFolder(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        return folder != null && Files.isDirectory(folder);
    }

    /** JavaFX on Linux speaks to an X server, unless it was told to draw somewhere else. */
    private static boolean hasDisplay() {
        String display = System.getenv("DISPLAY");
        return !ON_LINUX || System.getProperty("glass.platform") != null || (display != null && !display.isEmpty());
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
