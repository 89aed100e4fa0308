/* SPDX-License-Identifier: Apache-2.0 */

/**
 * Pixel formats: their four-character codes, what a pixel of each consists of, how it is split into planes, and what
 * DRM, FFmpeg, GStreamer and JavaFX call it.
 *
 * {@snippet class="io.machframe.surface.examples.FormatExampleTest" region="describe"}
 */
@org.jspecify.annotations.NullMarked
package io.machframe.surface.format;
