/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.contract;

import io.machframe.core.platform.MachCalls;
import io.machframe.core.platform.kernel.MachKernel;
import io.machframe.core.platform.linux.port.LinuxTransports;

/** Tasks of one process over sockets, which know as little of each other as those of two processes. */
final class LinuxTasks extends KernelTasks {
    @Override
    public MachCalls newTask() {
        return new MachKernel(LinuxTransports.create());
    }

    @Override
    public int deepestQueue() {
        return LinuxTransports.smallMessagesInABuffer();
    }

    @Override
    public long pid() {
        return ProcessHandle.current().pid();
    }
}
