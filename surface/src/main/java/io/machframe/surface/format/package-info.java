/* SPDX-License-Identifier: Apache-2.0 */

/** Pixel formats: their codes, what a pixel of each consists of, and their names elsewhere. */
@org.jspecify.annotations.NullMarked
package io.machframe.surface.format;
