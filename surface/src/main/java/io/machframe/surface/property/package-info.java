/* SPDX-License-Identifier: Apache-2.0 */

/** The keys and constants by which surfaces are described. */
@org.jspecify.annotations.NullMarked
package io.machframe.surface.property;
