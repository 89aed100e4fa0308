/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.platform.linux;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;
import io.machframe.core.platform.linux.memory.SharedMemory;
import io.machframe.core.platform.linux.memory.WriteLock;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(value = OS.LINUX, disabledReason = "memfds are Linux")
@Timeout(60)
final class AttachmentStoreTest {
    private static final long SEED = 20250105;

    private SharedMemory memory;
    private AttachmentStore store;

    @BeforeEach
    void make() throws Exception {
        memory = SharedMemory.create("attachments", ControlBlock.SIZE, AttachmentStore.SIZE);
        store = new AttachmentStore(memory, ControlBlock.SIZE);
    }

    @AfterEach
    void close() {
        memory.close();
    }

    @Test
    void thereIsNothingAtFirst() throws Exception {
        assertArrayEquals(new byte[0], store.read());
    }

    @Test
    void theLastOneWrittenIsRead() throws Exception {
        for (int i = 0; i < 10; i++) {
            byte[] content = new byte[i * 1000];
            Arrays.fill(content, (byte) i);
            store.change(before -> content);
            assertArrayEquals(content, store.read());
        }
    }

    @Test
    void aSlotIsFilledToTheLastByteAndNoFurther() throws Exception {
        byte[] most = new byte[AttachmentStore.MAX_LENGTH];
        new Random(SEED).nextBytes(most);
        store.replace(most);
        store.replace(most);
        assertArrayEquals(most, store.read());
        MachException e =
                assertThrows(MachException.class, () -> store.replace(new byte[AttachmentStore.MAX_LENGTH + 1]));
        assertEquals(KernReturn.KERN_NO_SPACE, e.reason().code());
        assertArrayEquals(most, store.read());
    }

    /** Everything that a writer does before the generation is raised, which is its last step. */
    @Test
    void aWriteThatDidNotReachItsEndChangesNothing() throws Exception {
        store.replace(new byte[] {1});
        store.replace(new byte[] {2});
        int generation = ControlBlock.attachments(memory.bytes());
        store.replace(new byte[] {3, 3, 3});
        ControlBlock.setAttachments(memory.bytes(), generation);
        assertArrayEquals(new byte[] {2}, store.read());
        store.replace(new byte[] {4});
        assertArrayEquals(new byte[] {4}, store.read());
    }

    @Test
    void theGenerationAfterTheLastIsNotNone() throws Exception {
        ControlBlock.setAttachments(memory.bytes(), -2);
        store.replace(new byte[] {1});
        store.replace(new byte[] {2});
        assertArrayEquals(new byte[] {2}, store.read());
        assertEquals(2, ControlBlock.attachments(memory.bytes()));
    }

    @Test
    void whatAPeerDamagesIsSaidToBeAndCanBeReplaced() throws Exception {
        Random random = new Random(SEED);
        byte[] content = new byte[100];
        for (int i = 0; i < 200; i++) {
            store.replace(content);
            int slot = ControlBlock.SIZE + (ControlBlock.attachments(memory.bytes()) & 1) * AttachmentStore.SLOT_SIZE;
            int at = random.nextInt(4) == 0 ? 16 + random.nextInt(100) : random.nextInt(12);
            ByteBuffer bytes = memory.bytes();
            bytes.put(slot + at, (byte) (bytes.get(slot + at) + 1 + random.nextInt(255)));
            MachException e = assertThrows(MachException.class, store::read);
            assertEquals(KernReturn.KERN_INVALID_VALUE, e.reason().code());
            assertThrows(MachException.class, () -> store.change(before -> before));
        }
        store.replace(content);
        assertArrayEquals(content, store.read());
    }

    @Test
    void aWriterWhoseLockAnotherHoldsGivesUpInTheEnd() throws Exception {
        try (WriteLock held = WriteLock.take(memory, 1, 0)) {
            MachException e = assertThrows(MachException.class, () -> WriteLock.take(memory, 1, 20));
            assertEquals(KernReturn.KERN_ABORTED, e.reason().code());
            assertArrayEquals(new byte[0], store.read());
            WriteLock.take(memory, 2, 0).close();
        }
        WriteLock.take(memory, 1, 0).close();
    }
}
