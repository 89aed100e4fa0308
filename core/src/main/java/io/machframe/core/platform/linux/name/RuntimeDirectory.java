/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.name;

import static io.machframe.core.error.KernReturn.BOOTSTRAP_NOT_PRIVILEGED;

import io.machframe.core.platform.MessageBuffer;
import io.machframe.core.platform.kernel.KernelException;
import io.machframe.core.platform.linux.libc.Descriptor;
import io.machframe.core.platform.linux.libc.Errno;
import io.machframe.core.platform.linux.libc.LibC;
import io.machframe.core.platform.linux.libc.Limits;
import io.machframe.core.platform.linux.libc.NativeMemory;
import io.machframe.core.platform.linux.memory.FileIdentity;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The directory that holds this user's service names, open. It is refused if another user owns it or can reach into it: a
 * name in it is as good as the right it leads to. It is opened once, without following a link, and all that is done in it
 * is done by its descriptor, so what was checked is what is used.
 *
 * <p>It is the first that applies of: {@code $MACHFRAME_RUNTIME_DIR}; {@code machframe} in {@code $XDG_RUNTIME_DIR};
 * {@code machframe} in {@code /run/user/UID} if that exists; {@code /tmp/machframe-UID}. The path is the environment's
 * bytes, whatever the locale.
 */
final class RuntimeDirectory implements AutoCloseable {
    /** How the names of files end that are not ready yet. */
    static final String TEMPORARY = ".tmp";

    private static final int OWNER_ONLY = 0700;
    private static final int OTHERS_WRITE = 022;
    private static final int OPEN = LibC.O_RDONLY | LibC.O_DIRECTORY | LibC.O_NOFOLLOW | LibC.O_CLOEXEC;

    private final int fd;

    private RuntimeDirectory(int fd) {
        this.fd = fd;
    }

    /**
     * Opens the directory, making it if need be.
     *
     * @throws KernelException {@code BOOTSTRAP_NOT_PRIVILEGED} if it is not there or not safe; {@link #describe} says why
     */
    public static RuntimeDirectory open() throws KernelException {
        return checked(openUnchecked());
    }

    /**
     * Opens a directory in this one, making it if need be, and keeps others out of it. One into which others could write is
     * refused: they may have.
     */
    public RuntimeDirectory child(String name) throws KernelException {
        LibC.mkdirat(fd, name, OWNER_ONLY);
        int child = LibC.openat(fd, name, OPEN, 0);
        MessageBuffer statx = child < 0 ? null : status(child);
        if (statx != null && isOwn(statx) && (statx.bytes().getShort(LibC.STATX_MODE) & OTHERS_WRITE) == 0) {
            LibC.fchmod(child, OWNER_ONLY);
        }
        return checked(child);
    }

    private static RuntimeDirectory checked(int fd) throws KernelException {
        if (fd < 0) {
            int errno = LibC.errno();
            boolean shortage = errno == LibC.EMFILE || errno == LibC.ENFILE || errno == LibC.ENOMEM;
            throw shortage ? Errno.failure(errno) : new KernelException(BOOTSTRAP_NOT_PRIVILEGED);
        }
        if (problem(fd) != null) {
            LibC.close(fd);
            throw new KernelException(BOOTSTRAP_NOT_PRIVILEGED);
        }
        return new RuntimeDirectory(fd);
    }

    /** Returns the path and, if the directory cannot be used, why. */
    static String describe() {
        return describe(path(), openUnchecked());
    }

    /** As {@link #describe()}, of a directory in this one. */
    static String describe(String child) {
        try (RuntimeDirectory runtime = open()) {
            return describe(path() + "/" + child, LibC.openat(runtime.fd, child, OPEN, 0));
        } catch (KernelException e) {
            return describe();
        }
    }

    private static String describe(String path, int fd) {
        if (fd < 0) {
            return path + " (" + failure(LibC.errno()) + ")";
        }
        String problem = problem(fd);
        LibC.close(fd);
        return problem == null ? path : path + " (" + problem + ")";
    }

    /** Returns the path as text, for people. */
    static String path() {
        return new String(pathBytes(), StandardCharsets.UTF_8);
    }

    private static byte[] pathBytes() {
        byte[] own = environment("MACHFRAME_RUNTIME_DIR", "");
        if (own != null) {
            return own;
        }
        byte[] session = environment("XDG_RUNTIME_DIR", "/machframe");
        if (session != null) {
            return session;
        }
        int user = LibC.geteuid();
        String run = "/run/user/" + user;
        int fd = LibC.open(run, LibC.O_PATH | LibC.O_DIRECTORY | LibC.O_CLOEXEC, 0);
        if (fd < 0) {
            return ("/tmp/machframe-" + user).getBytes(StandardCharsets.UTF_8);
        }
        LibC.close(fd);
        return (run + "/machframe").getBytes(StandardCharsets.UTF_8);
    }

