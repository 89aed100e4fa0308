/* SPDX-License-Identifier: Apache-2.0 */

/** Surfaces of macOS, bound to IOSurface.framework. */
@org.jspecify.annotations.NullMarked
package io.machframe.surface.platform.darwin;
