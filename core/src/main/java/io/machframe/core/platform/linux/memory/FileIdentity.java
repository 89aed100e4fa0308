/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.memory;

import io.machframe.core.platform.MessageBuffer;
import io.machframe.core.platform.linux.libc.LibC;
import io.machframe.core.platform.linux.libc.NativeMemory;
import org.jspecify.annotations.Nullable;

/** What a descriptor refers to, whichever number it has in this process: equal for equal files, {@code statx}. */
public record FileIdentity(int deviceMajor, int deviceMinor, long inode) {
    private static final ThreadLocal<MessageBuffer> STATUS =
            ThreadLocal.withInitial(() -> NativeMemory.allocate(LibC.STATX_SIZE_OF));

    /** Returns which file a name in an open directory is, or null if there is none. */
    public static @Nullable FileIdentity ofFile(int directory, String name) {
        return of(directory, name, LibC.AT_SYMLINK_NOFOLLOW);
    }

    /** Returns which file a descriptor is, or null if that cannot be told. */
    public static @Nullable FileIdentity ofDescriptor(int fd) {
        return of(fd, "", LibC.AT_EMPTY_PATH);
    }

    /** Returns which memory file a descriptor is, or null if it is none: only those have seals. */
    public static @Nullable FileIdentity ofMemory(int fd) {
        if (LibC.fcntl(fd, LibC.F_GET_SEALS, 0) < 0) {
            return null;
        }
        FileIdentity identity = ofDescriptor(fd);
        return identity != null && isRegular() ? identity : null;
    }

    /** Returns whether a descriptor is a file, and no directory, pipe or device. */
    public static boolean isRegular(int fd) {
        return ofDescriptor(fd) != null && isRegular();
    }

    private static boolean isRegular() {
        return (STATUS.get().bytes().getShort(LibC.STATX_MODE) & LibC.S_IFMT) == LibC.S_IFREG;
    }

    private static @Nullable FileIdentity of(int directory, String name, int flags) {
        MessageBuffer status = STATUS.get();
        return LibC.statx(directory, name, flags, LibC.STATX_BASIC_STATS, status.address()) < 0
                ? null
                : new FileIdentity(
                        status.bytes().getInt(LibC.STATX_DEV_MAJOR),
                        status.bytes().getInt(LibC.STATX_DEV_MINOR),
                        status.bytes().getLong(LibC.STATX_INO));
    }
}
