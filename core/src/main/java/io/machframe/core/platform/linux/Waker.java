/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux;

import io.machframe.core.platform.MessageBuffer;

/** Wakes one thread out of its {@code poll}, from any other: an event counter that the thread polls beside its port. */
final class Waker {
    private final int fd;
    private final MessageBuffer one = Memory.allocate(16);
    private boolean closed;

    Waker() {
        fd = LibC.eventfd(0, LibC.EFD_CLOEXEC | LibC.EFD_NONBLOCK);
        if (fd < 0) {
            throw new IllegalStateException("no descriptor is left for a thread to wait with: errno " + LibC.errno());
        }
        one.bytes().putLong(0, 1);
    }

    int fd() {
        return fd;
    }

    synchronized void wake() {
        if (!closed) {
            LibC.write(fd, one.address(), 8);
        }
    }

    /** Forgets that it was woken. For the thread that waits. */
    void drain() {
        LibC.read(fd, one.address() + 8, 8);
    }

    synchronized void close() {
        if (!closed) {
            closed = true;
            LibC.close(fd);
        }
    }
}
