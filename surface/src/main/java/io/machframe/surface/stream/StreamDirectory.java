/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import io.machframe.core.bootstrap.Bootstrap;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
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
     * Returns the streams published now, by name. For any thread.
     *
     * @throws IOException if the directory is there but cannot be read
     */
    public static List<StreamDescription> list() throws IOException {
        List<StreamDescription> streams = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(path(), "*" + StreamListing.SUFFIX)) {
            for (Path file : files) {
                StreamListing.read(file).ifPresent(streams::add);
            }
        } catch (NoSuchFileException nothingPublishedYet) {
            return List.of();
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        streams.sort(Comparator.comparing(StreamDescription::name));
        return streams;
    }

    static Path path() {
        return Path.of(Bootstrap.directory(), "streams");
    }
}
