/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.machframe.core.error.MachException;
import io.machframe.core.lifetime.LeakDetector;
import io.machframe.core.port.SendRight;
import io.machframe.core.testing.ProcessResources;
import io.machframe.surface.format.PixelFormat;
import io.machframe.surface.layout.SurfaceProperties;
import io.machframe.surface.property.PurgeState;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** When a surface has memory, and what is left of one that was closed or forgotten. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "counts what Linux keeps for a surface")
final class SurfaceLifeTest extends SurfaceLeaks {
    @Test
    void aSurfaceCanBeInMemoryBeforeItIsTouched() throws Exception {
        try (IOSurface surface = IOSurface.create(SurfaceProperties.of(1000, 1000, PixelFormat.BGRA))) {
            surface.prefault();
            long resident = ProcessResources.residentKib(MEMORY);
            assertTrue(resident >= 3900 && resident < 4200, resident + " KiB");
            assertEquals(0, surface.seed());
        }
    }

    @Test
    void tenThousandSurfacesLiveAtOnce() throws Exception {
        assumeTrue(ProcessResources.descriptorLimit() > 11_000, "the process may not have 10,000 descriptors");
        List<IOSurface> surfaces = new ArrayList<>();
        try {
            Set<Integer> ids = new HashSet<>();
            for (int i = 0; i < 10_000; i++) {
                IOSurface surface = IOSurface.create(SurfaceProperties.ofSize(16));
                surfaces.add(surface);
                ids.add(surface.id());
            }
            assertEquals(10_000, ids.size());
            assertEquals(descriptors + 10_000, ProcessResources.descriptors(MEMORY));
        } finally {
            surfaces.forEach(IOSurface::close);
        }
    }

    /** Scenario G.2-26. */
    @Test
    void anEmptySurfaceHasNoMemoryAndSaysThatItsContentsAreLost() throws Exception {
        try (IOSurface surface = IOSurface.create(SurfaceProperties.of(1000, 1000, PixelFormat.BGRA));
                IOSurface same = again(surface)) {
            try (SurfaceLock lock = surface.lock()) {
                fill(lock.buffer(), (byte) 7);
            }
            surface.attachments().set("kept", 1);
            long full = ProcessResources.residentKib(MEMORY);
            assertTrue(full >= 3900, full + " KiB");
            assertEquals(PurgeState.NON_VOLATILE, surface.setPurgeable(PurgeState.VOLATILE));
            assertEquals(PurgeState.VOLATILE, same.setPurgeable(PurgeState.KEEP_CURRENT));
            assertEquals(PurgeState.VOLATILE, same.setPurgeable(PurgeState.NON_VOLATILE));
            try (SurfaceLock lock = same.lock(LockOption.READ_ONLY)) {
                assertEquals(7, lock.plane(0).bytes().get(123_456));
            }
            surface.setPurgeable(PurgeState.VOLATILE);
            assertEquals(PurgeState.VOLATILE, same.setPurgeable(PurgeState.EMPTY));
            long empty = ProcessResources.residentKib(MEMORY);
            assertTrue(empty < 200, empty + " KiB");
            assertEquals(PurgeState.EMPTY, surface.setPurgeable(PurgeState.KEEP_CURRENT));
            assertEquals(PurgeState.EMPTY, surface.setPurgeable(PurgeState.NON_VOLATILE));
            assertEquals(PurgeState.NON_VOLATILE, surface.setPurgeable(PurgeState.KEEP_CURRENT));
            assertEquals(1, surface.seed());
            assertEquals(1L, same.attachments().find("kept").orElseThrow());
            try (SurfaceLock lock = same.lock()) {
                fill(lock.buffer(), (byte) 8);
                assertEquals(8, lock.plane(0).bytes().get(123_456));
            }
        }
    }

    private static void fill(ByteBuffer buffer, byte value) {
        while (buffer.hasRemaining()) {
            buffer.put(value);
        }
    }

