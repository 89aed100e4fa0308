/* SPDX-License-Identifier: Apache-2.0 */

/** Surfaces' memory as file descriptors, for programs that know nothing of surfaces. */
@org.jspecify.annotations.NullMarked
package io.machframe.surface.memory;
