/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.libc;

import io.machframe.core.platform.MessageBuffer;
import io.machframe.core.platform.kernel.KernelException;

/**
 * An epoll descriptor: watches any number of others at a cost that does not grow with them. What happened is told by the
 * number each was added under. One thread at a time.
 */
public final class EventPoll {
    private static final boolean ARM = System.getProperty("os.arch", "").equals("aarch64");

    /** {@code struct epoll_event} is packed on x86 only. */
    private static final int EVENT_SIZE = ARM ? 16 : 12;

    private static final int DATA = ARM ? 8 : 4;

    private final int fd;
    private final MessageBuffer event = NativeMemory.allocate(EVENT_SIZE);

    public EventPoll() throws KernelException {
        fd = LibC.epoll_create1(LibC.EPOLL_CLOEXEC);
        if (fd < 0) {
            throw Errno.failure(LibC.errno());
        }
    }

    /** Returns the descriptor, which can be read as long as something has happened. */
    public int fd() {
        return fd;
    }

    /** Adds a descriptor; hang-ups and errors are told of whatever {@code events} says. */
    public void add(int watched, int events, int number) throws KernelException {
        event.bytes().putInt(0, events).putLong(DATA, number);
        if (LibC.epoll_ctl(fd, LibC.EPOLL_CTL_ADD, watched, event.address()) < 0) {
            throw Errno.failure(LibC.errno());
        }
    }

    /** Has to come before a descriptor is closed: another process may hold its file, and then it stays watched. */
    public void remove(int watched) {
        LibC.epoll_ctl(fd, LibC.EPOLL_CTL_DEL, watched, event.address());
    }

    /** Returns the number of one descriptor to which something happened, of each in turn, or -1; does not wait. */
    public int next() {
        return LibC.epoll_wait(fd, event.address(), 1, 0) == 1 ? event.bytes().getInt(DATA) : -1;
    }

    public void close() {
        LibC.close(fd);
    }
}
