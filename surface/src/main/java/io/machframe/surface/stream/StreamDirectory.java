/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import io.machframe.core.bootstrap.Bootstrap;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

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
        if (!Files.exists(path(), LinkOption.NOFOLLOW_LINKS)) {
            return List.of(); // nothing is published yet
        }
        requireOwn(root());
        requireOwn(path());
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

    /** Makes the directory, for this user alone, and checks that it is. */
    static void create() throws IOException {
        Path directory = path();
        FileAttribute<?> owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
        if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectories(directory, owner);
        }
        requireOwn(root());
        requireOwn(directory);
    }

    /**
     * Refuses a directory in which others could put files, or that leads elsewhere. If the one around it is this user's, too,
     * no other user can change it afterwards.
     */
    private static void requireOwn(Path directory) throws IOException {
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            throw new NotDirectoryException(directory + " is no directory, or a link to one");
        }
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(directory, LinkOption.NOFOLLOW_LINKS);
        boolean shared = permissions.contains(PosixFilePermission.GROUP_WRITE)
                || permissions.contains(PosixFilePermission.OTHERS_WRITE);
        if (shared || !isOwn(directory)) {
            throw new AccessDeniedException(
                    directory.toString(), null, shared ? "others may write into it" : "it belongs to another user");
        }
    }

    private static boolean isOwn(Path directory) throws IOException {
        Path self = Path.of("/proc/self"); // belongs to the user that this process acts for
        if (Files.exists(self)) {
            Object user = Files.getAttribute(self, "unix:uid");
            return user.equals(Files.getAttribute(directory, "unix:uid", LinkOption.NOFOLLOW_LINKS));
        }
        String owner = Files.getOwner(directory, LinkOption.NOFOLLOW_LINKS).getName();
        return owner.equals(System.getProperty("user.name"));
    }

    private static Path root() {
        return Path.of(Bootstrap.directory());
    }

    static Path path() {
        return root().resolve("streams");
    }
}
