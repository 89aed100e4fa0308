/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;
import io.machframe.core.platform.linux.LinuxPlatform;
import io.machframe.core.platform.linux.memory.HostileMemory;
import io.machframe.core.platform.linux.memory.RealDmaBufs;
import io.machframe.core.port.SendRight;
import io.machframe.core.testing.ProcessResources;
import io.machframe.core.testing.RequiresCapability;
import io.machframe.core.testing.TestCapability;
import io.machframe.surface.format.PixelFormat;
import io.machframe.surface.layout.SurfaceProperties;
import io.machframe.surface.memory.ExportedMemory;
import io.machframe.surface.platform.SurfaceCalls;
import io.machframe.surface.platform.linux.LinuxSurfaceCalls;
import io.machframe.surface.property.PurgeState;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Surfaces in dma-bufs of a kernel that has them, in this process and others. */
@Timeout(600)
final class DmaBufProcessTest {
    private static final int SIZE = 5 << 20;

    @AfterEach
    void nothingIsLeft() {
        for (String memory : List.of("memfd:", "dmabuf:")) {
            assertEquals(0, ProcessResources.descriptors(memory), memory);
            assertEquals(0, ProcessResources.mappings(memory), memory);
        }
    }

    private static SurfaceProperties picture() {
        return SurfaceProperties.of(320, 240, PixelFormat.BGRA);
    }

    /** A picture that begins behind something else, with rows of its maker's. */
    private static SurfaceProperties placed() {
        return SurfaceProperties.unspecified()
                .withWidth(1366)
                .withHeight(768)
                .withPixelFormat(PixelFormat.BGRA)
                .withOffset(4096)
                .withBytesPerRow(5504);
    }

    private static void write(IOSurface surface, int plane, int offset, int value) {
        try (SurfaceLock lock = surface.lock()) {
            lock.plane(plane).bytes().put(offset, (byte) value);
        }
    }

    private static int read(IOSurface surface, int plane, int offset) {
        try (SurfaceLock lock = surface.lock(LockOption.READ_ONLY)) {
            return lock.plane(plane).bytes().get(offset);
        }
    }

    @Test
    @RequiresCapability(TestCapability.DMA_BUF)
    void aDmaBufOfThisMachineIsShared() throws Exception {
        try (IOSurface surface = IOSurface.createDmaBuf(picture())) {
            assertIsShared(surface);
            try (ExportedMemory memory = surface.exportDmaBuf();
                    IOSurface same = IOSurface.createInMemory(memory.descriptor(), picture())) {
                assertEquals(0, memory.planes().get(0).offset());
                write(surface, 0, 4, 9);
                assertEquals(9, read(same, 0, 4));
            }
        }
    }

    @Test
    @RequiresCapability(TestCapability.DMA_HEAP)
    void whatOthersMadeOfTheHeapIsShared() throws Exception {
        assertIsAdoptedAndShared(RealDmaBufs.ofHeap());
    }

    @Test
    @RequiresCapability(TestCapability.UDMABUF)
    void whatOthersMadeOfMemoryIsShared() throws Exception {
        assertIsAdoptedAndShared(RealDmaBufs.ofUdmabuf());
    }

    private static void assertIsAdoptedAndShared(RealDmaBufs maker) throws Exception {
        int fd = maker.allocate(SIZE);
        try (AutoCloseable made = closing(fd);
                IOSurface surface = IOSurface.createInMemory(fd, placed())) {
            assertEquals(4096, surface.plane(0).offset());
            assertEquals(5504, surface.plane(0).bytesPerRow());
            assertFalse(surface.isReadOnly());
            surface.prefault();
            int last = 5504 * 767 + 1366 * 4 - 1;
            write(surface, 0, last, 77);
            assertEquals(77, maker.read(fd, 4096 + last));
            assertEquals(0, maker.read(fd, 4095));
            assertIsShared(surface);
            assertEquals(57, maker.read(fd, 4096 + 1001));
            try (ExportedMemory memory = surface.exportDmaBuf()) {
                assertEquals(List.of(new ExportedMemory.Place(4096, 5504)), memory.planes());
                assertEquals(77, maker.read(memory.descriptor(), 4096 + last));
            }
            MachException e = assertThrows(
                    MachException.class,
                    () -> IOSurface.createInMemory(fd, SurfaceProperties.of(1920, 1080, PixelFormat.BGRA)));
            assertTrue(e.getMessage().contains("are needed"), e::toString);
        }
    }

    private static AutoCloseable closing(int fd) {
        return () -> HostileMemory.close(fd);
    }

