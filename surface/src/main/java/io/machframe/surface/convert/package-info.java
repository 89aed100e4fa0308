/* SPDX-License-Identifier: Apache-2.0 */

/** Pixels in other forms. */
@org.jspecify.annotations.NullMarked
package io.machframe.surface.convert;
