/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.port;

import static io.machframe.core.error.KernReturn.KERN_SUCCESS;
import static io.machframe.core.error.KernReturn.MACH_RCV_TIMED_OUT;
import static io.machframe.core.error.KernReturn.MACH_SEND_INVALID_DEST;
import static io.machframe.core.error.KernReturn.MACH_SEND_TIMED_OUT;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_PORT_SEND;
import static io.machframe.core.testing.Eventually.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.platform.Mach;
import io.machframe.core.platform.MessageBuffer;
import io.machframe.core.platform.MessageLayout;
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
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A peer that holds a send right and spoils the count of credits, or the pipe that hands them over. */
@RequiresCapability(TestCapability.LINUX)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@ExtendWith(RightsLedger.class)
class HostileCreditTest extends HostilePeer {
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
        await("space in the queue", honest::hasRoom);
        assertEquals(KERN_SUCCESS, honest.send(parcel(), 0, false));
        assertEquals(KERN_SUCCESS, received.get());
        exactlyFiveFit(honest);
        honest.close();
        assertEquals(KERN_SUCCESS, victim.modRefs(set[0], Mach.MACH_PORT_RIGHT_PORT_SET, -1));
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
                (Long) honest.identity(),
                null,
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

    /** Lets the receiver meet its queue empty for long enough to look at its places. */
    private void waitInVain() {
        assertEquals(MACH_RCV_TIMED_OUT, receive(Mach.MACH_RCV_TIMEOUT, buffer.capacity(), 2 * CreditPool.LEAK_MILLIS));
    }

    private void takeEveryPlace() throws Exception {
        takePlaces(Mach.MACH_PORT_QLIMIT_DEFAULT);
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
                null,
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
}
