/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.port;

import static io.machframe.core.error.KernReturn.KERN_INVALID_RIGHT;
import static io.machframe.core.error.KernReturn.KERN_SUCCESS;
import static io.machframe.core.error.KernReturn.MACH_RCV_INTERRUPTED;
import static io.machframe.core.error.KernReturn.MACH_RCV_PORT_CHANGED;
import static io.machframe.core.error.KernReturn.MACH_RCV_TIMED_OUT;
import static io.machframe.core.error.KernReturn.MACH_RCV_TOO_LARGE;
import static io.machframe.core.error.KernReturn.MACH_SEND_INVALID_DEST;
import static io.machframe.core.error.KernReturn.MACH_SEND_TIMED_OUT;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_PORT_RECEIVE;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_PORT_SEND;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_PORT_SEND_ONCE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.platform.Mach;
import io.machframe.core.platform.MessageBuffer;
import io.machframe.core.platform.MessageLayout;
import io.machframe.core.platform.kernel.KernelException;
import io.machframe.core.platform.kernel.Parcel;
import io.machframe.core.platform.linux.libc.LibC;
import io.machframe.core.platform.linux.libc.NativeMemory;
import io.machframe.core.platform.linux.libc.Zeros;
import io.machframe.core.platform.linux.memory.MemoryFile;
import io.machframe.core.platform.linux.wire.ControlPacket;
import io.machframe.core.platform.linux.wire.Wire;
import io.machframe.core.platform.linux.wire.WireLayout;
import io.machframe.core.testing.RequiresCapability;
import io.machframe.core.testing.RightsLedger;
import io.machframe.core.testing.TestCapability;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A peer that holds a send right and is malicious. Whatever it does, the receiver stays whole: what is wrong is destroyed
 * with all that came with it, and the next good message arrives.
 */
@RequiresCapability(TestCapability.LINUX)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@ExtendWith(RightsLedger.class)
class HostilePeerTest extends HostileTest {
    private static final int GOOD = 0x600d;

    HostilePeerTest() {
        super(64 * 1024);
    }

    private int receive(int options, int size, int timeout) {
        return victim.message(buffer, Mach.MACH_RCV_MSG | options, 0, size, port, timeout);
    }

    private int receive() {
        return receive(Mach.MACH_RCV_TIMEOUT, buffer.capacity(), 0);
    }

    private int id() {
        return buffer.bytes().getInt(MessageLayout.ID);
    }

    /** The packet does not arrive, and the next good one does. */
    private void isDestroyed(RawPacket packet) {
        assertEquals(0, peer.send(packet));
        packet.descriptors.forEach(LibC::close);
        goodArrives();
    }

    private void goodArrives() {
        assertEquals(0, peer.send(new RawPacket().id(GOOD)));
        assertEquals(KERN_SUCCESS, receive());
        assertEquals(GOOD, id());
        assertEquals(MACH_RCV_TIMED_OUT, receive());
    }

    @Test
    void aPacketAsThisLibraryWritesItArrives() {
        goodArrives();
    }