    /** Another process sees the pixels, is seen to use them, and leaves nothing behind. */
    private static void assertIsShared(IOSurface surface) throws Exception {
        write(surface, 0, 999, 54);
        assertFalse(surface.isInUse());
        try (SurfacePeer peer = new SurfacePeer()) {
            peer.send(surface);
            assertTrue(surface.isInUse());
            assertEquals("received " + surface.id() + " " + surface.planes(), peer.ask("receive"));
            assertFalse(surface.isInUse());
            assertEquals("54", peer.ask("read 999"));
            assertEquals("written", peer.ask("write 1000 55"));
            assertEquals(55, read(surface, 0, 1000));
            write(surface, 0, 1001, 57);
            assertEquals("57", peer.ask("read 1001"));
            assertEquals("1", peer.ask("use"));
            assertTrue(surface.isInUse());
            assertEquals(0, surface.useCount());
            assertEquals("0", peer.ask("end use"));
            assertFalse(surface.isInUse());
            assertEquals("closed", peer.ask("close"));
            assertEquals("0 descriptors, 0 mappings", peer.ask("left"));
            peer.sendAndReceive(surface);
            peer.ask("use");
            peer.kill();
            assertFalse(surface.isInUse());
        }
    }

    @Test
    @RequiresCapability(TestCapability.UDMABUF)
    void planesAreWhereTheirMakerPutThem() throws Exception {
        RealDmaBufs maker = RealDmaBufs.ofUdmabuf();
        int fd = maker.allocate(1 << 20);
        SurfaceProperties properties = ImportedSurfaceTest.planesWithGaps();
        try (AutoCloseable made = closing(fd);
                IOSurface surface = IOSurface.createInMemory(fd, properties)) {
            write(surface, 0, 1, 4);
            write(surface, 1, 704 * 179, 5);
            assertEquals(4, maker.read(fd, 512 + 1));
            assertEquals(5, maker.read(fd, 262144 + 704 * 179));
        }
    }

    @Test
    @RequiresCapability(TestCapability.UDMABUF)
    void aSurfaceAndItsDmaBufAreTheSamePixelsInAllProcesses() throws Exception {
        try (SurfacePeer peer = new SurfacePeer();
                IOSurface surface = IOSurface.create(picture())) {
            peer.sendAndReceive(surface);
            surface.setPurgeable(PurgeState.EMPTY); // its pages are only made again with the dma-buf
            ExportedMemory memory = surface.exportDmaBuf();
            assertFalse(surface.isInUse());
            surface.setPurgeable(PurgeState.NON_VOLATILE);
            SurfaceProperties behind = SurfaceProperties.unspecified()
                    .withWidth(320)
                    .withHeight(240)
                    .withPixelFormat(PixelFormat.BGRA)
                    .withOffset(memory.planes().get(0).offset());
            try (IOSurface same = IOSurface.createInMemory(memory.descriptor(), behind)) {
                write(surface, 0, 5, 1);
                assertEquals(1, read(same, 0, 5));
                write(same, 0, 6, 2);
                assertEquals(2, read(surface, 0, 6));
                assertEquals("written", peer.ask("write 307199 3"));
                assertEquals(3, read(same, 0, 307199));
                MachException e = assertThrows(MachException.class, () -> surface.setPurgeable(PurgeState.EMPTY));
                assertEquals(KernReturn.KERN_NOT_SUPPORTED, e.reason().code());
                assertTrue(peer.ask("purge").contains("KERN_NOT_SUPPORTED"));
                memory.close();
                surface.close();
                assertEquals("written", peer.ask("write 8 4"));
                assertEquals(4, read(same, 0, 8));
                peer.kill();
                assertEquals(4, read(same, 0, 8));
            }
        }
    }

    @Test
    @RequiresCapability(TestCapability.DMA_HEAP)
    void locksTellTheKernelOfAHeap() throws Exception {
        assertLocksTell(RealDmaBufs.ofHeap());
    }

    @Test
    @RequiresCapability(TestCapability.UDMABUF)
    void locksTellTheKernelOfMemory() throws Exception {
        assertLocksTell(RealDmaBufs.ofUdmabuf());
    }

    private static void assertLocksTell(RealDmaBufs dmaBufs) throws Exception {
        SurfaceCalls calls = new LinuxSurfaceCalls(new LinuxPlatform(dmaBufs.calls()));
        try (IOSurface surface = IOSurface.createDmaBuf(calls, picture())) {
            dmaBufs.takeSyncs();
            try (SurfaceLock lock = surface.lock()) {
                assertEquals(List.of(3L), dmaBufs.takeSyncs());
                try (SurfaceLock second = surface.lock(LockOption.READ_ONLY)) {
                    assertEquals(List.of(1L), dmaBufs.takeSyncs());
                    lock.plane(0).bytes().putInt(0, 42);
                    assertEquals(42, second.plane(0).bytes().getInt(0));
                }
                assertEquals(List.of(5L), dmaBufs.takeSyncs());
            }
            assertEquals(List.of(7L), dmaBufs.takeSyncs());
            assertEquals(1, surface.seed());
        }
    }

