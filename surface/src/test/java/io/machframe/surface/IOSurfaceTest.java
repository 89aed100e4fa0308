/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;
import io.machframe.core.lifetime.LeakDetector;
import io.machframe.core.message.OutgoingMessage;
import io.machframe.core.platform.linux.memory.SharedMemory;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendRight;
import io.machframe.core.port.Task;
import io.machframe.core.testing.ProcessResources;
import io.machframe.surface.format.FormatDescription;
import io.machframe.surface.format.PixelFormat;
import io.machframe.surface.layout.Plane;
import io.machframe.surface.layout.PlaneProperties;
import io.machframe.surface.layout.SurfaceProperties;
import io.machframe.surface.property.CacheMode;
import io.machframe.surface.property.PurgeState;
import io.machframe.surface.property.SurfaceKey;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ReadOnlyBufferException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.function.Executable;

@EnabledOnOs(value = OS.LINUX, disabledReason = "counts what Linux keeps for a surface")
@Timeout(120)
final class IOSurfaceTest {
    private static final String MEMORY = "memfd:machframe-surface";

    private long descriptors;

    @BeforeEach
    void countDescriptors() {
        descriptors = ProcessResources.descriptors(MEMORY);
    }

    @AfterEach
    void nothingIsLeft() {
        assertEquals(descriptors, ProcessResources.descriptors(MEMORY));
        assertEquals(List.of(), LeakDetector.open());
    }

    /** Scenario G.1-1. */
    @Test
    void aPictureAnswersWithItsLayout() throws Exception {
        try (IOSurface surface = IOSurface.create(SurfaceProperties.of(1920, 1080, PixelFormat.BGRA))) {
            assertEquals(1920, surface.width());
            assertEquals(1080, surface.height());
            assertEquals(PixelFormat.BGRA, surface.pixelFormat());
            assertEquals(7680, surface.plane(0).bytesPerRow());
            assertEquals(8_294_400, surface.layout().allocSize());
            assertEquals(4, surface.plane(0).bytesPerElement());
            assertEquals(1, surface.plane(0).elementWidth());
            assertEquals(1, surface.plane(0).elementHeight());
            assertEquals(List.of(new Plane(1920, 1080, 4, 1, 1, 7680, 0, 8_294_400)), surface.planes());
            assertNotEquals(0, surface.id());
        }
    }

    /** Scenarios G.1-3 and 15. */
    @Test
    void videoAnswersWithItsPlanesAndHasNoOther() throws Exception {
        try (IOSurface surface = IOSurface.create(SurfaceProperties.of(1920, 1080, PixelFormat.NV12_VIDEO))) {
            assertEquals(2, surface.planes().size());
            assertEquals(new Plane(960, 540, 2, 1, 1, 1920, 2_073_600, 1_036_800), surface.plane(1));
            assertEquals(3_110_400, surface.layout().allocSize());
            assertThrows(IndexOutOfBoundsException.class, () -> surface.plane(2));
            assertThrows(IndexOutOfBoundsException.class, () -> surface.plane(-1));
        }
    }

    /** Scenario G.1-17. */
    @Test
    void componentsAreToldByEveryHolder() throws Exception {
        for (PixelFormat format : PixelFormat.known()) {
            FormatDescription description = format.description().orElseThrow();
            try (IOSurface surface = IOSurface.create(SurfaceProperties.of(50, 40, format));
                    IOSurface same = again(surface)) {
                assertEquals(description.subsampling(), same.layout().subsampling());
                for (int i = 0; i < description.planes().size(); i++) {
                    assertEquals(
                            description.planes().get(i).components(),
                            surface.layout().components().get(i));
                    assertEquals(
                            surface.layout().components().get(i),
                            same.layout().components().get(i));
                }
                assertEquals(
                        description.planes().size(), same.layout().components().size());
            }
        }
    }

    /** Scenario G.2-25. */
    @Test
    void aCompressedSurfaceIsRefusedToTheCpu() throws Exception {
        SurfaceProperties properties = SurfaceProperties.unspecified()
                .withWidth(64)
                .withHeight(64)
                .withPixelFormat(PixelFormat.of("&8v0"))
                .withPlane(PlaneProperties.of(64, 64, 1))
                .withPlane(PlaneProperties.of(32, 32, 2));
        try (IOSurface surface = IOSurface.create(properties)) {
            UnsupportedOperationException e =
                    assertThrows(UnsupportedOperationException.class, () -> surface.lock(LockOption.READ_ONLY));
            assertTrue(e.toString().contains("64x64 &8v0) is compressed by a GPU"), e::toString);
            assertEquals(0, surface.seed());
            assertEquals(2, surface.planes().size());
        }
    }

    /** Scenario G.1-16. */
    @Test
    void propertiesAreAlignedAndLimitedAsTheSystemWants() {
        assertEquals(64, IOSurface.alignProperty(SurfaceKey.BYTES_PER_ROW, 1));
        assertEquals(64, IOSurface.alignProperty(SurfaceKey.BYTES_PER_ROW, 64));
        assertEquals(128, IOSurface.alignProperty(SurfaceKey.PLANE_OFFSET, 65));
        assertEquals(101, IOSurface.alignProperty(SurfaceKey.WIDTH, 101));
        assertEquals(64, IOSurface.alignment(SurfaceKey.OFFSET));
        assertEquals(1, IOSurface.alignment(SurfaceKey.CONTENT_HEADROOM));
        assertEquals(0, IOSurface.maximum(SurfaceKey.PIXEL_FORMAT));
        assertThrows(IllegalArgumentException.class, () -> IOSurface.alignProperty(SurfaceKey.WIDTH, -1));
    }

