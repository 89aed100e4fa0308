/* SPDX-License-Identifier: Apache-2.0 */

/**
 * A surface's memory as a file descriptor, for libraries that know nothing of surfaces. Not every system has it: ask
 * {@link io.machframe.surface.IOSurface#supports}.
 *
 * <p>Out, to a library that takes descriptors:
 *
 * {@snippet class="io.machframe.surface.examples.SurfaceMemoryExampleTest" region="export"}
 *
 * <p>In, from a library that made the memory:
 *
 * {@snippet class="io.machframe.surface.examples.SurfaceMemoryExampleTest" region="import"}
 */
@org.jspecify.annotations.NullMarked
package io.machframe.surface.memory;
