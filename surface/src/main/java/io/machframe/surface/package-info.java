/* SPDX-License-Identifier: Apache-2.0 */

/**
 * Surfaces: pixels in memory that processes share without copying. An {@link io.machframe.surface.IOSurface} owns the
 * memory, or a share of it; a {@link io.machframe.surface.Surface} is the same without ownership, as a frame of a
 * stream lends it. To share many pictures one after another, use {@link io.machframe.surface.stream}.
 *
 * <p>One process draws:
 *
 * {@snippet class="io.machframe.surface.examples.SurfaceExampleTest" region="share"}
 *
 * <p>Another reads the same memory:
 *
 * {@snippet class="io.machframe.surface.examples.SurfaceExampleTest" region="take"}
 */
@org.jspecify.annotations.NullMarked
package io.machframe.surface;
