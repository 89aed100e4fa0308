/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

/**
 * A stream that is published now.
 *
 * @param name what to connect to
 * @param pid the process that publishes it
 * @param format what its frames look like
 */
public record StreamDescription(String name, long pid, FrameFormat format) {}
