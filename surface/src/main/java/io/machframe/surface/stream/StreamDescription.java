/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

/**
 * A stream that is published now.
 *
 * @param name what to connect to
 * @param application the program that publishes it, as {@link FrameServer.Builder#application} says
 * @param pid the process that publishes it
 * @param format what its frames look like
 */
public record StreamDescription(String name, String application, long pid, FrameFormat format) {}
