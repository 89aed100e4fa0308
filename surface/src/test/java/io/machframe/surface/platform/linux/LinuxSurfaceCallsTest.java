/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.platform.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.error.KernReturn;
import io.machframe.core.platform.linux.LinuxPlatform;
import io.machframe.core.platform.linux.memory.HostileMemory;
import io.machframe.core.platform.linux.memory.SharedMemory;
import io.machframe.core.platform.linux.memory.UseLock;
import io.machframe.core.testing.ProcessResources;
import io.machframe.surface.platform.SurfaceCalls;
import io.machframe.surface.property.SurfaceKey;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(value = OS.LINUX, disabledReason = "memfds are Linux")
final class LinuxSurfaceCallsTest {
    private static final long SEED = 20250103;

    private final LinuxPlatform platform = new LinuxPlatform();
    private final SurfaceCalls calls = new LinuxSurfaceCalls(platform);

    @AfterEach
    void nothingIsLeft() {
        assertEquals(0, ProcessResources.descriptors("memfd:"));
        assertEquals(0, ProcessResources.mappings("memfd:"));
    }

    /** A dictionary with a number for a key is one for CoreFoundation, and none here. */
    @Test
    void aValueOfAPeerThatCannotBeReadLeavesTheOthers() {
        long surface = create(pictureProperties(), List.of());
        assertEquals(KernReturn.KERN_SUCCESS, calls.setValue(surface, "good", "x"));
        assertEquals(KernReturn.KERN_SUCCESS, calls.setValue(surface, "bad", Map.of(1L, "x")));

        Object[] value = new Object[1];
        assertEquals(KernReturn.KERN_SUCCESS, calls.copyValue(surface, "good", value));
        assertEquals("x", value[0]);
        assertEquals(KernReturn.KERN_INVALID_VALUE, calls.copyValue(surface, "bad", value));
        Map<String, Object> all = new HashMap<>();
        assertEquals(KernReturn.KERN_SUCCESS, calls.copyAllValues(surface, all));
        assertEquals(Map.of("good", "x"), all);

        assertEquals(KernReturn.KERN_SUCCESS, calls.setValue(surface, "bad", 1L));
        assertEquals(KernReturn.KERN_SUCCESS, calls.copyValue(surface, "bad", value));
        assertEquals(1L, value[0]);
        calls.release(surface);
    }

    /** Scenario G.1-15. */
    @Test
    void gettersOfAPlaneThatDoesNotExistAnswerZero() {
        long video = create(videoProperties(), videoPlanes());
        assertEquals(2, calls.planeCount(video));
        assertEquals(32, calls.widthOfPlane(video, 1));
        assertEquals(16, calls.heightOfPlane(video, 1));
        assertEquals(2, calls.bytesPerElementOfPlane(video, 1));
        assertEquals(64, calls.bytesPerRowOfPlane(video, 1));
        assertEquals(1, calls.elementWidthOfPlane(video, 1));
        assertEquals(1, calls.elementHeightOfPlane(video, 1));
        assertEquals(2048, calls.baseAddressOfPlane(video, 1) - calls.baseAddress(video));
        for (int plane : new int[] {2, -1, Integer.MAX_VALUE}) {
            assertEquals(0, calls.widthOfPlane(video, plane));
            assertEquals(0, calls.heightOfPlane(video, plane));
            assertEquals(0, calls.bytesPerElementOfPlane(video, plane));
            assertEquals(0, calls.bytesPerRowOfPlane(video, plane));
            assertEquals(0, calls.elementWidthOfPlane(video, plane));
            assertEquals(0, calls.elementHeightOfPlane(video, plane));
            assertEquals(0, calls.baseAddressOfPlane(video, plane));
            assertEquals(0, calls.numberOfComponentsOfPlane(video, plane));
            assertEquals(0, calls.nameOfComponentOfPlane(video, plane, 0));
        }
        calls.release(video);
    }

