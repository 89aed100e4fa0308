/* SPDX-License-Identifier: Apache-2.0 */

/** Mach ports and messages, memory, bootstrap and run loops. */
@SuppressWarnings("module") // the compiler cannot see the module that a qualified export names
@org.jspecify.annotations.NullMarked
module io.machframe.core {
    requires static com.google.errorprone.annotations;
    requires static org.jspecify;
    requires com.sun.jna;

    exports io.machframe.core.error;
    exports io.machframe.core.platform;
    exports io.machframe.core.platform.linux to
            io.machframe.surface;
}
