/* SPDX-License-Identifier: Apache-2.0 */

/** Small programs, one per idea, and the benchmarks. */
module io.machframe.demos {
    requires static org.jspecify;
    requires HdrHistogram;
    requires info.picocli;
    requires io.machframe.core;
    requires io.machframe.javafx;
    requires io.machframe.surface;
    requires io.machframe.surface.ffmpeg;
    requires io.machframe.surface.gl;
    requires io.machframe.viewer;
    requires java.desktop;
    requires java.management;
    requires javafx.controls;
    requires org.lwjgl;
    requires org.lwjgl.opengl;
    requires jdk.management;
    requires jmh.core;

    // Picocli fills in their fields.
    opens io.machframe.demos to
            info.picocli;
    opens io.machframe.demos.bench to
            info.picocli;
    opens io.machframe.demos.list to
            info.picocli;
    opens io.machframe.demos.messageport to
            info.picocli;
    opens io.machframe.demos.play to
            info.picocli;
    opens io.machframe.demos.process to
            info.picocli;
    opens io.machframe.demos.publish to
            info.picocli;
    opens io.machframe.demos.renderer to
            info.picocli,
            javafx.graphics;
    opens io.machframe.demos.view to
            info.picocli;
    opens io.machframe.demos.watch to
            info.picocli;
}
