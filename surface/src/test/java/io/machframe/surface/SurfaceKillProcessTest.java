/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.message.ReceivedMessage;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendRight;
import io.machframe.core.port.Task;
import io.machframe.core.testing.ProcessResources;
import io.machframe.surface.property.PurgeState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Processes killed at each step of sharing a surface. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "looks at what Linux keeps for a surface")
@Timeout(180)
final class SurfaceKillProcessTest {
    private static final String MEMORY = "memfd:machframe-surface";

    /** How often a process is killed after each step; 50 for the whole scenario. */
    private static final int ROUNDS = Integer.getInteger("machframe.death.rounds", 1);

    @Test
    void aKillAtAnyStepOfSharingLeavesNothingInUseAndNothingOpen() throws Exception {
        List<List<String>> steps = List.of(
                List.of(),
                List.of("receive port"),
                List.of("receive"),
                List.of("receive", "use"),
                List.of("use and lock"),
                List.of("receive", "make port"),
                List.of("receive", "export"),
                List.of("receive", "write 0 1", "attach"),
                List.of("receive", "purge"),
                List.of("receive", "close"));
        long descriptors = ProcessResources.descriptors(MEMORY);
        for (int round = 0; round < ROUNDS; round++) {
            for (List<String> commands : steps) {
                killAfter(commands);
                assertEquals(descriptors, ProcessResources.descriptors(MEMORY));
            }
        }
    }

    private static void killAfter(List<String> commands) throws Exception {
        try (IOSurface surface = SurfacePeer.picture()) {
            try (SurfacePeer peer = new SurfacePeer()) {
                peer.send(surface);
                for (String command : commands) {
                    assertNotEquals("", peer.ask(command));
                }
                peer.kill();
                assertFalse(surface.isInUse(), () -> "in use after " + commands);
            }
            surface.incrementUseCount();
            assertTrue(surface.isInUse());
            surface.attachments().set("after", "it is still usable");
            surface.setPurgeable(PurgeState.NON_VOLATILE);
            surface.lock().close();
        }
    }

    /** What arrives is whole and usable, or does not arrive. */
    @Test
    void aMakerKilledAtAnyStepOfSharingLeavesNoMoreThanItSent() throws Exception {
        List<List<String>> steps = List.of(
                List.of("make"),
                List.of("make", "use"),
                List.of("make", "make port"),
                List.of("make", "make port", "send port"),
                List.of("make", "make port", "send port", "close"),
                List.of("make", "use and lock made", "make port", "send port"));
        for (int round = 0; round < ROUNDS; round++) {
            for (List<String> commands : steps) {
                killMakerAfter(commands);
                assertEquals(0, ProcessResources.descriptors(MEMORY));
                assertEquals(0, ProcessResources.mappings(MEMORY));
            }
        }
    }

    private static void killMakerAfter(List<String> commands) throws Exception {
        try (ReceiveRight inbox = Task.self().allocatePort();
                SurfacePeer maker = new SurfacePeer()) {
            maker.sendReplyPort(inbox);
            maker.ask("receive reply port");
            for (String command : commands) {
                assertNotEquals("", maker.ask(command));
            }
            maker.kill();
            Optional<ReceivedMessage> arrived = ReceivedMessage.tryReceiveFrom(inbox, Duration.ZERO);
            assertEquals(commands.contains("send port"), arrived.isPresent(), commands::toString);
            if (arrived.isPresent()) {
                try (ReceivedMessage message = arrived.get();
                        SendRight port = message.takeSendRight(0);
                        IOSurface surface = IOSurface.fromMachPort(port)) {
                    assertTrue(surface.isInUse());
                    port.close();
                    assertFalse(surface.isInUse(), commands::toString);
                    surface.lock().close();
                }
            }
        }
    }
}
