/* SPDX-License-Identifier: Apache-2.0 */

/** Surfaces in memfds and dma-bufs. */
package io.machframe.surface.platform.linux;
