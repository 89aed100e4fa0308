/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.error.KernReturn;
import io.machframe.core.platform.linux.libc.LibC;
import io.machframe.core.testing.ProcessResources;
import io.machframe.core.testing.RightsLedger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;

@EnabledOnOs(value = OS.LINUX, disabledReason = "memfds are Linux")
@ExtendWith(RightsLedger.class)
final class UseLockTest {
    private SharedMemory memory;
    private SharedMemory same;
    private UseLock mine;
    private UseLock peers;

    @BeforeEach
    void shareMemory() throws Exception {
        memory = SharedMemory.create("use-lock", 4096);
        same = SharedMemory.adopt(LibC.fcntl(memory.descriptor(), LibC.F_DUPFD_CLOEXEC, 0), 4096);
        mine = new UseLock(memory);
        peers = new UseLock(same);
    }

    @AfterEach
    void closeAll() {
        mine.close();
        peers.close();
        memory.close();
        same.close();
        assertEquals(0, ProcessResources.descriptors("memfd:use-lock"));
    }

    @Test
    void oneSidesCountMakesTheMemoryInUseOnBoth() {
        assertFalse(mine.isInUse());
        assertEquals(KernReturn.KERN_SUCCESS, mine.increment());
        assertEquals(KernReturn.KERN_SUCCESS, mine.increment());
        assertTrue(mine.isInUse());
        assertTrue(peers.isInUse());
        assertEquals(2, mine.count());
        assertEquals(0, peers.count());
        mine.decrement();
        assertTrue(peers.isInUse());
        mine.decrement();
        assertFalse(peers.isInUse());
        assertFalse(mine.isInUse());
    }

    @Test
    void aCountBelowZeroIsRefused() {
        assertEquals(KernReturn.KERN_INVALID_ARGUMENT, mine.decrement());
        assertEquals(0, mine.count());
        assertFalse(mine.isInUse());
    }

    @Test
    void theAnswerStaysRightOverManyQuestions() {
        for (int i = 0; i < 1000; i++) {
            mine.increment();
            assertTrue(peers.isInUse());
            assertTrue(peers.isInUse());
            mine.decrement();
            assertFalse(peers.isInUse());
        }
    }

    @Test
    void anOpenUseCountsUntilItsLastDuplicateIsClosed() {
        int[] fd = new int[1];
        assertEquals(KernReturn.KERN_SUCCESS, mine.openUse(false, fd));
        int duplicate = LibC.fcntl(fd[0], LibC.F_DUPFD_CLOEXEC, 0);
        LibC.close(fd[0]);
        assertTrue(mine.isInUse());
        assertEquals(0, mine.count());
        mine.increment();
        mine.decrement();
        assertTrue(mine.isInUse());
        LibC.close(duplicate);
        assertFalse(mine.isInUse());
    }

    @Test
    void whoAdoptsAnOpenUseDoesNotKeepIt() throws Exception {
        int[] fd = new int[1];
        mine.openUse(false, fd);
        try (SharedMemory received = SharedMemory.adopt(fd[0], 4096)) {
            assertFalse(mine.isInUse());
            assertNotEquals(0, received.address());
        }
    }

    @Test
    void closingGivesTheCountsBackAndRefusesMore() {
        mine.increment();
        mine.increment();
        mine.close();
        assertFalse(peers.isInUse());
        assertFalse(mine.isInUse());
        assertEquals(0, mine.count());
        assertEquals(KernReturn.KERN_INVALID_ARGUMENT, mine.increment());
        assertEquals(KernReturn.KERN_INVALID_ARGUMENT, mine.openUse(false, new int[1]));
    }
}
