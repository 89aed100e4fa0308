/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.memory;

import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;
import io.machframe.core.platform.MessageBuffer;
import io.machframe.core.platform.linux.libc.LibC;
import io.machframe.core.platform.linux.libc.NativeMemory;

/**
 * Keeps all other writers of some part of shared memory out, in all processes, until it is closed or its process ends,
 * however that ends. A lock on one byte of a file description of its own ({@code F_OFD_SETLK}); which byte stands for
 * which part is for its users to agree.
 */
public final class WriteLock implements AutoCloseable {
    private static final int FLOCK_TYPE = 0;
    private static final int FLOCK_START = 8;
    private static final int FLOCK_LENGTH = 16;
    private static final int FLOCK_SIZE_OF = 32;
    private static final long PAUSE_MILLIS = 1;

    private final int fd;

    private WriteLock(int fd) {
        this.fd = fd;
    }

    /**
     * Waits for the lock.
     *
     * @param position of the byte; byte 0 is {@link UseLock}'s
     * @param patienceMillis how long to wait for another holder, who may be stopped, or hostile
     * @throws MachException {@code KERN_ABORTED} if the patience ends, {@code KERN_NO_ACCESS} if this process may not
     *     write the memory, {@code KERN_NO_SPACE} if it has no descriptor left
     */
    public static WriteLock take(SharedMemory memory, long position, long patienceMillis) throws MachException {
        if (!memory.isWritable()) {
            KernReturn reason = new KernReturn(KernReturn.KERN_NO_ACCESS);
            throw new MachException("fcntl(F_OFD_SETLK)", reason, "the memory can only be read: " + reason);
        }
        int fd = memory.openDescription(LibC.O_RDWR);
        MessageBuffer flock = NativeMemory.allocate(FLOCK_SIZE_OF);
        flock.bytes().putShort(FLOCK_TYPE, (short) LibC.F_WRLCK);
        flock.bytes().putLong(FLOCK_START, position).putLong(FLOCK_LENGTH, 1);
        long deadline = System.nanoTime() + patienceMillis * 1_000_000;
        while (LibC.fcntl(fd, LibC.F_OFD_SETLK, flock.address()) == -1) {
            if (System.nanoTime() >= deadline || !pause()) {
                LibC.close(fd);
                KernReturn reason = new KernReturn(KernReturn.KERN_ABORTED);
                throw new MachException("fcntl(F_OFD_SETLK)", reason, "another process keeps writing: " + reason);
            }
        }
        return new WriteLock(fd);
    }

    private static boolean pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Lets the next writer in. */
    @Override
    public void close() {
        LibC.close(fd);
    }
}
