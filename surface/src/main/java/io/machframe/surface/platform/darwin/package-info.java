/* SPDX-License-Identifier: Apache-2.0 */

/** Surfaces of macOS, bound to IOSurface.framework. */
package io.machframe.surface.platform.darwin;
