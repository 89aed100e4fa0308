/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.machframe.core.machport.MachPort;
import io.machframe.core.message.OutgoingMessage;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendRight;
import io.machframe.core.port.Task;
import io.machframe.core.runloop.RunLoop;
import io.machframe.core.runloop.RunLoopMode;
import io.machframe.core.testing.RightsLedger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The example of the package page of {@code machport}. */
@ExtendWith(RightsLedger.class)
class MachPortExampleTest {
    private int received;

    @Test
    void aListenerIsCalledForEachMessage() throws Exception {
        // @start region="listen"
        RunLoop loop = RunLoop.current();
        try (ReceiveRight right = Task.self().allocatePort();
                SendRight toPort = right.makeSend();
                MachPort port = MachPort.of(right, (self, message) -> { // the right stays the caller's
                    received = message.id();
                    loop.stop();
                })) {
            loop.add(port.runLoopSource(0), RunLoopMode.DEFAULT);
            OutgoingMessage.builder().id(3).build().sendTo(toPort);
            loop.run();
        }
        // @end
        assertEquals(3, received);
    }
}
