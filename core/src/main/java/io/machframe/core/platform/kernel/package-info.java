/* SPDX-License-Identifier: Apache-2.0 */

/** A small Mach kernel in pure Java: names, rights, sets, notifications, copy-in and copy-out. */
@org.jspecify.annotations.NullMarked
package io.machframe.core.platform.kernel;
