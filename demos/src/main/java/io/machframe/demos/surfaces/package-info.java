/* SPDX-License-Identifier: Apache-2.0 */

/** Surfaces seen as pictures. */
@org.jspecify.annotations.NullMarked
package io.machframe.demos.surfaces;
