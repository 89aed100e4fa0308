/* SPDX-License-Identifier: Apache-2.0 */

/** The Mach calls of macOS, bound to libSystem. */
package io.machframe.core.platform.darwin;