    /** Scenario G.3-34. */
    @Test
    void tenThousandCyclesLeaveNothing() throws Exception {
        long before = ProcessResources.descriptors("");
        for (int i = 0; i < 10_000; i++) {
            try (IOSurface surface = small();
                    SendRight port = surface.createMachPort();
                    IOSurface same = IOSurface.fromMachPort(port);
                    SurfaceLock lock = same.lock()) {
                surface.incrementUseCount();
                lock.plane(0).bytes().put(i, (byte) 1);
            }
        }
        assertTrue(ProcessResources.descriptors("") <= before); // others' may be collected meanwhile
        assertEquals(0, ProcessResources.mappings(MEMORY));
    }

    @Test
    void aClosedSurfaceRefusesEveryCall() throws Exception {
        IOSurface surface = small();
        surface.close();
        surface.close();
        assertFalse(surface.isOpen());
        assertThrows(IllegalStateException.class, surface::id);
        assertThrows(IllegalStateException.class, surface::width);
        assertThrows(IllegalStateException.class, surface::height);
        assertThrows(IllegalStateException.class, surface::pixelFormat);
        assertThrows(IllegalStateException.class, surface::planes);
        assertThrows(IllegalStateException.class, () -> surface.plane(0));
        assertThrows(IllegalStateException.class, surface::layout);
        assertThrows(IllegalStateException.class, surface::allowsPixelSizeCasting);
        assertThrows(IllegalStateException.class, () -> surface.setPurgeable(PurgeState.KEEP_CURRENT));
        assertThrows(IllegalStateException.class, surface::seed);
        assertThrows(IllegalStateException.class, surface::lock);
        assertThrows(IllegalStateException.class, surface::createMachPort);
        assertThrows(IllegalStateException.class, surface::incrementUseCount);
        assertThrows(IllegalStateException.class, surface::decrementUseCount);
        assertThrows(IllegalStateException.class, surface::useCount);
        IllegalStateException e = assertThrows(IllegalStateException.class, surface::isInUse);
        assertTrue(e.toString().contains("64x64 BGRA) is closed"), e::toString);
    }

    @Test
    void threadsMayUseASurfaceWhileItIsClosed() throws Exception {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        for (int round = 0; round < 200; round++) {
            IOSurface surface = small();
            List<Thread> users = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                Thread user = new Thread(() -> use(surface, failure));
                users.add(user);
                user.start();
            }
            Thread.sleep(1);
            surface.close();
            for (Thread user : users) {
                user.join();
            }
        }
        assertSame(null, failure.get());
    }

    private static void use(IOSurface surface, AtomicReference<Throwable> failure) {
        try {
            while (true) {
                try (SurfaceLock lock = surface.lock()) {
                    lock.plane(0).bytes().put(0, (byte) surface.seed());
                    surface.incrementUseCount();
                    assertTrue(surface.isInUse());
                    surface.decrementUseCount();
                }
            }
        } catch (IllegalStateException e) {
            if (surface.isOpen()) {
                failure.set(e);
            }
        } catch (MachException | RuntimeException | Error e) {
            failure.set(e);
        }
    }

    @Test
    void aForgottenSurfaceIsReleasedAndReported() throws Exception {
        long leaked = LeakDetector.leaked();
        forget();
        assertEquals(
                descriptors, ProcessResources.collectUntil(() -> ProcessResources.descriptors(MEMORY), descriptors));
        assertEquals(0, ProcessResources.collectUntil(() -> leaked + 1 - LeakDetector.leaked(), 0));
    }

    private static void forget() throws MachException {
        IOSurface surface = small();
        surface.incrementUseCount();
    }

    @Test
    void aSurfaceWhoseLockIsForgottenIsReleasedAndReported() throws Exception {
        long leaked = LeakDetector.leaked();
        forgetLocks();
        assertEquals(0, ProcessResources.collectUntil(() -> leaked + 2 - LeakDetector.leaked(), 0));
    }

    private static void forgetLocks() throws MachException {
        small().lock();
        IOSurface closed = small();
        closed.lock();
        closed.close();
    }
}
