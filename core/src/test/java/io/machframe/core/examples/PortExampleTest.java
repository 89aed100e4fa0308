/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.message.OutgoingMessage;
import io.machframe.core.message.ReceivedMessage;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendRight;
import io.machframe.core.port.Task;
import io.machframe.core.testing.RightsLedger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The example of the package page of {@code port}. */
@ExtendWith(RightsLedger.class)
class PortExampleTest {
    @Test
    void aRightIsOwnedUntilItIsClosedOrMoved() throws Exception {
        // @start region="rights"
        try (ReceiveRight inbox = Task.self().allocatePort();
                SendRight toInbox = inbox.makeSend()) {
            ReceiveRight offered = Task.self().allocatePort();
            SendRight toOffered = offered.makeSend();
            // A message may carry rights. What is moved into it is not the sender's any more.
            OutgoingMessage.builder().move(offered).build().sendTo(toInbox);
            try (ReceivedMessage message = ReceivedMessage.receiveFrom(inbox);
                    ReceiveRight taken = message.takeReceiveRight(0)) {
                OutgoingMessage.builder().id(7).build().sendTo(toOffered); // the same port, wherever it went
                assertEquals(7, ReceivedMessage.receiveFrom(taken).id());
            }
            assertTrue(toOffered.isDead()); // nobody can receive from it any more
            toOffered.close();
        }
        // @end
    }
}
