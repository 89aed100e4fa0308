/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux;

import io.machframe.core.platform.MessageBuffer;
import org.jspecify.annotations.Nullable;

/** What a descriptor refers to, whichever number it has in this process: equal for equal files, {@code statx}. */
public record FileIdentity(int deviceMajor, int deviceMinor, long inode) {
    /** Returns which file a name in an open directory is, or null if there is none. */
    static @Nullable FileIdentity ofFile(int directory, String name) {
        return of(directory, name, LibC.AT_SYMLINK_NOFOLLOW);
    }

    /** Returns which file a descriptor is, or null if that cannot be told. */
    static @Nullable FileIdentity ofDescriptor(int fd) {
        return of(fd, "", LibC.AT_EMPTY_PATH);
    }

    private static @Nullable FileIdentity of(int directory, String name, int flags) {
        MessageBuffer status = Memory.allocate(LibC.STATX_SIZE_OF);
        return LibC.statx(directory, name, flags, LibC.STATX_BASIC_STATS, status.address()) < 0 ? null : read(status);
    }

    /** Reads the answer of a {@code statx}. */
    static FileIdentity read(MessageBuffer status) {
        return new FileIdentity(
                status.bytes().getInt(LibC.STATX_DEV_MAJOR),
                status.bytes().getInt(LibC.STATX_DEV_MINOR),
                status.bytes().getLong(LibC.STATX_INO));
    }
}
