/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.contract;

import io.machframe.core.platform.MachCalls;
import io.machframe.core.platform.kernel.MachKernel;
import io.machframe.core.platform.linux.port.LinuxTransports;

/** Tasks of one process over sockets, which know as little of each other as those of two processes. */
final class LinuxTasks implements MachTasks {
    @Override
    public MachCalls newTask() {
        return new MachKernel(LinuxTransports.create());
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
        return LinuxTransports.smallMessagesInABuffer();
    }

    @Override
    public long pid() {
        return ProcessHandle.current().pid();
    }
}
