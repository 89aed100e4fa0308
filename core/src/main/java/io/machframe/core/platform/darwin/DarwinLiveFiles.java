/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.darwin;

import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;
import io.machframe.core.platform.LibraryThread;
import io.machframe.core.platform.LiveFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

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

    private static final long INTERVAL_NANOS = 1_000_000_000L;

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

    private static final class LockedFile implements Entry {
        private final Path file;
        private FileChannel channel;

        LockedFile(Path file, FileChannel channel) {
            this.file = file;
            this.channel = channel;
        }

        @Override
        public synchronized void replace(byte[] content) throws MachException {
            if (!channel.isOpen()) {
                throw new IllegalStateException("the file " + file + " is removed");
            }
            try {
                FileChannel old = channel;
                Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
                channel = Uninterrupted.call(() -> write(temporary, file, content));
                OWN.put(file, content.clone());
                old.close();
            } catch (IOException e) {
                throw failure("the file " + file + " cannot be replaced: " + e);
            }
        }

        @Override
        public synchronized void close() {
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
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
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

    /** Looks every second, because nothing of macOS tells that a file's lock was dropped. */
    @Override
    public Watch watch(Watcher watcher) throws MachException {
        AtomicBoolean stopped = new AtomicBoolean();
        AtomicReference<List<ByteBuffer>> known = new AtomicReference<>(wrapped());
        if (!LibraryThread.start("machframe-directory", () -> look(watcher, stopped, known))) {
            throw new MachException(
                    "pthread_create",
                    new KernReturn(KernReturn.KERN_RESOURCE_SHORTAGE),
                    "there is no thread to watch with");
        }
        return () -> stopped.set(true);
    }

    private boolean look(Watcher watcher, AtomicBoolean stopped, AtomicReference<List<ByteBuffer>> known) {
        LockSupport.parkNanos(INTERVAL_NANOS);
        if (stopped.get()) {
            return false;
        }
        if (!Files.isDirectory(directory)) {
            watcher.lost();
            return false;
        }
        List<ByteBuffer> now = wrapped();
        if (!now.equals(known.getAndSet(now))) {
            watcher.changed();
        }
        return true;
    }

    private List<ByteBuffer> wrapped() {
        return read().stream().map(ByteBuffer::wrap).sorted().collect(Collectors.toList());
    }

    @Override
    public void close() {}
}
