/* SPDX-License-Identifier: Apache-2.0 */

/** Surfaces: pixels in memory that processes share without copying. */
@org.jspecify.annotations.NullMarked
package io.machframe.surface;
