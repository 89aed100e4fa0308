/* SPDX-License-Identifier: Apache-2.0 */

/** Memory that processes share by descriptor: memory files, their mappings and locks, dma-bufs. Used by surfaces. */
@org.jspecify.annotations.NullMarked
package io.machframe.core.platform.linux.memory;
