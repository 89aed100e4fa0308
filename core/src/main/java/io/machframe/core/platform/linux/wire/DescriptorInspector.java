/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.wire;

import io.machframe.core.platform.linux.libc.LibC;

/** Tells what a descriptor that a peer sent really is. */
public final class DescriptorInspector {
    private DescriptorInspector() {}

    public static boolean isQueueEnd(Wire wire, int fd) {
        return wire.isQueueEnd(fd, wire.cookie(fd));
    }

    /** A pipe's read end that never blocks, so that a place can be taken from it without waiting. */
    public static boolean isPlaceReader(int fd) {
        return isPipeEnd(fd, LibC.O_ACCMODE | LibC.O_NONBLOCK, LibC.O_RDONLY | LibC.O_NONBLOCK);
    }

    /** A pipe's write end that never blocks, for handing places over. */
    public static boolean isPlaceWriter(int fd) {
        return isPipeEnd(fd, LibC.O_ACCMODE | LibC.O_NONBLOCK, LibC.O_WRONLY | LibC.O_NONBLOCK);
    }

    /** A pipe's write end, whose closing tells that a send-once right is gone. */
    public static boolean isOncePipe(int fd) {
        return isPipeEnd(fd, LibC.O_ACCMODE, LibC.O_WRONLY);
    }

    /** A pipe's read end, which is watched for the hang-up that tells that a send-once right is gone. */
    public static boolean isOnceWatch(int fd) {
        return isPipeEnd(fd, LibC.O_ACCMODE, LibC.O_RDONLY);
    }

    private static boolean isPipeEnd(int fd, int mask, int flags) {
        int found = LibC.fcntl(fd, LibC.F_GETFL, 0);
        // Only a pipe has a pipe's size; to ask for its mode costs three times as much.
        return found >= 0 && (found & mask) == flags && LibC.fcntl(fd, LibC.F_GETPIPE_SZ, 0) > 0;
    }
}
