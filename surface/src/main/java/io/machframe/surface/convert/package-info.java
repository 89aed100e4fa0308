/* SPDX-License-Identifier: Apache-2.0 */

/**
 * Pixels of every format that a CPU can read, converted to BGRA by the CPU, and PNG files of them.
 *
 * {@snippet class="io.machframe.surface.examples.ConvertExampleTest" region="save"}
 *
 * <p>{@link io.machframe.surface.convert.BgraConverter} is made once for a format and then used for every frame, row
 * by row.
 */
@org.jspecify.annotations.NullMarked
package io.machframe.surface.convert;
