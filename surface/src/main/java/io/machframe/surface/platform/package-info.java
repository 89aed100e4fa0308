/* SPDX-License-Identifier: Apache-2.0 */

/** The second seam: the IOSurface calls every platform answers. */
package io.machframe.surface.platform;
