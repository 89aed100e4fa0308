/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.libc;

import io.machframe.core.platform.MessageBuffer;

/**
 * Wakes one thread out of its {@code poll}, from any other: an event counter that the thread polls beside its port.
 *
 * <p>The counter is made when the thread first waits. A process may have no descriptor left for it; the thread then has to
 * look again every now and then by itself.
 */
public final class Waker {
    private static final int NONE = -1;

    private final MessageBuffer one = NativeMemory.allocate(16);
    private int fd = NONE;
    private boolean woken;
    private boolean collected;
    private boolean closed;

    public Waker() {
        one.bytes().putLong(0, 1);
    }

    /** Returns the descriptor to poll, or -1 if none is to be had. For the thread that waits. */
    public synchronized int fd() {
        if (fd < 0) {
            fd = open();
        }
        if (fd < 0 && !collected) {
            // Descriptors of threads that ended come back when the collector finds what they left.
            collected = true;
            System.gc();
        }
        return fd;
    }

    private int open() {
        return LibC.eventfd(woken ? 1 : 0, LibC.EFD_CLOEXEC | LibC.EFD_NONBLOCK);
    }

    public synchronized void wake() {
        woken = true;
        if (fd >= 0 && !closed) {
            LibC.write(fd, one.address(), 8);
        }
    }

    /** Forgets that it was woken. For the thread that waits. */
    public synchronized void drain() {
        woken = false;
        if (fd >= 0) {
            LibC.read(fd, one.address() + 8, 8);
        }
    }

    public synchronized void close() {
        if (fd >= 0 && !closed) {
            LibC.close(fd);
        }
        closed = true;
    }
}
