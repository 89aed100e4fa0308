/* SPDX-License-Identifier: Apache-2.0 */

/** IOSurface, and streams of frames over it. */
@org.jspecify.annotations.NullMarked
module io.machframe.surface {
    requires static transitive com.google.errorprone.annotations;
    requires static transitive org.jspecify;
    requires com.sun.jna;
    requires transitive io.machframe.core;

    exports io.machframe.surface;
    exports io.machframe.surface.format;
    exports io.machframe.surface.layout;
    exports io.machframe.surface.memory;
    exports io.machframe.surface.property;
    exports io.machframe.surface.stream;
}
