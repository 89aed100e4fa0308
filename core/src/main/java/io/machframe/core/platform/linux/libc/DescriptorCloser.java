/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.libc;

import io.machframe.core.platform.LibraryThread;
import io.machframe.core.platform.MessageBuffer;
import java.util.ArrayDeque;

/**
 * Closes descriptors that another process sent, on threads of its own.
 *
 * <p>A {@code close} may wait as long as the peer likes: a TCP socket that lingers over unsent data, a file of a file
 * system that does not answer, a local socket in whose queue the last descriptor of such a thing is. So no thread that
 * holds a lock or serves others closes what it does not know. One thread closes and one is spare: if a descriptor keeps
 * the first waiting the spare takes over, and is replaced, up to a number of threads that a peer can hold.
 */
public final class DescriptorCloser {
    private static final int MAX_THREADS = 32;
    private static final long IDLE_MILLIS = 5_000;
    private static final long STUCK_MILLIS = 20;

    private static final MessageBuffer NO_LINGER = NativeMemory.allocate(8);
    private static final ArrayDeque<Integer> WAITING = new ArrayDeque<>();
    private static int threads;
    private static int busy;
    private static long lastTaken;

    private DescriptorCloser() {}

    /** Takes ownership of a descriptor of any kind, or of -1, and returns at once. */
    public static void close(int fd) {
        if (fd >= 0) {
            synchronized (WAITING) {
                WAITING.add(fd);
                WAITING.notifyAll();
                startSpare();
            }
        }
    }

    /** As {@link #close(int)} if another process sent the descriptor; one of this process's own is closed here and now. */
    public static void close(int fd, boolean foreign) {
        if (foreign) {
            close(fd);
        } else if (fd >= 0) {
            LibC.close(fd);
        }
    }

    private static void startSpare() {
        if (busy == threads && threads < MAX_THREADS) {
            // If there can be no thread, those that run, or the next call, close what waits.
            threads += LibraryThread.start("machframe-close", DescriptorCloser::step) ? 1 : 0;
        }
    }

    /** Closes one descriptor. Returns whether to go on. */
    private static boolean step() {
        int fd = next();
        if (fd < 0) {
            return false;
        }
        try {
            LibC.setsockopt(fd, LibC.SOL_SOCKET, LibC.SO_LINGER, NO_LINGER.address(), NO_LINGER.capacity());
            LibC.close(fd);
        } finally {
            synchronized (WAITING) {
                busy--;
                WAITING.notifyAll();
            }
        }
        return true;
    }

    /** Returns a descriptor when no other thread is at one, or too long; -1 when none came for a while. */
    private static int next() {
        synchronized (WAITING) {
            while (WAITING.isEmpty() || (busy > 0 && millisSinceTaken() < STUCK_MILLIS)) {
                boolean expected = !WAITING.isEmpty();
                long before = System.nanoTime();
                try {
                    WAITING.wait(expected ? STUCK_MILLIS : IDLE_MILLIS);
                } catch (InterruptedException noReasonToStop) {
                    continue;
                }
                boolean idle = (System.nanoTime() - before) / 1_000_000 >= IDLE_MILLIS;
                if (WAITING.isEmpty() && idle) {
                    threads--;
                    return -1;
                }
            }
            int fd = WAITING.remove();
            busy++;
            lastTaken = System.nanoTime();
            startSpare();
            return fd;
        }
    }

    private static long millisSinceTaken() {
        return (System.nanoTime() - lastTaken) / 1_000_000;
    }
}
