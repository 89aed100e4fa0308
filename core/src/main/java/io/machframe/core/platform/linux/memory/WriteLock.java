/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.memory;

import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;
import io.machframe.core.platform.linux.libc.LibC;
import io.machframe.core.platform.linux.libc.OpenFileLock;

/**
 * Keeps all other writers of some part of shared memory out, in all processes, until it is closed or its process ends,
 * however that ends. A lock on one byte of a file description of its own ({@code F_OFD_SETLK}); which byte stands for
 * which part is for its users to agree.
 */
public final class WriteLock implements AutoCloseable {
    private static final long PAUSE_MILLIS = 1;

    private final int fd;

    private WriteLock(int fd) {
        this.fd = fd;
    }

    /**
     * Waits for the lock.
     *
     * @param position of the byte; byte 0 is {@link UseLock}'s
     * @param timeoutMillis how long to wait for another holder, which may be stopped, or hostile
     * @throws MachException {@code KERN_ABORTED} if the time is over, {@code KERN_NO_ACCESS} if this process may not
     *     write the memory, {@code KERN_NO_SPACE} if it has no descriptor left
     */
    public static WriteLock take(SharedMemory memory, long position, long timeoutMillis) throws MachException {
        if (!memory.isWritable()) {
            KernReturn reason = new KernReturn(KernReturn.KERN_NO_ACCESS);
            throw new MachException("fcntl(F_OFD_SETLK)", reason, "the memory can only be read: " + reason);
        }
        int fd = memory.openDescription(LibC.O_RDWR);
        long deadline = System.nanoTime() + timeoutMillis * 1_000_000;
        while (!OpenFileLock.lock(fd, position)) {
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
