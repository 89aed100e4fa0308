/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.machframe.core.error.KernReturn;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendRight;
import io.machframe.core.port.Task;
import io.machframe.core.testing.RightsLedger;
import io.machframe.surface.IOSurface;
import io.machframe.surface.error.SurfaceException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The example of the package page of {@code error}. */
@ExtendWith(RightsLedger.class)
class SurfaceErrorExampleTest {
    // @start region="why"
    /** Opens what a peer says is a surface, and returns what came of it. */
    static String open(SendRight fromPeer) {
        try (IOSurface surface = IOSurface.fromMachPort(fromPeer)) {
            return surface.width() + "x" + surface.height();
        } catch (SurfaceException e) {
            return e.reason().code() == KernReturn.KERN_INVALID_CAPABILITY
                    ? "that is no surface"
                    : e.getMessage(); // what was asked for, and what was wrong with it
        }
    }
    // @end

    @Test
    void aPortThatIsNoSurfaceIsToldFromOtherFailures() throws Exception {
        try (ReceiveRight port = Task.self().allocatePort();
                SendRight right = port.makeSend()) {
            assertEquals("that is no surface", open(right));
        }
    }
}
