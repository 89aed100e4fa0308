/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.port;

import static io.machframe.core.error.KernReturn.KERN_SUCCESS;
import static io.machframe.core.error.KernReturn.MACH_RCV_TIMED_OUT;
import static io.machframe.core.error.KernReturn.MACH_RCV_TOO_LARGE;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_PORT_RECEIVE;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_PORT_SEND;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_PORT_SEND_ONCE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.platform.Mach;
import io.machframe.core.platform.MessageLayout;
import io.machframe.core.platform.linux.libc.LibC;
import io.machframe.core.platform.linux.wire.WireLayout;
import io.machframe.core.testing.RequiresCapability;
import io.machframe.core.testing.RightsLedger;
import io.machframe.core.testing.TestCapability;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A peer that holds a send right and sends packets that are no messages. */
@RequiresCapability(TestCapability.LINUX)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@ExtendWith(RightsLedger.class)
class HostilePacketTest extends HostilePeer {
    @Test
    void aPacketAsThisLibraryWritesItArrives() {
        goodArrives();
    }

    @Test
    void theFirstDestroyedMessageIsReportedAndNoOther() {
        for (int i = 0; i < 5; i++) {
            isDestroyed(new RawPacket().put(WireLayout.MAGIC, 7));
        }
        assertEquals(1, log.messages().size());
        long pid = ProcessHandle.current().pid();
        assertTrue(log.messages().get(0).contains("a message from process " + pid + ": it is malformed;"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 0x3150464e, -1})
    void anotherMagicIsDestroyed(int magic) {
        isDestroyed(new RawPacket().put(WireLayout.MAGIC, magic));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 31, 32, 33, 52, 55, 57, 58, 59, 1000, 4096, 65_536, 262_144})
    void aPacketOfAnotherLengthThanItSaysIsDestroyed(int length) {
        RawPacket packet = new RawPacket();
        packet.size = length;
        isDestroyed(packet);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 20, 23, 25, 28, -1, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void aWrongMessageSizeIsDestroyed(int size) {
        isDestroyed(new RawPacket().put(WireLayout.MESSAGE_SIZE, size));
    }

    /** It looks like the end of file, but for the sender's credentials. */
    @Test
    void anEmptyPacketIsNotTheEnd() {
        assertEquals(0, peer.send(0));
        goodArrives();
        int fd = StrangeDescriptor.MEMORY.open();
        assertEquals(0, peer.send(0, fd));
        LibC.close(fd);
        goodArrives();
    }

    /** A receive with no room meets garbage shorter than a prefix, and longer than any message. */
    @ParameterizedTest
    @ValueSource(ints = {0, 8, 24, 60})
    void aSmallBufferMeetsGarbage(int room) {
        for (int length : new int[] {0, 1, 31, 32, 40, 100, 300_000}) {
            assertEquals(0, peer.send(length));
            assertEquals(MACH_RCV_TIMED_OUT, receive(Mach.MACH_RCV_TIMEOUT | Mach.MACH_RCV_LARGE, room, 0));
        }
        goodArrives();
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 1, 2, 1000, 100_000_000, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void aWrongDescriptorCountIsDestroyed(int count) {
        RawPacket packet = new RawPacket().bits(MessageLayout.BITS_COMPLEX | MACH_MSG_TYPE_PORT_SEND);
        isDestroyed(packet.size(MessageLayout.DESCRIPTORS).put(RawPacket.at(MessageLayout.DESCRIPTOR_COUNT), count));
    }

    @Test
    void aComplexMessageTooShortForItsCountIsDestroyed() {
        isDestroyed(new RawPacket().bits(MessageLayout.BITS_COMPLEX | MACH_MSG_TYPE_PORT_SEND));
    }

    @ParameterizedTest
    @ValueSource(ints = {0x20, 0x2000, 0x01000000, 0x40000000})
    void bitsThatNobodyMaySetAreDestroyed(int bit) {
        isDestroyed(new RawPacket().bits(MACH_MSG_TYPE_PORT_SEND | bit));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 0x1234, Integer.MIN_VALUE})
    void aNameInThePlaceOfARightIsDestroyed(int name) {
        RawPacket packet = new RawPacket().right(WireLayout.KIND_PORT, MACH_MSG_TYPE_PORT_SEND, 0);
        isDestroyed(packet.put(RawPacket.at(MessageLayout.DESCRIPTORS), name));
        isDestroyed(new RawPacket()
                .reply(WireLayout.KIND_PORT, MACH_MSG_TYPE_PORT_SEND, 0)
                .put(RawPacket.at(MessageLayout.LOCAL_PORT), name));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 9, -1})
    void anotherTypeOfDescriptorIsDestroyed(int type) {
        RawPacket packet = new RawPacket().right(WireLayout.KIND_MEMORY, MACH_MSG_TYPE_PORT_SEND, 0);
        packet.bytes.put(RawPacket.at(MessageLayout.DESCRIPTORS + MessageLayout.DESCRIPTOR_TYPE), (byte) type);
        isDestroyed(packet.descriptors(StrangeDescriptor.MEMORY.open()));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 15, 19, 20, 21, 22, 127, -1})
    void anotherDispositionIsDestroyed(int disposition) {
        RawPacket packet = new RawPacket().right(WireLayout.KIND_MEMORY, disposition, 0);
        isDestroyed(packet.descriptors(StrangeDescriptor.MEMORY.open()));
        for (int name : new int[] {0, -1}) {
            RawPacket empty = new RawPacket().right(0, disposition, 0);
            isDestroyed(empty.put(RawPacket.at(MessageLayout.DESCRIPTORS), name));
        }
    }

    /** A send-once right is not a send right, whatever is said of it. */
    @Test
    void aKindAndADispositionThatDisagreeAreDestroyed() {
        int[][] pairs = {
            {WireLayout.KIND_ONCE, MACH_MSG_TYPE_PORT_SEND},
            {WireLayout.KIND_ONCE, MACH_MSG_TYPE_PORT_RECEIVE},
            {WireLayout.KIND_MEMORY, MACH_MSG_TYPE_PORT_RECEIVE},
            {WireLayout.KIND_PORT, MACH_MSG_TYPE_PORT_RECEIVE},
            {WireLayout.KIND_RECEIVE, MACH_MSG_TYPE_PORT_SEND},
            {WireLayout.KIND_RECEIVE, MACH_MSG_TYPE_PORT_SEND_ONCE},
            {WireLayout.KIND_MEMORY, MACH_MSG_TYPE_PORT_SEND_ONCE},
            {WireLayout.KIND_PORT, MACH_MSG_TYPE_PORT_SEND_ONCE},
        };
        for (int[] pair : pairs) {
            isDestroyed(new RawPacket()
                    .right(pair[0], pair[1], 1)
                    .descriptors(StrangeDescriptor.SEQUENCED.open(), StrangeDescriptor.FREE_PIPE_READ.open()));
            isDestroyed(new RawPacket().reply(pair[0], pair[1], 1).descriptors(StrangeDescriptor.MEMORY.open()));
        }
    }

    /** Each kind of descriptor in each place. */
    @ParameterizedTest
    @EnumSource
    void aStrangeDescriptorIsDestroyedOrHarmless(StrangeDescriptor strange) {
        for (int kind : new int[] {WireLayout.KIND_PORT, WireLayout.KIND_ONCE, WireLayout.KIND_MEMORY, 3, -1}) {
            int disposition = kind == WireLayout.KIND_ONCE ? MACH_MSG_TYPE_PORT_SEND_ONCE : MACH_MSG_TYPE_PORT_SEND;
            isHarmless(new RawPacket().right(kind, disposition, 5).descriptors(strange.open()));
            isHarmless(new RawPacket().reply(kind, disposition, 5).descriptors(strange.open()));
        }
    }

    /** Each pair of descriptors as a port's. */
    @ParameterizedTest
    @EnumSource
    void aStrangePairOfDescriptorsIsDestroyedOrHarmless(StrangeDescriptor first) {
        for (StrangeDescriptor second : StrangeDescriptor.values()) {
            isHarmless(new RawPacket()
                    .right(WireLayout.KIND_PORT, MACH_MSG_TYPE_PORT_SEND, 0)
                    .descriptors(first.open(), second.open()));
        }
    }

    /** If it arrives, its right can be used and released like any. */
    private void isHarmless(RawPacket packet) {
        assertEquals(0, peer.send(packet));
        packet.descriptors.forEach(LibC::close);
        if (receive() == KERN_SUCCESS) {
            boolean complex = (buffer.bytes().getInt(MessageLayout.BITS) & MessageLayout.BITS_COMPLEX) != 0;
            int name = buffer.bytes().getInt(complex ? MessageLayout.DESCRIPTORS : MessageLayout.REMOTE_PORT);
            use(name);
        }
        goodArrives();
    }

    private void use(int name) {
        int[] type = new int[1];
        if (name != Mach.MACH_PORT_DEAD) {
            assertEquals(KERN_SUCCESS, victim.type(name, type));
            boolean once = (type[0] & Mach.MACH_PORT_TYPE_SEND_ONCE) != 0;
            buffer.bytes()
                    .putInt(MessageLayout.BITS, once ? Mach.MACH_MSG_TYPE_MOVE_SEND_ONCE : Mach.MACH_MSG_TYPE_COPY_SEND)
                    .putInt(MessageLayout.REMOTE_PORT, name)
                    .putInt(MessageLayout.LOCAL_PORT, 0);
            int code = victim.message(buffer, Mach.MACH_SEND_MSG | Mach.MACH_SEND_TIMEOUT, 24, 0, 0, 5);
            if (once && code == KERN_SUCCESS) {
                return;
            }
            int left = buffer.bytes().getInt(MessageLayout.BITS) & MessageLayout.BITS_REMOTE_MASK;
            if (code != KERN_SUCCESS && left == Mach.MACH_MSG_TYPE_MOVE_SEND) {
                assertEquals(KERN_SUCCESS, victim.deallocate(name));
            }
            assertEquals(KERN_SUCCESS, victim.deallocate(name));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 100, 253})
    void descriptorsThatNoRightNeedsAreDestroyed(int count) {
        RawPacket packet = new RawPacket();
        for (int i = 0; i < count; i++) {
            packet.descriptors(StrangeDescriptor.any(i).open());
        }
        isDestroyed(packet);
        RawPacket complex = new RawPacket().right(WireLayout.KIND_MEMORY, MACH_MSG_TYPE_PORT_SEND, 0);
        for (int i = 0; i < Math.min(count + 1, 253); i++) {
            complex.descriptors(StrangeDescriptor.MEMORY.open());
        }
        if (count < 253) {
            isDestroyed(complex);
        } else {
            complex.descriptors.forEach(LibC::close);
        }
    }

    @Test
    void rightsWithoutTheirDescriptorsAreDestroyed() {
        isDestroyed(new RawPacket().right(WireLayout.KIND_PORT, MACH_MSG_TYPE_PORT_SEND, 0));
        isDestroyed(new RawPacket().right(WireLayout.KIND_MEMORY, MACH_MSG_TYPE_PORT_SEND, 0));
        isDestroyed(new RawPacket().reply(WireLayout.KIND_ONCE, MACH_MSG_TYPE_PORT_SEND_ONCE, 3));
        isDestroyed(new RawPacket()
                .right(WireLayout.KIND_PORT, MACH_MSG_TYPE_PORT_SEND, 0)
                .descriptors(StrangeDescriptor.SEQUENCED.open()));
        isDestroyed(new RawPacket()
                .right(WireLayout.KIND_MEMORY, MACH_MSG_TYPE_PORT_SEND, 0)
                .right(WireLayout.KIND_MEMORY, MACH_MSG_TYPE_PORT_SEND, 0)
                .descriptors(StrangeDescriptor.MEMORY.open()));
    }

    /** What came before the wrong one goes too. */
    @Test
    void oneWrongRightDestroysAll() {
        RawPacket packet = new RawPacket();
        for (int i = 0; i < 20; i++) {
            packet.right(WireLayout.KIND_MEMORY, MACH_MSG_TYPE_PORT_SEND, 0);
            packet.descriptors(i == 17 ? StrangeDescriptor.ZERO.open() : StrangeDescriptor.MEMORY.open());
        }
        isDestroyed(packet);
    }

    /** Large, framed well, and wrong inside: it is not kept. */
    @Test
    void aLargeMessageThatIsWrongIsNotKept() {
        RawPacket packet = new RawPacket().right(WireLayout.KIND_PORT, MACH_MSG_TYPE_PORT_SEND, 0);
        packet.size(50_000).descriptors(StrangeDescriptor.ZERO.open(), StrangeDescriptor.FILE.open());
        assertEquals(0, peer.send(packet));
        packet.descriptors.forEach(LibC::close);
        assertEquals(MACH_RCV_TIMED_OUT, receive(Mach.MACH_RCV_TIMEOUT | Mach.MACH_RCV_LARGE, 64, 0));
        RawPacket good = new RawPacket().size(50_000);
        assertEquals(0, peer.send(good));
        assertEquals(MACH_RCV_TOO_LARGE, receive(Mach.MACH_RCV_TIMEOUT | Mach.MACH_RCV_LARGE, 64, 0));
        assertEquals(KERN_SUCCESS, receive());
        goodArrives();
    }

    /** What is out of line begins behind the end of a buffer that is too small for the message. */
    @Test
    void aSmallBufferMeetsWhatIsOutOfLine() {
        int message = buffer.capacity() + 1000;
        RawPacket packet = new RawPacket().size(message).put(WireLayout.EXTRA_SIZE, 40);
        packet.size += 40;
        assertEquals(0, peer.send(packet));
        assertEquals(MACH_RCV_TIMED_OUT, receive());
        assertEquals(0, peer.send(packet));
        assertEquals(MACH_RCV_TIMED_OUT, receive(Mach.MACH_RCV_TIMEOUT, 64, 0));
        goodArrives();
    }
}
