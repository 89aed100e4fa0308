/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.memory;

import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;
import io.machframe.core.platform.MessageBuffer;
import io.machframe.core.platform.linux.libc.LibC;
import io.machframe.core.platform.linux.libc.NativeMemory;
import java.nio.ByteBuffer;

/**
 * Counts the uses of some shared memory so that every process sees whether there is any, and none outlives its process.
 *
 * <p>A process that uses the memory holds a read lock on byte 0 of a file description of its own ({@code F_OFD_SETLK});
 * the kernel drops it with the description, however the process ends. Whether anybody uses the memory is asked on a
 * description that never locks, because a description does not see its own locks.
 *
 * <p>Codes are {@link KernReturn}s. For any thread.
 */
public final class UseLock implements AutoCloseable {
    private static final int FLOCK_TYPE = 0;
    private static final int FLOCK_WHENCE = 2;
    private static final int FLOCK_START = 8;
    private static final int FLOCK_LENGTH = 16;
    private static final int FLOCK_PID = 24;
    private static final int FLOCK_SIZE_OF = 32;
    private static final int NONE = -1;

    // The kernel only reads these two, so all share them.
    private static final MessageBuffer READ_LOCK = flock(LibC.F_RDLCK);
    private static final MessageBuffer NO_LOCK = flock(LibC.F_UNLCK);

    private final SharedMemory memory;
    private final MessageBuffer question = flock(LibC.F_WRLCK);
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
        fill(question.bytes(), LibC.F_WRLCK);
        LibC.fcntl(memory.descriptor(), LibC.F_OFD_GETLK, question.address());
        return question.bytes().getShort(FLOCK_TYPE) != LibC.F_UNLCK;
    }

    /**
     * Opens a descriptor of the memory that is one use by itself, wherever it is sent, until its last duplicate is
     * closed.
     *
     * @param writable whether who gets it can write the memory by it
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
            return LibC.fcntl(lockable, LibC.F_OFD_SETLK, READ_LOCK.address()) == -1
                    ? KernReturn.KERN_FAILURE
                    : KernReturn.KERN_SUCCESS;
        }
        int[] fd = new int[1];
        int code = openLocked(LibC.O_RDONLY, fd);
        if (code == KernReturn.KERN_SUCCESS) {
            lockable = fd[0];
        }
        return code;
    }

    private void unlock() {
        LibC.fcntl(lockable, LibC.F_OFD_SETLK, NO_LOCK.address());
    }

    private int openLocked(int access, int[] fd) {
        int opened;
        try {
            opened = memory.openDescription(access);
        } catch (MachException e) {
            return e.reason().code();
        }
        if (LibC.fcntl(opened, LibC.F_OFD_SETLK, READ_LOCK.address()) == -1) {
            LibC.close(opened);
            return KernReturn.KERN_FAILURE;
        }
        fd[0] = opened;
        return KernReturn.KERN_SUCCESS;
    }

    private static MessageBuffer flock(int type) {
        MessageBuffer flock = NativeMemory.allocate(FLOCK_SIZE_OF);
        fill(flock.bytes(), type);
        return flock;
    }

    /** Sets every field: the kernel writes its answer over the question, and refuses one whose pid is not 0. */
    private static void fill(ByteBuffer flock, int type) {
        flock.putShort(FLOCK_TYPE, (short) type).putShort(FLOCK_WHENCE, (short) 0);
        flock.putLong(FLOCK_START, 0).putLong(FLOCK_LENGTH, 1).putInt(FLOCK_PID, 0);
    }
}
