/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.name;

import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;
import io.machframe.core.platform.MessageBuffer;
import io.machframe.core.platform.kernel.KernelException;
import io.machframe.core.platform.linux.libc.LibC;
import io.machframe.core.platform.linux.libc.Limits;
import io.machframe.core.platform.linux.libc.NativeMemory;
import io.machframe.core.platform.linux.libc.OpenFileLock;
import io.machframe.core.platform.linux.memory.FileIdentity;
import io.machframe.core.platform.linux.memory.MemoryFile;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Small files in a directory of the {@link RuntimeDirectory}, each of which counts as long as its writer lives: it holds
 * the file locked ({@link OpenFileLock}), and a file that is found unlocked is removed.
 *
 * <p>All is done by descriptors. A file is read only if it is a regular file of this directory itself, and removed only
 * after it was opened and its lock was had. A file's name is never used again. Thread-safe.
 */
public final class LiveFiles implements AutoCloseable {
    private static final int FILE_MODE = 0600;
    private static final int MAX_SIZE = 4096;

    private final RuntimeDirectory directory;
    private final String suffix;

    private LiveFiles(RuntimeDirectory directory, String suffix) {
        this.directory = directory;
        this.suffix = suffix;
    }

    /**
     * Opens a directory, making it if need be.
     *
     * @param name of the directory in the runtime directory
     * @param suffix how the names of its files end
     * @throws MachException if it belongs to another user, lets others in, is a link, or cannot be made
     */
    public static LiveFiles open(String name, String suffix) throws MachException {
        try (RuntimeDirectory runtime = RuntimeDirectory.open()) {
            return new LiveFiles(runtime.child(name), suffix);
        } catch (KernelException e) {
            KernReturn reason = new KernReturn(e.code());
            String place = RuntimeDirectory.describe();
            throw new MachException(
                    "open", reason, "the directory " + name + " of " + place + " is refused: " + reason);
        }
    }

    /** A file that counts until it is closed or its process ends. */
    public final class Entry implements AutoCloseable {
        private final String file;
        private int fd;

        private Entry(String file, int fd) {
            this.file = file;
            this.fd = fd;
        }

        /** Removes the file. */
        @Override
        public synchronized void close() {
            if (fd >= 0) {
                directory.remove(file);
                LibC.close(fd);
                fd = -1;
            }
        }
    }

    /**
     * Writes a file that counts from now on.
     *
     * @param content at most 4096 bytes
     * @throws MachException if the file cannot be made or written, with the limit that is in the way; nothing is left
     */
    public Entry create(byte[] content) throws MachException {
        if (content.length > MAX_SIZE) {
            throw new IllegalArgumentException("a file has at most " + MAX_SIZE + " bytes, not " + content.length);
        }
        String name = UUID.randomUUID().toString();
        String temporary = name + RuntimeDirectory.TEMPORARY;
        // Complete and locked before it has its name, so no reader sees it half made.
        int fd = directory.openFile(temporary, LibC.O_RDWR | LibC.O_CREAT | LibC.O_EXCL, FILE_MODE);
        boolean made = fd >= 0
                && OpenFileLock.lock(fd, 0)
                && write(fd, content)
                && LibC.renameat(directory.fd(), temporary, directory.fd(), name + suffix) == 0;
        int errno = LibC.errno();
        if (made) {
            return new Entry(name + suffix, fd);
        }
        String why = Limits.explain(errno, directory.fd());
        directory.remove(temporary);
        LibC.close(fd);
        String path = RuntimeDirectory.path();
        throw new MachException(
                "open",
                new KernReturn(errno == LibC.EMFILE ? KernReturn.KERN_NO_SPACE : KernReturn.KERN_RESOURCE_SHORTAGE),
                "the file " + name + suffix + " in " + path + " cannot be written: " + why);
    }

    private static boolean write(int fd, byte[] content) {
        MessageBuffer bytes = NativeMemory.allocate(MAX_SIZE);
        bytes.bytes().put(0, content);
        try {
            return MemoryFile.write(fd, bytes.address(), content.length);
        } finally {
            Reference.reachabilityFence(bytes);
        }
    }

    /** Returns what the files have whose writers live; removes the others. */
    public List<byte[]> read() {
        List<byte[]> contents = new ArrayList<>();
        for (String file : directory.files(suffix)) {
            byte[] content = read(file);
            if (content != null) {
                contents.add(content);
            }
        }
        return contents;
    }

    private byte @Nullable [] read(String file) {
        int fd = directory.openFile(file, LibC.O_RDWR, 0);
        if (fd < 0) {
            return null;
        }
        try {
            FileIdentity opened = FileIdentity.ofDescriptor(fd);
            if (opened == null || !FileIdentity.isRegular(fd)) {
                return null;
            }
            if (OpenFileLock.lock(fd, 0)) {
                if (opened.equals(FileIdentity.ofFile(directory.fd(), file))) {
                    directory.remove(file);
                }
                return null;
            }
            MessageBuffer bytes = NativeMemory.allocate(MAX_SIZE);
            int size = (int) Math.max(0, LibC.pread(fd, bytes.address(), MAX_SIZE, 0));
            byte[] content = new byte[size];
            bytes.bytes().get(0, content);
            return content;
        } finally {
            LibC.close(fd);
        }
    }

    @Override
    public void close() {
        directory.close();
    }
}
