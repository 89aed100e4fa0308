/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform;

import org.junit.jupiter.api.Nested;

/** The kernel in Java, over queues in memory that are strict about their use. */
class FakeMachCallsTest {
    @Nested
    class Ports extends PortContract {
        @Override
        MachTasks tasks() {
            return new FakeTasks();
        }
    }

    @Nested
    class Messages extends MessageContract {
        @Override
        MachTasks tasks() {
            return new FakeTasks();
        }
    }

    @Nested
    class Queues extends QueueContract {
        @Override
        MachTasks tasks() {
            return new FakeTasks();
        }
    }

    @Nested
    class Notices extends NotificationContract {
        @Override
        MachTasks tasks() {
            return new FakeTasks();
        }
    }

    @Nested
    class Memory extends MemoryContract {
        @Override
        MachTasks tasks() {
            return new FakeTasks();
        }
    }
}
