/* SPDX-License-Identifier: Apache-2.0 */

/** One process draws by OpenGL, another shows it and steers it. */
@org.jspecify.annotations.NullMarked
package io.machframe.demos.renderer;
