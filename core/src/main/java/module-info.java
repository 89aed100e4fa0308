/* SPDX-License-Identifier: Apache-2.0 */

/** Mach ports and messages, memory, bootstrap and run loops. */
@org.jspecify.annotations.NullMarked
module io.machframe.core {
    requires static com.google.errorprone.annotations;
    requires static org.jspecify;
    requires com.sun.jna;
}
