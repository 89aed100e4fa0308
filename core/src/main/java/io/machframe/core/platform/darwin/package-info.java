/* SPDX-License-Identifier: Apache-2.0 */

/** The Mach calls of macOS, bound to libSystem. */
@org.jspecify.annotations.NullMarked
package io.machframe.core.platform.darwin;
