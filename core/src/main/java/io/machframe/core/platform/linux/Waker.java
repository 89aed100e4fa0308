/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux;

import io.machframe.core.platform.MessageBuffer;

/** Wakes one thread out of its {@code poll}, from any other: an event counter that the thread polls beside its port. */
final class Waker {
    private static final int TRIES = 5;
    private static final int PAUSE_MILLIS = 20;

    private final int fd;
    private final MessageBuffer one = Memory.allocate(16);
    private boolean closed;

    Waker() {
        fd = openOrCollect();
        if (fd < 0) {
            throw new IllegalStateException("no descriptor is left for a thread to wait with: errno " + LibC.errno());
        }
        one.bytes().putLong(0, 1);
    }

    /** Descriptors of threads that ended come back when the collector finds what they left. */
    private static int openOrCollect() {
        int opened = open();
        for (int tries = 0; opened < 0 && LibC.errno() == LibC.EMFILE && tries < TRIES; tries++) {
            System.gc();
            LibC.poll(0, 0, PAUSE_MILLIS);
            opened = open();
        }
        return opened;
    }

    private static int open() {
        return LibC.eventfd(0, LibC.EFD_CLOEXEC | LibC.EFD_NONBLOCK);
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