    @Test
    void componentsAreKeptAndThoseThatDoNotExistAnswerZero() {
        Map<SurfaceKey, Object> properties = new EnumMap<>(SurfaceKey.class);
        properties.putAll(pictureProperties());
        properties.put(SurfaceKey.SUBSAMPLING, 3L);
        properties.put(SurfaceKey.PLANE_COMPONENT_NAMES, List.of(4L, 3L));
        properties.put(SurfaceKey.PLANE_COMPONENT_TYPES, List.of(1L, 3L));
        properties.put(SurfaceKey.PLANE_COMPONENT_RANGES, List.of(2L, 1L));
        properties.put(SurfaceKey.PLANE_COMPONENT_BIT_DEPTHS, List.of(10L, 16L));
        properties.put(SurfaceKey.PLANE_COMPONENT_BIT_OFFSETS, List.of(6L));
        long[] surface = new long[1];
        assertEquals(KernReturn.KERN_SUCCESS, calls.create(properties, List.of(), surface));
        assertEquals(3, calls.subsampling(surface[0]));
        assertEquals(2, calls.numberOfComponentsOfPlane(surface[0], 0));
        assertEquals(3, calls.nameOfComponentOfPlane(surface[0], 0, 1));
        assertEquals(3, calls.typeOfComponentOfPlane(surface[0], 0, 1));
        assertEquals(2, calls.rangeOfComponentOfPlane(surface[0], 0, 0));
        assertEquals(16, calls.bitDepthOfComponentOfPlane(surface[0], 0, 1));
        assertEquals(6, calls.bitOffsetOfComponentOfPlane(surface[0], 0, 0));
        assertEquals(0, calls.bitOffsetOfComponentOfPlane(surface[0], 0, 1));
        for (int component : new int[] {2, -1, Integer.MAX_VALUE}) {
            assertEquals(0, calls.nameOfComponentOfPlane(surface[0], 0, component));
            assertEquals(0, calls.bitDepthOfComponentOfPlane(surface[0], 0, component));
        }
        calls.release(surface[0]);
        assertEquals(0, calls.subsampling(surface[0]));
        properties.put(SurfaceKey.PLANE_COMPONENT_NAMES, java.util.Collections.nCopies(17, 1L));
        assertEquals(KernReturn.KERN_INVALID_ARGUMENT, calls.create(properties, List.of(), surface));
    }

    /** Scenario G.1-15. */
    @Test
    void planeZeroOfASurfaceThatIsNotPlanarAnswersLikeThePlainGetter() {
        long surface = create(pictureProperties(), List.of());
        assertEquals(0, calls.planeCount(surface));
        assertEquals(16, calls.widthOfPlane(surface, 0));
        assertEquals(calls.baseAddress(surface), calls.baseAddressOfPlane(surface, 0));
        assertEquals(0, calls.widthOfPlane(surface, 1));
        calls.release(surface);
    }

    /** Scenario G.1-16. */
    @Test
    void rowsAndOffsetsAreAlignedAndNothingIsLimited() {
        assertEquals(64, calls.propertyAlignment(SurfaceKey.BYTES_PER_ROW));
        assertEquals(64, calls.propertyAlignment(SurfaceKey.PLANE_OFFSET));
        assertEquals(1, calls.propertyAlignment(SurfaceKey.WIDTH));
        assertEquals(0, calls.propertyMaximum(SurfaceKey.PIXEL_FORMAT));
    }

