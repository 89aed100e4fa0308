/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.error.DeadPortException;
import io.machframe.core.error.InvalidMessageException;
import io.machframe.core.internal.PortAccess;
import io.machframe.core.memory.MemoryRegion;
import io.machframe.core.platform.Mach;
import io.machframe.core.platform.MachCalls;
import io.machframe.core.platform.MessageBuffer;
import io.machframe.core.platform.MessageLayout;
import io.machframe.core.port.PortSet;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendOnceRight;
import io.machframe.core.port.SendRight;
import io.machframe.core.port.Task;
import io.machframe.core.testing.RightsLedger;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Memory and arrays of rights in messages, in one process of this system. */
@Timeout(120)
@ExtendWith(RightsLedger.class)
final class OutOfLineTest {
    private static final int LARGE = 10 << 20;

    private final Task task = Task.self();
    private ReceiveRight port;
    private SendRight right;

    @BeforeEach
    void open() throws Exception {
        port = task.allocatePort();
        right = port.makeSend();
    }

    @AfterEach
    void close() {
        right.close();
        port.close();
    }

    private static ByteBuffer filled(ByteBuffer bytes) {
        for (int i = 0; i < bytes.capacity(); i++) {
            bytes.put(i, (byte) (i * 31));
        }
        return bytes;
    }

