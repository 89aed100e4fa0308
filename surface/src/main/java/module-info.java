/* SPDX-License-Identifier: Apache-2.0 */

/** IOSurface, and streams of frames over it. */
@SuppressWarnings("requires-automatic") // JNA names its module in its manifest only
module io.machframe.surface {
    requires static transitive org.jspecify;
    requires com.sun.jna;
    requires java.management;
    requires jdk.jfr;
    requires transitive io.machframe.core;

    exports io.machframe.surface;
    exports io.machframe.surface.convert;
    exports io.machframe.surface.error;
    exports io.machframe.surface.format;
    exports io.machframe.surface.layout;
    exports io.machframe.surface.memory;
    exports io.machframe.surface.property;
    exports io.machframe.surface.stream;
}
