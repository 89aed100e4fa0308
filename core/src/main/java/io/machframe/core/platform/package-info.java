/* SPDX-License-Identifier: Apache-2.0 */

/** The seam: the Mach calls every platform answers, with ints and message bytes only. */
@org.jspecify.annotations.NullMarked
package io.machframe.core.platform;
