/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import io.machframe.core.error.MachException;
import java.util.Comparator;
import java.util.List;

/**
 * Lists the streams that processes of this user publish.
 *
 * <p>Each server keeps a file locked while it lives, so the list needs no event loop, asks no server, and does not show
 * one that was killed.
 */
public final class StreamDirectory {
    private StreamDirectory() {}

    /**
     * Returns the streams published now, by name. Thread-safe.
     *
     * @throws MachException if the directory cannot be opened, belongs to another user, or is open to others: as publishing
     */
    public static List<StreamDescription> list() throws MachException {
        List<StreamDescription> streams = StreamListing.readAll();
        streams.sort(Comparator.comparing(StreamDescription::name));
        return streams;
    }
}
