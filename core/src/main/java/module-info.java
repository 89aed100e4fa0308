/* SPDX-License-Identifier: Apache-2.0 */

/** Mach ports and messages, memory, bootstrap and run loops. */
// The modules of qualified exports are compiled after this one; JNA names its module in its manifest only.
@SuppressWarnings({"module", "requires-automatic"})
module io.machframe.core {
    requires static transitive org.jspecify;
    requires com.sun.jna;

    exports io.machframe.core.bootstrap;
    exports io.machframe.core.error;
    exports io.machframe.core.machport;
    exports io.machframe.core.memory;
    exports io.machframe.core.message;
    exports io.machframe.core.messageport;
    exports io.machframe.core.port;
    exports io.machframe.core.runloop;
    exports io.machframe.core.internal to
            io.machframe.surface;
    exports io.machframe.core.lifetime to
            io.machframe.surface,
            io.machframe.surface.gl;
    exports io.machframe.core.platform to
            io.machframe.surface;
    exports io.machframe.core.platform.darwin to
            io.machframe.surface;
    exports io.machframe.core.platform.linux.memory to
            io.machframe.surface;
}
