/* SPDX-License-Identifier: Apache-2.0 */

/**
 * Pixels of every format that a CPU can read, converted to BGRA by the CPU.
 *
 * <p>{@link io.machframe.surface.convert.BgraConverter} is made once for a format and used indefinitelyy frame, row by row.
 */
@org.jspecify.annotations.NullMarked
package io.machframe.surface.convert;
