/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.name;

import static io.machframe.core.error.KernReturn.BOOTSTRAP_NOT_PRIVILEGED;

import io.machframe.core.platform.MessageBuffer;
import io.machframe.core.platform.kernel.KernelException;
import io.machframe.core.platform.linux.libc.Errno;
import io.machframe.core.platform.linux.libc.LibC;
import io.machframe.core.platform.linux.libc.NativeMemory;
import java.io.File;
import org.jspecify.annotations.Nullable;

/**
 * The directory that holds this user's service names. Nobody else may own it or reach into it, else it is refused: a
 * name in it is as good as the right it leads to.
 *
 * <p>It is the first that applies of: {@code $MACHFRAME_RUNTIME_DIR}; {@code machframe} in {@code $XDG_RUNTIME_DIR};
 * {@code machframe} in {@code /run/user/UID} if that exists; {@code /tmp/machframe-UID}.
 */
final class RuntimeDirectory {
    private static final int OWNER_ONLY = 0700;

    private RuntimeDirectory() {}

    static String path() {
        String own = System.getenv("MACHFRAME_RUNTIME_DIR");
        if (own != null && !own.isEmpty()) {
            return own;
        }
        String xdg = System.getenv("XDG_RUNTIME_DIR");
        if (xdg != null && !xdg.isEmpty()) {
            return xdg + "/machframe";
        }
        int user = LibC.geteuid();
        String run = "/run/user/" + user;
        return new File(run).isDirectory() ? run + "/machframe" : "/tmp/machframe-" + user;
    }

    /**
     * Opens the directory, making it if need be. The caller closes the descriptor.
     *
     * @throws KernelException {@code BOOTSTRAP_NOT_PRIVILEGED} if it is not there or not safe; {@link #describe} says why
     */
    static int open() throws KernelException {
        int fd = openUnchecked();
        if (fd < 0) {
            int errno = LibC.errno();
            boolean noRoom = errno == LibC.EMFILE || errno == LibC.ENFILE || errno == LibC.ENOMEM;
            throw noRoom ? Errno.failure(errno) : new KernelException(BOOTSTRAP_NOT_PRIVILEGED);
        }
        if (problem(fd) != null) {
            LibC.close(fd);
            throw new KernelException(BOOTSTRAP_NOT_PRIVILEGED);
        }
        return fd;
    }

    /** Returns the path and, if the directory cannot be used, why. */
    static String describe() {
        int fd = openUnchecked();
        if (fd < 0) {
            return path() + " (" + failure(LibC.errno()) + ")";
        }
        String problem = problem(fd);
        LibC.close(fd);
        return problem == null ? path() : path() + " (" + problem + ")";
    }

    private static int openUnchecked() {
        String path = path();
        LibC.mkdir(path, OWNER_ONLY);
        return LibC.open(path, LibC.O_RDONLY | LibC.O_DIRECTORY | LibC.O_NOFOLLOW | LibC.O_CLOEXEC, 0);
    }

    private static String failure(int errno) {
        return switch (errno) {
            case LibC.ENOENT -> "the directory to make it in does not exist or may not be written";
            case LibC.ENOTDIR, LibC.ELOOP -> "it is a file or a symbolic link, not a directory";
            case LibC.EACCES -> "this user may not enter it";
            default -> "it cannot be opened: errno " + errno;
        };
    }

    private static @Nullable String problem(int fd) {
        MessageBuffer statx = NativeMemory.allocate(LibC.STATX_SIZE_OF);
        if (LibC.statx(fd, "", LibC.AT_EMPTY_PATH, LibC.STATX_BASIC_STATS, statx.address()) < 0) {
            return "it cannot be examined";
        }
        if (statx.bytes().getInt(LibC.STATX_UID) != LibC.geteuid()) {
            return "it belongs to another user";
        }
        int mode = statx.bytes().getShort(LibC.STATX_MODE);
        if ((mode & 077) != 0) {
            return "other users have access to it";
        }
        return (mode & OWNER_ONLY) == OWNER_ONLY ? null : "its owner may not read, write and enter it";
    }
}
