/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.memory;

import io.machframe.core.platform.MessageBuffer;
import io.machframe.core.platform.linux.libc.LibC;
import io.machframe.core.platform.linux.libc.NativeMemory;
import io.machframe.core.platform.linux.port.HostileLibC;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Opens descriptors that a bad peer might send in place of shared memory; the caller's to close. */
public final class HostileMemory {
    private HostileMemory() {}

    /** A memfd that may be resized at any time. */
    public static int unsealed(long size) {
        return memfd(size, 0);
    }

    /** A memfd sealed as it should be, of any size, allocated or not. */
    public static int sealed(long size) {
        return memfd(size, LibC.F_SEAL_SHRINK | LibC.F_SEAL_GROW);
    }

    /** A memfd that nobody can seal. */
    public static int unsealable(long size) {
        int fd = LibC.memfd_create("hostile", LibC.MFD_CLOEXEC);
        LibC.ftruncate(fd, size);
        return fd;
    }

    /** Another descriptor of the same file, {@code O_RDONLY}, {@code O_WRONLY} or {@code O_PATH}. */
    public static int again(int fd, int access) {
        return LibC.open("/proc/self/fd/" + fd, access | LibC.O_CLOEXEC, 0);
    }

    /** Tries to make a file shorter. */
    public static boolean truncate(int fd, long size) {
        return LibC.ftruncate(fd, size) == 0;
    }

    /** One end of a pair of sockets, the other is closed. */
    public static int socket() {
        MessageBuffer ends = NativeMemory.allocate(8);
        LibC.socketpair(LibC.AF_UNIX, LibC.SOCK_SEQPACKET | LibC.SOCK_CLOEXEC, 0, ends.address());
        LibC.close(ends.bytes().getInt(4));
        return ends.bytes().getInt(0);
    }

    public static void close(int fd) {
        LibC.close(fd);
    }

    /** Reads a byte of a file, or -1 if there is none. */
    public static int read(int fd, long offset) {
        try (FileChannel file = FileChannel.open(Path.of("/proc/self/fd/" + fd))) {
            ByteBuffer one = ByteBuffer.allocate(1);
            return file.read(one, offset) == 1 ? one.get(0) & 0xff : -1;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Tries every way to write a memfd, or to make that possible, and returns those that worked.
     *
     * @param fd closed in the end
     */
    public static List<String> writes(int fd) {
        List<String> worked = new ArrayList<>();
        int again = LibC.open("/proc/self/fd/" + fd, LibC.O_RDWR | LibC.O_CLOEXEC, 0);
        long text = NativeMemory.allocate(8).address();
        for (int target : new int[] {fd, again}) {
            note(worked, "mmap", isMapped(LibC.mmap(0, 4096, LibC.PROT_WRITE, LibC.MAP_SHARED, target, 0)));
            note(worked, "write", LibC.write(target, text, 8) >= 0);
            note(worked, "shrink", LibC.ftruncate(target, 4096) == 0);
            note(worked, "grow", LibC.ftruncate(target, 1L << 40) == 0);
            note(worked, "punch", LibC.fallocate(target, 3, 0, 4096) == 0);
            note(worked, "seal", LibC.fcntl(target, LibC.F_ADD_SEALS, LibC.F_SEAL_WRITE) == 0);
            long mapped = LibC.mmap(0, 4096, LibC.PROT_READ, LibC.MAP_SHARED, target, 0);
            note(worked, "mprotect", isMapped(mapped) && HostileLibC.mprotect(mapped, 4096, LibC.PROT_WRITE) == 0);
            LibC.munmap(mapped, 4096);
            LibC.close(target);
        }
        return worked;
    }

    private static boolean isMapped(long address) {
        return address != LibC.MAP_FAILED;
    }

    private static void note(List<String> worked, String way, boolean done) {
        if (done) {
            worked.add(way);
        }
    }

    /** The end of a pipe whose other end is closed. */
    public static int pipe() {
        MessageBuffer ends = NativeMemory.allocate(8);
        LibC.pipe2(ends.address(), LibC.O_CLOEXEC);
        LibC.close(ends.bytes().getInt(4));
        return ends.bytes().getInt(0);
    }

    /** A file by its path. */
    public static int file(String path) {
        return LibC.open(path, LibC.O_RDONLY | LibC.O_CLOEXEC, 0);
    }

    public static int memfd(long size, int seals) {
        int fd = LibC.memfd_create("hostile", LibC.MFD_CLOEXEC | LibC.MFD_ALLOW_SEALING);
        LibC.ftruncate(fd, size);
        LibC.fcntl(fd, LibC.F_ADD_SEALS, seals);
        return fd;
    }
}
