/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform;

import io.machframe.core.error.KernReturn;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The kernel in Java, over sockets and pipes. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "ports made of sockets are Linux")
class LinuxMachCallsTest {
    @Nested
    class Ports extends PortContract {
        @Override
        MachTasks tasks() {
            return new LinuxTasks();
        }
    }

    @Nested
    class Messages extends MessageContract {
        @Override
        MachTasks tasks() {
            return new LinuxTasks();
        }
    }

    @Nested
    class Queues extends QueueContract {
        @Override
        MachTasks tasks() {
            return new LinuxTasks();
        }
    }

    @Nested
    class Notices extends NotificationContract {
        @Override
        MachTasks tasks() {
            return new LinuxTasks();
        }
    }

    @Nested
    class Memory extends MemoryContract {
        @Override
        MachTasks tasks() {
            return new LinuxTasks();
        }
    }

    /** XNU takes one, for a receiver that asks for such; nobody here does. */
    @Test
    void aGuardedPortDescriptorIsRefusedAndTheRightStays() {
        MachCalls calls = new LinuxTasks().newTask();
        int port = MachCallsContract.sendReceive(calls);
        RawMessage message = new RawMessage(calls)
                .to(port, Mach.MACH_MSG_TYPE_COPY_SEND)
                .guarded(port, Mach.MACH_MSG_TYPE_MOVE_RECEIVE, 3);
        MachCallsContract.answers(KernReturn.MACH_SEND_INVALID_TYPE, message.send());
        MachCallsContract.release(calls, port);
    }
}
