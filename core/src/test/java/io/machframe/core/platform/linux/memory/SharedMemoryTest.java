/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;
import io.machframe.core.platform.MessageBuffer;
import io.machframe.core.platform.linux.libc.LibC;
import io.machframe.core.platform.linux.libc.NativeMemory;
import io.machframe.core.testing.ProcessResources;
import io.machframe.core.testing.RightsLedger;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(value = OS.LINUX, disabledReason = "memfds are Linux")
@Timeout(120)
@ExtendWith(RightsLedger.class)
final class SharedMemoryTest {
    private static final int MFD_HUGETLB = 0x4;

    @Test
    void freshMemoryIsZeroWholePagesAllocatedAndSealed() throws Exception {
        try (SharedMemory memory = SharedMemory.create("test", 5000)) {
            assertEquals(8192, memory.size());
            for (int i = 0; i < memory.size(); i++) {
                assertEquals(0, memory.bytes().get(i));
            }
            int seals = LibC.fcntl(memory.descriptor(), LibC.F_GET_SEALS, 0);
            assertEquals(LibC.F_SEAL_SHRINK | LibC.F_SEAL_GROW, seals & 0x7);
            assertEquals(-1, LibC.ftruncate(memory.descriptor(), 0));
            assertEquals(-1, LibC.ftruncate(memory.descriptor(), 1 << 20));
            assertEquals(8192, MemoryFile.allocated(memory.descriptor()));
        }
    }

    @Test
    void whatOneMappingWritesTheOtherReads() throws Exception {
        try (SharedMemory memory = SharedMemory.create("test", 4096);
                SharedMemory same = adopt(memory)) {
            memory.bytes().putInt(100, 42);
            assertEquals(42, same.bytes().getInt(100));
            same.bytes().putInt(100, 43);
            assertEquals(43, memory.bytes().getInt(100));
        }
    }

    @Test
    void allDescriptorsOfOneMemoryHaveItsIdentityAndNoOther() throws Exception {
        try (SharedMemory memory = SharedMemory.create("test", 4096);
                SharedMemory same = adopt(memory);
                SharedMemory other = SharedMemory.create("test", 4096)) {
            assertEquals(memory.identity(), same.identity());
            assertNotEquals(memory.identity(), other.identity());
        }
    }

    @Test
    void sizesOutOfRangeAreRefused() {
        for (long size : new long[] {0, -1, Long.MIN_VALUE, SharedMemory.MAX_SIZE, Long.MAX_VALUE}) {
            MachException e = assertThrows(MachException.class, () -> SharedMemory.create("test", size));
            assertEquals(KernReturn.KERN_NO_SPACE, e.reason().code());
            assertTrue(e.toString().contains(Long.toString(size)), e::toString);
        }
    }

    @Test
    void whatIsNoMemfdIsRefusedAndClosed(@TempDir Path folder) throws Exception {
        MessageBuffer pair = NativeMemory.allocate(8);
        assertEquals(0, LibC.pipe2(pair.address(), LibC.O_NONBLOCK));
        assertRefused(KernReturn.KERN_INVALID_CAPABILITY, pair.bytes().getInt(0));
        assertRefused(KernReturn.KERN_INVALID_CAPABILITY, pair.bytes().getInt(4));
        assertEquals(0, LibC.socketpair(LibC.AF_UNIX, LibC.SOCK_SEQPACKET, 0, pair.address()));
        assertRefused(KernReturn.KERN_INVALID_CAPABILITY, pair.bytes().getInt(0));
        LibC.close(pair.bytes().getInt(4));
        assertRefused(KernReturn.KERN_INVALID_CAPABILITY, LibC.eventfd(0, 0));
        assertRefused(KernReturn.KERN_INVALID_CAPABILITY, LibC.open("/dev/zero", LibC.O_RDWR, 0));
        assertRefused(KernReturn.KERN_INVALID_CAPABILITY, LibC.open("/proc/self/mem", LibC.O_RDONLY, 0));
        assertRefused(KernReturn.KERN_INVALID_CAPABILITY, LibC.open("/", LibC.O_RDONLY | LibC.O_DIRECTORY, 0));
        assertRefused(KernReturn.KERN_INVALID_CAPABILITY, LibC.open("/", LibC.O_PATH, 0));
        String file = Files.write(folder.resolve("file"), new byte[8192]).toString();
        assertRefused(KernReturn.KERN_INVALID_CAPABILITY, LibC.open(file, LibC.O_RDONLY, 0));
        assertRefused(KernReturn.KERN_INVALID_CAPABILITY, LibC.open(file, LibC.O_RDWR, 0));
    }

