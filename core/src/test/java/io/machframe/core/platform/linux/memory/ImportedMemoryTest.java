/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;
import io.machframe.core.platform.linux.libc.LibC;
import io.machframe.core.testing.ProcessResources;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(value = OS.LINUX, disabledReason = "memfds are Linux")
final class ImportedMemoryTest {
    private final FakeDmaBufs dmaBufs = new FakeDmaBufs();

    @AfterEach
    void nothingIsLeft() {
        assertEquals(0, ProcessResources.descriptors("memfd:hostile"));
        assertEquals(0, ProcessResources.mappings("memfd:hostile"));
    }

    private ImportedMemory map(int fd, long size) throws MachException {
        return ImportedMemory.map(dmaBufs, fd, size);
    }

    /** Closes the descriptor, which the refusal must have left open. */
    private void assertRefused(int code, int fd) {
        assertNotEquals(-1, fd, "the test could not open its descriptor");
        MachException e = assertThrows(MachException.class, () -> map(fd, 4096));
        assertEquals(code, e.reason().code(), e::toString);
        assertEquals(0, LibC.close(fd));
    }

    @Test
    void whatIsNoMemoryIsRefused(@TempDir Path folder) throws Exception {
        assertRefused(KernReturn.KERN_INVALID_CAPABILITY, HostileMemory.pipe());
        assertRefused(KernReturn.KERN_INVALID_CAPABILITY, HostileMemory.socket());
        assertRefused(KernReturn.KERN_INVALID_CAPABILITY, LibC.eventfd(0, 0));
        assertRefused(KernReturn.KERN_INVALID_CAPABILITY, LibC.open("/dev/zero", LibC.O_RDWR, 0));
        assertRefused(KernReturn.KERN_INVALID_CAPABILITY, LibC.open("/", LibC.O_RDONLY | LibC.O_DIRECTORY, 0));
        String file = Files.write(folder.resolve("file"), new byte[8192]).toString();
        assertRefused(KernReturn.KERN_INVALID_CAPABILITY, LibC.open(file, LibC.O_RDONLY, 0));
        assertRefused(KernReturn.KERN_INVALID_CAPABILITY, LibC.open(file, LibC.O_RDWR, 0));
        int memory = HostileMemory.sealed(8192);
        assertRefused(KernReturn.KERN_INVALID_CAPABILITY, HostileMemory.again(memory, LibC.O_PATH));
        LibC.close(memory);
    }

    @Test
    void aDescriptorThatIsNotOpenIsRefused() {
        for (int fd : new int[] {-1, 999_999, Integer.MIN_VALUE}) {
            MachException e = assertThrows(MachException.class, () -> map(fd, 1));
            assertEquals(KernReturn.KERN_INVALID_NAME, e.reason().code());
        }
    }

    @Test
    void memoryThatCouldShrinkIsSealedAgainstIt() throws Exception {
        int fd = HostileMemory.unsealed(8192);
        try (ImportedMemory memory = map(fd, 8192)) {
            assertFalse(HostileMemory.truncate(fd, 4096));
            assertTrue(HostileMemory.truncate(fd, 16384), "its maker may go on growing it");
            memory.window(8191, 1).put(0, (byte) 7);
            assertEquals(7, HostileMemory.read(fd, 8191));
        }
        LibC.close(fd);
    }

    @Test
    void memoryThatCannotBeSealedIsRefused() throws Exception {
        assertRefused(KernReturn.KERN_NO_ACCESS, HostileMemory.unsealable(8192));
        assertRefused(KernReturn.KERN_NO_ACCESS, HostileMemory.memfd(8192, LibC.F_SEAL_GROW | LibC.F_SEAL_SEAL));
        int unsealed = HostileMemory.unsealed(8192);
        assertRefused(KernReturn.KERN_NO_ACCESS, HostileMemory.again(unsealed, LibC.O_RDONLY));
        LibC.close(unsealed);
        Path shared = Files.createTempFile(Path.of("/dev/shm"), "machframe", "test");
        Files.write(shared, new byte[8192]);
        assertRefused(KernReturn.KERN_NO_ACCESS, LibC.open(shared.toString(), LibC.O_RDWR, 0));
        Files.delete(shared);
    }

