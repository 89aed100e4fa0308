/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.contract;

import static io.machframe.core.error.KernReturn.KERN_SUCCESS;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.machframe.core.platform.kernel.KernelException;
import io.machframe.core.platform.kernel.MachKernel;
import io.machframe.core.platform.kernel.ReceiveEnd;

/** How tasks of the kernel in Java, over one transport, get their first right to each other's ports. */
final class KernelTasks {
    private KernelTasks() {}

    static int giveSend(MachKernel owner, int receive, MachKernel taker) {
        ReceiveEnd end = owner.receiveEnd(receive);
        if (end == null) {
            throw new AssertionError("no receive right");
        }
        int[] name = new int[1];
        try {
            assertEquals(KERN_SUCCESS, taker.insertObject(end.makeSend(), name));
        } catch (KernelException e) {
            throw new AssertionError(e);
        }
        return name[0];
    }
}
