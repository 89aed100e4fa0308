/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.viewer.model;

import io.machframe.surface.stream.StreamDescription;

/**
 * A line in the list of streams.
 *
 * @param name what the stream is published as
 * @param details size, format and process for a reader, or that it is not published
 * @param live whether the stream is published now
 */
public record StreamItem(String name, String details, boolean live) {
    /** Returns the line of a stream that is published. */
    static StreamItem of(StreamDescription stream) {
        return new StreamItem(stream.name(), stream.format() + "  ·  pid " + stream.pid(), true);
    }

    /** Returns the line of a stream that is chosen but not published. */
    static StreamItem absent(String name) {
        return new StreamItem(name, "not published", false);
    }
}
