/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.libc;

import io.machframe.core.platform.MessageBuffer;
import java.nio.ByteBuffer;

/**
 * Locks on one byte of an open file description, {@code F_OFD_SETLK}. The kernel drops one with the last descriptor of its
 * description, however the process ends; unlike a POSIX lock it is not the process's, so other descriptors of the file, in
 * other parts of the process too, do not touch it. A description does not see its own locks.
 */
public final class OpenFileLock {
    private static final int TYPE = 0;
    private static final int WHENCE = 2;
    private static final int START = 8;
    private static final int LENGTH = 16;
    private static final int PID = 24;
    private static final int SIZE_OF = 32;

    /** One for each thread: these calls are on a frame's path, and native memory made for each would be garbage. */
    private static final ThreadLocal<MessageBuffer> FLOCK =
            ThreadLocal.withInitial(() -> NativeMemory.allocate(SIZE_OF));

    private OpenFileLock() {}

    /** Locks against all others, without waiting. Returns false, with errno set, if there is another lock. */
    public static boolean lock(int fd, long position) {
        return set(fd, LibC.F_WRLCK, position);
    }

    /** Locks against those that lock alone, without waiting. */
    public static boolean share(int fd, long position) {
        return set(fd, LibC.F_RDLCK, position);
    }

    /** Drops a lock. */
    public static void unlock(int fd, long position) {
        set(fd, LibC.F_UNLCK, position);
    }

    private static boolean set(int fd, int type, long position) {
        return LibC.fcntl(fd, LibC.F_OFD_SETLK, flock(type, position).address()) == 0;
    }

    /** Returns whether another description has a lock of any kind. */
    public static boolean isLocked(int fd, long position) {
        MessageBuffer question = flock(LibC.F_WRLCK, position);
        return LibC.fcntl(fd, LibC.F_OFD_GETLK, question.address()) == 0
                && question.bytes().getShort(TYPE) != LibC.F_UNLCK;
    }

    /** Sets every field: the kernel writes its answer over the question, and refuses one whose pid is not 0. */
    private static MessageBuffer flock(int type, long position) {
        MessageBuffer flock = FLOCK.get();
        ByteBuffer bytes = flock.bytes();
        bytes.putShort(TYPE, (short) type).putShort(WHENCE, (short) 0);
        bytes.putLong(START, position).putLong(LENGTH, 1).putInt(PID, 0);
        return flock;
    }
}
