/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.port;

import com.google.errorprone.annotations.Immutable;
import io.machframe.core.platform.MessageBuffer;
import io.machframe.core.platform.linux.libc.LibC;
import io.machframe.core.platform.linux.libc.NativeMemory;

/** Every kind of descriptor that a peer could send in the place of another. */
public enum StrangeDescriptor {
    PIPE_READ(() -> pipe(0, true)),
    PIPE_WRITE(() -> pipe(0, false)),
    FREE_PIPE_READ(() -> pipe(LibC.O_NONBLOCK, true)),
    FREE_PIPE_WRITE(() -> pipe(LibC.O_NONBLOCK, false)),
    SEQUENCED(() -> pair(LibC.SOCK_SEQPACKET)),
    /** Those whose other end stays open, though nobody reads or writes there. */
    LIVE_SEQUENCED(() -> LibC.fcntl(Live.SOCKET, LibC.F_DUPFD_CLOEXEC, 0)),
    LIVE_PIPE_READ(() -> open("/proc/self/fd/" + Live.PIPE, LibC.O_RDONLY | LibC.O_NONBLOCK)),
    STREAM(() -> pair(1)),
    DATAGRAM(() -> pair(LibC.SOCK_DGRAM)),
    UNCONNECTED(() -> LibC.socket(LibC.AF_UNIX, LibC.SOCK_SEQPACKET | LibC.SOCK_CLOEXEC, 0)),
    INTERNET(() -> LibC.socket(2, 1 | LibC.SOCK_CLOEXEC, 0)),
    FILE(() -> open("/proc/self/exe", LibC.O_RDONLY)),
    NULL(() -> open("/dev/null", LibC.O_RDWR)),
    ZERO(() -> open("/dev/zero", LibC.O_RDWR)),
    DIRECTORY(() -> open("/", LibC.O_RDONLY)),
    PATH_ONLY(() -> open("/dev/null", LibC.O_PATH)),
    EVENT(() -> LibC.eventfd(0, LibC.EFD_CLOEXEC)),
    POLL(() -> HostileLibC.epoll_create1(LibC.EFD_CLOEXEC)),
    MEMORY(() -> LibC.memfd_create("strange", LibC.MFD_CLOEXEC | LibC.MFD_ALLOW_SEALING)),
    UNSEALABLE_MEMORY(() -> LibC.memfd_create("strange", LibC.MFD_CLOEXEC)),
    PROC(() -> open("/proc/self/mem", LibC.O_RDWR));

    private final Opening opening;

    StrangeDescriptor(Opening opening) {
        this.opening = opening;
    }

    private static final class Live {
        static final int SOCKET;
        static final int PIPE;

        static {
            MessageBuffer ends = NativeMemory.allocate(16);
            LibC.socketpair(LibC.AF_UNIX, LibC.SOCK_SEQPACKET | LibC.SOCK_CLOEXEC, 0, ends.address());
            LibC.pipe2(ends.address() + 8, LibC.O_CLOEXEC | LibC.O_NONBLOCK);
            SOCKET = ends.bytes().getInt(0);
            PIPE = ends.bytes().getInt(12);
        }
    }

    /** Opens what all of them share, so that it is not counted as a test's. */
    public static void prepare() {
        LibC.close(LIVE_SEQUENCED.open());
    }

    @Immutable
    private interface Opening {
        int open();
    }

    /** Opens one, the caller's to close. */
    public int open() {
        int fd = opening.open();
        if (fd < 0) {
            throw new AssertionError(this + " cannot be opened: errno " + LibC.errno());
        }
        return fd;
    }

    /** Returns one by number; numbers go round. */
    static StrangeDescriptor any(int number) {
        return values()[Math.floorMod(number, values().length)];
    }

    private static int open(String path, int flags) {
        return LibC.open(path, flags | LibC.O_CLOEXEC, 0);
    }

    private static int pipe(int flags, boolean reading) {
        MessageBuffer ends = NativeMemory.allocate(8);
        LibC.pipe2(ends.address(), LibC.O_CLOEXEC | flags);
        return oneOf(ends, reading ? 0 : 4);
    }

    private static int pair(int type) {
        MessageBuffer ends = NativeMemory.allocate(8);
        LibC.socketpair(LibC.AF_UNIX, type | LibC.SOCK_CLOEXEC, 0, ends.address());
        return oneOf(ends, 0);
    }

    /** The other end is closed: a peer that is gone. */
    private static int oneOf(MessageBuffer ends, int kept) {
        LibC.close(ends.bytes().getInt(4 - kept));
        return ends.bytes().getInt(kept);
    }
}
