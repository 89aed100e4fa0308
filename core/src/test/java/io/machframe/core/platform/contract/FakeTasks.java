/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.machframe.core.platform.Mach;
import io.machframe.core.platform.MachCalls;
import io.machframe.core.platform.kernel.MachKernel;
import io.machframe.core.testing.FakeKernel;
import java.util.List;

/** Tasks over queues in memory. */
final class FakeTasks implements MachTasks {
    final FakeKernel kernel = new FakeKernel();

    @Override
    public MachCalls newTask() {
        return kernel.newTask();
    }

    @Override
    public int giveSend(MachCalls owner, int receive, MachCalls taker) {
        return KernelTasks.giveSend((MachKernel) owner, receive, (MachKernel) taker);
    }

    @Override
    public boolean areSeparate() {
        return true;
    }

    @Override
    public boolean forgiveMistakes() {
        return true;
    }

    @Override
    public boolean heedInterruption() {
        return true;
    }

    @Override
    public int deepestQueue() {
        return Mach.MACH_PORT_QLIMIT_MAX;
    }

    @Override
    public long pid() {
        return -1;
    }

    @Override
    public void requireNothingOpen() {
        assertEquals(List.of(), kernel.open());
    }
}
