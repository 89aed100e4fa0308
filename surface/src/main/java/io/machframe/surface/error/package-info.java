/* SPDX-License-Identifier: Apache-2.0 */

/**
 * Why a surface could not be made, shared or used. A {@link io.machframe.surface.error.SurfaceException} is made where
 * the reason is known, so its message names the value that was wrong and what was expected.
 *
 * {@snippet class="io.machframe.surface.examples.SurfaceErrorExampleTest" region="why"}
 */
@org.jspecify.annotations.NullMarked
package io.machframe.surface.error;
