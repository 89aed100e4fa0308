/* SPDX-License-Identifier: Apache-2.0 */

/** The functions of macOS that join IOSurface and OpenGL, bound by JNA. */
@org.jspecify.annotations.NullMarked
package io.machframe.surface.gl.darwin;