    @Test
    @RequiresCapability(TestCapability.DMA_HEAP)
    void whatMayOnlyBeReadMakesAReadOnlySurface() throws Exception {
        int fd = RealDmaBufs.readOnly(SIZE);
        try (AutoCloseable made = closing(fd);
                SurfacePeer peer = new SurfacePeer();
                IOSurface surface = IOSurface.createInMemory(fd, placed())) {
            assertTrue(surface.isReadOnly());
            assertThrows(ReadOnlyBufferException.class, surface::lock);
            assertEquals(0, read(surface, 0, 1000));
            peer.sendAndReceive(surface);
            assertEquals("0", peer.ask("read 1000"));
            assertEquals("refused", peer.ask("write 1000 1"));
        }
    }

    /** Whoever has a dma-buf of memory can write it, so that it would be a way around the seal. */
    @Test
    @RequiresCapability(TestCapability.UDMABUF)
    void whatNobodyMayBeginToWriteMakesNoDmaBuf() throws Exception {
        try (IOSurface surface = IOSurface.create(picture());
                SendRight port = surface.createReadOnlyMachPort()) {
            assertNoDmaBuf(surface, KernReturn.KERN_PROTECTION_FAILURE, "read-only");
        }
        int memory = HostileMemory.sealed(SIZE);
        int readOnly = HostileMemory.again(memory, 0);
        HostileMemory.close(memory);
        try (AutoCloseable made = closing(readOnly);
                IOSurface surface = IOSurface.createInMemory(readOnly, placed())) {
            assertNoDmaBuf(surface, KernReturn.KERN_PROTECTION_FAILURE, "read-only");
        }
    }

    @Test
    @RequiresCapability(TestCapability.UDMABUF)
    void memoryThatDoesNotEndWithAPageMakesNoDmaBuf() throws Exception {
        int memory = HostileMemory.sealed(320 * 240 * 4 - 1000);
        try (AutoCloseable made = closing(memory);
                IOSurface surface =
                        IOSurface.createInMemory(memory, SurfaceProperties.of(320, 239, PixelFormat.BGRA))) {
            assertNoDmaBuf(surface, KernReturn.KERN_INVALID_ADDRESS, "whole page");
        }
    }

    @Test
    @RequiresCapability(TestCapability.UDMABUF)
    void moreThanTheDeviceAllowsIsRefused() throws Exception {
        Path limit = Path.of("/sys/module/udmabuf/parameters/size_limit_mb");
        int rows = (Integer.parseInt(Files.readString(limit).strip()) + 1) * ((1 << 20) / (4096 * 4));
        SurfaceProperties large = SurfaceProperties.of(4096, rows, PixelFormat.BGRA);
        SurfaceCalls calls =
                new LinuxSurfaceCalls(new LinuxPlatform(RealDmaBufs.ofUdmabuf().calls()));
        MachException e = assertThrows(MachException.class, () -> IOSurface.createDmaBuf(calls, large));
        assertEquals(KernReturn.KERN_NO_SPACE, e.reason().code(), e::toString);
        assertTrue(e.getMessage().contains("size_limit_mb"), e::toString);
        try (IOSurface surface = IOSurface.create(large)) {
            assertNoDmaBuf(surface, KernReturn.KERN_NO_SPACE, "size_limit_mb");
        }
    }

    private static void assertNoDmaBuf(IOSurface surface, int code, String why) {
        MachException e = assertThrows(MachException.class, surface::exportDmaBuf);
        assertEquals(code, e.reason().code(), e::toString);
        assertTrue(e.getMessage().contains(why), e::toString);
    }

    @Test
    @RequiresCapability(TestCapability.UDMABUF)
    void buffersThatOutliveTheSurfaceShowZerosAndReachNobody() throws Exception {
        RealDmaBufs maker = RealDmaBufs.ofUdmabuf();
        int fd = maker.allocate(1 << 20);
        try (AutoCloseable made = closing(fd)) {
            IOSurface surface = IOSurface.createInMemory(fd, picture());
            SurfaceLock lock = surface.lock();
            ByteBuffer late = lock.plane(0).bytes();
            late.put(0, (byte) 5);
            lock.close();
            surface.close();
            assertEquals(0, late.get(0));
            late.put(0, (byte) 6);
            assertEquals(5, maker.read(fd, 0));
        }
    }
}