    @Test
    void aDescriptorThatIsNotOpenIsRefused() {
        MachException e = assertThrows(MachException.class, () -> SharedMemory.adopt(-1, 1));
        assertEquals(KernReturn.KERN_INVALID_CAPABILITY, e.reason().code());
    }

    @Test
    void memoryThatAPeerCouldResizeIsRefused() {
        assertRefused(KernReturn.KERN_NO_ACCESS, HostileMemory.unsealed(8192));
        assertRefused(KernReturn.KERN_NO_ACCESS, HostileMemory.memfd(8192, LibC.F_SEAL_SHRINK));
        assertRefused(KernReturn.KERN_NO_ACCESS, HostileMemory.memfd(8192, LibC.F_SEAL_GROW));
        assertRefused(KernReturn.KERN_NO_ACCESS, HostileMemory.memfd(8192, LibC.F_SEAL_SEAL));
    }

    @Test
    void memoryOfAnUnfitSizeIsRefused() {
        int seals = LibC.F_SEAL_SHRINK | LibC.F_SEAL_GROW;
        assertRefused(KernReturn.KERN_INVALID_ADDRESS, HostileMemory.memfd(0, seals));
        assertRefused(KernReturn.KERN_INVALID_ADDRESS, HostileMemory.memfd(4095, seals));
        assertRefused(KernReturn.KERN_NOT_SUPPORTED, HostileMemory.memfd(SharedMemory.MAX_SIZE + 1, seals));
        assertRefused(KernReturn.KERN_NOT_SUPPORTED, HostileMemory.memfd(1L << 50, seals));
    }

    @Test
    void memoryOfHugePagesIsRefusedBecauseItCannotBeUnmappedSafely() {
        int fd = LibC.memfd_create("huge", LibC.MFD_ALLOW_SEALING | MFD_HUGETLB);
        assertNotEquals(-1, fd);
        LibC.ftruncate(fd, 1 << 21);
        LibC.fcntl(fd, LibC.F_ADD_SEALS, LibC.F_SEAL_SHRINK | LibC.F_SEAL_GROW);
        assertRefused(KernReturn.KERN_INVALID_CAPABILITY, fd);
    }

    @Test
    void aSizeThatEndsInsideAPageCanBeUsedToItsLastByte() throws Exception {
        int fd = HostileMemory.memfd(5000, LibC.F_SEAL_SHRINK | LibC.F_SEAL_GROW);
        try (SharedMemory memory = SharedMemory.adopt(fd, 4096)) {
            assertEquals(5000, memory.size());
            memory.bytes().put(4999, (byte) 1);
        }
    }

    @Test
    void memoryThatTheMachineDoesNotHaveIsRefusedBeforeTheKernelLooksForIt() {
        MachException e =
                assertThrows(MachException.class, () -> SharedMemory.create("test", SharedMemory.MAX_SIZE / 2));
        assertEquals(KernReturn.KERN_RESOURCE_SHORTAGE, e.reason().code());
    }

    /** Sparse, so that only the pages touched are there. */
    @Test
    void memoryLargerThanABufferIsShownInWindows() throws Exception {
        long size = (5L << 30) + 100;
        int fd = HostileMemory.sealed(size);
        ByteBuffer late;
        try (SharedMemory memory = SharedMemory.adopt(LibC.fcntl(fd, LibC.F_DUPFD_CLOEXEC, 0), 4096)) {
            assertEquals(size, memory.size());
            assertEquals(Integer.MAX_VALUE, memory.bytes().capacity());
            late = memory.window(size - 8, 8);
            late.putLong(0, 42);
            try (SharedMemory same = adopt(memory)) {
                assertEquals(42, same.window(size - 16, 16).getLong(8));
            }
            memory.window(Integer.MAX_VALUE - 4L, 8).putLong(0, 7);
            assertEquals(7, memory.bytes().get(Integer.MAX_VALUE - 4));
            assertThrows(IndexOutOfBoundsException.class, () -> memory.window(size - 7, 8));
            assertThrows(IndexOutOfBoundsException.class, () -> memory.window(-1, 8));
        }
        assertEquals(0, late.getLong(0));
        late.putLong(0, 1);
        LibC.close(fd);
    }

