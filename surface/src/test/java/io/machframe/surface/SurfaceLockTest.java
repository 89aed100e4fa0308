/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;
import io.machframe.surface.format.PixelFormat;
import io.machframe.surface.layout.SurfaceProperties;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ReadOnlyBufferException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.function.Executable;

/** Locks, and the bytes that are seen through them. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "counts what Linux keeps for a surface")
final class SurfaceLockTest extends SurfaceLeaks {
    @Test
    void planesAreWindowsOnTheWhole() throws Exception {
        try (IOSurface surface = IOSurface.create(SurfaceProperties.of(64, 64, PixelFormat.NV12_VIDEO));
                SurfaceLock lock = surface.lock()) {
            lock.plane(1).bytes().put(0, (byte) 9);
            assertEquals(9, lock.buffer().get((int) surface.plane(1).offset()));
            assertSame(lock.plane(1), lock.plane(1));
        }
    }

    /** Scenario G.2-20. */
    @Test
    void onlyAnUnlockAfterWritingRaisesTheSeed() throws Exception {
        try (IOSurface surface = small()) {
            int seed = surface.seed();
            surface.lock(LockOption.READ_ONLY).close();
            assertEquals(seed, surface.seed());
            SurfaceLock lock = surface.lock();
            assertEquals(seed, lock.seed());
            assertEquals(seed, surface.seed());
            assertEquals(seed + 1, lock.unlock());
            assertEquals(seed + 1, surface.seed());
            lock.close();
            assertEquals(seed + 1, surface.seed());
        }
    }

    /** Scenario G.2-22: the options of the unlock are those of the lock, whoever ends it. */
    @Test
    void aLockEndsOnceWithItsOwnOptions() throws Exception {
        try (IOSurface surface = small();
                SurfaceLock lock = surface.lock(LockOption.READ_ONLY)) {
            int seed = surface.seed();
            assertEquals(seed, lock.unlock());
            assertThrows(IllegalStateException.class, lock::unlock);
            lock.close();
            assertEquals(seed, surface.seed());
        }
    }

    @Test
    void aPlaneComesWithItsStrideAndSize() throws Exception {
        try (IOSurface surface = IOSurface.create(SurfaceProperties.of(641, 361, PixelFormat.NV12_VIDEO));
                SurfaceLock lock = surface.lock()) {
            PlaneBuffer chroma = lock.plane(1);
            assertEquals(704, chroma.bytesPerRow());
            assertEquals(321, chroma.width());
            assertEquals(181, chroma.height());
            assertEquals(2, chroma.bytesPerElement());
            assertEquals(704 * 181, chroma.bytes().capacity());
            assertThrows(IndexOutOfBoundsException.class, () -> lock.plane(2));
            assertThrows(IndexOutOfBoundsException.class, () -> lock.plane(-1));
        }
    }

    @Test
    void aLaterLockFindsItsBuffersAsIfTheyWereNew() throws Exception {
        try (IOSurface surface = small()) {
            try (SurfaceLock first = surface.lock()) {
                first.plane(0).bytes().order(ByteOrder.BIG_ENDIAN).putLong(1).limit(12);
                first.buffer().position(5);
            }
            try (SurfaceLock later = surface.lock()) {
                ByteBuffer plane = later.plane(0).bytes();
                assertEquals(0, plane.position());
                assertEquals(plane.capacity(), plane.limit());
                assertEquals(ByteOrder.LITTLE_ENDIAN, plane.order());
                assertEquals(0, later.buffer().position());
            }
        }
    }

    @Test
    void aSurfaceLentForReadingRefusesToBeWritten() throws Exception {
        try (IOSurface surface = small()) {
            Surface lent = surface.asReadOnly();
            assertTrue(lent.isReadOnly());
            assertEquals(surface.id(), lent.id());
            assertEquals(surface.layout(), lent.layout());
            try (SurfaceLock lock = lent.lock()) {
                assertThrows(
                        ReadOnlyBufferException.class,
                        () -> lock.plane(0).bytes().put(0, (byte) 1));
                assertThrows(ReadOnlyBufferException.class, () -> lock.buffer().put(0, (byte) 1));
                assertThrows(
                        ReadOnlyBufferException.class, () -> lock.part(0, 4).put(0, (byte) 1));
            }
            assertEquals(0, lent.seed());
            surface.attachments().set("key", "mine");
            assertEquals("mine", lent.attachments().find("key").orElseThrow());
            for (Executable change : List.<Executable>of(
                    () -> lent.attachments().set("key", "yours"),
                    () -> lent.attachments().setAll(Map.of("key", "yours")),
                    () -> lent.attachments().remove("key"),
                    () -> lent.attachments().removeAll())) {
                MachException e = assertThrows(MachException.class, change);
                assertEquals(KernReturn.KERN_NO_ACCESS, e.reason().code());
            }
            assertEquals("mine", surface.attachments().find("key").orElseThrow());
        }
    }

    /** Scenario G.2-23. */
    @Test
    void buffersOfAReadOnlyLockCannotBeWritten() throws Exception {
        try (IOSurface surface = small();
                SurfaceLock lock = surface.lock(LockOption.READ_ONLY)) {
            assertThrows(
                    ReadOnlyBufferException.class, () -> lock.plane(0).bytes().put(0, (byte) 1));
            assertThrows(ReadOnlyBufferException.class, () -> lock.buffer().put(0, (byte) 1));
            assertEquals(ByteOrder.LITTLE_ENDIAN, lock.plane(0).bytes().order());
        }
    }

    /** Scenario G.2-24. */
    @Test
    void locksNestAndEachHasPositionsOfItsOwn() throws Exception {
        try (IOSurface surface = small()) {
            SurfaceLock outer = surface.lock();
            SurfaceLock inner = surface.lock(LockOption.READ_ONLY);
            outer.plane(0).bytes().putInt(42);
            assertEquals(42, inner.plane(0).bytes().getInt());
            inner.close();
            outer.plane(0).bytes().putInt(43);
            outer.close();
            assertThrows(IllegalStateException.class, () -> inner.plane(0));
            assertThrows(IllegalStateException.class, outer::buffer);
            assertThrows(IllegalStateException.class, () -> outer.plane(0));
        }
    }

    @Test
    void aSurfaceClosedWhileLockedGoesWithTheLock() throws Exception {
        try (IOSurface surface = small();
                IOSurface same = again(surface)) {
            int seed = same.seed();
            SurfaceLock lock = surface.lock();
            surface.close();
            assertThrows(IllegalStateException.class, surface::lock);
            lock.plane(0).bytes().put(0, (byte) 5);
            lock.close();
            assertEquals(seed + 1, same.seed());
            try (SurfaceLock check = same.lock(LockOption.READ_ONLY)) {
                assertEquals(5, check.plane(0).bytes().get(0));
            }
        }
    }

    @Test
    void buffersLeftOverFromAClosedSurfaceAreHarmless() throws Exception {
        ByteBuffer left;
        try (IOSurface surface = small();
                SurfaceLock lock = surface.lock()) {
            left = lock.plane(0).bytes();
            left.put(0, (byte) 1);
        }
        assertEquals(0, left.get(0));
        left.put(0, (byte) 1);
    }

    /** Else the surface would be released under another lock. */
    @Test
    void aLockThatTwoThreadsEndEndsOnce() throws Exception {
        AtomicInteger begun = new AtomicInteger();
        AtomicInteger ended = new AtomicInteger();
        try (IOSurface surface = small()) {
            List<SurfaceLock> locks = new ArrayList<>();
            for (int i = 0; i < 20_000; i++) {
                locks.add(surface.lock());
            }
            Runnable endAll = () -> {
                for (int i = 0; i < locks.size(); i++) {
                    begun.incrementAndGet();
                    while (begun.get() < 2 * (i + 1)) { // the other thread is not there yet
                        Thread.onSpinWait();
                    }
                    locks.get(i).close();
                }
                ended.incrementAndGet();
            };
            Thread other = new Thread(endAll);
            other.start();
            endAll.run();
            other.join();
            assertEquals(2, ended.get());
            assertEquals(locks.size(), surface.seed());
        }
    }
}
