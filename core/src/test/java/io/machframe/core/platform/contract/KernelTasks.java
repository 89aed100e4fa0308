/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.contract;

import static io.machframe.core.error.KernReturn.KERN_SUCCESS;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.machframe.core.platform.MachCalls;
import io.machframe.core.platform.kernel.KernelException;
import io.machframe.core.platform.kernel.MachKernel;
import io.machframe.core.platform.kernel.ReceiveEnd;

/** Tasks of the kernel in Java, over any transport. */
abstract class KernelTasks implements MachTasks {
    @Override
    public final int giveSend(MachCalls owner, int receive, MachCalls taker) {
        ReceiveEnd end = ((MachKernel) owner).receiveEnd(receive);
        if (end == null) {
            throw new AssertionError("no receive right");
        }
        int[] name = new int[1];
        try {
            assertEquals(KERN_SUCCESS, ((MachKernel) taker).insertObject(end.makeSend(), name));
        } catch (KernelException e) {
            throw new AssertionError(e);
        }
        return name[0];
    }

    @Override
    public final boolean areSeparate() {
        return true;
    }

    @Override
    public final boolean forgiveMistakes() {
        return true;
    }

    @Override
    public final boolean heedInterruption() {
        return true;
    }
}
