/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux;

import static io.machframe.core.error.KernReturn.MACH_SEND_INVALID_DEST;

import io.machframe.core.platform.kernel.Parcel;

/**
 * A send right to memory: a descriptor of a memory file. It travels like any send right; nobody receives what is sent
 * to it.
 */
final class MemoryEnd extends LinuxEnd {
    private final int fd;
    private final FileIdentity identity;

    /** Takes over the descriptor. */
    MemoryEnd(int fd, FileIdentity identity) {
        this.fd = fd;
        this.identity = identity;
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
        return WireLayout.KIND_MEMORY;
    }

    @Override
    public int fdCount() {
        return 1;
    }

    @Override
    public int fd(int index) {
        return fd;
    }
}
