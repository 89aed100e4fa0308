/* SPDX-License-Identifier: Apache-2.0 */

/** Surfaces in memfds and dma-bufs. */
@org.jspecify.annotations.NullMarked
package io.machframe.surface.platform.linux;
