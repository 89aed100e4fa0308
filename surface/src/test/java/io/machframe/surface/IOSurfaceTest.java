/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;
import io.machframe.core.platform.linux.memory.SharedMemory;
import io.machframe.core.port.SendRight;
import io.machframe.surface.format.FormatDescription;
import io.machframe.surface.format.PixelFormat;
import io.machframe.surface.layout.Plane;
import io.machframe.surface.layout.PlaneProperties;
import io.machframe.surface.layout.SurfaceProperties;
import io.machframe.surface.property.CacheMode;
import io.machframe.surface.property.SurfaceKey;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What a surface that was made says of itself. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "counts what Linux keeps for a surface")
final class IOSurfaceTest extends SurfaceLeaks {
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
}