    private static void isFilled(ByteBuffer bytes, int size) {
        assertEquals(filled(ByteBuffer.allocate(size)), bytes);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4095, 4096, 4097, 65_536, 200_000, LARGE})
    void bytesOfAnyBufferArrive(int size) throws Exception {
        OutgoingMessage.builder()
                .outOfLine(filled(ByteBuffer.allocateDirect(size)))
                .outOfLine(filled(ByteBuffer.allocate(size)))
                .body(new byte[] {1, 2, 3})
                .build()
                .sendTo(right);

        try (ReceivedMessage message = ReceivedMessage.receiveFrom(port)) {
            assertEquals(2, message.descriptorCount());
            assertEquals(3, message.body().remaining());
            for (int i = 0; i < 2; i++) {
                assertEquals(DescriptorKind.MEMORY, message.descriptorKind(i));
                try (MemoryRegion memory = message.takeMemory(i)) {
                    assertEquals(size, memory.size());
                    isFilled(memory.bytes(), size);
                }
                assertEquals(DescriptorKind.NULL, message.descriptorKind(i));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4096, LARGE})
    void memoryMovesWithoutTheSenderKeepingIt(int size) throws Exception {
        MemoryRegion memory = MemoryRegion.allocate(size);
        ByteBuffer stale = memory.bytes();
        filled(stale);
        OutgoingMessage message = OutgoingMessage.builder().move(memory).build();

        assertFalse(memory.isOpen());
        assertThrows(IllegalStateException.class, memory::bytes);
        assertEquals(ByteBuffer.allocate(size), stale);
        message.sendTo(right);
        assertEquals(ByteBuffer.allocate(size), stale);

        try (ReceivedMessage received = ReceivedMessage.receiveFrom(port);
                MemoryRegion got = received.takeMemory(0)) {
            isFilled(got.bytes(), size);
        }
    }

    @Test
    void receivedMemoryIsItsReceiversAloneAndCanBeSentOn() throws Exception {
        ByteBuffer source = filled(ByteBuffer.allocateDirect(LARGE));
        OutgoingMessage.builder().outOfLine(source).build().sendTo(right);
        MemoryRegion memory;
        try (ReceivedMessage message = ReceivedMessage.receiveFrom(port)) {
            memory = message.takeMemory(0);
        }
        memory.bytes().put(5, (byte) 77);
        assertEquals((byte) (5 * 31), source.get(5));

        OutgoingMessage.builder().move(memory).build().sendTo(right);
        try (ReceivedMessage message = ReceivedMessage.receiveFrom(port);
                MemoryRegion again = message.takeMemory(0)) {
            assertEquals(77, again.bytes().get(5));
            assertEquals((byte) (6 * 31), again.bytes().get(6));
        }
    }

    @Test
    void memoryThatIsClosedShowsZeros() throws Exception {
        MemoryRegion memory = MemoryRegion.allocate(LARGE);
        ByteBuffer bytes = filled(memory.bytes());
        memory.close();
        memory.close();

        assertEquals(0, bytes.get(LARGE - 1));
        bytes.put(0, (byte) 1);
        assertThrows(IllegalStateException.class, memory::bytes);
    }

    @Test
    void whatIsNotTakenIsReleasedWithTheMessage() throws Exception {
        try (ReceiveRight other = task.allocatePort();
                SendRight kept = other.makeSend()) {
            OutgoingMessage.builder()
                    .outOfLine(ByteBuffer.allocateDirect(LARGE))
                    .outOfLine(ByteBuffer.allocateDirect(10))
                    .move(RightArray.copy(List.of(kept, kept)))
                    .build()
                    .sendTo(right);
            ReceivedMessage.receiveFrom(port).close();
            assertEquals(1, kept.references());
        }
    }

    /** The kernel does not say of a physical copy that it is the receiver's. */
    @Test
    void aPhysicalCopyThatNobodyTookIsReleasedToo() throws Exception {
        MachCalls calls = PortAccess.get().calls(task);
        ByteBuffer source = ByteBuffer.allocateDirect(LARGE);
        MessageBuffer buffer = calls.newBuffer(100);
        ByteBuffer bytes = buffer.bytes();
        int size = MessageLayout.DESCRIPTORS + MessageLayout.OOL_DESCRIPTOR_SIZE;
        int at = MessageLayout.DESCRIPTORS;
        bytes.putInt(MessageLayout.BITS, MessageLayout.BITS_COMPLEX | Mach.MACH_MSG_TYPE_COPY_SEND);
        bytes.putInt(MessageLayout.REMOTE_PORT, right.name().value());
        bytes.putInt(MessageLayout.DESCRIPTOR_COUNT, 1);
        bytes.putLong(at, calls.memory().address(source));
        bytes.put(at + MessageLayout.OOL_COPY, (byte) Mach.MACH_MSG_PHYSICAL_COPY);
        bytes.put(at + MessageLayout.DESCRIPTOR_TYPE, (byte) MessageLayout.TYPE_OOL);
        bytes.putInt(at + MessageLayout.OOL_SIZE, LARGE);
        try {
            assertEquals(0, calls.message(buffer, Mach.MACH_SEND_MSG, size, 0, 0, 0));
        } finally {
            Reference.reachabilityFence(source);
        }

        ReceivedMessage.receiveFrom(port).close();
    }

    @Test
    void whatIsNeverSentOrNeverReceivedIsReleased() throws Exception {
        OutgoingMessage.builder().outOfLine(ByteBuffer.allocate(LARGE)).close();
        OutgoingMessage.builder()
                .move(MemoryRegion.allocate(LARGE))
                .outOfLine(ByteBuffer.allocateDirect(LARGE))
                .move(RightArray.copy(List.of(right)))
                .build()
                .close();
        assertEquals(1, right.references());
        OutgoingMessage.builder()
                .move(MemoryRegion.allocate(LARGE))
                .move(RightArray.copy(List.of(right)))
                .build()
                .sendTo(right);
    }

    @Test
    void aSendThatFailsLeavesMemoryAndRightsInTheMessage() throws Exception {
        ReceiveRight other = task.allocatePort();
        SendRight dead = other.makeSend();
        other.close();
        MemoryRegion memory = MemoryRegion.allocate(LARGE);
        filled(memory.bytes());
        OutgoingMessage message = OutgoingMessage.builder()
                .move(memory)
                .outOfLine(filled(ByteBuffer.allocateDirect(LARGE)))
                .move(RightArray.copy(List.of(right, right)))
                .build();
        assertThrows(DeadPortException.class, () -> message.sendTo(dead));
        dead.close();
        for (int i = 0; i < 5; i++) {
            OutgoingMessage.builder().build().sendTo(right);
        }
        assertFalse(message.trySendTo(right, Duration.ZERO));
        assertFalse(message.trySendTo(right, Duration.ofMillis(5)));
        assertEquals(3, right.references());
        for (int i = 0; i < 5; i++) {
            ReceivedMessage.receiveFrom(port).close();
        }
        message.sendTo(right);

        try (ReceivedMessage received = ReceivedMessage.receiveFrom(port);
                MemoryRegion first = received.takeMemory(0);
                MemoryRegion second = received.takeMemory(1);
                RightArray rights = received.takeRights(2)) {
            isFilled(first.bytes(), LARGE);
            isFilled(second.bytes(), LARGE);
            assertEquals(2, rights.size());
        }
        assertEquals(1, right.references());
    }

    @Test
    void anArrayKeepsOrderAndGivesItsRightsOut() throws Exception {
        ReceiveRight gone = task.allocatePort();
        SendRight dead = gone.makeSend();
        gone.close();
        RightArray array = RightArray.move(Arrays.asList(right.copy(), null, dead, right.copy()));
        assertEquals(DescriptorKind.NULL, array.kind(1));
        OutgoingMessage message = OutgoingMessage.builder().move(array).build();
        assertThrows(IllegalStateException.class, array::size);
        message.sendTo(right);

        try (ReceivedMessage received = ReceivedMessage.receiveFrom(port)) {
            assertEquals(DescriptorKind.RIGHTS, received.descriptorKind(0));
            assertThrows(InvalidMessageException.class, () -> received.takeSendRight(0));
            assertThrows(InvalidMessageException.class, () -> received.takeMemory(0));
            try (RightArray rights = received.takeRights(0)) {
                assertEquals(
                        List.of(DescriptorKind.SEND, DescriptorKind.NULL, DescriptorKind.DEAD, DescriptorKind.SEND),
                        List.of(rights.kind(0), rights.kind(1), rights.kind(2), rights.kind(3)));
                try (SendRight taken = rights.takeSendRight(3)) {
                    assertEquals(right.name(), taken.name());
                }
                assertEquals(DescriptorKind.NULL, rights.kind(3));
                assertThrows(InvalidMessageException.class, () -> rights.takeReceiveRight(0));
            }
        }
        assertEquals(1, right.references());
    }

    @Test
    void anArrayOfReceiveRightsArrivesUsable() throws Exception {
        List<ReceiveRight> ports = new ArrayList<>();
        List<SendRight> senders = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            ports.add(task.allocatePort());
            senders.add(ports.get(i).makeSend());
            OutgoingMessage.builder().id(i).build().sendTo(senders.get(i));
        }
        OutgoingMessage.builder().move(RightArray.move(ports)).build().sendTo(right);

        try (ReceivedMessage received = ReceivedMessage.receiveFrom(port);
                RightArray rights = received.takeRights(0)) {
            for (int i = 0; i < 100; i++) {
                try (ReceiveRight moved = rights.takeReceiveRight(i);
                        ReceivedMessage queued = ReceivedMessage.receiveFrom(moved)) {
                    assertEquals(i, queued.id());
                }
            }
        }
        senders.forEach(SendRight::close);
    }

    /** A receive right is guarded from the start, and its guard is known to nobody then. */
    @Test
    void receiveRightsInAnArrayThatIsNotSentDie() throws Exception {
        ReceiveRight alone = task.allocatePort();
        ReceiveRight built = task.allocatePort();
        try (SendRight toAlone = alone.makeSend();
                SendRight toBuilt = built.makeSend()) {
            RightArray.move(List.of(alone)).close();
            assertTrue(toAlone.isDead());
            OutgoingMessage.builder()
                    .move(RightArray.move(List.of(built)))
                    .build()
                    .close();
            assertTrue(toBuilt.isDead());
        }
    }

    @Test
    void whatCannotTravelOrIsThereTwiceMakesNoArray() throws Exception {
        try (PortSet set = task.allocateSet()) {
            assertThrows(IllegalArgumentException.class, () -> RightArray.move(List.of(set)));
            assertTrue(set.isOpen());
        }
        SendRight twice = right.copy();
        assertThrows(IllegalStateException.class, () -> RightArray.move(List.of(twice, twice)));
        assertEquals(1, right.references());
    }

    /** F40: an array has one disposition. */
    @Test
    void rightsOfSeveralKindsAreRefusedInOneArray() throws Exception {
        try (SendOnceRight once = port.makeSendOnce()) {
            assertThrows(IllegalArgumentException.class, () -> RightArray.move(List.of(right, once)));
            assertTrue(once.isOpen());
            assertTrue(right.isOpen());
        }
        ReceivedMessage.receiveFrom(port).close();
    }

    @Test
    void moreThanABufferCanShowIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> MemoryRegion.allocate(1L << 31));
        assertThrows(IllegalArgumentException.class, () -> MemoryRegion.allocate(-1));
    }

    @Test
    void aBodyOfMegabytesArrives() throws Exception {
        byte[] body = filled(ByteBuffer.allocate(LARGE + 3)).array();
        OutgoingMessage.builder().body(body).makeSend(port).build().sendTo(right);

        try (ReceivedMessage message = ReceivedMessage.receiveFrom(port)) {
            assertEquals(ByteBuffer.wrap(body), message.body());
            message.takeSendRight(0).close();
        }
    }

    @Test
    void aThousandArraysLeaveNothing() throws Exception {
        for (int i = 0; i < 1000; i++) {
            List<SendRight> rights = new ArrayList<>();
            for (int j = 0; j < 50; j++) {
                rights.add(right.copy());
            }
            OutgoingMessage.builder().move(RightArray.move(rights)).build().sendTo(right);
            ReceivedMessage.receiveFrom(port).close();
        }
        assertEquals(1, right.references());
    }
}
