/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;
import io.machframe.core.message.OutgoingMessage;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendRight;
import io.machframe.core.port.Task;
import io.machframe.core.testing.ProcessResources;
import io.machframe.surface.format.PixelFormat;
import io.machframe.surface.layout.SurfaceProperties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Ports and use counts: who else has a surface, and what becomes of it when they let it go. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "counts what Linux keeps for a surface")
final class SurfaceUseTest extends SurfaceLeaks {
    /** Scenario G.3-29. */
    @Test
    void useCountsAddUpAndDoNotFallBelowZero() throws Exception {
        try (IOSurface surface = small()) {
            assertFalse(surface.isInUse());
            surface.incrementUseCount();
            surface.incrementUseCount();
            assertEquals(2, surface.useCount());
            assertTrue(surface.isInUse());
            surface.decrementUseCount();
            assertTrue(surface.isInUse());
            surface.decrementUseCount();
            assertFalse(surface.isInUse());
            assertThrows(IllegalStateException.class, surface::decrementUseCount);
            assertEquals(0, surface.useCount());
        }
    }

    /** Scenario G.3-31. */
    @Test
    void aLivePortIsAUse() throws Exception {
        try (IOSurface surface = small()) {
            try (SendRight port = surface.createMachPort();
                    SendRight copy = port.copy()) {
                assertTrue(surface.isInUse());
                assertEquals(0, surface.useCount());
                port.close();
                assertTrue(surface.isInUse());
                copy.close();
                assertFalse(surface.isInUse());
            }
        }
    }

    /** Scenario G.3-31. */
    @Test
    void aPortInAQueueIsAUseUntilItsMessageIsDestroyed() throws Exception {
        try (IOSurface surface = small()) {
            try (ReceiveRight inbox = Task.self().allocatePort();
                    SendRight toInbox = inbox.makeSend()) {
                try (OutgoingMessage message =
                        OutgoingMessage.builder().move(surface.createMachPort()).build()) {
                    message.sendTo(toInbox);
                }
                assertTrue(surface.isInUse());
            }
            assertFalse(surface.isInUse());
        }
    }

    @Test
    void aPortOutlivesTheSurfaceItWasMadeFrom() throws Exception {
        IOSurface surface = small();
        int id = surface.id();
        try (SurfaceLock lock = surface.lock()) {
            lock.plane(0).bytes().putInt(0, 4711);
        }
        SendRight port = surface.createMachPort();
        surface.close();
        try (IOSurface same = IOSurface.fromMachPort(port);
                SurfaceLock lock = same.lock(LockOption.READ_ONLY)) {
            assertEquals(id, same.id());
            assertEquals(4711, lock.plane(0).bytes().getInt(0));
            port.close();
            assertFalse(same.isInUse());
            assertEquals(1, same.seed());
        }
    }

    /** Scenario G.3-32. */
    @Test
    void twoObjectsOfOneSurfaceAreEqualAndShareItsMemoryAndUseCount() throws Exception {
        try (IOSurface surface = IOSurface.create(SurfaceProperties.of(33, 17, PixelFormat.NV12_FULL));
                IOSurface same = again(surface);
                IOSurface other = small()) {
            assertNotSame(surface, same);
            assertEquals(surface, same);
            assertEquals(surface.hashCode(), same.hashCode());
            assertEquals(surface.id(), same.id());
            assertNotEquals(surface, other);
            assertEquals(surface.planes(), same.planes());
            assertEquals(surface.pixelFormat(), same.pixelFormat());
            assertEquals(surface.layout().allocSize(), same.layout().allocSize());
            try (SurfaceLock lock = surface.lock();
                    SurfaceLock check = same.lock(LockOption.READ_ONLY)) {
                lock.plane(1).bytes().put(3, (byte) 8);
                assertEquals(8, check.plane(1).bytes().get(3));
            }
            assertEquals(2, ProcessResources.mappings(MEMORY));
            same.incrementUseCount();
            assertEquals(1, surface.useCount());
            same.close();
            assertEquals(1, surface.useCount());
            surface.decrementUseCount();
        }
    }

    @Test
    void theLastObjectGivesTheUseCountsBack() throws Exception {
        try (SendRight port = portOfForgottenUses();
                IOSurface same = IOSurface.fromMachPort(port)) {
            port.close();
            assertEquals(0, same.useCount());
            assertFalse(same.isInUse());
        }
    }

    private static SendRight portOfForgottenUses() throws MachException {
        try (IOSurface surface = small()) {
            surface.incrementUseCount();
            surface.incrementUseCount();
            return surface.createMachPort();
        }
    }

    @Test
    void aPortOfSomethingElseGivesNoSurface() throws Exception {
        try (ReceiveRight receive = Task.self().allocatePort();
                SendRight send = receive.makeSend()) {
            MachException e = assertThrows(MachException.class, () -> IOSurface.fromMachPort(send));
            assertEquals(KernReturn.KERN_INVALID_CAPABILITY, e.reason().code());
            assertTrue(e.toString().contains("it stands for something else"), e::toString);
        }
    }
}
