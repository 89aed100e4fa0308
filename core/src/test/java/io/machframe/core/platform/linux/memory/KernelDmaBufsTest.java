/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;
import io.machframe.core.platform.DmaBufCalls;
import io.machframe.core.platform.linux.libc.LibC;
import io.machframe.core.platform.linux.libc.NativeMemory;
import io.machframe.core.testing.ProcessResources;
import io.machframe.core.testing.RequiresCapability;
import io.machframe.core.testing.TestCapability;
import io.machframe.core.testing.abi.CCompiler;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The calls for dma-bufs, up to the kernel; and into it on a machine that has the devices. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "dma-bufs are Linux")
final class KernelDmaBufsTest {
    /** Stands for a device: a file that can be opened. */
    private static final String DEVICE = "/dev/null";

    private static final String MISSING = "/dev/machframe-has-no-such-device";

    private static final int F_GETFD = 1;
    private static final int FD_CLOEXEC = 1;

    private final List<Long> requests = new ArrayList<>();
    private byte[] argument = new byte[0];

    /** Answers as a kernel does that finds the request good; {@code size} is how much of the argument is kept. */
    private KernelDmaBufs.Ioctl kernel(int size, int answer) {
        return (fd, request, address) -> {
            requests.add(request);
            argument = new byte[size];
            NativeMemory.view(address, size).get(0, argument);
            return answer;
        };
    }

    private ByteBuffer argument() {
        return ByteBuffer.wrap(argument).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Test
    void numbersAndStructuresAreThoseOfTheHeaders(@TempDir Path folder) throws Exception {
        Assumptions.assumeTrue(
                Files.exists(Path.of("/usr/include/linux/udmabuf.h")), "KERNEL_HEADERS: there are none for dma-bufs");
        String program =
                """
                #include <stddef.h>
                #include <stdio.h>
                #include <linux/dma-buf.h>
                #include <linux/dma-heap.h>
                #include <linux/udmabuf.h>
                int main(void) {
                    printf("%lx %lx %lx\\n", (long) DMA_BUF_IOCTL_SYNC, (long) DMA_HEAP_IOCTL_ALLOC, (long) UDMABUF_CREATE);
                    printf("%zu %d %d %d %d\\n", sizeof(struct dma_buf_sync), DMA_BUF_SYNC_READ, DMA_BUF_SYNC_WRITE,
                        DMA_BUF_SYNC_START, DMA_BUF_SYNC_END);
                    printf("%zu %zu %zu %zu\\n", sizeof(struct dma_heap_allocation_data),
                        offsetof(struct dma_heap_allocation_data, len), offsetof(struct dma_heap_allocation_data, fd),
                        offsetof(struct dma_heap_allocation_data, fd_flags));
                    printf("%zu %zu %zu %zu %zu %d\\n", sizeof(struct udmabuf_create),
                        offsetof(struct udmabuf_create, memfd), offsetof(struct udmabuf_create, flags),
                        offsetof(struct udmabuf_create, offset), offsetof(struct udmabuf_create, size),
                        UDMABUF_FLAGS_CLOEXEC);
                    return 0;
                }
                """;
        String expected = String.format(
                "%x %x %x%n%d %d %d %d %d%n%d %d %d %d%n%d %d %d %d %d %d%n",
                KernelDmaBufs.DMA_BUF_IOCTL_SYNC,
                KernelDmaBufs.DMA_HEAP_IOCTL_ALLOC,
                KernelDmaBufs.UDMABUF_CREATE,
                KernelDmaBufs.SYNC_SIZE_OF,
                DmaBufCalls.SYNC_READ,
                DmaBufCalls.SYNC_WRITE,
                DmaBufCalls.SYNC_START,
                DmaBufCalls.SYNC_END,
                KernelDmaBufs.ALLOCATION_SIZE_OF,
                KernelDmaBufs.ALLOCATION_LENGTH,
                KernelDmaBufs.ALLOCATION_FD,
                KernelDmaBufs.ALLOCATION_FD_FLAGS,
                KernelDmaBufs.UDMABUF_SIZE_OF,
                KernelDmaBufs.UDMABUF_MEMFD,
                KernelDmaBufs.UDMABUF_FLAGS,
                KernelDmaBufs.UDMABUF_OFFSET,
                KernelDmaBufs.UDMABUF_SIZE,
                KernelDmaBufs.UDMABUF_FLAGS_CLOEXEC);
        assertEquals(expected, output(folder, program));
    }

    private static String output(Path folder, String program) throws Exception {
        Path source = Files.writeString(folder.resolve("numbers.c"), program);
        Path binary = folder.resolve("numbers");
        CCompiler.orSkip().compileProgram(source, binary);
        Process process = new ProcessBuilder(binary.toString()).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor());
        return output;
    }

