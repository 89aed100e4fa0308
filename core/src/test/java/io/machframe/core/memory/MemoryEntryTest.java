/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.bootstrap.Bootstrap;
import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;
import io.machframe.core.message.OutgoingMessage;
import io.machframe.core.message.ReceivedMessage;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendRight;
import io.machframe.core.port.Task;
import io.machframe.core.testing.ChildProcess;
import io.machframe.core.testing.RightsLedger;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Memory that is shared by rights, within a process and with another. */
@Timeout(60)
@ExtendWith(RightsLedger.class)
final class MemoryEntryTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @ParameterizedTest
    @ValueSource(longs = {1, 4096, 5000, 1 << 20})
    void whatOneMappingWritesTheOtherSees(long size) throws Exception {
        try (MemoryRegion region = MemoryRegion.allocate(size)) {
            region.bytes().put(0, (byte) 7);
            try (MemoryEntry entry = MemoryEntry.of(region, MemoryAccess.READ_WRITE);
                    MemoryRegion mapped = entry.map(size, MemoryAccess.READ_WRITE)) {
                assertEquals(7, mapped.bytes().get(0));
                mapped.bytes().put((int) size - 1, (byte) 8);
                assertEquals(8, region.bytes().get((int) size - 1));
            }
        }
    }

    @Test
    void aReadOnlyEntryGivesNoWritableMapping() throws Exception {
        try (MemoryRegion region = MemoryRegion.allocate(1 << 20);
                MemoryEntry entry = MemoryEntry.of(region, MemoryAccess.READ);
                MemoryRegion mapped = entry.map(region.size(), MemoryAccess.READ)) {
            region.bytes().put(5, (byte) 5);
            ByteBuffer bytes = mapped.bytes();

            assertEquals(5, bytes.get(5));
            assertTrue(bytes.isReadOnly());
            assertThrows(ReadOnlyBufferException.class, () -> bytes.put(0, (byte) 1));
            refuses(KernReturn.KERN_INVALID_RIGHT, () -> entry.map(region.size(), MemoryAccess.READ_WRITE));
            refuses(KernReturn.KERN_PROTECTION_FAILURE, () -> MemoryEntry.of(mapped, MemoryAccess.READ_WRITE));
        }
    }

    @Test
    void aMappingLargerThanTheMemoryIsRefused() throws Exception {
        try (MemoryRegion region = MemoryRegion.allocate(4096);
                MemoryEntry entry = MemoryEntry.of(region, MemoryAccess.READ_WRITE)) {
            refuses(KernReturn.KERN_INVALID_ARGUMENT, () -> entry.map(1 << 20, MemoryAccess.READ));
            assertThrows(IllegalArgumentException.class, () -> entry.map(0, MemoryAccess.READ));
            assertThrows(IllegalArgumentException.class, () -> entry.map(1L << 31, MemoryAccess.READ));
        }
    }

    @Test
    void aRightToAPortIsNoMemory() throws Exception {
        try (ReceiveRight port = Task.self().allocatePort();
                MemoryEntry entry = MemoryEntry.adopt(port.makeSend())) {
            refuses(KernReturn.KERN_INVALID_ARGUMENT, () -> entry.map(4096, MemoryAccess.READ));
        }
    }

    @Test
    void aMappingOutlivesItsEntryAndItsRegion() throws Exception {
        MemoryRegion region = MemoryRegion.allocate(1 << 20);
        ByteBuffer stale = region.bytes();
        stale.put(9, (byte) 9);
        MemoryEntry entry = MemoryEntry.of(region, MemoryAccess.READ_WRITE);
        MemoryRegion mapped = entry.map(region.size(), MemoryAccess.READ_WRITE);
        region.close();
        entry.close();

        assertEquals(0, stale.get(9));
        assertEquals(9, mapped.bytes().get(9));
        mapped.close();
    }

    /** A message carries a copy, not the memory that others write. */
    @Test
    void sharedMemoryIsSentAsItIsNow() throws Exception {
        MemoryRegion region = MemoryRegion.allocate(1 << 20);
        try (MemoryEntry entry = MemoryEntry.of(region, MemoryAccess.READ_WRITE);
                MemoryRegion other = entry.map(region.size(), MemoryAccess.READ_WRITE);
                ReceiveRight port = Task.self().allocatePort();
                SendRight right = port.makeSend()) {
            other.bytes().put(3, (byte) 3);
            OutgoingMessage.builder().move(region).build().sendTo(right);
            other.bytes().put(3, (byte) 4);
            try (ReceivedMessage message = ReceivedMessage.receiveFrom(port);
                    MemoryRegion got = message.takeMemory(0)) {
                assertEquals(3, got.bytes().get(3));
            }
        }
    }

    private interface Call {
        void run() throws MachException;
    }

    private static void refuses(int code, Call call) {
        MachException refusal = assertThrows(MachException.class, call::run);
        assertEquals(new KernReturn(code), refusal.reason());
    }

    /** The other process: maps what it is given, writes if it can, and says what it saw. */
    public static final class Peer {
        public static void main(String[] arguments) throws Exception {
            ReceiveRight port = Task.self().allocatePort();
            try (SendRight parent = Bootstrap.lookUp(arguments[0], PATIENCE)) {
                OutgoingMessage.builder().makeSend(port).build().sendTo(parent);
            }
            while (System.in.read() == '\n') {
                try (ReceivedMessage message = ReceivedMessage.receiveFrom(port);
                        MemoryEntry entry = MemoryEntry.adopt(message.takeSendRight(0))) {
                    System.out.println(use(entry));
                }
            }
        }

        private static String use(MemoryEntry entry) throws MachException {
            MemoryRegion memory;
            try {
                memory = entry.map(1 << 20, MemoryAccess.READ_WRITE);
            } catch (MachException e) {
                memory = entry.map(1 << 20, MemoryAccess.READ);
            }
            byte seen = memory.bytes().get(0);
            if (!memory.bytes().isReadOnly()) {
                memory.bytes().put(1, (byte) 21);
            }
            return seen + (memory.bytes().isReadOnly() ? " read" : " written");
        }
    }

    @Test
    void anotherProcessMapsWhatItWasGiven() throws Exception {
        String name = "memory-test-" + ProcessHandle.current().pid();
        try (ReceiveRight service = Bootstrap.checkIn(name);
                ChildProcess child = ChildProcess.start(Peer.class, name);
                ReceivedMessage hello = ReceivedMessage.receiveFrom(service);
                SendRight peer = hello.takeSendRight(0);
                MemoryRegion region = MemoryRegion.allocate(1 << 20)) {
            region.bytes().put(0, (byte) 11);
            try (MemoryEntry entry = MemoryEntry.of(region, MemoryAccess.READ_WRITE)) {
                OutgoingMessage.builder().copy(entry.right()).build().sendTo(peer);
            }
            child.writeLine("");
            assertEquals("11 written", child.readLine());
            assertEquals(21, region.bytes().get(1));

            try (MemoryEntry entry = MemoryEntry.of(region, MemoryAccess.READ)) {
                OutgoingMessage.builder().move(entry.right()).build().sendTo(peer);
            }
            child.writeLine("");
            assertEquals("11 read", child.readLine());
        }
    }
}
