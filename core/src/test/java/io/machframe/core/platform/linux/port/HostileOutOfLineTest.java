/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.port;

import static io.machframe.core.error.KernReturn.KERN_SUCCESS;
import static io.machframe.core.error.KernReturn.MACH_RCV_TIMED_OUT;
import static io.machframe.core.error.KernReturn.MACH_RCV_TOO_LARGE;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_PORT_SEND;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_PORT_SEND_ONCE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.platform.Mach;
import io.machframe.core.platform.MessageBuffer;
import io.machframe.core.platform.MessageLayout;
import io.machframe.core.platform.kernel.MessageLimits;
import io.machframe.core.platform.kernel.Parcel;
import io.machframe.core.platform.linux.libc.LibC;
import io.machframe.core.platform.linux.libc.NativeMemory;
import io.machframe.core.platform.linux.memory.HostileMemory;
import io.machframe.core.platform.linux.wire.Wire;
import io.machframe.core.platform.linux.wire.WireLayout;
import io.machframe.core.testing.RequiresCapability;
import io.machframe.core.testing.RightsLedger;
import io.machframe.core.testing.TestCapability;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A peer that lies about memory and arrays of rights; as in {@link HostilePeerTest}, the receiver stays whole. */
@RequiresCapability(TestCapability.LINUX)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@ExtendWith(RightsLedger.class)
class HostileOutOfLineTest extends HostileTest {
    private static final int GOOD = 0x600d;
    private static final int ALL_SEALS = LibC.F_SEAL_SEAL | LibC.F_SEAL_SHRINK | LibC.F_SEAL_GROW | LibC.F_SEAL_WRITE;

    HostileOutOfLineTest() {
        super(4096);
    }

    private int receive() {
        int options = Mach.MACH_RCV_MSG | Mach.MACH_RCV_TIMEOUT;
        return victim.message(buffer, options, 0, buffer.capacity(), port, 0);
    }

    private void send(RawPacket packet) {
        assertEquals(0, peer.send(packet));
        packet.descriptors.forEach(LibC::close);
    }

    private void isDestroyed(RawPacket packet) {
        send(packet);
        assertEquals(MACH_RCV_TIMED_OUT, receive());
        send(new RawPacket().id(GOOD));
        assertEquals(KERN_SUCCESS, receive());
        assertEquals(GOOD, buffer.bytes().getInt(MessageLayout.ID));
    }

    /** The memory of a message that came, at its first place. */
    private void releaseMemory(int size) {
        long address = buffer.bytes().getLong(MessageLayout.DESCRIPTORS);
        assertEquals(size, buffer.bytes().getInt(MessageLayout.DESCRIPTORS + MessageLayout.OOL_SIZE));
        assertEquals(0, victim.memory().view(address, size).get(size - 1));
        assertEquals(KERN_SUCCESS, victim.memory().deallocate(address, size));
    }

    @Test
    void memoryAsThisLibrarySendsItArrives() {
        send(new RawPacket().memory(Parcel.PRESENT, 10_000).descriptors(HostileMemory.memfd(10_000, ALL_SEALS)));
        assertEquals(KERN_SUCCESS, receive());
        releaseMemory(10_000);
        send(new RawPacket().memory(Parcel.INLINE, 5000).extra(5000));
        assertEquals(KERN_SUCCESS, receive());
        releaseMemory(5000);
    }

    /** Whoever is given memory to read cannot write it, whatever he tries. */
    @Test
    void aReadOnlyEntryCannotBeWritten() throws Exception {
        long[] address = new long[1];
        int[] entry = new int[1];
        assertEquals(KERN_SUCCESS, victim.memory().allocate(1 << 20, address));
        assertEquals(KERN_SUCCESS, victim.memory().makeEntry(address[0], 1 << 20, Mach.VM_PROT_READ, entry));
        MemoryEnd end = (MemoryEnd) victim.object(entry[0]);
        assertEquals(List.of(), HostileMemory.writes(LibC.fcntl(end.fd(0), LibC.F_DUPFD_CLOEXEC, 0)));
        end.close();
        assertEquals(KERN_SUCCESS, victim.deallocate(entry[0]));
        assertEquals(KERN_SUCCESS, victim.memory().deallocate(address[0], 1 << 20));
    }