    @Test
    void syncPassesItsFlags() {
        KernelDmaBufs calls = new KernelDmaBufs(kernel(KernelDmaBufs.SYNC_SIZE_OF, 0), DEVICE, DEVICE);
        assertEquals(KernReturn.KERN_SUCCESS, calls.sync(7, DmaBufCalls.SYNC_END | DmaBufCalls.SYNC_WRITE));
        assertEquals(List.of(KernelDmaBufs.DMA_BUF_IOCTL_SYNC), requests);
        assertEquals(6, argument().getLong(0));
    }

    @Test
    void theHeapIsAskedForWholePagesAndADescriptorThatOneProcessHas() {
        KernelDmaBufs.Ioctl kernel = kernel(KernelDmaBufs.ALLOCATION_SIZE_OF, 0);
        KernelDmaBufs calls = new KernelDmaBufs(
                (fd, request, address) -> {
                    int answer = kernel.call(fd, request, address);
                    NativeMemory.view(address, KernelDmaBufs.ALLOCATION_SIZE_OF)
                            .putInt(KernelDmaBufs.ALLOCATION_FD, 77);
                    return answer;
                },
                DEVICE,
                MISSING);
        int[] fd = new int[1];
        assertEquals(KernReturn.KERN_SUCCESS, calls.allocate(5000, fd));
        assertEquals(77, fd[0]);
        assertEquals(List.of(KernelDmaBufs.DMA_HEAP_IOCTL_ALLOC), requests);
        assertEquals(SharedMemory.pages(5000), argument().getLong(KernelDmaBufs.ALLOCATION_LENGTH));
        assertEquals(LibC.O_RDWR | LibC.O_CLOEXEC, argument().getInt(KernelDmaBufs.ALLOCATION_FD_FLAGS));
    }

    /** Issue 15, A4: the heap itself gives until the system kills. */
    @Test
    void theHeapIsNotAskedForMoreThanTheMachineHas() {
        KernelDmaBufs calls = new KernelDmaBufs(kernel(KernelDmaBufs.ALLOCATION_SIZE_OF, 0), DEVICE, MISSING);
        assertEquals(KernReturn.KERN_RESOURCE_SHORTAGE, calls.allocate(SharedMemory.MAX_SIZE, new int[1]));
        assertEquals(List.of(), requests);
    }

    @Test
    void withoutAHeapMemoryIsMadeAndTurnedIntoADmaBuf() {
        KernelDmaBufs calls = new KernelDmaBufs(kernel(KernelDmaBufs.UDMABUF_SIZE_OF, 88), MISSING, DEVICE);
        int[] fd = new int[1];
        assertTrue(calls.canAllocate());
        assertEquals(KernReturn.KERN_SUCCESS, calls.allocate(5000, fd));
        assertEquals(88, fd[0]);
        assertEquals(List.of(KernelDmaBufs.UDMABUF_CREATE), requests);
        assertEquals(KernelDmaBufs.UDMABUF_FLAGS_CLOEXEC, argument().getInt(KernelDmaBufs.UDMABUF_FLAGS));
        assertEquals(0, argument().getLong(KernelDmaBufs.UDMABUF_OFFSET));
        assertEquals(SharedMemory.pages(5000), argument().getLong(KernelDmaBufs.UDMABUF_SIZE));
    }

    @Test
    void withoutDevicesThereIsNothing() {
        KernelDmaBufs calls = new KernelDmaBufs(kernel(1, 0), MISSING, MISSING);
        assertFalse(calls.canAllocate());
        assertEquals(KernReturn.KERN_NOT_SUPPORTED, calls.allocate(4096, new int[1]));
        int memory = HostileMemory.sealed(4096);
        assertEquals(KernReturn.KERN_NOT_SUPPORTED, calls.ofMemory(memory, 4096, new int[1]));
        assertEquals(List.of(), requests);
        assertFalse(calls.isDmaBuf(memory));
        LibC.close(memory);
    }

    /** The kernel has one answer for all of this, and takes some of it: memory that must not be written. */
    @Test
    void memoryThatMakesNoDmaBufIsRefusedWithItsReason() {
        int memory = HostileMemory.sealed(8192);
        assertRefused(KernReturn.KERN_INVALID_CAPABILITY, HostileMemory.pipe(), 4096);
        assertRefused(KernReturn.KERN_INVALID_CAPABILITY, HostileMemory.file("/dev/zero"), 4096);
        assertRefused(KernReturn.KERN_NO_ACCESS, HostileMemory.unsealed(8192), 4096);
        assertRefused(KernReturn.KERN_PROTECTION_FAILURE, HostileMemory.again(memory, LibC.O_RDONLY), 4096);
        for (int seal : new int[] {LibC.F_SEAL_WRITE, LibC.F_SEAL_FUTURE_WRITE}) {
            int sealed = HostileMemory.memfd(8192, LibC.F_SEAL_SHRINK | seal);
            assertRefused(KernReturn.KERN_PROTECTION_FAILURE, sealed, 4096);
        }
        assertRefused(KernReturn.KERN_INVALID_ADDRESS, HostileMemory.sealed(8191), 8192);
        assertRefused(KernReturn.KERN_INVALID_ADDRESS, HostileMemory.sealed(8192), 8191);
        assertRefused(KernReturn.KERN_INVALID_ADDRESS, memory, 1 << 20);
    }

