/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.libc;

import io.machframe.core.platform.MessageBuffer;
import java.util.ArrayDeque;

/**
 * Wakes one thread out of its {@code poll}, from any other: an event counter that the thread polls beside its port.
 *
 * <p>The counter is lent to the thread while it waits, so there are as many as threads ever waited at once, and none stays
 * behind with a thread that ended. A process may have no descriptor left for one; the thread then has to look again every
 * now and then by itself.
 */
public final class Waker {
    private static final int NONE = -1;

    /** Counters, all at zero, that no thread waits on. */
    private static final ArrayDeque<Integer> SPARE = new ArrayDeque<>();

    private static final int MAX_SPARE = 4;

    private final MessageBuffer one = NativeMemory.allocate(16);
    private int fd = NONE;
    private boolean woken;
    private boolean counted;

    /** Not woken yet. */
    public Waker() {
        one.bytes().putLong(0, 1);
    }

    /** Begins a wait. Returns the descriptor to poll, or -1 if none is to be had. For the thread that waits. */
    public synchronized int begin() {
        synchronized (SPARE) {
            fd = SPARE.isEmpty() ? NONE : SPARE.pop();
        }
        if (fd < 0) {
            fd = LibC.eventfd(0, LibC.EFD_CLOEXEC | LibC.EFD_NONBLOCK);
        }
        if (woken) {
            count();
        }
        return fd;
    }

    /** Ends a wait and forgets that it was woken. For the thread that waits. */
    public synchronized void end() {
        woken = false;
        if (counted) {
            counted = false;
            LibC.read(fd, one.address() + 8, 8);
        }
        if (fd >= 0) {
            boolean kept;
            synchronized (SPARE) {
                kept = SPARE.size() < MAX_SPARE;
                if (kept) {
                    SPARE.push(fd);
                }
            }
            if (!kept) {
                LibC.close(fd);
            }
            fd = NONE;
        }
    }

    /** Ends the wait that the thread is in, or the next one. */
    public synchronized void wake() {
        woken = true;
        count();
    }

    private void count() {
        if (fd >= 0 && !counted) {
            counted = true;
            LibC.write(fd, one.address(), 8);
        }
    }
}
