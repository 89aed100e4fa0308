/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.libc;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * The C library's calls, bound directly; nothing else. Addresses are longs because a {@code Pointer} costs on the
 * message path. Functions that return -1 leave their reason in {@link #errno()}.
 */
public final class LibC {
    public static final int EPERM = 1;
    public static final int ENOENT = 2;
    public static final int EINTR = 4;
    public static final int EBADF = 9;
    public static final int EAGAIN = 11;
    public static final int ENOMEM = 12;
    public static final int EACCES = 13;
    public static final int ENOTDIR = 20;
    public static final int EFAULT = 14;
    public static final int EINVAL = 22;
    public static final int ENFILE = 23;
    public static final int EMFILE = 24;
    public static final int ENOTTY = 25;
    public static final int EFBIG = 27;
    public static final int ENOSPC = 28;
    public static final int EPIPE = 32;
    public static final int ENOSYS = 38;
    public static final int ELOOP = 40;
    public static final int EMSGSIZE = 90;
    public static final int ECONNRESET = 104;
    public static final int ENOBUFS = 105;
    public static final int ENOTCONN = 107;
    public static final int ECONNREFUSED = 111;

    public static final int O_RDONLY = 0;
    public static final int O_WRONLY = 1;
    public static final int O_RDWR = 2;
    public static final int O_ACCMODE = 3;
    public static final int O_CREAT = 0x40;
    public static final int O_EXCL = 0x80;
    public static final int O_NONBLOCK = 0x800;
    public static final int O_CLOEXEC = 0x80000;
    public static final int O_PATH = 0x200000;
    public static final int O_DIRECTORY = isArm() ? 0x4000 : 0x10000;
    public static final int O_NOFOLLOW = isArm() ? 0x8000 : 0x20000;

    public static final int AF_UNIX = 1;
    public static final int SOCK_DGRAM = 2;
    public static final int SOCK_SEQPACKET = 5;
    public static final int SOCK_CLOEXEC = 0x80000;
    public static final int SOCK_NONBLOCK = 0x800;
    public static final int SOL_SOCKET = 1;
    public static final int SO_TYPE = 3;
    public static final int SO_SNDBUF = 7;
    public static final int SO_LINGER = 13;
    public static final int SO_PASSCRED = 16;
    public static final int SO_PEERCRED = 17;
    public static final int SO_DOMAIN = 39;
    public static final int SO_COOKIE = 57;
    public static final int SHUT_RDWR = 2;
    public static final int SCM_RIGHTS = 1;
    public static final int SCM_CREDENTIALS = 2;
    public static final int SCM_PIDFD = 4;
    public static final int MSG_PEEK = 0x2;
    public static final int MSG_CTRUNC = 0x8;
    public static final int MSG_TRUNC = 0x20;
    public static final int MSG_DONTWAIT = 0x40;
    public static final int MSG_NOSIGNAL = 0x4000;
    public static final int MSG_CMSG_CLOEXEC = 0x40000000;

    public static final short POLLIN = 0x1;
    public static final short POLLERR = 0x8;
    public static final short POLLHUP = 0x10;

    static final int EPOLL_CLOEXEC = 0x80000;
    static final int EPOLL_CTL_ADD = 1;
    static final int EPOLL_CTL_DEL = 2;
    public static final int EPOLLIN = 0x1;
    public static final int EPOLLET = 0x80000000;

    public static final int IN_NONBLOCK = 0x800;
    public static final int IN_CLOEXEC = 0x80000;
    public static final int IN_CLOSE_WRITE = 0x8;
    public static final int IN_MOVED_FROM = 0x40;
    public static final int IN_MOVED_TO = 0x80;
    public static final int IN_DELETE = 0x200;
    public static final int IN_UNMOUNT = 0x2000;
    public static final int IN_Q_OVERFLOW = 0x4000;
    public static final int IN_ISDIR = 0x40000000;

    /** {@code struct inotify_event}: what happened, and the file's name with its size. */
    public static final int INOTIFY_MASK = 4;

    public static final int INOTIFY_LENGTH = 12;
    public static final int INOTIFY_NAME = 16;

    static final int EFD_NONBLOCK = 0x800;
    public static final int EFD_CLOEXEC = 0x80000;

    public static final int F_GETFL = 3;
    public static final int F_DUPFD_CLOEXEC = 1030;
    public static final int F_OFD_GETLK = 36;
    public static final int F_OFD_SETLK = 37;
    public static final int F_GETPIPE_SZ = 1032;
    public static final int F_ADD_SEALS = 1033;
    public static final int F_GET_SEALS = 1034;
    public static final int F_RDLCK = 0;
    public static final int F_WRLCK = 1;
    public static final int F_UNLCK = 2;
    public static final int F_SEAL_SEAL = 0x1;
    public static final int F_SEAL_SHRINK = 0x2;
    public static final int F_SEAL_GROW = 0x4;
    public static final int F_SEAL_WRITE = 0x8;
    public static final int F_SEAL_FUTURE_WRITE = 0x10;

    public static final int SPLICE_F_NONBLOCK = 2;

    public static final int FIONREAD = 0x541B;
    public static final int TIOCOUTQ = 0x5411;

    public static final int MFD_CLOEXEC = 0x1;
    public static final int MFD_ALLOW_SEALING = 0x2;
    public static final int MFD_NOEXEC_SEAL = 0x8;

    /** Modes of {@code fallocate}. */
    public static final int FALLOC_FL_KEEP_SIZE = 0x1;

    public static final int FALLOC_FL_PUNCH_HOLE = 0x2;

    public static final int PROT_READ = 0x1;
    public static final int PROT_WRITE = 0x2;
    public static final int MAP_SHARED = 0x1;
    public static final int MAP_PRIVATE = 0x2;
    public static final int MAP_FIXED = 0x10;
    public static final int MAP_ANONYMOUS = 0x20;
    public static final int MAP_NORESERVE = 0x4000;
    public static final long MAP_FAILED = -1L;
    public static final int MADV_POPULATE_READ = 22;
    public static final int MADV_POPULATE_WRITE = 23;

    public static final int LOCK_EX = 2;
    public static final int LOCK_NB = 4;
    public static final int LOCK_UN = 8;

    public static final int S_IFMT = 0xF000;
    public static final int S_IFREG = 0x8000;

    /** Flags of {@code statx}: an empty path means the descriptor itself; all basic fields are wanted. */
    public static final int AT_EMPTY_PATH = 0x1000;

    public static final int AT_SYMLINK_NOFOLLOW = 0x100;

    public static final int STATX_BASIC_STATS = 0x7ff;
    public static final int STATX_SIZE_OF = 256;
    public static final int STATX_UID = 20;
    public static final int STATX_MODE = 28;
    public static final int STATX_INO = 32;
    public static final int STATX_SIZE = 40;
    public static final int STATX_BLOCKS = 48;
    public static final int STATX_DEV_MAJOR = 136;
    public static final int STATX_DEV_MINOR = 140;

    /** {@code struct statfs}, whose first word is the file system's magic number. */
    public static final int STATFS_SIZE_OF = 120;

    public static final int STATFS_TYPE = 0;

    public static final int RLIMIT_FSIZE = 1;
    public static final int RLIMIT_NOFILE = 7;
    static final int RLIMIT_AS = 9;

    /** {@code struct dirent}, whose name ends with a zero byte. */
    public static final int DIRENT_NAME = 19;

    public static final int STATFS_FILES_FREE = 48;

    public static final int SC_PAGESIZE = 30;

    static {
        // Paths are UTF-8 whatever the JVM's locale.
        Map<String, ?> options = Map.of(Library.OPTION_STRING_ENCODING, StandardCharsets.UTF_8.name());
        Native.register(LibC.class, NativeLibrary.getInstance(Platform.C_LIBRARY_NAME, options));
    }

    private LibC() {}

    /** Returns why this thread's last call failed; meaningful only straight after a -1. */
    public static int errno() {
        return Native.getLastError();
    }

    private static boolean isArm() {
        return System.getProperty("os.arch", "").equals("aarch64");
    }

    public static native int close(int fd);

    public static native int open(String path, int flags, int mode);

    public static native int openat(int directory, String path, int flags, int mode);

    public static native int open(byte[] path, int flags, int mode);

    public static native int mkdir(byte[] path, int mode);

    public static native int mkdirat(int directory, String path, int mode);

    public static native int fchmod(int fd, int mode);

    /** The environment's own bytes: Java's strings of it went through the locale. */
    public static native long getenv(String name);

    public static native long fdopendir(int fd);

    public static native long readdir(long directory);

    public static native int closedir(long directory);

    public static native int getrlimit(int resource, long limit);

    public static native int renameat(int oldDirectory, String oldPath, int newDirectory, String newPath);

    public static native int unlinkat(int directory, String path, int flags);

    public static native int flock(int fd, int operation);

    public static native int statx(int directory, String path, int flags, int mask, long statx);

    public static native int fstatfs(int fd, long statfs);

    public static native long read(int fd, long buffer, long size);

    public static native long write(int fd, long buffer, long size);

    public static native long pread(int fd, long buffer, long size, long offset);

    public static native long process_vm_readv(
            int pid, long local, long localCount, long remote, long remoteCount, long flags);

    public static native long vmsplice(int pipe, long iov, long count, int flags);

    public static native int pipe2(long fds, int flags);

    public static native int socketpair(int domain, int type, int protocol, long fds);

    public static native int socket(int domain, int type, int protocol);

    public static native int bind(int fd, long address, int size);

    public static native int getsockname(int fd, long address, long size);

    public static native int listen(int fd, int backlog);

    public static native int connect(int fd, long address, int size);

    public static native int shutdown(int fd, int how);

    public static native int accept4(int fd, long address, long size, int flags);

    public static native int getsockopt(int fd, int level, int option, long value, long size);

    public static native int setsockopt(int fd, int level, int option, long value, int size);

    public static native long sendmsg(int fd, long message, int flags);

    public static native long recvmsg(int fd, long message, int flags);

    public static native int poll(long fds, long count, int timeoutMillis);

    static native int epoll_create1(int flags);

    static native int epoll_ctl(int poll, int operation, int fd, long event);

    static native int epoll_wait(int poll, long events, int count, int timeoutMillis);

    public static native int inotify_init1(int flags);

    public static native int inotify_add_watch(int inotify, String path, int mask);

    public static native int eventfd(int initial, int flags);

    public static native int fcntl(int fd, int command, long argument);

    public static native int ioctl(int fd, long request, long argument);

    public static native int memfd_create(String name, int flags);

    public static native int fallocate(int fd, int mode, long offset, long size);

    public static native int ftruncate(int fd, long size);

    public static native long mmap(long address, long size, int protection, int flags, int fd, long offset);

    public static native int munmap(long address, long size);

    public static native int madvise(long address, long size, int advice);

    public static native long sysconf(int name);

    public static native int geteuid();

    public static native int getpid();
}
