/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.libc;

import io.machframe.core.platform.MessageBuffer;

/** Says which limit a call ran into, what it is, and what to do about it. */
public final class Limits {
    private Limits() {}

    /** Returns the sentence for an errno. */
    public static String explain(int errno) {
        return explain(errno, -1);
    }

    /**
     * Returns the sentence for an errno.
     *
     * @param fd of a file or directory on the file system that was written to, or -1
     */
    public static String explain(int errno, int fd) {
        return switch (errno) {
            case LibC.EMFILE ->
                "this process has all the " + limit(LibC.RLIMIT_NOFILE)
                        + " descriptors it may have (RLIMIT_NOFILE): close some, or raise it with ulimit -n";
            case LibC.ENFILE -> "the system has all the descriptors it can have (/proc/sys/fs/file-max)";
            case LibC.EFBIG ->
                "a file may have no more than " + limit(LibC.RLIMIT_FSIZE)
                        + " bytes in this process (RLIMIT_FSIZE): raise it with ulimit -f";
            case LibC.ENOSPC ->
                hasNoFiles(fd)
                        ? "its file system can hold no more files (no inode is free, see df -i): remove some"
                        : "its file system is full (see df): remove something";
            case LibC.ENOMEM -> "the system has no memory for it";
            case LibC.EACCES, LibC.EPERM -> "this user may not do that";
            default -> "errno " + errno;
        };
    }

    /** Returns the sentence for an errno of a call that takes memory, or addresses for it. */
    public static String explainMemory(int errno) {
        return switch (errno) {
            case LibC.ENOSPC -> "the system has no memory for it"; // a memory file's file system has no size of its own
            case LibC.ENOMEM ->
                "the system has no memory for it, or this process no addresses: of those it may have "
                        + limit(LibC.RLIMIT_AS)
                        + " bytes (RLIMIT_AS, raise it with ulimit -v), in as many mappings as"
                        + " /proc/sys/vm/max_map_count says";
            default -> explain(errno);
        };
    }

    private static String limit(int resource) {
        MessageBuffer limit = NativeMemory.allocate(16);
        if (LibC.getrlimit(resource, limit.address()) < 0) {
            return "?";
        }
        long value = limit.bytes().getLong(0);
        return value == -1 ? "unlimited" : Long.toUnsignedString(value);
    }

    private static boolean hasNoFiles(int fd) {
        MessageBuffer status = NativeMemory.allocate(LibC.STATFS_SIZE_OF);
        return fd >= 0
                && LibC.fstatfs(fd, status.address()) == 0
                && status.bytes().getLong(LibC.STATFS_FILES_FREE) == 0;
    }
}