    private void assertRefused(int code, int memory, long size) {
        KernelDmaBufs calls = new KernelDmaBufs(kernel(KernelDmaBufs.UDMABUF_SIZE_OF, 88), MISSING, DEVICE);
        assertEquals(code, calls.ofMemory(memory, size, new int[1]));
        assertEquals(List.of(), requests);
        LibC.close(memory);
    }

    @Test
    @Timeout(60)
    void whatIsNoDeviceOfThatKindSaysSo() {
        KernelDmaBufs calls = new KernelDmaBufs(LibC::ioctl, DEVICE, DEVICE);
        assertEquals(KernReturn.KERN_NOT_SUPPORTED, calls.allocate(4096, new int[1]));
        int memory = HostileMemory.sealed(4096);
        assertEquals(KernReturn.KERN_NOT_SUPPORTED, calls.sync(memory, DmaBufCalls.SYNC_READ));
        LibC.close(memory);
    }

    @Test
    @RequiresCapability(TestCapability.DMA_HEAP)
    void aDmaBufOfTheHeapIsMappedAndWritten() throws Exception {
        assertIsMappedAndWritten(RealDmaBufs.ofHeap());
    }

    /** Its memfd is closed by then. */
    @Test
    @RequiresCapability(TestCapability.UDMABUF)
    void aDmaBufOfNewMemoryIsMappedAndWritten() throws Exception {
        assertIsMappedAndWritten(RealDmaBufs.ofUdmabuf());
    }

    private static void assertIsMappedAndWritten(RealDmaBufs dmaBufs) throws Exception {
        int fd = dmaBufs.allocate(1 << 20);
        assertTrue(dmaBufs.calls().isDmaBuf(fd));
        assertEquals(1 << 20, MemoryFile.size(fd));
        assertEquals(FD_CLOEXEC, LibC.fcntl(fd, F_GETFD, 0));
        try (ImportedMemory memory = ImportedMemory.map(dmaBufs.calls(), fd, 1 << 20)) {
            assertTrue(memory.isDmaBuf());
            assertTrue(memory.isWritable());
            assertEquals(KernReturn.KERN_SUCCESS, memory.beginAccess(true));
            assertEquals(0, memory.window(4096, 8).getLong(0));
            memory.window(4096, 8).putLong(0, 42);
            assertEquals(KernReturn.KERN_SUCCESS, memory.endAccess(true));
            assertEquals(42, dmaBufs.read(fd, 4096));
            assertEquals(List.of(3L, 7L, 1L, 5L), dmaBufs.takeSyncs());
        }
        MachException e =
                assertThrows(MachException.class, () -> ImportedMemory.map(dmaBufs.calls(), fd, (1 << 20) + 1));
        assertEquals(KernReturn.KERN_INVALID_ADDRESS, e.reason().code(), e::toString);
        LibC.close(fd);
        assertNothingIsLeft();
    }

    private static void assertNothingIsLeft() {
        assertEquals(0, ProcessResources.descriptors("dmabuf:"));
        assertEquals(0, ProcessResources.mappings("dmabuf:"));
        assertEquals(0, ProcessResources.descriptors("memfd:machframe-dma-buf"));
        assertEquals(0, ProcessResources.mappings("memfd:machframe-dma-buf"));
    }

    @Test
    @RequiresCapability(TestCapability.DMA_HEAP)
    void aDmaBufThatMayOnlyBeReadIsMappedSo() throws Exception {
        int fd = RealDmaBufs.readOnly(4096);
        try (ImportedMemory memory = ImportedMemory.map(new KernelDmaBufs(), fd, 4096)) {
            assertTrue(memory.isDmaBuf());
            assertFalse(memory.isWritable());
            assertEquals(KernReturn.KERN_SUCCESS, memory.beginAccess(false));
            assertEquals(0, memory.window(0, 1).get(0));
            assertEquals(KernReturn.KERN_SUCCESS, memory.endAccess(false));
        }
        LibC.close(fd);
        assertNothingIsLeft();
    }

    /** 64 MiB unless the administrator says otherwise. */
    @Test
    @RequiresCapability(TestCapability.UDMABUF)
    void moreThanTheDeviceAllowsIsRefused() throws Exception {
        Path limit = Path.of("/sys/module/udmabuf/parameters/size_limit_mb");
        long size = (Long.parseLong(Files.readString(limit).strip()) + 1) << 20;
        DmaBufCalls calls = RealDmaBufs.ofUdmabuf().calls();
        assertEquals(KernReturn.KERN_NO_SPACE, calls.allocate(size, new int[1]));
        assertNothingIsLeft();
    }
}
