/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Apple's kernel. Never run yet: whoever has a Mac can tell whether the contract says the truth. */
@EnabledOnOs(value = OS.MAC, disabledReason = "needs the Mach kernel of macOS")
class DarwinMachCallsContractTest {
    @Nested
    class Ports extends PortContract {
        @Override
        MachTasks tasks() {
            return new DarwinTasks();
        }
    }

    @Nested
    class Messages extends MessageContract {
        @Override
        MachTasks tasks() {
            return new DarwinTasks();
        }
    }

    @Nested
    class Queues extends QueueContract {
        @Override
        MachTasks tasks() {
            return new DarwinTasks();
        }
    }

    @Nested
    class Notices extends NotificationContract {
        @Override
        MachTasks tasks() {
            return new DarwinTasks();
        }
    }

    @Nested
    class Memory extends MemoryContract {
        @Override
        MachTasks tasks() {
            return new DarwinTasks();
        }
    }
}