    @Test
    void castingIsAllowedUnlessItsMakerForbidsIt() throws Exception {
        SurfaceProperties strict = SurfaceProperties.unspecified()
                .withAllocSize(100)
                .withCacheMode(CacheMode.WRITE_COMBINE)
                .withPixelSizeCastingAllowed(false);
        try (IOSurface surface = small();
                IOSurface other = IOSurface.create(strict);
                IOSurface same = again(other)) {
            assertTrue(surface.allowsPixelSizeCasting());
            assertFalse(same.allowsPixelSizeCasting());
        }
    }

    /** Scenario G.1-12. */
    @Test
    void memoryWithoutDimensionsHasAllItsBytes() throws Exception {
        try (IOSurface surface = IOSurface.create(SurfaceProperties.ofSize(65_536))) {
            assertEquals(0, surface.width());
            assertEquals(List.of(new Plane(0, 0, 1, 1, 1, 0, 0, 65_536)), surface.planes());
            assertEquals(PixelFormat.NONE, surface.pixelFormat());
            try (SurfaceLock lock = surface.lock()) {
                assertEquals(65_536, lock.plane(0).bytes().remaining());
                lock.plane(0).bytes().put(65_535, (byte) 1);
            }
        }
    }

    @Test
    void anOddPictureCanBeWrittenInItsLastByte() throws Exception {
        for (PixelFormat format : PixelFormat.known()) {
            for (int[] size : new int[][] {{1, 1}, {2, 2}, {641, 359}, {1921, 1081}, {7, 4096}}) {
                try (IOSurface surface = IOSurface.create(SurfaceProperties.of(size[0], size[1], format));
                        SurfaceLock lock = surface.lock()) {
                    for (int i = 0; i < surface.planes().size(); i++) {
                        ByteBuffer plane = lock.plane(i).bytes();
                        assertEquals(surface.plane(i).size(), plane.remaining());
                        assertEquals(ByteOrder.LITTLE_ENDIAN, plane.order());
                        plane.put(plane.capacity() - 1, (byte) i);
                    }
                    assertEquals(surface.layout().allocSize(), lock.buffer().remaining());
                }
            }
        }
    }

    @Test
    void freshSurfacesAreZero() throws Exception {
        for (int i = 0; i < 3; i++) {
            try (IOSurface surface = IOSurface.create(SurfaceProperties.of(100, 100, PixelFormat.BGRA));
                    SurfaceLock lock = surface.lock()) {
                assertEquals(-1, lock.buffer().mismatch(ByteBuffer.allocate((int)
                        surface.layout().allocSize())));
                lock.buffer().put(0, (byte) 1);
            }
        }
    }

    @Test
    void planesAreWindowsOnTheWhole() throws Exception {
        try (IOSurface surface = IOSurface.create(SurfaceProperties.of(64, 64, PixelFormat.NV12_VIDEO));
                SurfaceLock lock = surface.lock()) {
            lock.plane(1).bytes().put(0, (byte) 9);
            assertEquals(9, lock.buffer().get((int) surface.plane(1).offset()));
            assertSame(lock.plane(1), lock.plane(1));
        }
    }

    @Test
    void aTooLargeSurfaceIsRefused() {
        for (long size : new long[] {SharedMemory.MAX_SIZE, 1L << 41, Long.MAX_VALUE}) {
            MachException refused =
                    assertThrows(MachException.class, () -> IOSurface.create(SurfaceProperties.ofSize(size)));
            assertTrue(
                    List.of(KernReturn.KERN_NO_SPACE, KernReturn.KERN_INVALID_ARGUMENT)
                            .contains(refused.reason().code()),
                    refused::toString);
        }
        MachException refused =
                assertThrows(MachException.class, () -> IOSurface.create(SurfaceProperties.ofSize(1L << 39)));
        assertEquals(KernReturn.KERN_RESOURCE_SHORTAGE, refused.reason().code());
    }

    @Test
    void everyHolderFindsThePixelsOfAPlaneWithAHeader() throws Exception {
        SurfaceProperties properties = SurfaceProperties.unspecified()
                .withWidth(64)
                .withHeight(5)
                .withPlane(PlaneProperties.of(64, 5, 1)
                        .withBase(4096)
                        .withBitsPerElement(10)
                        .withBytesPerRow(128));
        try (IOSurface surface = IOSurface.create(properties);
                SendRight port = surface.createMachPort();
                IOSurface same = IOSurface.fromMachPort(port);
                SurfaceLock lock = same.lock()) {
            assertEquals(4096, surface.plane(0).offset());
            assertEquals(surface.planes(), same.planes());
            lock.plane(0).bytes().put(128 * 5 - 1, (byte) 3);
            assertEquals(3, lock.buffer().get(4096 + 128 * 5 - 1));
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
    void aForgottenSurfaceIsReleasedAndReported() throws Exception {
        long leaked = LeakDetector.leaked();
        forget();
        assertEquals(
                descriptors, ProcessResources.collectUntil(() -> ProcessResources.descriptors(MEMORY), descriptors));
        assertEquals(0, ProcessResources.collectUntil(() -> leaked + 1 - LeakDetector.leaked(), 0));
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

    private static void forget() throws MachException {
        IOSurface surface = small();
        surface.incrementUseCount();
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

    private static IOSurface small() throws MachException {
        return IOSurface.create(SurfaceProperties.of(64, 64, PixelFormat.BGRA));
    }

    private static IOSurface again(IOSurface surface) throws MachException {
        try (SendRight port = surface.createMachPort()) {
            return IOSurface.fromMachPort(port);
        }
    }
}
