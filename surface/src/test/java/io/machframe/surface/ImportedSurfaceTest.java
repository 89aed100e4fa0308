/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;
import io.machframe.core.message.OutgoingMessage;
import io.machframe.core.platform.linux.LinuxPlatform;
import io.machframe.core.platform.linux.memory.FakeDmaBufs;
import io.machframe.core.platform.linux.memory.HostileMemory;
import io.machframe.core.testing.ProcessResources;
import io.machframe.surface.format.PixelFormat;
import io.machframe.surface.layout.LayoutPolicy;
import io.machframe.surface.layout.Plane;
import io.machframe.surface.layout.PlaneProperties;
import io.machframe.surface.layout.SurfaceProperties;
import io.machframe.surface.memory.ExportedMemory;
import io.machframe.surface.platform.SurfaceCalls;
import io.machframe.surface.platform.linux.LinuxSurfaceCalls;
import io.machframe.surface.property.PurgeState;
import java.nio.ReadOnlyBufferException;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Surfaces in memory that others made, and the memory of surfaces for others. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "memory is a file descriptor on Linux only")
@Timeout(120)
final class ImportedSurfaceTest {
    private static final int READ_ONLY = 0;

    @AfterEach
    void nothingIsLeft() {
        assertEquals(0, ProcessResources.descriptors("memfd:"));
        assertEquals(0, ProcessResources.mappings("memfd:"));
    }

    /** A picture with rows as GStreamer has them, behind a header of its maker's. */
    private static SurfaceProperties picture() {
        return SurfaceProperties.unspecified()
                .withWidth(1366)
                .withHeight(768)
                .withPixelFormat(PixelFormat.BGRA)
                .withOffset(4096)
                .withLayoutPolicy(LayoutPolicy.GSTREAMER);
    }

    @Test
    void aPictureIsWhereItsMakerPutIt() throws Exception {
        int fd = HostileMemory.unsealed(5 << 20);
        try (IOSurface surface = IOSurface.createInMemory(fd, picture())) {
            assertEquals(1366, surface.width());
            assertEquals(5464, surface.plane(0).bytesPerRow());
            assertEquals(4096, surface.plane(0).offset());
            assertEquals(4096 + 5464 * 768, surface.layout().allocSize());
            assertFalse(surface.isInUse());
            assertFalse(surface.isReadOnly());
            try (SurfaceLock lock = surface.lock()) {
                lock.plane(0).bytes().put(5464 * 767 + 5463, (byte) 77);
            }
            assertEquals(1, surface.seed());
            assertEquals(77, HostileMemory.read(fd, 4096 + 5464 * 768 - 1));
            assertFalse(HostileMemory.truncate(fd, 4096), "its maker can cut it off");
            surface.prefault();
        }
        HostileMemory.close(fd);
    }

    /** Two planes with gaps before, between and within them; less than 1 MiB. */
    static SurfaceProperties planesWithGaps() {
        return SurfaceProperties.unspecified()
                .withWidth(640)
                .withHeight(360)
                .withPixelFormat(PixelFormat.NV12_VIDEO)
                .withPlane(PlaneProperties.of(640, 360, 1).withBytesPerRow(704).withOffset(512))
                .withPlane(PlaneProperties.of(320, 180, 2).withBytesPerRow(704).withOffset(262144));
    }

    @Test
    void planesAreWhereTheirMakerPutThem() throws Exception {
        int fd = HostileMemory.sealed(1 << 20);
        SurfaceProperties properties = planesWithGaps();
        try (IOSurface surface = IOSurface.createInMemory(fd, properties);
                SurfaceLock lock = surface.lock()) {
            assertEquals(new Plane(320, 180, 2, 1, 1, 704, 262144, 704 * 180), surface.plane(1));
            lock.plane(1).bytes().put(0, (byte) 5);
            assertEquals(5, HostileMemory.read(fd, 262144));
        }
        HostileMemory.close(fd);
    }

    @Test
    void whatIsNoMemoryIsRefusedWithTheReason() {
        assertRefused(HostileMemory.pipe(), KernReturn.KERN_INVALID_CAPABILITY, "neither a memfd");
        assertRefused(HostileMemory.socket(), KernReturn.KERN_INVALID_CAPABILITY, "neither a memfd");
        assertRefused(HostileMemory.file("/dev/zero"), KernReturn.KERN_INVALID_CAPABILITY, "neither a memfd");
        assertRefused(HostileMemory.file("/"), KernReturn.KERN_INVALID_CAPABILITY, "neither a memfd");
        assertRefused(HostileMemory.file("/proc/self/exe"), KernReturn.KERN_INVALID_CAPABILITY, "neither a memfd");
        assertRefused(HostileMemory.unsealable(5 << 20), KernReturn.KERN_NO_ACCESS, "F_SEAL_SHRINK");
        assertRefused(HostileMemory.unsealed(4096), KernReturn.KERN_INVALID_ADDRESS, "has 4096 bytes");
        int unsealed = HostileMemory.unsealed(5 << 20);
        assertRefused(HostileMemory.again(unsealed, READ_ONLY), KernReturn.KERN_NO_ACCESS, "F_SEAL_SHRINK");
        HostileMemory.close(unsealed);
        MachException e = assertThrows(MachException.class, () -> IOSurface.createInMemory(-1, picture()));
        assertTrue(e.getMessage().contains("descriptor -1 gives no surface: "), e::toString);
        assertTrue(e.getMessage().contains("the descriptor is not open"), e::toString);
    }

