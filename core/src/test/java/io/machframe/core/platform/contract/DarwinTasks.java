/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.contract;

import static io.machframe.core.error.KernReturn.KERN_SUCCESS;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.machframe.core.platform.Mach;
import io.machframe.core.platform.MachCalls;
import io.machframe.core.platform.darwin.DarwinPlatform;

/** The one task of this process, on macOS. */
final class DarwinTasks implements MachTasks {
    private final MachCalls mach = new DarwinPlatform().mach();

    @Override
    public MachCalls newTask() {
        return mach;
    }

    @Override
    public int giveSend(MachCalls owner, int receive, MachCalls taker) {
        assertEquals(KERN_SUCCESS, mach.insertRight(receive, receive, Mach.MACH_MSG_TYPE_MAKE_SEND));
        return receive;
    }

    @Override
    public boolean areSeparate() {
        return false;
    }

    @Override
    public boolean forgiveMistakes() {
        return false;
    }

    @Override
    public boolean heedInterruption() {
        return false;
    }

    @Override
    public int deepestQueue() {
        return Mach.MACH_PORT_QLIMIT_MAX;
    }

    @Override
    public long pid() {
        return ProcessHandle.current().pid();
    }
}
