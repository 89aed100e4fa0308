/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.viewer.model;

/**
 * A line in the list of streams.
 *
 * @param name what the stream is published as
 * @param details size, format and process for a reader, or that the stream is not there
 * @param live whether the stream is published now
 */
public record StreamItem(String name, String details, boolean live) {
    /** Returns the line of a stream that is published. */
    public static StreamItem live(String name, long pid, int width, int height, String format) {
        return new StreamItem(name, width + " × " + height + "  " + format + "  ·  pid " + pid, true);
    }

    /** Returns the line of a stream that somebody chose but nobody publishes. */
    static StreamItem absent(String name) {
        return new StreamItem(name, "not published", false);
    }
}
