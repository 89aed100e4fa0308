/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.kernel;

import static io.machframe.core.error.KernReturn.KERN_INVALID_ARGUMENT;
import static io.machframe.core.error.KernReturn.KERN_SUCCESS;

import io.machframe.core.platform.MemoryCalls;
import java.nio.ByteBuffer;

/** The memory calls of one task. */
final class KernelMemory implements MemoryCalls {
    private final MachKernel kernel;
    private final TaskMemory memory;

    KernelMemory(MachKernel kernel, TaskMemory memory) {
        this.kernel = kernel;
        this.memory = memory;
    }

    @Override
    public int allocate(long size, long[] address) {
        return size < 0 ? KERN_INVALID_ARGUMENT : answer(() -> address[0] = memory.allocate(size));
    }

    @Override
    public int deallocate(long address, long size) {
        return size == 0 ? KERN_SUCCESS : answer(() -> memory.deallocate(address, size));
    }

    @Override
    public int relocate(long address, long size, long[] moved) {
        return answer(() -> moved[0] = memory.relocate(address, size));
    }

    @Override
    public int blank(long address, long size) {
        return answer(() -> memory.blank(address, size));
    }

    @Override
    public int makeEntry(long address, long size, int protection, int[] entry) {
        SendEnd[] end = new SendEnd[1];
        int code = answer(() -> end[0] = memory.makeEntry(address, size, protection));
        return code != KERN_SUCCESS ? code : kernel.insertObject(end[0], entry);
    }

    @Override
    public int map(int entry, long size, int protection, long[] address) {
        SendEnd end = kernel.object(entry);
        if (end == null) {
            return KERN_INVALID_ARGUMENT;
        }
        try {
            return answer(() -> address[0] = memory.map(end, size, protection));
        } finally {
            end.close();
        }
    }

    @Override
    public ByteBuffer view(long address, int size) {
        return memory.view(address, size);
    }

    @Override
    public long address(ByteBuffer direct) {
        return memory.address(direct);
    }

    private interface Call {
        void run() throws KernelException;
    }

    private static int answer(Call call) {
        try {
            call.run();
            return KERN_SUCCESS;
        } catch (KernelException e) {
            return e.code();
        }
    }
}
