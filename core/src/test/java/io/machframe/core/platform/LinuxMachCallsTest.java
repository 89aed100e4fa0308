/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform;

import org.junit.jupiter.api.Nested;
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
    class Memory extends MemoryContract {
        @Override
        MachTasks tasks() {
            return new LinuxTasks();
        }
    }
}
