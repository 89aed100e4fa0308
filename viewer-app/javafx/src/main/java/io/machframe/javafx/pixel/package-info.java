/* SPDX-License-Identifier: Apache-2.0 */

/** Pixel conversion from the planes of a surface to what JavaFX draws. */
@org.jspecify.annotations.NullMarked
package io.machframe.javafx.pixel;
