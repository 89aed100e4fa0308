/* SPDX-License-Identifier: Apache-2.0 */

/** Which surface of a stream is drawn into next. */
@org.jspecify.annotations.NullMarked
package io.machframe.surface.stream.pool;
