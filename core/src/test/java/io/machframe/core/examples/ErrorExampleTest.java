/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.machframe.core.error.DeadPortException;
import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;
import io.machframe.core.message.OutgoingMessage;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendRight;
import io.machframe.core.port.Task;
import io.machframe.core.testing.RightsLedger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The example of the package page of {@code error}. */
@ExtendWith(RightsLedger.class)
class ErrorExampleTest {
    // @start region="codes"
    static String send(SendRight right) throws InterruptedException {
        try {
            OutgoingMessage.builder().id(1).build().sendTo(right);
            return "sent";
        } catch (DeadPortException e) { // a reason that programs often act on has a type
            return "nobody receives there any more";
        } catch (MachException e) { // every other: the call of C, and its code
            if (e.reason().code() == KernReturn.MACH_SEND_NO_BUFFER) {
                return "the system has no memory left";
            }
            return e.call() + ": " + e.reason().name() + ", " + e.reason().text();
        }
    }
    // @end

    @Test
    void aDeadPortIsToldFromOtherFailures() throws Exception {
        ReceiveRight port = Task.self().allocatePort();
        try (SendRight right = port.makeSend()) {
            assertEquals("sent", send(right));
            port.close();
            assertEquals("nobody receives there any more", send(right));
        }
    }
}
