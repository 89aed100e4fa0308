/* SPDX-License-Identifier: Apache-2.0 */

/**
 * The keys and constants by which surfaces are described, under the names of IOSurface.
 *
 * {@snippet class="io.machframe.surface.examples.PropertyExampleTest" region="describe"}
 */
@org.jspecify.annotations.NullMarked
package io.machframe.surface.property;
