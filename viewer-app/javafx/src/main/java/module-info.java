/* SPDX-License-Identifier: Apache-2.0 */

/** A JavaFX control that shows shared frames. */
module io.machframe.javafx {
    requires static org.jspecify;
    requires transitive io.machframe.surface;
    requires transitive javafx.graphics;

    exports io.machframe.javafx;
}