    @Test
    void aReleasedReferenceAnswersNothing() {
        long surface = create(pictureProperties(), List.of());
        calls.release(surface);
        for (long reference : new long[] {surface, 0, -1, Long.MIN_VALUE, 1L << 32 | 1_000_000}) {
            assertEquals(0, calls.id(reference));
            assertEquals(0, calls.width(reference));
            assertEquals(0, calls.height(reference));
            assertEquals(0, calls.allocSize(reference));
            assertEquals(0, calls.pixelFormat(reference));
            assertEquals(0, calls.planeCount(reference));
            assertEquals(0, calls.bytesPerRow(reference));
            assertEquals(0, calls.bytesPerElement(reference));
            assertEquals(0, calls.elementWidth(reference));
            assertEquals(0, calls.elementHeight(reference));
            assertEquals(0, calls.baseAddress(reference));
            assertEquals(0, calls.seed(reference));
            assertEquals(0, calls.useCount(reference));
            assertEquals(0, calls.bytes(reference, 0, 1).capacity());
            assertFalse(calls.isInUse(reference));
            assertEquals(KernReturn.KERN_INVALID_ARGUMENT, calls.lock(reference, 0, null));
            assertEquals(KernReturn.KERN_INVALID_ARGUMENT, calls.unlock(reference, 0, null));
            assertEquals(KernReturn.KERN_INVALID_ARGUMENT, calls.incrementUseCount(reference));
            assertEquals(KernReturn.KERN_INVALID_ARGUMENT, calls.decrementUseCount(reference));
            assertEquals(KernReturn.KERN_INVALID_ARGUMENT, calls.createMachPort(reference, new int[1]));
            assertEquals(KernReturn.KERN_INVALID_ARGUMENT, calls.setValue(reference, "x", "y"));
            assertEquals(KernReturn.KERN_INVALID_ARGUMENT, calls.copyValue(reference, "x", new Object[1]));
            assertEquals(KernReturn.KERN_INVALID_ARGUMENT, calls.removeAllValues(reference));
            assertEquals(KernReturn.KERN_INVALID_ARGUMENT, calls.createReadOnlyMachPort(reference, new int[1]));
            assertFalse(calls.isReadOnly(reference));
            assertEquals(KernReturn.KERN_INVALID_ARGUMENT, calls.setPurgeable(reference, 0, new int[1]));
            calls.release(reference);
        }
    }

    @Test
    void referencesAreNeverUsedAgain() {
        long first = create(pictureProperties(), List.of());
        calls.release(first);
        long second = create(pictureProperties(), List.of());
        assertNotEquals(first, second);
        assertEquals(0, calls.width(first));
        assertEquals(16, calls.width(second));
        calls.release(second);
    }

    @Test
    void manySurfacesLiveAtOnceWithIdsOfTheirOwn() {
        long[] surfaces = new long[500];
        for (int i = 0; i < surfaces.length; i++) {
            surfaces[i] = create(pictureProperties(), List.of());
        }
        assertEquals(
                surfaces.length,
                java.util.Arrays.stream(surfaces).map(calls::id).distinct().count());
        for (long surface : surfaces) {
            assertEquals(16, calls.width(surface));
            calls.release(surface);
        }
    }

    @Test
    void aDescriptionThatMakesNoSenseIsRefused() {
        assertRefused(Map.of(), List.of());
        assertRefused(Map.of(SurfaceKey.ALLOC_SIZE, 0L), List.of());
        assertRefused(Map.of(SurfaceKey.ALLOC_SIZE, 1L << 40), List.of());
        for (SurfaceKey key : pictureProperties().keySet()) {
            for (long value : new long[] {-1, 0, Long.MIN_VALUE, 1L << 45, Long.MAX_VALUE}) {
                Map<SurfaceKey, Long> wrong = pictureProperties();
                wrong.put(key, value);
                if (key != SurfaceKey.PIXEL_FORMAT) {
                    assertRefused(wrong, List.of());
                }
            }
        }
        for (SurfaceKey key : videoPlanes().get(1).keySet()) {
            List<Map<SurfaceKey, Long>> planes = videoPlanes();
            planes.get(1).put(key, key == SurfaceKey.PLANE_SIZE ? 1L << 20 : -1L);
            assertRefused(videoProperties(), planes);
            planes.get(1).remove(key);
            assertRefused(videoProperties(), planes);
        }
    }

