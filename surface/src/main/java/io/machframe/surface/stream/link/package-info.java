/* SPDX-License-Identifier: Apache-2.0 */

/** The wire of a stream: the messages, the pages that its two sides share, and the two ends of a connection. */
@org.jspecify.annotations.NullMarked
package io.machframe.surface.stream.link;