    /** What the peer can still do to a file that was taken for good does not reach the receiver. */
    @Test
    void memoryThatArrivedCannotBeCutOff() {
        int fd = HostileMemory.memfd(10_000, ALL_SEALS);
        send(new RawPacket().memory(Parcel.PRESENT, 10_000).descriptors(LibC.fcntl(fd, LibC.F_DUPFD_CLOEXEC, 0)));
        assertEquals(KERN_SUCCESS, receive());
        assertEquals(List.of(), HostileMemory.writes(fd));
        releaseMemory(10_000);
    }

    @ParameterizedTest
    @ValueSource(ints = {10_001, 12_288, 1 << 20, Integer.MAX_VALUE, -1})
    void memoryThatIsSmallerThanItSaysIsDestroyed(int size) {
        int fd = HostileMemory.memfd(10_000, ALL_SEALS);
        isDestroyed(new RawPacket().memory(Parcel.PRESENT, size).descriptors(fd));
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                0,
                LibC.F_SEAL_SHRINK,
                LibC.F_SEAL_WRITE,
                LibC.F_SEAL_SHRINK | LibC.F_SEAL_GROW,
                LibC.F_SEAL_GROW | LibC.F_SEAL_WRITE
            })
    void memoryThatSomebodyCanChangeIsDestroyed(int seals) {
        isDestroyed(new RawPacket().memory(Parcel.PRESENT, 4096).descriptors(HostileMemory.memfd(4096, seals)));
    }

    @ParameterizedTest
    @EnumSource
    void aStrangeDescriptorIsNoMemoryNoFileAndNoCarrier(StrangeDescriptor strange) {
        isDestroyed(new RawPacket().memory(Parcel.PRESENT, 1).descriptors(strange.open()));
        RawPacket filed = new RawPacket().flags(WireLayout.FLAG_FILE).descriptors(strange.open());
        filed.size = WireLayout.PREFIX_SIZE;
        isDestroyed(filed);
        RawPacket carried = new RawPacket()
                .right(WireLayout.KIND_PORT, MACH_MSG_TYPE_PORT_SEND, 0)
                .flags(WireLayout.FLAG_OVERFLOW)
                .descriptors(strange.open());
        isDestroyed(carried);
    }

    @Test
    void memoryWithoutItsDescriptorOrWithOneTooManyIsDestroyed() {
        isDestroyed(new RawPacket().memory(Parcel.PRESENT, 4096));
        isDestroyed(new RawPacket()
                .memory(Parcel.PRESENT, 4096)
                .descriptors(HostileMemory.memfd(4096, ALL_SEALS), HostileMemory.memfd(4096, ALL_SEALS)));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4999, 5001, 131_072, Integer.MAX_VALUE, -1, 0})
    void memoryInTheExtraIsAsLongAsTheExtra(int size) {
        isDestroyed(new RawPacket().memory(Parcel.INLINE, size).extra(5000));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 1, 4999, 5001, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void anExtraOfAnotherSizeIsDestroyed(int size) {
        isDestroyed(new RawPacket().memory(Parcel.INLINE, 5000).extra(5000).put(WireLayout.EXTRA_SIZE, size));
    }

    @Test
    void marksAndOptionsThatNobodyWritesAreDestroyed() {
        isDestroyed(new RawPacket().memory(3, 100).extra(100));
        isDestroyed(new RawPacket().memory(-1, 100).extra(100));
        isDestroyed(new RawPacket().memory(0, 100));
        isDestroyed(new RawPacket().memory(Parcel.PRESENT, 0));
        RawPacket copy = new RawPacket().memory(0, 0);
        copy.bytes.put(RawPacket.at(MessageLayout.DESCRIPTORS + MessageLayout.OOL_COPY), (byte) 2);
        isDestroyed(copy);
        RawPacket cut = new RawPacket().memory(0, 0);
        isDestroyed(cut.size(MessageLayout.DESCRIPTORS + MessageLayout.PORT_DESCRIPTOR_SIZE));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 1, 3, 16_384, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void anArrayOfAnotherCountIsDestroyed(int count) {
        isDestroyed(new RawPacket().array(Parcel.PRESENT, count).extra(24));
    }

    @Test
    void anArrayOfNothingArrives() {
        RawPacket packet = new RawPacket().array(Parcel.PRESENT, 2).extra(24);
        for (int slot = packet.size - 24; slot < packet.size; slot += 12) {
            packet.bytes.put(slot + MessageLayout.DESCRIPTOR_DISPOSITION, (byte) MACH_MSG_TYPE_PORT_SEND);
        }
        send(packet);
        assertEquals(KERN_SUCCESS, receive());
        long address = buffer.bytes().getLong(MessageLayout.DESCRIPTORS);
        assertEquals(0, victim.memory().view(address, 8).getLong(0));
        assertEquals(KERN_SUCCESS, victim.memory().deallocate(address, 8));
    }

    /** A right that is said to be in the message already. */
    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1, 2, 1000, Integer.MIN_VALUE})
    void aRepeatOfARightThatIsNotThereIsDestroyed(int first) {
        isDestroyed(new RawPacket().right(WireLayout.KIND_SAME, MACH_MSG_TYPE_PORT_SEND, first));
        isDestroyed(new RawPacket().reply(WireLayout.KIND_SAME, MACH_MSG_TYPE_PORT_SEND, first));
    }

    @Test
    void aSendOnceRightIsNotRepeated() {
        isDestroyed(new RawPacket()
                .right(WireLayout.KIND_ONCE, MACH_MSG_TYPE_PORT_SEND_ONCE, 1)
                .right(WireLayout.KIND_SAME, MACH_MSG_TYPE_PORT_SEND, 0)
                .descriptors(StrangeDescriptor.SEQUENCED.open(), StrangeDescriptor.PIPE_WRITE.open()));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 23, 55, 56, 1 << 20})
    void aFileShorterThanTheMessageIsDestroyed(int size) {
        RawPacket packet = new RawPacket().flags(WireLayout.FLAG_FILE).descriptors(HostileMemory.memfd(size, 0));
        packet.put(WireLayout.MESSAGE_SIZE, MessageLimits.MAX_SIZE & ~3).put(WireLayout.EXTRA_SIZE, 100);
        packet.size = WireLayout.PREFIX_SIZE;
        isDestroyed(packet);
    }

    /** A peer has to own what it makes its victim reserve: a file of holes costs nothing, whatever its size and seals. */
    @ParameterizedTest
    @ValueSource(ints = {0, ALL_SEALS})
    void theLargestFileOfHolesMakesNobodyReserveMemory(int seals) {
        isDestroyed(new RawPacket().put(WireLayout.MAGIC, 1)); // what is needed once is there
        long before = reserved();
        for (int i = 0; i < 4; i++) {
            isDestroyed(largest(HostileMemory.memfd(1L << 30, seals)));
        }
        assertTrue(reserved() - before < MessageLimits.MAX_SIZE, () -> reserved() + " bytes, and before " + before);
    }

    @Test
    void theLargestFileOfZerosIsAMessage() {
        int file = HostileMemory.memfd(0, 0);
        assertEquals(0, LibC.fallocate(file, 0, 0, MessageLimits.MAX_SIZE));
        send(largest(file));
        assertEquals(MACH_RCV_TOO_LARGE, receive());
        isDestroyed(new RawPacket().put(WireLayout.MAGIC, 1));
    }

    private static RawPacket largest(int file) {
        RawPacket packet = new RawPacket().flags(WireLayout.FLAG_FILE).descriptors(file);
        packet.put(WireLayout.MESSAGE_SIZE, MessageLimits.MAX_SIZE & ~3);
        packet.size = WireLayout.PREFIX_SIZE;
        return packet;
    }

    private static long reserved() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getTotalCapacity)
                .sum();
    }

    @Test
    void aCarrierWithTooFewOrTooManyDescriptorsIsDestroyed() {
        for (int count : new int[] {0, 1, 3, 253}) {
            int[] fds = new int[count];
            for (int i = 0; i < count; i++) {
                fds[i] = (i % 2 == 0 ? StrangeDescriptor.SEQUENCED : StrangeDescriptor.FREE_PIPE_READ).open();
            }
            isDestroyed(new RawPacket()
                    .right(WireLayout.KIND_PORT, MACH_MSG_TYPE_PORT_SEND, 0)
                    .flags(WireLayout.FLAG_OVERFLOW)
                    .descriptors(carrier(fds)));
        }
    }

    /** Returns the end of a socket in which descriptors wait; they are closed here. */
    static int carrier(int... fds) {
        MessageBuffer pair = NativeMemory.allocate(8);
        LibC.socketpair(LibC.AF_UNIX, LibC.SOCK_SEQPACKET | LibC.SOCK_CLOEXEC, 0, pair.address());
        int out = pair.bytes().getInt(0);
        if (fds.length > 0) {
            Wire.current().writer().sendFds(out, fds, 0, fds.length);
        }
        for (int fd : fds) {
            LibC.close(fd);
        }
        LibC.close(out);
        return pair.bytes().getInt(4);
    }
}
