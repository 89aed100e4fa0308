/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.memory;

import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;
import io.machframe.core.platform.linux.libc.LibC;
import io.machframe.core.platform.linux.libc.OpenFileLock;

/**
 * Counts the uses of some shared memory so that every process sees whether there is any, and none outlives its process.
 *
 * <p>A process that uses the memory holds a read lock on byte 0 of a file description of its own
 * ({@link OpenFileLock}). Whether any process uses the memory is asked on a description that never locks.
 *
 * <p>Codes are {@link KernReturn}s. Thread-safe.
 */
public final class UseLock implements AutoCloseable {
    private static final int NONE = -1;

    private final SharedMemory memory;
    private int lockable = NONE;
    private int count;
    private boolean closed;

    public UseLock(SharedMemory memory) {
        this.memory = memory;
    }

    /** Adds one to this process's count. */
    public synchronized int increment() {
        if (closed || count == Integer.MAX_VALUE) {
            return KernReturn.KERN_INVALID_ARGUMENT;
        }
        if (count == 0) {
            int code = lock();
            if (code != KernReturn.KERN_SUCCESS) {
                return code;
            }
        }
        count++;
        return KernReturn.KERN_SUCCESS;
    }

    /** Takes one from this process's count; {@code KERN_INVALID_ARGUMENT} if it is 0. */
    public synchronized int decrement() {
        if (closed || count == 0) {
            return KernReturn.KERN_INVALID_ARGUMENT;
        }
        count--;
        if (count == 0) {
            unlock();
        }
        return KernReturn.KERN_SUCCESS;
    }

    /** Takes all from this process's count. */
    public synchronized void giveBack() {
        if (count > 0) {
            count = 0;
            unlock();
        }
    }

    /** Returns this process's count. */
    public synchronized int count() {
        return count;
    }

    /** Returns whether any process uses the memory, or any descriptor of {@link #openUse} is open anywhere. */
    public synchronized boolean isInUse() {
        if (closed) {
            return false;
        }
        if (count > 0) {
            return true;
        }
        return OpenFileLock.isLocked(memory.descriptor(), 0);
    }

    /**
     * Opens a descriptor of the memory that is one use by itself, wherever it is sent, until its last duplicate is
     * closed.
     *
     * @param writable whether its receiver can write the memory by it
     * @param fd receives the descriptor, the caller's to close
     */
    public synchronized int openUse(boolean writable, int[] fd) {
        return closed ? KernReturn.KERN_INVALID_ARGUMENT : openLocked(writable ? LibC.O_RDWR : LibC.O_RDONLY, fd);
    }

    /** Gives this process's uses back. Further calls do nothing. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            count = 0;
            if (lockable != NONE) {
                LibC.close(lockable);
            }
        }
    }

    private int lock() {
        if (lockable != NONE) {
            return OpenFileLock.share(lockable, 0) ? KernReturn.KERN_SUCCESS : KernReturn.KERN_FAILURE;
        }
        int[] fd = new int[1];
        int code = openLocked(LibC.O_RDONLY, fd);
        if (code == KernReturn.KERN_SUCCESS) {
            lockable = fd[0];
        }
        return code;
    }

    private void unlock() {
        OpenFileLock.unlock(lockable, 0);
    }

    private int openLocked(int access, int[] fd) {
        int opened;
        try {
            opened = memory.openDescription(access);
        } catch (MachException e) {
            return e.reason().code();
        }
        if (!OpenFileLock.share(opened, 0)) {
            LibC.close(opened);
            return KernReturn.KERN_FAILURE;
        }
        fd[0] = opened;
        return KernReturn.KERN_SUCCESS;
    }
}
