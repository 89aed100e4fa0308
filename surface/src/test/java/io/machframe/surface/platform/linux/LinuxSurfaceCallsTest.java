/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.platform.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.error.KernReturn;
import io.machframe.core.platform.linux.LinuxPlatform;
import io.machframe.core.platform.linux.memory.HostileMemory;
import io.machframe.core.platform.linux.memory.SharedMemory;
import io.machframe.core.platform.linux.memory.UseLock;
import io.machframe.core.testing.ProcessResources;
import io.machframe.surface.error.SurfaceException;
import io.machframe.surface.format.Component;
import io.machframe.surface.format.ComponentName;
import io.machframe.surface.format.ComponentRange;
import io.machframe.surface.format.ComponentType;
import io.machframe.surface.format.PixelFormat;
import io.machframe.surface.format.Subsampling;
import io.machframe.surface.layout.Plane;
import io.machframe.surface.layout.SurfaceLayout;
import io.machframe.surface.layout.SurfaceProperties;
import io.machframe.surface.platform.SurfaceCalls;
import io.machframe.surface.property.PurgeState;
import io.machframe.surface.property.SurfaceKey;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.function.Executable;

@EnabledOnOs(value = OS.LINUX, disabledReason = "memfds are Linux")
final class LinuxSurfaceCallsTest {
    private static final long SEED = 20250103;

    private static final SurfaceLayout PICTURE = new SurfaceLayout(
            PixelFormat.BGRA,
            Subsampling.NONE,
            16,
            10,
            false,
            List.of(new Plane(16, 10, 4, 1, 1, 64, 0, 640)),
            List.of(List.of()),
            640);

    private static final SurfaceLayout VIDEO = new SurfaceLayout(
            PixelFormat.NV12_VIDEO,
            Subsampling.YUV_420,
            64,
            32,
            true,
            List.of(new Plane(64, 32, 1, 1, 1, 64, 0, 2048), new Plane(32, 16, 2, 1, 1, 64, 2048, 1024)),
            List.of(List.of(), List.of()),
            3072);

    private static final SurfaceLayout MEMORY = new SurfaceLayout(
            PixelFormat.NONE,
            Subsampling.UNKNOWN,
            0,
            0,
            false,
            List.of(new Plane(0, 0, 1, 1, 1, 0, 0, 100)),
            List.of(List.of()),
            100);

    /** A header, bits that are no bytes, room behind, and components. */
    private static final SurfaceLayout UNUSUAL = new SurfaceLayout(
            PixelFormat.of("what"),
            Subsampling.YUV_411,
            7,
            5,
            true,
            List.of(new Plane(7, 5, 2, 1, 1, 64, 128, 512, 128, 10)),
            List.of(List.of(
                    new Component(ComponentName.LUMA, ComponentType.FLOAT, ComponentRange.WIDE, 4, 0),
                    new Component(ComponentName.ALPHA, ComponentType.UNSIGNED_INTEGER, ComponentRange.FULL, 6, 4))),
            1000);

    private final LinuxPlatform platform = new LinuxPlatform();
    private final SurfaceCalls calls = new LinuxSurfaceCalls(platform);

    @AfterEach
    void nothingIsLeft() {
        assertEquals(0, ProcessResources.descriptors("memfd:"));
        assertEquals(0, ProcessResources.mappings("memfd:"));
    }

    @Test
    void aLayoutIsKeptWhole() throws Exception {
        for (SurfaceLayout layout : List.of(PICTURE, VIDEO, MEMORY, UNUSUAL)) {
            long made = create(layout);
            int port = calls.createMachPort(made);
            long found = calls.lookupFromMachPort(port);
            assertEquals(layout, calls.layout(made));
            assertEquals(layout, calls.layout(found));
            calls.release(made);
            calls.release(found);
            assertEquals(KernReturn.KERN_SUCCESS, platform.mach().deallocate(port));
        }
    }

