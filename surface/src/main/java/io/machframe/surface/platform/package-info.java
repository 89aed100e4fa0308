/* SPDX-License-Identifier: Apache-2.0 */

/** The second seam: the IOSurface calls every platform answers. */
@org.jspecify.annotations.NullMarked
package io.machframe.surface.platform;
