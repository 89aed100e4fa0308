/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux;

import io.machframe.core.platform.MessageBuffer;
import org.jspecify.annotations.Nullable;

/** Tells what a descriptor that a peer sent really is. */
final class FdKind {
    private static final ThreadLocal<MessageBuffer> STATX =
            ThreadLocal.withInitial(() -> Memory.allocate(LibC.STATX_SIZE_OF));

    private FdKind() {}

    static boolean isQueueEnd(Wire wire, int fd) {
        return wire.isQueueEnd(fd, wire.cookie(fd));
    }

    /** A pipe's read end that never blocks, so that a place can be taken from it without waiting. */
    static boolean isPlaceReader(int fd) {
        return isPipeEnd(fd, LibC.O_ACCMODE | LibC.O_NONBLOCK, LibC.O_RDONLY | LibC.O_NONBLOCK);
    }

    /** A pipe's write end that never blocks, for handing places over. */
    static boolean isPlaceWriter(int fd) {
        return isPipeEnd(fd, LibC.O_ACCMODE | LibC.O_NONBLOCK, LibC.O_WRONLY | LibC.O_NONBLOCK);
    }

    /** A pipe's write end, whose closing tells that a send-once right is gone. */
    static boolean isOncePipe(int fd) {
        return isPipeEnd(fd, LibC.O_ACCMODE, LibC.O_WRONLY);
    }

    /** A pipe's read end, which is watched for the hang-up that tells that a send-once right is gone. */
    static boolean isOnceWatch(int fd) {
        return isPipeEnd(fd, LibC.O_ACCMODE, LibC.O_RDONLY);
    }

    private static boolean isPipeEnd(int fd, int mask, int flags) {
        int found = LibC.fcntl(fd, LibC.F_GETFL, 0);
        // Only a pipe has a pipe's size; to ask for its mode costs three times as much.
        return found >= 0 && (found & mask) == flags && LibC.fcntl(fd, LibC.F_GETPIPE_SZ, 0) > 0;
    }

    /** Returns which memory file a descriptor is, or null if it is none: only those have seals. */
    static @Nullable FileIdentity memoryIdentity(int fd) {
        if (LibC.fcntl(fd, LibC.F_GET_SEALS, 0) < 0 || (mode(fd) & LibC.S_IFMT) != LibC.S_IFREG) {
            return null;
        }
        return FileIdentity.read(STATX.get());
    }

    /** A memory file of at least that many bytes with all its pages: one of holes would cost its maker nothing. */
    static boolean isFilledMemory(int fd, long bytes) {
        return memoryIdentity(fd) != null
                && STATX.get().bytes().getLong(LibC.STATX_SIZE) >= bytes
                && STATX.get().bytes().getLong(LibC.STATX_BLOCKS) * MemoryFile.BLOCK >= bytes;
    }

    private static int mode(int fd) {
        MessageBuffer statx = STATX.get();
        int answer = LibC.statx(fd, "", LibC.AT_EMPTY_PATH, LibC.STATX_BASIC_STATS, statx.address());
        return answer < 0 ? 0 : statx.bytes().getShort(LibC.STATX_MODE) & 0xffff;
    }
}
