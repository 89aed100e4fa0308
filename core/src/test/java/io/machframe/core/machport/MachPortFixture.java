/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.machport;

import io.machframe.core.internal.PortAccess;
import io.machframe.core.message.OutgoingMessage;
import io.machframe.core.message.ReceivedMessage;
import io.machframe.core.port.PortName;
import io.machframe.core.port.SendRight;
import io.machframe.core.port.Task;
import io.machframe.core.runloop.RunLoopMode;
import io.machframe.core.testing.RightsLedger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A listener that notes what happens to it, and what a test asks of the system. The tests run on the main thread. */
@Timeout(60)
@ExtendWith(RightsLedger.class)
abstract class MachPortFixture {
    static final RunLoopMode MODE = new RunLoopMode("mach port test");
    static final Duration LONG = Duration.ofSeconds(50);

    final Task task = Task.self();
    final List<String> seen = Collections.synchronizedList(new ArrayList<>());
    final Listener listener = new Listener();

    final class Listener implements MachPortListener {
        @Override
        public void received(MachPort port, ReceivedMessage message) {
            seen.add("received " + message.id());
        }

        @Override
        public void retained() {
            seen.add("retained");
        }

        @Override
        public void released() {
            seen.add("released");
        }
    }

    static MachPortListener ignoring() {
        return (port, message) -> {};
    }

    static int type(PortName name) {
        int[] type = new int[1];
        PortAccess.get().calls(Task.self()).type(name.value(), type);
        return type[0];
    }

    void send(MachPort port, OutgoingMessage message) throws Exception {
        PortAccess.get().calls(task).modRefs(port.port().value(), 0, 1);
        try (SendRight right = PortAccess.get().adoptSend(task, port.port().value())) {
            message.sendTo(right);
        }
    }
}
