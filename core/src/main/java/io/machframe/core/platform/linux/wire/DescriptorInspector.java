/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.wire;

import io.machframe.core.platform.linux.libc.LibC;

/** Tells what a descriptor that a peer sent really is. */
public final class DescriptorInspector {
    private DescriptorInspector() {}

    /** A pipe's read end that never blocks, so that a credit can be taken from it without waiting. */
    public static boolean isCreditReader(int fd) {
        return isPipeEnd(fd, LibC.O_ACCMODE | LibC.O_NONBLOCK, LibC.O_RDONLY | LibC.O_NONBLOCK);
    }

    /** A pipe's write end that never blocks, for handing credits over. */
    public static boolean isCreditWriter(int fd) {
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

    /** Closing a pipe never waits; closing what a peer sent in its place may. */
    public static boolean isPipe(int fd) {
        return LibC.fcntl(fd, LibC.F_GETPIPE_SZ, 0) > 0;
    }

    private static boolean isPipeEnd(int fd, int mask, int flags) {
        int found = LibC.fcntl(fd, LibC.F_GETFL, 0);
        // Only a pipe has a pipe's size; to ask for its mode costs three times as much.
        return found >= 0 && (found & mask) == flags && isPipe(fd);
    }
}
