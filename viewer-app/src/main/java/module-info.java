/* SPDX-License-Identifier: Apache-2.0 */

/** A JavaFX viewer of served frames. */
module io.machframe.viewer {
    requires static org.jspecify;
    requires transitive info.picocli;
    requires io.machframe.javafx;
    requires io.machframe.surface;
    requires java.desktop;
    requires java.logging;
    requires java.prefs;
    requires javafx.controls;
    // For signals.
    requires jdk.unsupported;
    requires transitive javafx.graphics;

    exports io.machframe.viewer;
    exports io.machframe.viewer.command;

    // Picocli fills in their fields.
    opens io.machframe.viewer to
            info.picocli;
    opens io.machframe.viewer.command to
            info.picocli;
}