    /** What a peer wrote is read back from the memory, not from what this process remembers. */
    @Test
    void aLayoutGoesThroughTheMemoryUnchanged() throws Exception {
        for (SurfaceLayout layout : List.of(PICTURE, VIDEO, MEMORY, UNUSUAL)) {
            for (boolean separate : new boolean[] {false, true}) {
                SurfaceDescription description = describe(layout, separate);
                ByteBuffer memory = ByteBuffer.allocate(ControlBlock.SIZE).order(ByteOrder.LITTLE_ENDIAN);
                ControlBlock.write(memory, description);
                assertEquals(description, ControlBlock.read(memory, description.memorySize()));
            }
        }
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
    void aReleasedReferenceIsRefused() throws Exception {
        long surface = create(PICTURE);
        calls.release(surface);
        for (long reference : new long[] {surface, 0, -1, Long.MIN_VALUE, 1L << 32 | 1_000_000}) {
            for (Executable call : List.<Executable>of(
                    () -> calls.id(reference),
                    () -> calls.layout(reference),
                    () -> calls.baseAddress(reference),
                    () -> calls.seed(reference),
                    () -> calls.useCount(reference),
                    () -> calls.bytes(reference, 0, 1),
                    () -> calls.isInUse(reference),
                    () -> calls.lock(reference, 0),
                    () -> calls.unlock(reference, 0),
                    () -> calls.incrementUseCount(reference),
                    () -> calls.decrementUseCount(reference),
                    () -> calls.createMachPort(reference),
                    () -> calls.setValue(reference, "x", "y"),
                    () -> calls.copyValue(reference, "x"),
                    () -> calls.removeAllValues(reference),
                    () -> calls.memorySharing().createReadOnlyMachPort(reference),
                    () -> calls.memorySharing().isReadOnly(reference),
                    () -> calls.memorySharing().export(reference, false),
                    () -> calls.setPurgeable(reference, PurgeState.NON_VOLATILE))) {
                assertThrows(IllegalArgumentException.class, call);
            }
            calls.release(reference);
        }
    }

    @Test
    void referencesAreNeverUsedAgain() throws Exception {
        long first = create(PICTURE);
        calls.release(first);
        long second = create(VIDEO);
        assertNotEquals(first, second);
        assertThrows(IllegalArgumentException.class, () -> calls.layout(first));
        assertEquals(VIDEO, calls.layout(second));
        calls.release(second);
    }

    @Test
    void manySurfacesLiveAtOnceWithIdsOfTheirOwn() throws Exception {
        long[] surfaces = new long[500];
        for (int i = 0; i < surfaces.length; i++) {
            surfaces[i] = create(PICTURE);
        }
        assertEquals(
                surfaces.length,
                java.util.Arrays.stream(surfaces).map(calls::id).distinct().count());
        for (long surface : surfaces) {
            assertEquals(PICTURE, calls.layout(surface));
            calls.release(surface);
        }
    }

    @Test
    void aLayoutBeyondTheLargestMemoryIsRefused() {
        SurfaceLayout large = new SurfaceLayout(
                PixelFormat.NONE,
                Subsampling.UNKNOWN,
                0,
                0,
                false,
                List.of(new Plane(0, 0, 1, 1, 1, 0, 0, 1L << 40)),
                List.of(List.of()),
                1L << 40);
        SurfaceException e = assertThrows(SurfaceException.class, () -> create(large));
        assertEquals(KernReturn.KERN_INVALID_ARGUMENT, e.reason().code());
        assertTrue(e.getMessage().contains("a surface has 1099511627776 bytes, at most"), e::toString);
    }

    /** Scenario G.5-58. */
    @Test
    void whatIsNoSecuredMemoryIsNeverMapped() {
        assertLookUp(KernReturn.KERN_NO_ACCESS, port(HostileMemory.unsealed(1 << 20)));
        assertLookUp(KernReturn.KERN_INVALID_ADDRESS, port(HostileMemory.sealed(ControlBlock.SIZE - 1)));
        assertLookUp(KernReturn.KERN_NOT_SUPPORTED, port(HostileMemory.sealed(SharedMemory.MAX_SIZE + 4096)));
        // Nothing but holes, for which there is no memory. Issue 11, A4
        assertLookUp(KernReturn.KERN_RESOURCE_SHORTAGE, port(HostileMemory.sealed(SharedMemory.MAX_SIZE)));
        assertLookUp(KernReturn.KERN_INVALID_CAPABILITY, port(HostileMemory.sealed(1 << 20)));
        int[] name = new int[1];
        for (int fd : new int[] {HostileMemory.pipe(), HostileMemory.file("/dev/zero"), HostileMemory.file("/")}) {
            assertNotEquals(KernReturn.KERN_SUCCESS, platform.memoryPorts().insert(new int[] {fd}, name));
        }
        assertThrows(SurfaceException.class, () -> calls.lookupFromMachPort(0));
        assertThrows(SurfaceException.class, () -> calls.lookupFromMachPort(12345));
    }

    @Test
    void aClaimThatDoesNotFitItsMemoryIsRefused() throws Exception {
        SurfaceDescription layout = describe(VIDEO, false);
        assertLookUp(KernReturn.KERN_SUCCESS, forged(layout, layout.memorySize()));
        assertLookUp(KernReturn.KERN_INVALID_ADDRESS, forged(layout, ControlBlock.SIZE));
        assertLookUp(KernReturn.KERN_INVALID_ADDRESS, forged(layout, layout.memorySize() - 4096));
    }

    @Test
    void aPeerThatLiesAboutASecondMemoryIsRefused() throws Exception {
        SurfaceDescription layout = describe(VIDEO, true);
        long size = VIDEO.allocSize();
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

    /** Such rows have no place in an {@code int}, as the length of a row is. */
    @Test
    void rowsOfMoreThanTwoGibibytesAreRefused() {
        ByteBuffer memory = ByteBuffer.allocate(ControlBlock.SIZE).order(ByteOrder.LITTLE_ENDIAN);
        long row = 1L << 31;
        ControlBlock.write(memory, new SurfaceDescription(VIDEO, SurfaceDescription.SEPARATE));
        memory.putLong(80, 4 * row).putLong(192 + 24, row).putLong(192 + 40, row);
        SurfaceException e = assertThrows(SurfaceException.class, () -> ControlBlock.read(memory, 1L << 40));
        assertEquals(KernReturn.KERN_INVALID_VALUE, e.reason().code());
    }

    private int forgedPair(SurfaceDescription layout, int second) throws Exception {
        int[] fds = {0, second};
        try (SharedMemory memory = SharedMemory.create("forged", layout.memorySize());
                UseLock uses = new UseLock(memory)) {
            ControlBlock.write(memory.bytes(), layout);
            assertEquals(KernReturn.KERN_SUCCESS, uses.openUse(false, fds));
        }
        int[] name = new int[1];
        assertEquals(KernReturn.KERN_SUCCESS, platform.memoryPorts().insert(fds, name));
        return name[0];
    }

    /** Whatever stands in a control block, what is believed lies inside the memory. */
    @Test
    void noForgedControlBlockLeadsOutsideTheMemory() throws Exception {
        Random random = new Random(SEED);
        SurfaceDescription layout = describe(VIDEO, false);
        long size = layout.memorySize() + 8192;
        int believed = 0;
        for (int i = 0; i < 20_000; i++) {
            ByteBuffer memory = ByteBuffer.allocate(ControlBlock.SIZE).order(ByteOrder.LITTLE_ENDIAN);
            ControlBlock.write(memory, layout);
            for (int change = random.nextInt(3); change >= 0; change--) {
                corrupt(memory, random);
            }
            SurfaceDescription read;
            try {
                read = ControlBlock.read(memory, size);
            } catch (SurfaceException refused) {
                continue;
            }
            believed++;
            assertInside(read, size - ControlBlock.SIZE);
            assertTrue(read.attachmentsAt() + AttachmentStore.SIZE <= size);
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

    private static void assertInside(SurfaceDescription description, long size) {
        SurfaceLayout layout = description.layout();
        boolean separate = description.has(SurfaceDescription.SEPARATE);
        assertTrue(layout.allocSize() > 0 && (separate || layout.allocSize() <= size));
        for (Plane plane : layout.planes()) {
            assertTrue(plane.offset() >= 0 && plane.size() >= 0 && plane.header() >= 0);
            assertTrue(plane.start() >= 0 && plane.offset() + plane.size() <= layout.allocSize());
            assertTrue(plane.width() >= 0 && plane.height() >= 0);
            if (plane.height() > 0) {
                long rows = (plane.height() + plane.elementHeight() - 1L) / plane.elementHeight();
                assertTrue(plane.bytesPerRow() > 0 && plane.bytesPerRow() * rows <= plane.size());
            }
        }
    }

    @Test
    void lockingAndAskingAllocateNothing() throws Exception {
        long surface = create(PICTURE);
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long id = Thread.currentThread().getId();
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 20; round++) {
            long before = threads.getThreadAllocatedBytes(id);
            for (int i = 0; i < 1000; i++) {
                calls.lock(surface, 0);
                calls.unlock(surface, 0);
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
    void allPlanesHavePaddingRowsBehindThem() throws Exception {
        SurfaceLayout layout = new SurfaceLayout(
                PixelFormat.BGRA,
                Subsampling.NONE,
                1024,
                13,
                false,
                List.of(new Plane(1024, 13, 4, 1, 1, 4096, 0, 4096 * 13)),
                List.of(List.of()),
                4096 * 13);
        assertEquals(ControlBlock.SIZE + 4096 * 16, describe(layout, false).attachmentsAt());
    }

    private long create(SurfaceLayout layout) throws SurfaceException {
        return calls.create(layout, SurfaceProperties.unspecified());
    }

    private static SurfaceDescription describe(SurfaceLayout layout, boolean separate) throws SurfaceException {
        return SurfaceDescription.of(layout, SurfaceProperties.unspecified(), separate);
    }

    /** Makes memory that claims to be a surface. */
    private int forged(SurfaceDescription layout, long size) throws Exception {
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
        assertEquals(KernReturn.KERN_SUCCESS, platform.memoryPorts().insert(new int[] {fd}, name));
        return name[0];
    }

    private void assertLookUp(int code, int port) {
        int answer = KernReturn.KERN_SUCCESS;
        try {
            calls.release(calls.lookupFromMachPort(port));
        } catch (SurfaceException e) {
            answer = e.reason().code();
        }
        assertEquals(code, answer);
        assertEquals(KernReturn.KERN_SUCCESS, platform.mach().deallocate(port));
    }
}