    /** As long as it was queued, the destroyed message counted as a sender. */
    @Test
    void theEndOfTheSendersIsToldThoughTheirLastMessageIsDestroyed() throws Exception {
        assertEquals(
                KERN_SUCCESS,
                victim.requestNotification(
                        port, Mach.MACH_NOTIFY_NO_SENDERS, 0, port, Mach.MACH_MSG_TYPE_MAKE_SEND_ONCE, new int[1]));
        takePlaces(1);
        assertEquals(
                0, peer.send(new RawPacket().flags(WireLayout.FLAG_CREDITED).put(WireLayout.MAGIC, 7)));
        peer.close();
        Thread.sleep(50); // the end is noticed, and is none yet
        assertEquals(KERN_SUCCESS, receive(0, buffer.capacity(), 0));
        assertEquals(Mach.MACH_NOTIFY_NO_SENDERS, id());
        peer = new RawPeer(end.makeSend());
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

    @Test
    void aForgedOnceIdIsDestroyedAndATrueOneCountsOnce() throws Exception {
        SocketOnceEnd once = (SocketOnceEnd) end.makeSendOnce();
        int id = once.onceId();
        for (int forged : new int[] {0, 1, -1, id + 1, ~id}) {
            isDestroyed(new RawPacket().once(forged));
        }
        assertEquals(1, end.sendOnceRights());
        assertEquals(0, peer.send(new RawPacket().once(id).id(9)));
        for (int i = 0; i < 10; i++) {
            assertEquals(0, peer.send(new RawPacket().once(id).id(10)));
        }
        assertEquals(KERN_SUCCESS, receive());
        assertEquals(9, id());
        assertEquals(
                MACH_MSG_TYPE_PORT_SEND_ONCE, MessageLayout.local(buffer.bytes().getInt(MessageLayout.BITS)));
        assertEquals(MACH_RCV_TIMED_OUT, receive());
        assertEquals(0, end.sendOnceRights());
        once.close();
        goodArrives();
    }

    /** Ten thousand packets of garbage, and a good one that is not to be kept waiting for ever; then closing. */
    @Test
    void aFloodKeepsNobodyFromReceivingOrClosing() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        RawPeer flooder = new RawPeer(end.makeSend());
        CompletableFuture<Void> flood = CompletableFuture.runAsync(() -> {
            while (!over.get()) {
                flooder.send(1);
            }
        });
        try {
            for (int i = 0; i < 20; i++) {
                RawPacket good = new RawPacket().id(GOOD + i);
                while (peer.send(good) != 0) {
                    receive(Mach.MACH_RCV_TIMEOUT, buffer.capacity(), 1);
                }
                int code = receive(Mach.MACH_RCV_TIMEOUT, buffer.capacity(), 1);
                while (code == MACH_RCV_TIMED_OUT) {
                    code = receive(Mach.MACH_RCV_TIMEOUT, buffer.capacity(), 1);
                }
                assertEquals(KERN_SUCCESS, code);
                assertEquals(GOOD + i, id());
            }
            CompletableFuture<Integer> blocked = CompletableFuture.supplyAsync(() -> {
                MessageBuffer other = victim.newBuffer(4096);
                return victim.message(other, Mach.MACH_RCV_MSG, 0, 4096, port, 0);
            });
            Thread.sleep(50);
            end.close();
            assertEquals(MACH_RCV_PORT_CHANGED, blocked.get());
        } finally {
            over.set(true);
            flood.get();
            flooder.close();
        }
    }