    /** Scenario G.5-58. */
    @Test
    void whatIsNoSecuredMemoryIsNeverMapped() {
        assertLookUp(KernReturn.KERN_NO_ACCESS, port(HostileMemory.unsealed(1 << 20)));
        assertLookUp(KernReturn.KERN_INVALID_ADDRESS, port(HostileMemory.sealed(ControlBlock.SIZE - 1)));
        assertLookUp(KernReturn.KERN_NOT_SUPPORTED, port(HostileMemory.sealed(SharedMemory.MAX_SIZE + 4096)));
        assertLookUp(KernReturn.KERN_INVALID_CAPABILITY, port(HostileMemory.sealed(SharedMemory.MAX_SIZE)));
        assertLookUp(KernReturn.KERN_INVALID_CAPABILITY, port(HostileMemory.sealed(1 << 20)));
        int[] name = new int[1];
        for (int fd : new int[] {HostileMemory.pipe(), HostileMemory.file("/dev/zero"), HostileMemory.file("/")}) {
            assertNotEquals(KernReturn.KERN_SUCCESS, platform.insertMemory(new int[] {fd}, name));
        }
        assertNotEquals(KernReturn.KERN_SUCCESS, calls.lookupFromMachPort(0, new long[1]));
        assertNotEquals(KernReturn.KERN_SUCCESS, calls.lookupFromMachPort(12345, new long[1]));
    }

    @Test
    void aClaimThatDoesNotFitItsMemoryIsRefused() throws Exception {
        StoredLayout layout = StoredLayout.of(videoProperties(), videoPlanes());
        assertLookUp(KernReturn.KERN_SUCCESS, forged(layout, layout.memorySize()));
        assertLookUp(KernReturn.KERN_INVALID_ADDRESS, forged(layout, ControlBlock.SIZE));
        assertLookUp(KernReturn.KERN_INVALID_ADDRESS, forged(layout, layout.memorySize() - 4096));
    }

    @Test
    void aPeerThatLiesAboutASecondMemoryIsRefused() throws Exception {
        StoredLayout layout = StoredLayout.of(videoProperties(), videoPlanes()).separate();
        long size = layout.allocSize();
        assertLookUp(KernReturn.KERN_SUCCESS, forgedPair(layout, HostileMemory.unsealed(size)));
        assertLookUp(KernReturn.KERN_INVALID_ADDRESS, forgedPair(layout, HostileMemory.unsealed(size - 1)));
        assertLookUp(KernReturn.KERN_NO_ACCESS, forgedPair(layout, HostileMemory.unsealable(size)));
        for (int fd : new int[] {
            HostileMemory.pipe(),
            HostileMemory.socket(),
            HostileMemory.file("/dev/zero"),
            HostileMemory.file("/"),
            HostileMemory.file("/proc/self/exe")
        }) {
            assertLookUp(KernReturn.KERN_INVALID_CAPABILITY, forgedPair(layout, fd));
        }
        assertLookUp(KernReturn.KERN_INVALID_NAME, forged(layout, layout.memorySize()));
    }

    /** Such rows have no place in an {@code int}, which the length of a row is for whoever made no forgery. */
    @Test
    void rowsOfMoreThanTwoGibibytesAreRefused() throws Exception {
        long row = 1L << 31;
        StoredPlane plane = new StoredPlane(1, 1, 4, 1, 1, row, 0, row, 0, 0, List.of());
        StoredLayout layout = new StoredLayout(StoredLayout.SEPARATE, 0, 0, 1, 1, List.of(plane), row);
        assertLookUp(KernReturn.KERN_INVALID_VALUE, forgedPair(layout, HostileMemory.sealed(row)));
    }

