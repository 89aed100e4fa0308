/* SPDX-License-Identifier: Apache-2.0 */

/**
 * Where the planes, rows and pixels of a surface are: what a program asks for ({@link
 * io.machframe.surface.layout.SurfaceProperties}), the rules ({@link io.machframe.surface.layout.LayoutPolicy}), and
 * the answer ({@link io.machframe.surface.layout.SurfaceLayout}). It also answers how GStreamer lays a format out, or
 * a program that pads nothing.
 *
 * {@snippet class="io.machframe.surface.examples.LayoutExampleTest" region="place"}
 */
@org.jspecify.annotations.NullMarked
package io.machframe.surface.layout;