    @Test
    void memoryThatIsTooSmallIsRefused() {
        assertRefused(KernReturn.KERN_INVALID_ADDRESS, HostileMemory.unsealed(4095));
        assertRefused(KernReturn.KERN_INVALID_ADDRESS, HostileMemory.sealed(0));
    }

    @Test
    void memoryIsMappedAsItsDescriptorAllows() throws Exception {
        int fd = HostileMemory.sealed(8192);
        int readOnly = HostileMemory.again(fd, LibC.O_RDONLY);
        try (ImportedMemory memory = map(readOnly, 4096)) {
            assertFalse(memory.isWritable());
            assertThrows(
                    ReadOnlyBufferException.class, () -> memory.window(0, 1).put(0, (byte) 1));
        }
        assertRefused(KernReturn.KERN_PROTECTION_FAILURE, HostileMemory.again(fd, LibC.O_WRONLY));
        LibC.close(readOnly);
        LibC.close(fd);
        for (int seal : new int[] {LibC.F_SEAL_WRITE, LibC.F_SEAL_FUTURE_WRITE}) {
            int sealed = HostileMemory.memfd(8192, LibC.F_SEAL_SHRINK | seal);
            try (ImportedMemory memory = map(sealed, 4096)) {
                assertFalse(memory.isWritable());
            }
            LibC.close(sealed);
        }
    }

    @Test
    void buffersThatOutliveTheMemoryShowZerosAndReachNobody() throws Exception {
        int fd = HostileMemory.sealed(8192);
        ImportedMemory memory = map(fd, 8192);
        ByteBuffer late = memory.window(0, 8);
        late.putLong(0, 5);
        memory.close();
        memory.close();
        assertEquals(0, late.getLong(0));
        late.putLong(0, 6);
        assertEquals(5, HostileMemory.read(fd, 0));
        LibC.close(fd);
    }

    /** Whatever its maker does meanwhile, what is mapped stays. */
    @Test
    @Timeout(60)
    void aMakerThatTruncatesAllTheTimeHurtsNobody() throws Exception {
        int mapped = 0;
        for (int round = 0; round < 300; round++) {
            int fd = HostileMemory.unsealed(1 << 16);
            AtomicBoolean stop = new AtomicBoolean();
            Thread maker = new Thread(() -> {
                while (!stop.get()) {
                    HostileMemory.truncate(fd, 100);
                    HostileMemory.truncate(fd, 1 << 16);
                }
            });
            maker.start();
            try (ImportedMemory memory = map(fd, 1 << 16)) {
                for (int i = 0; i < 1 << 16; i += 512) {
                    memory.window(i, 1).put(0, (byte) i);
                }
                mapped++;
            } catch (MachException e) {
                assertEquals(KernReturn.KERN_INVALID_ADDRESS, e.reason().code(), e::toString);
            } finally {
                stop.set(true);
                maker.join();
                LibC.close(fd);
            }
        }
        assertTrue(mapped > 0);
    }

    @Test
    void accessesToADmaBufAreBracketedAndThoseToMemoryAreNot() throws Exception {
        int[] fd = new int[1];
        dmaBufs.allocate(4096, fd);
        try (ImportedMemory memory = map(fd[0], 4096)) {
            assertTrue(memory.isDmaBuf());
            assertEquals(KernReturn.KERN_SUCCESS, memory.beginAccess(true));
            assertEquals(KernReturn.KERN_SUCCESS, memory.endAccess(true));
            memory.beginAccess(false);
            memory.endAccess(false);
            assertEquals(List.of(3L, 7L, 1L, 5L), dmaBufs.takeSyncs());
            dmaBufs.fail(KernReturn.KERN_FAILURE);
            assertEquals(KernReturn.KERN_FAILURE, memory.beginAccess(true));
        }
        LibC.close(fd[0]);
        int plain = HostileMemory.sealed(4096);
        dmaBufs.takeSyncs();
        try (ImportedMemory memory = map(plain, 4096)) {
            memory.beginAccess(true);
            memory.endAccess(true);
            assertEquals(List.of(), dmaBufs.takeSyncs());
        }
        LibC.close(plain);
    }
}
