/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.name;

import static io.machframe.core.error.KernReturn.BOOTSTRAP_NOT_PRIVILEGED;

import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;
import io.machframe.core.platform.LiveFiles;
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
 * Files in a directory of the {@link RuntimeDirectory}. A writer holds its file locked ({@link OpenFileLock}), from before
 * the file has its name, which is never used again; so a file that is found unlocked is nobody's.
 *
 * <p>All is done by descriptors. A file is read only if it is a regular file of this directory itself, and removed only
 * after it was opened and its lock was had.
 */
final class LinuxLiveFiles implements LiveFiles {
    private static final int FILE_MODE = 0600;

    private final RuntimeDirectory directory;
    private final String name;
    private final String suffix;

    private LinuxLiveFiles(RuntimeDirectory directory, String name, String suffix) {
        this.directory = directory;
        this.name = name;
        this.suffix = suffix;
    }

    /** {@link io.machframe.core.platform.BootstrapCalls#openFiles}. */
    static LinuxLiveFiles open(String name, String suffix) throws MachException {
        try (RuntimeDirectory runtime = RuntimeDirectory.open()) {
            return new LinuxLiveFiles(runtime.child(name), name, suffix);
        } catch (KernelException e) {
            KernReturn reason = new KernReturn(e.code());
            String place = RuntimeDirectory.describe(name);
            throw new MachException(
                    "open",
                    reason,
                    e.code() == BOOTSTRAP_NOT_PRIVILEGED ? "names cannot be used in " + place : place + ": " + reason);
        }
    }

    private final class LockedFile implements Entry {
        private final String file;
        private int fd = -1;

        LockedFile(String file) {
            this.file = file;
        }

        @Override
        public synchronized void replace(byte[] content) throws MachException {
            if (fd < 0) {
                throw new IllegalStateException("the file " + file + " is removed");
            }
            int old = fd;
            fd = write(file, content);
            LibC.close(old);
        }

        @Override
        public synchronized void close() {
            if (fd >= 0) {
                directory.remove(file);
                LibC.close(fd);
                fd = -1;
            }
        }
    }

    @Override
    public Entry create(byte[] content) throws MachException {
        String file = UUID.randomUUID() + suffix;
        LockedFile entry = new LockedFile(file); // before there is a file
        entry.fd = write(file, content);
        return entry;
    }

    /** Writes a file, complete and locked before it has its name, so no reader sees it half made. Returns its descriptor. */
    private int write(String file, byte[] content) throws MachException {
        if (content.length > MAX_SIZE) {
            throw new IllegalArgumentException("a file has at most " + MAX_SIZE + " bytes, not " + content.length);
        }
        String temporary = file + RuntimeDirectory.TEMPORARY;
        int fd = directory.openFile(temporary, LibC.O_RDWR | LibC.O_CREAT | LibC.O_EXCL, FILE_MODE);
        try {
            boolean written = fd >= 0 && OpenFileLock.lock(fd, 0) && write(fd, content);
            if (written && LibC.renameat(directory.fd(), temporary, directory.fd(), file) == 0) {
                return fd;
            }
        } catch (Error e) {
            directory.remove(temporary);
            LibC.close(fd);
            throw e;
        }
        int errno = LibC.errno();
        String why = Limits.explain(errno, directory.fd());
        directory.remove(temporary);
        LibC.close(fd);
        throw new MachException(
                "open",
                new KernReturn(errno == LibC.EMFILE ? KernReturn.KERN_NO_SPACE : KernReturn.KERN_RESOURCE_SHORTAGE),
                "the file " + file + " in " + RuntimeDirectory.path() + "/" + name + " cannot be written: " + why);
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

    @Override
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

    @Override
    public Watch watch(Watcher watcher) throws MachException {
        RuntimeDirectory copy = directory.copy();
        if (copy == null) {
            throw LinuxLiveFilesWatch.failure(LibC.errno(), RuntimeDirectory.path() + "/" + name);
        }
        return LinuxLiveFilesWatch.open(copy.fd(), new LinuxLiveFiles(copy, name, suffix), watcher);
    }

    /** Returns whether a name is one of these files'. */
    boolean isOurs(String file) {
        return file.endsWith(suffix);
    }

    /** Returns whether a directory is the one they are in, by its name. */
    boolean isIn(String folder) {
        return folder.equals(name);
    }

    /** Returns what a file has, null if its writer is gone; then it is removed. */
    byte @Nullable [] read(String file) {
        int fd = directory.openFile(file, LibC.O_RDONLY, 0); // for writing, those who watch would be told of it
        if (fd < 0) {
            return null;
        }
        try {
            FileIdentity opened = FileIdentity.ofDescriptor(fd);
            if (opened == null || !FileIdentity.isRegular(fd)) {
                return null;
            }
            if (OpenFileLock.share(fd, 0)) { // not alone, or two that read at once would take each other for the writer
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
