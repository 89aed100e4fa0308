/* SPDX-License-Identifier: Apache-2.0 */

/**
 * Memory that processes share, and memory that a message carries. A {@link io.machframe.core.memory.MemoryEntry} is a
 * right to a region: whoever receives it can map the same memory, for reading only if the entry says so.
 *
 * {@snippet class="io.machframe.core.examples.MemoryExampleTest" region="share"}
 *
 * <p>In another process:
 *
 * {@snippet class="io.machframe.core.examples.MemoryExampleTest" region="map"}
 *
 * <p>{@link io.machframe.core.memory.SharedWord} is an {@code int} in such memory that a thread can wait on.
 */
@org.jspecify.annotations.NullMarked
package io.machframe.core.memory;
