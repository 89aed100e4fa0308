/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.machframe.core.message.OutgoingMessage;
import io.machframe.core.platform.linux.memory.HostileMemory;
import io.machframe.core.testing.ProcessResources;
import io.machframe.surface.format.PixelFormat;
import io.machframe.surface.layout.SurfaceProperties;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * Sharing surfaces again and again, and dying meanwhile. More cycles by {@code -Dmachframe.surface.cycles}, 10,000 for the
 * whole scenario; more rounds by {@code -Dmachframe.death.rounds}.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "looks at what Linux keeps for a surface")
@Timeout(600)
final class SurfaceCyclesProcessTest {
    private static final int CYCLES = Integer.getInteger("machframe.surface.cycles", 200);
    private static final int ROUNDS = Integer.getInteger("machframe.death.rounds", 3);
    private static final long SEED = 20250105;

    @AfterEach
    void nothingIsLeft() {
        assertEquals(0, ProcessResources.descriptors("memfd:"));
        assertEquals(0, ProcessResources.mappings("memfd:"));
    }

    /** Scenario G.3-34, between two processes. */
    @Test
    void cyclesOfSharingLeaveNothingInEitherProcess() throws Exception {
        int imported = HostileMemory.sealed(1 << 20);
        try (SurfacePeer peer = new SurfacePeer()) {
            for (int i = 0; i < CYCLES; i++) {
                try (IOSurface surface = i % 2 == 0
                        ? SurfacePeer.picture()
                        : IOSurface.createInMemory(imported, SurfaceProperties.of(320, 240, PixelFormat.BGRA))) {
                    peer.sendAndReceive(surface);
                    assertEquals("written", peer.ask("write 7 55"));
                    try (SurfaceLock lock = surface.lock(LockOption.READ_ONLY)) {
                        assertEquals(55, lock.plane(0).bytes().get(7));
                    }
                    assertEquals("closed", peer.ask("close"));
                    assertFalse(surface.isInUse());
                }
            }
            assertEquals("0 descriptors, 0 mappings", peer.ask("left"));
        } finally {
            HostileMemory.close(imported);
        }
    }

    @Test
    void aKillAtARandomMomentGivesEverythingBack() throws Exception {
        Random random = new Random(SEED);
        int imported = HostileMemory.sealed(1 << 20);
        for (int round = 0; round < ROUNDS; round++) {
            try (IOSurface own = SurfacePeer.picture();
                    IOSurface others =
                            IOSurface.createInMemory(imported, SurfaceProperties.of(320, 240, PixelFormat.BGRA));
                    SurfacePeer peer = new SurfacePeer()) {
                peer.process().writeLine("churn");
                long end = System.nanoTime()
                        + Duration.ofMillis(200 + random.nextInt(100)).toNanos();
                while (System.nanoTime() < end) {
                    offer(peer, own);
                    offer(peer, others);
                }
                peer.kill();
                for (IOSurface surface : List.of(own, others)) {
                    assertFalse(surface.isInUse());
                    surface.attachments().set("after", "it is still usable");
                    surface.lock().close();
                }
            }
        }
        HostileMemory.close(imported);
    }

    private static void offer(SurfacePeer peer, IOSurface surface) throws Exception {
        try (OutgoingMessage message =
                OutgoingMessage.builder().move(surface.createMachPort()).build()) {
            message.trySendTo(peer.inbox(), Duration.ofMillis(1));
        }
    }
}
