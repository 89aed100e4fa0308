/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.port;

import static io.machframe.core.error.KernReturn.MACH_SEND_INVALID_DEST;

import io.machframe.core.platform.kernel.Parcel;
import io.machframe.core.platform.linux.libc.Descriptor;
import io.machframe.core.platform.linux.libc.DescriptorCloser;
import io.machframe.core.platform.linux.libc.LibC;
import io.machframe.core.platform.linux.memory.FileIdentity;
import io.machframe.core.platform.linux.memory.MemoryFile;
import io.machframe.core.platform.linux.wire.WireLayout;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A send right to memory: a descriptor of a memory file, and perhaps one more that goes with it. It is sent like any
 * send right; nothing can be sent to it.
 */
public final class MemoryEnd extends LinuxEnd {
    private final int[] fds;
    private final FileIdentity identity;

    /**
     * Takes ownership of the descriptors.
     *
     * @param identity of the first
     */
    public MemoryEnd(int[] fds, FileIdentity identity) {
        this.fds = fds;
        this.identity = identity;
    }

    /** Returns duplicates of the descriptors, or null, with errno set, if the process has no more. */
    public int @Nullable [] duplicate() {
        int[] copies = new int[fds.length];
        for (int i = 0; i < fds.length; i++) {
            copies[i] = Descriptor.duplicate(fds[i]);
            if (copies[i] < 0) {
                close(Arrays.copyOf(copies, i)); // which succeeds, so errno stays
                return null;
            }
        }
        return copies;
    }

    public static void close(int[] fds) {
        for (int fd : fds) {
            LibC.close(fd);
        }
    }

    @Override
    void closeDescriptors() {
        LibC.close(fds[0]);
        for (int i = 1; i < fds.length; i++) {
            DescriptorCloser.close(fds[i], !MemoryFile.hasSeals(fds[i], 0)); // memory closes at once
        }
    }

    @Override
    public Object identity() {
        return identity;
    }

    @Override
    public boolean hasRoom() {
        return false;
    }

    @Override
    public boolean isDead() {
        return false;
    }

    @Override
    public int send(Parcel parcel, int timeoutMillis, boolean interruptible) {
        return MACH_SEND_INVALID_DEST;
    }

    @Override
    public int kind() {
        return fds.length == 1 ? WireLayout.KIND_MEMORY : WireLayout.KIND_MEMORY_PAIR;
    }

    @Override
    public int fdCount() {
        return fds.length;
    }

    @Override
    public int fd(int index) {
        return fds[index];
    }
}