    @Test
    void interruptingEndsAReceiveThatIsFlooded() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        RawPeer flooder = new RawPeer(end.makeSend());
        CompletableFuture<Void> flood = CompletableFuture.runAsync(() -> {
            while (!over.get()) {
                flooder.send(1);
            }
        });
        try {
            Thread.currentThread().interrupt();
            int code = receive(Mach.MACH_RCV_INTERRUPT, buffer.capacity(), 0);
            assertEquals(MACH_RCV_INTERRUPTED, code);
            assertTrue(Thread.interrupted());
        } finally {
            over.set(true);
            flood.get();
            flooder.close();
        }
    }

    /** All holders share the socket: one can end it for all. Then the port is dead, and no call of its owner goes astray. */
    @Test
    void shuttingTheSocketDownKillsThePortAndNothingElse() throws Exception {
        SocketSendEnd other = (SocketSendEnd) end.makeSend();
        CompletableFuture<Integer> blocked = CompletableFuture.supplyAsync(() -> {
            MessageBuffer mine = victim.newBuffer(4096);
            return victim.message(mine, Mach.MACH_RCV_MSG, 0, 4096, port, 0);
        });
        Thread.sleep(30);
        assertEquals(0, HostileLibC.shutdown(peer.queue(), HostileLibC.SHUT_RDWR));
        assertEquals(MACH_RCV_PORT_CHANGED, blocked.get());
        assertEquals(MACH_RCV_PORT_CHANGED, receive());
        assertTrue(other.isDead());
        other.close();

        // The numbers of its descriptors are other files now, which must not be touched.
        int[] decoys = new int[20];
        Arrays.setAll(decoys, i -> StrangeDescriptor.FREE_PIPE_WRITE.open());
        int[] info = new int[10];
        assertEquals(KERN_INVALID_RIGHT, victim.insertRight(port, port, Mach.MACH_MSG_TYPE_MAKE_SEND));
        assertEquals(KERN_INVALID_RIGHT, victim.extractRight(port, Mach.MACH_MSG_TYPE_MAKE_SEND_ONCE, info));
        assertEquals(KERN_SUCCESS, victim.setAttributes(port, Mach.MACH_PORT_LIMITS_INFO, new int[] {9}));
        assertEquals(KERN_SUCCESS, victim.getAttributes(port, Mach.MACH_PORT_RECEIVE_STATUS, info));
        assertEquals(0, info[4]);
        assertEquals(0, info[6]);
        for (int decoy : decoys) {
            assertEquals(0, Wire.current().sockets().available(decoy));
            assertEquals(0, LibC.close(decoy));
        }
    }

    /** Without waiting, a peer takes every place; they are missed when the queue is empty, and put back. */
    @Test
    void placesThatWereTakenInVainArePutBack() throws Exception {
        SocketSendEnd honest = (SocketSendEnd) end.makeSend();
        for (int round = 0; round < 3; round++) {
            takeEveryPlace();
            assertEquals(MACH_SEND_TIMED_OUT, honest.send(parcel(), 0, false));
            int code = MACH_SEND_TIMED_OUT;
            while (code == MACH_SEND_TIMED_OUT) {
                assertEquals(MACH_RCV_TIMED_OUT, receive()); // a receiver that never waits restores them, too
                code = honest.send(parcel(), 5, false);
            }
            assertEquals(KERN_SUCCESS, code);
            assertEquals(KERN_SUCCESS, receive());
            exactlyFiveFit(honest);
        }
        honest.close();
    }

    /** Places that nobody handed over: the queue takes more, until the receiver meets it empty and takes them away. */
    @Test
    void aFilledPipeIsDrainedAgain() throws Exception {
        SocketSendEnd honest = (SocketSendEnd) end.makeSend();
        int pipe = LibC.open("/proc/self/fd/" + peer.pipe(), LibC.O_WRONLY | LibC.O_NONBLOCK, 0);
        for (int i = 0; i < 100; i++) {
            LibC.write(pipe, Zeros.ADDRESS, Zeros.SIZE);
        }
        LibC.close(pipe);
        int[] info = new int[10];
        assertEquals(KERN_SUCCESS, victim.getAttributes(port, Mach.MACH_PORT_RECEIVE_STATUS, info));
        assertEquals(0, info[4]);
        for (int i = 0; i < 20; i++) {
            assertEquals(KERN_SUCCESS, honest.send(parcel(), 0, false));
        }
        for (int i = 0; i < 20; i++) {
            assertEquals(KERN_SUCCESS, receive());
        }
        waitInVain();
        exactlyFiveFit(honest);
        honest.close();
    }

    /** The flag is the pipe's, for all who got the right from one another. */
    @Test
    void aPipeThatBlocksStopsNobody() throws Exception {
        SocketSendEnd honest = (SocketSendEnd) end.makeSend();
        int flags = LibC.fcntl(honest.fd(1), LibC.F_GETFL, 0);
        assertEquals(0, LibC.fcntl(honest.fd(1), HostileLibC.F_SETFL, flags & ~LibC.O_NONBLOCK));
        exactlyFiveFit(honest);
        honest.close();
    }

    /** The same for the socket's own flag, and for its buffer, which a peer may make as small as it goes. */
    @Test
    void aPeerThatChangesTheSocketStopsNobody() throws Exception {
        SocketSendEnd honest = (SocketSendEnd) end.makeSend();
        Wire.current().sockets().set(peer.queue(), LibC.SO_SNDBUF, 1);
        exactlyFiveFit(honest);
        RawPacket large = new RawPacket().size(100_000);
        assertEquals(LibC.EMSGSIZE, peer.send(large));
        goodArrives();
        honest.close();
    }

    private void exactlyFiveFit(SocketSendEnd honest) {
        for (int i = 0; i < 5; i++) {
            assertEquals(KERN_SUCCESS, honest.send(parcel(), 0, false));
        }
        assertEquals(MACH_SEND_TIMED_OUT, honest.send(parcel(), 0, false));
        assertEquals(MACH_SEND_TIMED_OUT, honest.send(parcel(), 5, false));
        for (int i = 0; i < 5; i++) {
            assertEquals(KERN_SUCCESS, receive());
        }
        assertEquals(MACH_RCV_TIMED_OUT, receive());
    }

    private static Parcel parcel() {
        Parcel parcel = new Parcel();
        MessageBuffer bytes = NativeMemory.allocate(64);
        bytes.bytes().putInt(MessageLayout.BITS, MACH_MSG_TYPE_PORT_SEND);
        parcel.begin(bytes, MessageLayout.HEADER_SIZE);
        return parcel;
    }

    /** A message that says it took a place and did not: what it gives back is one too many for a while. */
    @Test
    void aPlaceThatWasNotTakenIsNotGivenBackForLong() throws Exception {
        SocketSendEnd honest = (SocketSendEnd) end.makeSend();
        for (int i = 0; i < 10; i++) {
            assertEquals(0, peer.send(new RawPacket().flags(WireLayout.FLAG_CREDITED)));
            assertEquals(KERN_SUCCESS, receive());
        }
        waitInVain();
        exactlyFiveFit(honest);
        honest.close();
    }

    /** Lets the receiver meet its queue empty for long enough to look at its places. */
    private void waitInVain() {
        assertEquals(MACH_RCV_TIMED_OUT, receive(Mach.MACH_RCV_TIMEOUT, buffer.capacity(), 2 * CreditPool.LEAK_MILLIS));
    }

    /** No look of the receiver's own finds what is lost while it waits; who finds no place in an empty queue asks it to. */
    @Test
    void aSenderThatWaitsInVainHasTheReceiverLookForLostPlaces() throws Exception {
        SocketSendEnd honest = (SocketSendEnd) end.makeSend();
        CompletableFuture<Integer> received = CompletableFuture.supplyAsync(() -> {
            MessageBuffer mine = victim.newBuffer(4096);
            return victim.message(mine, Mach.MACH_RCV_MSG, 0, 4096, port, 0);
        });
        Thread.sleep(3 * CreditPool.LEAK_MILLIS);
        takeEveryPlace();
        assertEquals(KERN_SUCCESS, honest.send(parcel(), -1, false));
        assertEquals(KERN_SUCCESS, received.get());
        exactlyFiveFit(honest);
        honest.close();
    }

    @Test
    void lostPlacesOfAMemberAreFoundWhileItsSetIsReceivedFrom() throws Exception {
        SocketSendEnd honest = (SocketSendEnd) end.makeSend();
        int[] set = new int[1];
        assertEquals(KERN_SUCCESS, victim.allocate(Mach.MACH_PORT_RIGHT_PORT_SET, set));
        assertEquals(KERN_SUCCESS, victim.insertMember(port, set[0]));
        CompletableFuture<Integer> received = CompletableFuture.supplyAsync(() -> {
            MessageBuffer mine = victim.newBuffer(4096);
            return victim.message(mine, Mach.MACH_RCV_MSG, 0, 4096, set[0], 0);
        });
        takeEveryPlace();
        assertEquals(MACH_SEND_TIMED_OUT, honest.send(parcel(), 0, false)); // one asking is enough
        while (!honest.hasRoom()) {
            Thread.sleep(1);
        }
        assertEquals(KERN_SUCCESS, honest.send(parcel(), 0, false));
        assertEquals(KERN_SUCCESS, received.get());
        exactlyFiveFit(honest);
        honest.close();
        assertEquals(KERN_SUCCESS, victim.modRefs(set[0], Mach.MACH_PORT_RIGHT_PORT_SET, -1));
    }

    private void takeEveryPlace() throws Exception {
        takePlaces(Mach.MACH_PORT_QLIMIT_DEFAULT);
    }

    private void takePlaces(int count) throws Exception {
        try (CreditPage places = CreditPage.find(peer.queue())) {
            for (int i = 0; i < count; i++) {
                assertTrue(places.take());
            }
        }
    }

    /** Whatever a peer makes of the count, the receiver goes on, and puts it right when it meets its queue empty. */
    @Test
    void aCountThatAPeerSpoilsIsPutRight() throws Exception {
        SocketSendEnd honest = (SocketSendEnd) end.makeSend();
        int page = pageOf(peer.queue());
        MessageBuffer word = NativeMemory.allocate(8);
        Random random = new Random(3);
        for (int round = 0; round < 200; round++) {
            word.bytes().putLong(0, round < 8 ? -1L >>> (8 * round) : random.nextLong());
            assertEquals(8, HostileLibC.pwrite(page, word.address(), 8, 0));
            honest.send(parcel(), round % 20 == 0 ? 1 : 0, false);
            honest.hasRoom();
            assertEquals(KERN_SUCCESS, victim.getAttributes(port, Mach.MACH_PORT_RECEIVE_STATUS, new int[10]));
            receive();
        }
        LibC.close(page);
        waitInVain();
        exactlyFiveFit(honest);
        honest.close();
    }

    /** Who takes it from all that come later harms them as by shutting the port down; who has it goes on. */
    @Test
    void aCountThatAPeerTakesAwayIsMissedByNewSendersOnly() throws Exception {
        SocketSendEnd honest = (SocketSendEnd) end.makeSend();
        ControlPacket taken = new ControlPacket();
        assertTrue(taken.receive(peer.queue()));
        taken.discardFds();
        exactlyFiveFit(honest);
        SocketSendEnd late = new SocketSendEnd(
                LibC.fcntl(peer.queue(), LibC.F_DUPFD_CLOEXEC, 0),
                LibC.fcntl(peer.pipe(), LibC.F_DUPFD_CLOEXEC, 0),
                (long) honest.identity(),
                true);
        assertFalse(late.hasRoom());
        assertEquals(MACH_SEND_INVALID_DEST, late.send(parcel(), 0, false));
        late.close();
        honest.close();
    }

    /** A right to a port that a peer made up is a dead one as soon as something is sent through it. */
    @Test
    void aRightWhoseCountMakesNoSenseCanNotBeSentThrough() throws Exception {
        cannotBeSentThrough();
        for (StrangeDescriptor strange : StrangeDescriptor.values()) {
            cannotBeSentThrough(strange.open());
            cannotBeSentThrough(strange.open(), strange.open());
        }
        for (int seals : new int[] {0, LibC.F_SEAL_SHRINK, LibC.F_SEAL_GROW}) {
            cannotBeSentThrough(memory(4096, seals));
        }
        cannotBeSentThrough(memory(4095, MemoryFile.FIXED_SIZE));
        cannotBeSentThrough(memory(4096, MemoryFile.FIXED_SIZE | LibC.F_SEAL_WRITE));
        cannotBeSentThrough(memory(4096, MemoryFile.FIXED_SIZE | LibC.F_SEAL_FUTURE_WRITE));
        cannotBeSentThrough(memory(4096, MemoryFile.FIXED_SIZE), memory(4096, MemoryFile.FIXED_SIZE));
    }

    private static int memory(long size, int seals) {
        int fd = MemoryFile.open("hostile");
        assertEquals(0, LibC.ftruncate(fd, size));
        assertTrue(MemoryFile.seal(fd, seals));
        return fd;
    }

    private static void cannotBeSentThrough(int... page) {
        MessageBuffer pair = NativeMemory.allocate(16);
        assertEquals(0, LibC.socketpair(LibC.AF_UNIX, LibC.SOCK_SEQPACKET | LibC.SOCK_CLOEXEC, 0, pair.address()));
        assertEquals(0, LibC.pipe2(pair.address() + 8, LibC.O_CLOEXEC | LibC.O_NONBLOCK));
        int receiveEnd = pair.bytes().getInt(4);
        ControlPacket packet = new ControlPacket();
        packet.putInt(0x3143464d);
        for (int fd : page) {
            packet.putFd(fd);
        }
        assertTrue(packet.send(receiveEnd));
        for (int fd : page) {
            LibC.close(fd);
        }
        SocketSendEnd right = new SocketSendEnd(
                pair.bytes().getInt(0),
                pair.bytes().getInt(8),
                Wire.current().sockets().cookie(receiveEnd),
                true);
        assertEquals(MACH_SEND_INVALID_DEST, right.send(parcel(), 0, false));
        assertFalse(right.hasRoom());
        right.close();
        LibC.close(receiveEnd);
        LibC.close(pair.bytes().getInt(12));
    }

    private static int pageOf(int sendEnd) {
        ControlPacket packet = new ControlPacket();
        assertTrue(packet.peek(sendEnd));
        return packet.fd(0);
    }

    /** Being asked is no message, whatever comes along with it. */
    @Test
    void beingAskedToLookIsNoMessage() {
        RawPacket look = new RawPacket().flags(WireLayout.FLAG_RECONCILE).size(0);
        for (int i = 0; i < 3; i++) {
            isDestroyed(look);
        }
        isDestroyed(look.descriptors(StrangeDescriptor.MEMORY.open()));
        assertEquals(0, log.messages().size());
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

    @Test
    void sendingToADeadPortFromOutsideChangesNothing() {
        int[] name = new int[1];
        assertEquals(KERN_SUCCESS, victim.construct(0, 0, 0, name));
        RawPeer other = other(name[0]);
        assertEquals(KERN_SUCCESS, victim.destruct(name[0], 0, 0));
        assertEquals(LibC.EPIPE, other.send(new RawPacket()));
        other.close();
        buffer.bytes()
                .putInt(MessageLayout.BITS, Mach.MACH_MSG_TYPE_COPY_SEND)
                .putInt(MessageLayout.REMOTE_PORT, name[0]);
        assertEquals(
                MACH_SEND_INVALID_DEST,
                victim.message(buffer, Mach.MACH_SEND_MSG | Mach.MACH_SEND_TIMEOUT, 24, 0, 0, 0));
    }

    private RawPeer other(int name) {
        try {
            return new RawPeer(((SocketReceiveEnd) victim.receiveEnd(name)).makeSend());
        } catch (KernelException e) {
            throw new AssertionError(e);
        }
    }
}
