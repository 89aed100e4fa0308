/* SPDX-License-Identifier: Apache-2.0 */

/** A JavaFX viewer of served frames. */
@org.jspecify.annotations.NullMarked
module io.machframe.viewer {
    requires static com.google.errorprone.annotations;
    requires static org.jspecify;
    requires io.machframe.surface;
    requires java.desktop;
    requires java.logging;
    requires javafx.controls;
    requires transitive javafx.graphics;

    exports io.machframe.viewer;
}