    @Test
    void windowsKeepTheAddressesUntilTheyAreCollected() throws Exception {
        long before = ProcessResources.addressSpace();
        for (int i = 0; i < 200; i++) {
            try (SharedMemory memory = SharedMemory.adopt(HostileMemory.sealed(4L << 30), 4096)) {
                memory.window(3L << 30, 4096).put(0, (byte) 1);
            }
        }
        long allowed = before + (1 << 20);
        assertTrue(ProcessResources.collectUntil(ProcessResources::addressSpace, allowed) <= allowed);
    }

    @Test
    void buffersThatOutliveTheMemoryShowZerosAndReachNobody() throws Exception {
        SharedMemory memory = SharedMemory.create("test", 8192);
        try (SharedMemory same = adopt(memory)) {
            ByteBuffer slice = memory.bytes().slice(4096, 4096);
            IntBuffer view = slice.asIntBuffer();
            slice.put(0, (byte) 7);
            memory.close();
            assertEquals(0, slice.get(0));
            assertEquals(0, view.get(0));
            view.put(0, -1);
            assertEquals(7, same.bytes().get(4096));
        }
        memory.close();
    }

    @Test
    void memoryMayBeClosedUnderAThreadThatUsesItsBuffers() throws Exception {
        for (int round = 0; round < 50; round++) {
            SharedMemory memory = SharedMemory.create("test", 1 << 20);
            ByteBuffer bytes = memory.bytes();
            AtomicBoolean stop = new AtomicBoolean();
            Thread user = new Thread(() -> {
                while (!stop.get()) {
                    for (int i = 0; i < bytes.capacity(); i += 512) {
                        bytes.put(i, (byte) (bytes.get(i) + 1));
                    }
                }
            });
            user.start();
            Thread.sleep(1);
            memory.close();
            Thread.sleep(1);
            stop.set(true);
            user.join();
        }
    }

    @Test
    void tenThousandCyclesLeaveNoDescriptorMappingOrAddress() throws Exception {
        long descriptors = ProcessResources.descriptors("memfd:cycle");
        long addresses = ProcessResources.addressSpace();
        for (int i = 0; i < 10_000; i++) {
            try (SharedMemory memory = SharedMemory.create("cycle", 1 << 20)) {
                memory.bytes().put(i, (byte) 1);
            }
        }
        assertEquals(descriptors, ProcessResources.descriptors("memfd:cycle"));
        assertEquals(0, ProcessResources.mappings("memfd:cycle"));
        // 10,000 MiB were reserved; other threads of the JVM may have taken some stacks and arenas meanwhile.
        long allowed = addresses + (1 << 20);
        assertTrue(ProcessResources.collectUntil(ProcessResources::addressSpace, allowed) <= allowed);
    }

    @Test
    void aForgottenMappingGoesWithTheLastBufferOverIt() throws Exception {
        SharedMemory memory = SharedMemory.create("forgotten", 4096);
        int fd = memory.descriptor();
        ByteBuffer slice = memory.bytes().slice(0, 16);
        memory = null;
        System.gc();
        assertEquals(1, ProcessResources.mappings("memfd:forgotten"));
        slice.put(0, (byte) 1);
        slice = null;
        assertEquals(0, ProcessResources.collectUntil(() -> ProcessResources.mappings("memfd:forgotten"), 0));
        LibC.close(fd); // the descriptor is its owner's to close
    }

    private static SharedMemory adopt(SharedMemory memory) throws IOException {
        return SharedMemory.adopt(LibC.fcntl(memory.descriptor(), LibC.F_DUPFD_CLOEXEC, 0), 4096);
    }

    private static void assertRefused(int code, int fd) {
        assertNotEquals(-1, fd, "the test could not open its descriptor");
        MachException e = assertThrows(MachException.class, () -> SharedMemory.adopt(fd, 4096));
        assertEquals(code, e.reason().code(), e::toString);
        assertEquals(-1, LibC.fcntl(fd, LibC.F_GETFL, 0), "the refused descriptor is still open");
    }
}
