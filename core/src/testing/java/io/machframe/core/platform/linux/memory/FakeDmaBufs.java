/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.memory;

import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;
import io.machframe.core.platform.DmaBufCalls;
import io.machframe.core.platform.linux.libc.LibC;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A kernel that has dma-bufs: memfds that cannot be sealed, told from others by their size. {@link #sync} is only noted. */
public final class FakeDmaBufs implements DmaBufCalls {
    /** A dma-buf's size is so many bytes above a multiple of a MiB. */
    private static final int MARK = 4096 * 3;

    private final List<Long> syncs = Collections.synchronizedList(new ArrayList<>());
    private volatile int answer = KernReturn.KERN_SUCCESS;

    @Override
    public boolean isDmaBuf(int fd) {
        try {
            return FileIdentity.ofMemory(fd) != null && SharedMemory.size(fd) % (1 << 20) == MARK;
        } catch (MachException e) {
            return false;
        }
    }

    @Override
    public int sync(int fd, long flags) {
        syncs.add(flags);
        return answer;
    }

    @Override
    public boolean canAllocate() {
        return true;
    }

    @Override
    public int allocate(long size, int[] fd) {
        if (answer == KernReturn.KERN_SUCCESS) {
            fd[0] = HostileMemory.unsealable((size / (1 << 20) + 1) * (1 << 20) + MARK);
        }
        return answer;
    }

    @Override
    public int ofMemory(int memory, long size, int[] fd) {
        fd[0] = LibC.fcntl(memory, LibC.F_DUPFD_CLOEXEC, 0);
        return KernReturn.KERN_SUCCESS;
    }

    /** Lets all calls fail from now on. */
    public void fail(int code) {
        answer = code;
    }

    /** Returns the flags of all {@link #sync} since the last call of this. */
    public List<Long> takeSyncs() {
        List<Long> taken = List.copyOf(syncs);
        syncs.clear();
        return taken;
    }
}
