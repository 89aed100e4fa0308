/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.machframe.core.platform.Mach;
import io.machframe.core.platform.MachCalls;
import io.machframe.core.testing.FakeKernel;
import java.util.List;

/** Tasks over queues in memory. */
final class FakeTasks extends KernelTasks {
    final FakeKernel kernel = new FakeKernel();

    @Override
    public MachCalls newTask() {
        return kernel.newTask();
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