    private int forgedPair(StoredLayout layout, int second) throws Exception {
        int[] fds = {0, second};
        try (SharedMemory memory = SharedMemory.create("forged", layout.memorySize());
                UseLock uses = new UseLock(memory)) {
            ControlBlock.write(memory.bytes(), layout);
            assertEquals(KernReturn.KERN_SUCCESS, uses.openUse(false, fds));
        }
        int[] name = new int[1];
        assertEquals(KernReturn.KERN_SUCCESS, platform.insertMemory(fds, name));
        return name[0];
    }

    /** Whatever stands in a control block, what is believed lies inside the memory. */
    @Test
    void noForgedControlBlockLeadsOutsideTheMemory() {
        Random random = new Random(SEED);
        StoredLayout layout = StoredLayout.of(videoProperties(), videoPlanes());
        long size = layout.memorySize() + 8192;
        int believed = 0;
        for (int i = 0; i < 20_000; i++) {
            ByteBuffer memory = ByteBuffer.allocate(ControlBlock.SIZE).order(java.nio.ByteOrder.LITTLE_ENDIAN);
            ControlBlock.write(memory, layout);
            for (int change = random.nextInt(3); change >= 0; change--) {
                corrupt(memory, random);
            }
            StoredLayout[] read = new StoredLayout[1];
            if (ControlBlock.read(memory, size, read) == KernReturn.KERN_SUCCESS) {
                believed++;
                assertInside(read[0], size - ControlBlock.SIZE);
                assertTrue(read[0].attachmentsAt() + AttachmentStore.SIZE <= size);
            }
        }
        assertTrue(believed > 100, "only " + believed + " of the forged blocks made sense");
    }

    private static void corrupt(ByteBuffer memory, Random random) {
        int at = 64 + 4 * random.nextInt(64);
        switch (random.nextInt(4)) {
            case 0 -> memory.put(at, (byte) random.nextInt());
            case 1 -> memory.putInt(at, random.nextInt());
            case 2 -> memory.putInt(at, random.nextInt(9) - 1);
            default -> memory.putLong(at, random.nextBoolean() ? Long.MAX_VALUE : 1L << random.nextInt(64));
        }
    }

    private static void assertInside(StoredLayout layout, long size) {
        assertTrue(layout.allocSize() > 0 && (layout.has(StoredLayout.SEPARATE) || layout.allocSize() <= size));
        for (StoredPlane plane : layout.planes()) {
            assertTrue(plane.offset() >= 0 && plane.size() >= 0);
            assertTrue(plane.offset() + plane.size() <= layout.allocSize());
            assertTrue(plane.width() >= 0 && plane.height() >= 0);
            if (plane.height() > 0) {
                long rows = (plane.height() + plane.elementHeight() - 1L) / plane.elementHeight();
                long end = plane.base() + plane.bytesPerRow() * rows;
                assertTrue(plane.bytesPerRow() > 0 && plane.base() >= plane.offset());
                assertTrue(end <= plane.offset() + plane.size());
            }
        }
    }

