/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.examples;

import static io.machframe.core.testing.Eventually.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.machframe.core.bootstrap.Bootstrap;
import io.machframe.core.error.MachException;
import io.machframe.core.error.UnknownServiceException;
import io.machframe.core.message.OutgoingMessage;
import io.machframe.core.message.ReceivedMessage;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendRight;
import io.machframe.core.testing.Background;
import io.machframe.core.testing.RightsLedger;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The example of the package page of {@code bootstrap}. */
@ExtendWith(RightsLedger.class)
class BootstrapExampleTest {
    private int received;

    @Test
    void aClientFindsAServerByItsName() throws Exception {
        Thread serving = Background.start(() -> {
            // @start region="serve"
            try (ReceiveRight port = Bootstrap.checkIn("com.example.lamp");
                    ReceivedMessage message = ReceivedMessage.receiveFrom(port)) {
                received = message.id();
            } // the name is free again
            // @end
        });
        await("the name is served", BootstrapExampleTest::isServed);
        // @start region="ask"
        try (SendRight lamp = Bootstrap.lookUp("com.example.lamp", Duration.ofSeconds(30))) {
            OutgoingMessage.builder().id(100).build().sendTo(lamp);
        }
        // @end
        serving.join();
        assertEquals(100, received);
    }

    private static boolean isServed() throws MachException, InterruptedException {
        try (SendRight lamp = Bootstrap.lookUp("com.example.lamp", Duration.ofSeconds(30))) {
            return !lamp.isDead();
        } catch (UnknownServiceException notYet) {
            return false;
        }
    }
}