    /** Returns a variable's bytes with some behind them, or null if it is not set or empty. */
    private static byte @Nullable [] environment(String variable, String suffix) {
        long value = LibC.getenv(variable);
        byte[] text = value == 0 ? new byte[0] : NativeMemory.text(value);
        if (text.length == 0) {
            return null;
        }
        byte[] more = suffix.getBytes(StandardCharsets.UTF_8);
        byte[] all = Arrays.copyOf(text, text.length + more.length);
        System.arraycopy(more, 0, all, text.length, more.length);
        return all;
    }

    private static int openUnchecked() {
        byte[] path = pathBytes();
        byte[] terminated = Arrays.copyOf(path, path.length + 1);
        LibC.mkdir(terminated, OWNER_ONLY);
        return LibC.open(terminated, OPEN, 0);
    }

    private static String failure(int errno) {
        return switch (errno) {
            case LibC.ENOENT -> "the directory to make it in does not exist or may not be written";
            case LibC.ENOTDIR, LibC.ELOOP -> "it is a file or a symbolic link, not a directory";
            case LibC.EACCES -> "this user may not enter it";
            default -> "it cannot be opened: " + Limits.explain(errno);
        };
    }

    private static @Nullable String problem(int fd) {
        MessageBuffer statx = status(fd);
        if (statx == null) {
            return "it cannot be examined";
        }
        if (!isOwn(statx)) {
            return "it belongs to another user";
        }
        int mode = statx.bytes().getShort(LibC.STATX_MODE);
        if ((mode & 077) != 0) {
            return "other users have access to it";
        }
        return (mode & OWNER_ONLY) == OWNER_ONLY ? null : "its owner may not read, write and enter it";
    }

    private static boolean isOwn(@Nullable MessageBuffer statx) {
        return statx != null && statx.bytes().getInt(LibC.STATX_UID) == LibC.geteuid();
    }

    private static @Nullable MessageBuffer status(int fd) {
        MessageBuffer statx = NativeMemory.allocate(LibC.STATX_SIZE_OF);
        int answer = LibC.statx(fd, "", LibC.AT_EMPTY_PATH, LibC.STATX_BASIC_STATS, statx.address());
        return answer < 0 ? null : statx;
    }

    int fd() {
        return fd;
    }

    /** Returns this directory opened once more; null, with errno set, if it cannot be. */
    @Nullable
    RuntimeDirectory copy() {
        int copy = Descriptor.duplicate(fd);
        return copy < 0 ? null : new RuntimeDirectory(copy);
    }

    /** Opens a file of this directory, which is no link. Returns -1, with errno set, if it cannot be; does not wait. */
    int openFile(String file, int flags, int mode) {
        return LibC.openat(fd, file, flags | LibC.O_CLOEXEC | LibC.O_NOFOLLOW | LibC.O_NONBLOCK, mode);
    }

    void remove(String file) {
        LibC.unlinkat(fd, file, 0);
    }

    /** Returns the names of the files whose names end so. */
    List<String> files(String suffix) {
        List<String> files = new ArrayList<>();
        int copy = Descriptor.reopen(fd, LibC.O_RDONLY | LibC.O_DIRECTORY);
        long listing = copy < 0 ? 0 : LibC.fdopendir(copy);
        if (listing == 0) {
            LibC.close(copy);
            return files;
        }
        try {
            for (long entry = LibC.readdir(listing); entry != 0; entry = LibC.readdir(listing)) {
                String file = new String(NativeMemory.text(entry + LibC.DIRENT_NAME), StandardCharsets.UTF_8);
                if (file.endsWith(suffix)) {
                    files.add(file);
                }
            }
            return files;
        } finally {
            LibC.closedir(listing); // and the descriptor
        }
    }

    /** Removes the names of processes that were killed: those whose lock can be had. */
    void sweep() {
        for (String lockFile : files(ServiceListener.LOCK)) {
            int lock = openFile(lockFile, LibC.O_RDWR, 0);
            if (lock >= 0 && LibC.flock(lock, LibC.LOCK_EX | LibC.LOCK_NB) == 0) {
                FileIdentity locked = FileIdentity.ofDescriptor(lock);
                if (locked != null && locked.equals(FileIdentity.ofFile(fd, lockFile))) {
                    String name = lockFile.substring(0, lockFile.length() - ServiceListener.LOCK.length());
                    remove(name + ServiceListener.SOCKET);
                    remove(lockFile);
                }
            }
            LibC.close(lock);
        }
    }

    @Override
    public void close() {
        LibC.close(fd);
    }
}