    @Test
    void lockingAndAskingAllocateNothing() {
        long surface = create(pictureProperties(), List.of());
        int[] seed = new int[1];
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long id = Thread.currentThread().getId();
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 20; round++) {
            long before = threads.getThreadAllocatedBytes(id);
            for (int i = 0; i < 1000; i++) {
                calls.lock(surface, 0, seed);
                calls.unlock(surface, 0, seed);
                calls.seed(surface);
                calls.isInUse(surface);
                calls.incrementUseCount(surface);
                calls.useCount(surface);
                calls.decrementUseCount(surface);
            }
            least = Math.min(least, threads.getThreadAllocatedBytes(id) - before);
        }
        assertTrue(least < 1000, "1000 rounds allocate " + least + " bytes");
        calls.release(surface);
    }

    @Test
    void allPlanesHavePaddingRowsBehindThem() {
        StoredLayout layout = StoredLayout.of(pictureProperties(), List.of());
        assertEquals(64 * 12, layout.paddedSize());
        assertEquals(64 * 10, layout.allocSize());
    }

    private long create(Map<SurfaceKey, Long> properties, List<Map<SurfaceKey, Long>> planes) {
        long[] surface = new long[1];
        assertEquals(KernReturn.KERN_SUCCESS, calls.create(properties, planes, surface));
        return surface[0];
    }

    private void assertRefused(Map<SurfaceKey, Long> properties, List<Map<SurfaceKey, Long>> planes) {
        assertEquals(
                KernReturn.KERN_INVALID_ARGUMENT,
                calls.create(properties, planes, new long[1]),
                () -> properties + " " + planes);
    }

    /** Makes memory that claims to be a surface. */
    private int forged(StoredLayout layout, long size) throws Exception {
        int[] fd = new int[1];
        try (SharedMemory memory = SharedMemory.create("forged", size);
                UseLock uses = new UseLock(memory)) {
            ControlBlock.write(memory.bytes(), layout);
            assertEquals(KernReturn.KERN_SUCCESS, uses.openUse(false, fd));
        }
        return port(fd[0]);
    }

    private int port(int fd) {
        int[] name = new int[1];
        assertEquals(KernReturn.KERN_SUCCESS, platform.insertMemory(new int[] {fd}, name));
        return name[0];
    }

    private void assertLookUp(int code, int port) {
        long[] surface = new long[1];
        assertEquals(code, calls.lookupFromMachPort(port, surface));
        calls.release(surface[0]);
        assertEquals(KernReturn.KERN_SUCCESS, platform.mach().deallocate(port));
    }

    private static Map<SurfaceKey, Long> pictureProperties() {
        Map<SurfaceKey, Long> values = new EnumMap<>(SurfaceKey.class);
        values.put(SurfaceKey.WIDTH, 16L);
        values.put(SurfaceKey.HEIGHT, 10L);
        values.put(SurfaceKey.BYTES_PER_ELEMENT, 4L);
        values.put(SurfaceKey.ELEMENT_WIDTH, 1L);
        values.put(SurfaceKey.ELEMENT_HEIGHT, 1L);
        values.put(SurfaceKey.BYTES_PER_ROW, 64L);
        values.put(SurfaceKey.ALLOC_SIZE, 640L);
        values.put(SurfaceKey.PIXEL_FORMAT, 1111970369L);
        return values;
    }

    private static Map<SurfaceKey, Long> videoProperties() {
        Map<SurfaceKey, Long> values = new EnumMap<>(SurfaceKey.class);
        values.put(SurfaceKey.WIDTH, 64L);
        values.put(SurfaceKey.HEIGHT, 32L);
        values.put(SurfaceKey.ALLOC_SIZE, 3072L);
        values.put(SurfaceKey.PIXEL_FORMAT, 875704438L);
        return values;
    }

    private static List<Map<SurfaceKey, Long>> videoPlanes() {
        return List.of(plane(64, 32, 1, 0, 2048), plane(32, 16, 2, 2048, 1024));
    }

    private static Map<SurfaceKey, Long> plane(long width, long height, long bytes, long offset, long size) {
        Map<SurfaceKey, Long> values = new EnumMap<>(SurfaceKey.class);
        values.put(SurfaceKey.PLANE_WIDTH, width);
        values.put(SurfaceKey.PLANE_HEIGHT, height);
        values.put(SurfaceKey.PLANE_BYTES_PER_ELEMENT, bytes);
        values.put(SurfaceKey.PLANE_ELEMENT_WIDTH, 1L);
        values.put(SurfaceKey.PLANE_ELEMENT_HEIGHT, 1L);
        values.put(SurfaceKey.PLANE_BYTES_PER_ROW, 64L);
        values.put(SurfaceKey.PLANE_OFFSET, offset);
        values.put(SurfaceKey.PLANE_SIZE, size);
        return values;
    }
}