    /** Memory with holes costs its maker nothing, and would cost whoever fills them all that the machine has. */
    @Test
    void memoryThatIsLargerThanTheMachineIsRefused() throws Exception {
        SurfaceProperties large = SurfaceProperties.ofSize(1L << 38);
        int fd = HostileMemory.sealed(1L << 38);
        MachException e = assertThrows(MachException.class, () -> IOSurface.createInMemory(fd, large));
        assertEquals(KernReturn.KERN_RESOURCE_SHORTAGE, e.reason().code(), e::toString);
        int readOnly = HostileMemory.again(fd, READ_ONLY);
        e = assertThrows(MachException.class, () -> IOSurface.createInMemory(readOnly, large));
        assertEquals(KernReturn.KERN_RESOURCE_SHORTAGE, e.reason().code(), e::toString);
        HostileMemory.close(readOnly);
        HostileMemory.close(fd);
    }

    private static void assertRefused(int fd, int code, String why) {
        MachException e = assertThrows(MachException.class, () -> IOSurface.createInMemory(fd, picture()));
        HostileMemory.close(fd);
        assertEquals(code, e.reason().code(), e::toString);
        assertTrue(e.getMessage().contains(why), e::toString);
    }

    @Test
    void aLayoutThatBreaksItsPolicyIsRefusedBeforeTheMemoryIsLookedAt() {
        SurfaceProperties unaligned = SurfaceProperties.unspecified()
                .withWidth(64)
                .withHeight(64)
                .withPixelFormat(PixelFormat.BGRA)
                .withOffset(10);
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> IOSurface.createInMemory(-1, unaligned));
        assertTrue(e.getMessage().contains("kIOSurfaceOffset is 10"), e::toString);
    }

    @Test
    void whatMayOnlyBeReadMakesAReadOnlySurface() throws Exception {
        int fd = HostileMemory.sealed(5 << 20);
        int readOnly = HostileMemory.again(fd, READ_ONLY);
        try (IOSurface surface = IOSurface.createInMemory(readOnly, picture())) {
            assertTrue(surface.isReadOnly());
            assertThrows(ReadOnlyBufferException.class, surface::lock);
            try (SurfaceLock lock = surface.lock(LockOption.READ_ONLY)) {
                assertThrows(
                        ReadOnlyBufferException.class,
                        () -> lock.plane(0).bytes().put(0, (byte) 1));
            }
        }
        HostileMemory.close(readOnly);
        HostileMemory.close(fd);
    }

    @Test
    void anotherProcessHasTheSameMemory() throws Exception {
        int fd = HostileMemory.sealed(5 << 20);
        try (SurfacePeer peer = new SurfacePeer();
                IOSurface surface = IOSurface.createInMemory(fd, picture())) {
            HostileMemory.close(fd);
            surface.attachments().set("maker", "somebody");
            peer.send(surface);
            assertTrue(surface.isInUse());
            assertEquals("received " + surface.id() + " " + surface.planes(), peer.ask("receive"));
            assertFalse(surface.isInUse());
            assertEquals("written", peer.ask("write 1000 55"));
            assertEquals(1, surface.seed());
            try (SurfaceLock lock = surface.lock()) {
                assertEquals(55, lock.plane(0).bytes().get(1000));
                lock.plane(0).bytes().put(1001, (byte) 56);
            }
            assertEquals("56", peer.ask("read 1001"));
            assertEquals("somebody", peer.ask("attached"));
            assertEquals("1", peer.ask("use"));
            assertTrue(surface.isInUse());
            peer.kill();
            assertFalse(surface.isInUse());
        }
    }

    @Test
    void whatIsOthersIsNeitherEmptiedNorClosedToWriters() throws Exception {
        int fd = HostileMemory.sealed(5 << 20);
        try (IOSurface surface = IOSurface.createInMemory(fd, picture())) {
            for (MachException e : List.of(
                    assertThrows(MachException.class, () -> surface.setPurgeable(PurgeState.EMPTY)),
                    assertThrows(MachException.class, surface::createReadOnlyMachPort))) {
                assertEquals(KernReturn.KERN_NOT_SUPPORTED, e.reason().code());
            }
            assertEquals(PurgeState.NON_VOLATILE, surface.setPurgeable(PurgeState.VOLATILE));
            assertEquals(PurgeState.VOLATILE, surface.setPurgeable(PurgeState.NON_VOLATILE));
        }
        HostileMemory.close(fd);
    }

    @Test
    void exportedMemoryIsTheSurfacesAndAUseOfItWhileItLives() throws Exception {
        try (IOSurface surface = IOSurface.create(SurfaceProperties.of(640, 360, PixelFormat.NV12_VIDEO))) {
            ExportedMemory memory = surface.exportMemory();
            assertTrue(surface.isInUse());
            assertEquals(OptionalInt.of(0x3231564e), memory.drmFormat());
            assertEquals(640, memory.width());
            assertEquals(360, memory.height());
            assertEquals(PixelFormat.NV12_VIDEO, memory.pixelFormat());
            assertEquals(List.of(640, 640), rows(memory));
            SurfaceProperties again = SurfaceProperties.unspecified()
                    .withWidth(640)
                    .withHeight(360)
                    .withPixelFormat(PixelFormat.NV12_VIDEO)
                    .withPlane(PlaneProperties.of(640, 360, 1)
                            .withBytesPerRow(640)
                            .withOffset(memory.planes().get(0).offset()))
                    .withPlane(PlaneProperties.of(320, 180, 2)
                            .withBytesPerRow(640)
                            .withOffset(memory.planes().get(1).offset()));
            try (IOSurface same = IOSurface.createInMemory(memory.descriptor(), again)) {
                assertEquals(memory.size(), same.layout().allocSize());
                assertNotEquals(surface, same);
                for (int plane = 0; plane < 2; plane++) {
                    try (SurfaceLock write = same.lock();
                            SurfaceLock read = surface.lock(LockOption.READ_ONLY)) {
                        write.plane(plane).bytes().put(5, (byte) (plane + 1));
                        assertEquals(plane + 1, read.plane(plane).bytes().get(5));
                    }
                }
            }
            assertTrue(surface.isInUse());
            memory.close();
            memory.close();
            assertFalse(surface.isInUse());
            assertThrows(IllegalStateException.class, memory::descriptor);
            int taken = surface.exportMemory().take();
            assertTrue(surface.isInUse());
            HostileMemory.close(taken);
            assertFalse(surface.isInUse());
        }
    }

    private static List<Integer> rows(ExportedMemory memory) {
        return memory.planes().stream().map(ExportedMemory.Place::bytesPerRow).toList();
    }

    @Test
    void othersMemoryIsExportedAsItCame() throws Exception {
        int fd = HostileMemory.sealed(5 << 20);
        try (IOSurface surface = IOSurface.createInMemory(fd, picture());
                ExportedMemory memory = surface.exportMemory()) {
            assertEquals(List.of(new ExportedMemory.Place(4096, 5464)), memory.planes());
            assertEquals(OptionalInt.of(0x34325241), memory.drmFormat());
            assertFalse(surface.isInUse());
            try (SurfaceLock lock = surface.lock()) {
                lock.plane(0).bytes().put(0, (byte) 9);
            }
            assertEquals(9, HostileMemory.read(memory.descriptor(), 4096));
        }
        HostileMemory.close(fd);
    }

    @Test
    void aDmaBufIsASurfaceWhoseLocksTellTheKernel() throws Exception {
        FakeDmaBufs dmaBufs = new FakeDmaBufs();
        SurfaceCalls calls = new LinuxSurfaceCalls(new LinuxPlatform(dmaBufs));
        try (IOSurface surface = IOSurface.createDmaBuf(calls, SurfaceProperties.of(320, 240, PixelFormat.BGRA))) {
            dmaBufs.takeSyncs();
            try (SurfaceLock lock = surface.lock()) {
                assertEquals(List.of(3L), dmaBufs.takeSyncs());
                lock.plane(0).bytes().putInt(0, 42);
            }
            assertEquals(List.of(7L), dmaBufs.takeSyncs());
            surface.lock(LockOption.READ_ONLY).close();
            assertEquals(List.of(1L, 5L), dmaBufs.takeSyncs());
            try (ExportedMemory memory = surface.exportDmaBuf()) {
                assertEquals(42, HostileMemory.read(memory.descriptor(), 0));
                assertEquals(0, memory.planes().get(0).offset());
            }
            dmaBufs.fail(KernReturn.KERN_FAILURE);
            assertThrows(IllegalStateException.class, surface::lock);
            dmaBufs.fail(KernReturn.KERN_SUCCESS);
        }
        try (IOSurface surface = IOSurface.create(calls, SurfaceProperties.of(320, 240, PixelFormat.BGRA));
                ExportedMemory memory = surface.exportDmaBuf()) {
            try (SurfaceLock lock = surface.lock()) {
                lock.plane(0).bytes().put(7, (byte) 3);
            }
            assertEquals(
                    3,
                    HostileMemory.read(
                            memory.descriptor(), memory.planes().get(0).offset() + 7));
        }
        dmaBufs.fail(KernReturn.KERN_RESOURCE_SHORTAGE);
        MachException e = assertThrows(
                MachException.class,
                () -> IOSurface.createDmaBuf(calls, SurfaceProperties.of(320, 240, PixelFormat.BGRA)));
        assertEquals(KernReturn.KERN_RESOURCE_SHORTAGE, e.reason().code());
    }

    @Test
    void aSurfaceThatDevicesHaveKeepsItsPages() throws Exception {
        SurfaceCalls calls = new LinuxSurfaceCalls(new LinuxPlatform(new FakeDmaBufs()));
        try (IOSurface surface = IOSurface.create(calls, SurfaceProperties.of(320, 240, PixelFormat.BGRA))) {
            assertEquals(PurgeState.NON_VOLATILE, surface.setPurgeable(PurgeState.EMPTY));
            surface.exportDmaBuf().close();
            assertEquals(PurgeState.EMPTY, surface.setPurgeable(PurgeState.NON_VOLATILE));
            MachException e = assertThrows(MachException.class, () -> surface.setPurgeable(PurgeState.EMPTY));
            assertEquals(KernReturn.KERN_NOT_SUPPORTED, e.reason().code());
            assertEquals(PurgeState.NON_VOLATILE, surface.setPurgeable(PurgeState.VOLATILE));
        }
    }

    /** Sparse memory that may only be read, so that none of it is really there. */
    @Test
    void theLastByteOfEveryFormatAtTheLargestSizeIsReached() throws Exception {
        int fd = HostileMemory.sealed(1L << 36);
        int readOnly = HostileMemory.again(fd, READ_ONLY);
        int large = 0;
        for (PixelFormat format : PixelFormat.known()) {
            try (IOSurface surface = IOSurface.createInMemory(readOnly, SurfaceProperties.of(16384, 16384, format))) {
                if (!format.isCompressed()) {
                    try (SurfaceLock lock = surface.lock(LockOption.READ_ONLY)) {
                        assertEquals(
                                0,
                                lock.part(surface.layout().allocSize() - 1, 1).get(0));
                    }
                }
                large += surface.layout().allocSize() > Integer.MAX_VALUE ? 1 : 0;
            }
        }
        assertTrue(large > 0);
        HostileMemory.close(readOnly);
        HostileMemory.close(fd);
    }

    @Test
    void aSurfaceOfMoreThanTwoGibibytesIsSeenInParts() throws Exception {
        int fd = HostileMemory.sealed(5L << 30);
        int readOnly = HostileMemory.again(fd, READ_ONLY);
        SurfaceProperties properties = SurfaceProperties.of(16384, 16384, PixelFormat.of("RGfA"));
        try (SurfacePeer peer = new SurfacePeer();
                IOSurface surface = IOSurface.createInMemory(readOnly, properties);
                SurfaceLock lock = surface.lock(LockOption.READ_ONLY)) {
            assertEquals(4L << 30, surface.layout().allocSize());
            String message = assertThrows(IllegalStateException.class, () -> lock.plane(0))
                    .getMessage();
            assertTrue(message.contains("take parts"), message);
            assertThrows(IllegalStateException.class, lock::buffer);
            assertThrows(IndexOutOfBoundsException.class, () -> lock.part((4L << 30) - 3, 4));
            long lastRow = 16383L * surface.plane(0).bytesPerRow();
            assertEquals(0, lock.part(lastRow, surface.plane(0).bytesPerRow()).getInt(0));
            assertThrows(
                    ReadOnlyBufferException.class, () -> lock.part(lastRow, 4).putInt(0, 1));
            peer.send(surface);
            assertEquals("received " + surface.id() + " " + surface.planes(), peer.ask("receive"));
        }
        HostileMemory.close(readOnly);
        HostileMemory.close(fd);
    }

    @Test
    void aPortOfSuchASurfaceCanBeForwardedAndDropped() throws Exception {
        int fd = HostileMemory.sealed(5 << 20);
        try (IOSurface surface = IOSurface.createInMemory(fd, picture());
                SurfacePeer peer = new SurfacePeer()) {
            for (int i = 0; i < 5; i++) {
                try (OutgoingMessage dropped =
                        OutgoingMessage.builder().move(surface.createMachPort()).build()) {
                    assertTrue(surface.isInUse());
                }
                assertFalse(surface.isInUse());
            }
            peer.send(surface);
            assertEquals("port received", peer.ask("receive port"));
            assertTrue(surface.isInUse());
            peer.kill();
            assertFalse(surface.isInUse());
        }
        HostileMemory.close(fd);
    }
}
