/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.darwin;

import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;
import io.machframe.core.platform.LiveFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Files in a directory of the user's temporary one, which no other user can reach. Each is locked by its writer as long as
 * that lives.
 */
final class DarwinLiveFiles implements LiveFiles {
    /**
     * What this process wrote itself. Its files must not be opened here: a lock of this kind is the process's, and goes when
     * any of its descriptors of the file is closed.
     */
    private static final Map<Path, byte[]> OWN = new ConcurrentHashMap<>();

    private final Path directory;
    private final String suffix;

    private DarwinLiveFiles(Path directory, String suffix) {
        this.directory = directory;
        this.suffix = suffix;
    }

    static DarwinLiveFiles open(Path directory, String suffix) throws MachException {
        try {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            return new DarwinLiveFiles(directory, suffix);
        } catch (IOException e) {
            throw failure(directory + " cannot be made: " + e);
        }
    }

    private static MachException failure(String message) {
        return new MachException("open", new KernReturn(KernReturn.KERN_FAILURE), message);
    }

    private record LockedFile(Path file, FileChannel channel) implements Entry {
        @Override
        public void close() {
            try {
                Files.deleteIfExists(file);
                channel.close();
            } catch (IOException e) {
                System.getLogger(DarwinLiveFiles.class.getName())
                        .log(System.Logger.Level.WARNING, file + " could not be removed", e);
            } finally {
                OWN.remove(file);
            }
        }
    }

    @Override
    public Entry create(byte[] content) throws MachException {
        String name = UUID.randomUUID().toString();
        Path file = directory.resolve(name + suffix);
        Path temporary = directory.resolve(name + ".tmp");
        OWN.put(file, content.clone());
        try {
            return new LockedFile(file, Uninterrupted.call(() -> write(temporary, file, content)));
        } catch (IOException e) {
            OWN.remove(file);
            throw failure("the file " + file + " cannot be written: " + e);
        }
    }

    /** Complete and locked before it has its name, so no reader sees it half made. */
    private static FileChannel write(Path temporary, Path file, byte[] content) throws IOException {
        FileChannel channel = FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try {
            channel.lock();
            channel.write(ByteBuffer.wrap(content));
            Files.move(temporary, file);
            return channel;
        } catch (IOException | RuntimeException | Error e) {
            channel.close();
            Files.deleteIfExists(temporary);
            throw e;
        }
    }

    @Override
    public List<byte[]> read() {
        List<byte[]> contents = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + suffix)) {
            for (Path file : files) {
                read(file, contents);
            }
        } catch (IOException | DirectoryIteratorException removed) {
            // There is nothing more in it.
        }
        return contents;
    }

    private static void read(Path file, List<byte[]> contents) {
        try {
            contents.addAll(Uninterrupted.call(() -> readLocked(file)));
        } catch (IOException endedMeanwhile) {
            // It does not count any more.
        }
    }

    /** One thread at a time, because a process cannot try a lock twice at once. */
    private static synchronized List<byte[]> readLocked(Path file) throws IOException {
        byte[] own = OWN.get(file);
        if (own != null) {
            return List.of(own.clone());
        }
        // A pipe of that name would keep us waiting.
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return List.of();
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            // Shared, so that two processes which try at once do not take each other for the writer.
            if (channel.tryLock(0, Long.MAX_VALUE, true) != null) {
                Files.deleteIfExists(file);
                return List.of();
            }
            ByteBuffer bytes = ByteBuffer.allocate(MAX_SIZE);
            channel.read(bytes);
            return List.of(Arrays.copyOf(bytes.array(), bytes.position()));
        }
    }

    @Override
    public void close() {}
}
