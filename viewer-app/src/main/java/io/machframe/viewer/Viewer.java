/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.viewer;

import io.machframe.viewer.command.Program;

/** Starts the viewer. */
public final class Viewer {
    private Viewer() {}

    /** Opens the window and ends the process when it is closed; {@code --help} tells the arguments. */
    public static void main(String[] arguments) {
        new Program("viewer", new ViewerCommand(), e -> "").runAndExit(arguments);
    }
}
