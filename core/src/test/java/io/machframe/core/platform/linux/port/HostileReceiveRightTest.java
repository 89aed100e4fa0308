/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.port;

import static io.machframe.core.error.KernReturn.KERN_SUCCESS;
import static io.machframe.core.error.KernReturn.MACH_RCV_BODY_ERROR;
import static io.machframe.core.error.KernReturn.MACH_RCV_PORT_CHANGED;
import static io.machframe.core.error.KernReturn.MACH_RCV_TIMED_OUT;
import static io.machframe.core.platform.linux.port.RawReceiveRight.FLAGS;
import static io.machframe.core.platform.linux.port.RawReceiveRight.KEPT;
import static io.machframe.core.platform.linux.port.RawReceiveRight.NO_SENDERS;
import static io.machframe.core.platform.linux.port.RawReceiveRight.ONCES;
import static io.machframe.core.platform.linux.port.RawReceiveRight.PORT_DESTROYED;
import static io.machframe.core.platform.linux.port.RawReceiveRight.state;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.platform.Mach;
import io.machframe.core.platform.MessageLayout;
import io.machframe.core.platform.linux.libc.LibC;
import io.machframe.core.platform.linux.libc.Zeros;
import io.machframe.core.platform.linux.wire.Wire;
import io.machframe.core.platform.linux.wire.WireLayout;
import io.machframe.core.testing.ProcessResources;
import io.machframe.core.testing.RequiresCapability;
import io.machframe.core.testing.RightsLedger;
import io.machframe.core.testing.TestCapability;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Receive rights that a malicious peer made up, or kept something of. Each is refused, or arrives as a port that can be
 * used in all ways and given up; a port that makes no sense inside is a dead one.
 */
@RequiresCapability(TestCapability.LINUX)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@ExtendWith(RightsLedger.class)
class HostileReceiveRightTest extends HostileTest {
    private static final int DISPOSITION = MessageLayout.DESCRIPTORS + MessageLayout.DESCRIPTOR_DISPOSITION;

    private final int[] info = new int[Mach.MACH_PORT_RECEIVE_STATUS_COUNT];

    HostileReceiveRightTest() {
        super(64 * 1024);
    }

    private int receive(int from) {
        return victim.message(buffer, Mach.MACH_RCV_MSG | Mach.MACH_RCV_TIMEOUT, 0, buffer.capacity(), from, 0);
    }

    /** Sends a right and returns its name here, or 0 if it was refused. */
    private int arrival(RawReceiveRight right) {
        RawPacket packet = right.in(new RawPacket());
        assertEquals(0, peer.send(packet));
        packet.descriptors.forEach(LibC::close);
        int code = receive(port);
        if (code == MACH_RCV_TIMED_OUT) {
            return 0;
        }
        assertEquals(KERN_SUCCESS, code);
        assertEquals(Mach.MACH_MSG_TYPE_PORT_RECEIVE, buffer.bytes().get(DISPOSITION));
        return buffer.bytes().getInt(MessageLayout.DESCRIPTORS);
    }

    /** Uses a port that arrived in all ways and gives it up. Returns how a receive from it ended first. */
    private int use(int name) {
        int first = receive(name);
        int[] set = new int[1];
        int[] previous = new int[1];
        assertEquals(KERN_SUCCESS, victim.getAttributes(name, Mach.MACH_PORT_RECEIVE_STATUS, info));
        assertEquals(KERN_SUCCESS, victim.allocate(Mach.MACH_PORT_RIGHT_PORT_SET, set));
        victim.insertMember(name, set[0]);
        victim.setAttributes(name, Mach.MACH_PORT_LIMITS_INFO, new int[] {1024});
        victim.setAttributes(name, Mach.MACH_PORT_LIMITS_INFO, new int[] {1});
        int made = victim.insertRight(name, name, Mach.MACH_MSG_TYPE_MAKE_SEND);
        for (int i = 0; i < 10; i++) {
            receive(set[0]);
        }
        if (made == KERN_SUCCESS) {
            buffer.bytes()
                    .putInt(MessageLayout.BITS, Mach.MACH_MSG_TYPE_COPY_SEND)
                    .putInt(MessageLayout.REMOTE_PORT, name)
                    .putInt(MessageLayout.LOCAL_PORT, 0);
            victim.message(buffer, Mach.MACH_SEND_MSG | Mach.MACH_SEND_TIMEOUT, 24, 0, 0, 1);
            victim.deallocate(name);
        }
        victim.requestNotification(
                name, Mach.MACH_NOTIFY_NO_SENDERS, 0, port, Mach.MACH_MSG_TYPE_MAKE_SEND_ONCE, previous);
        if (previous[0] != 0) {
            assertEquals(KERN_SUCCESS, victim.deallocate(previous[0]));
        }
        receive(name);
        victim.modRefs(name, Mach.MACH_PORT_RIGHT_RECEIVE, -1);
        assertEquals(KERN_SUCCESS, victim.modRefs(set[0], Mach.MACH_PORT_RIGHT_PORT_SET, -1));
        while (receive(port) == KERN_SUCCESS) {
            // what the port's end told of
        }
        return first;
    }

    private void isUsable(RawReceiveRight right) {
        int name = arrival(right);
        right.close();
        if (name != 0) {
            use(name);
        }
    }

    private void isDead(RawReceiveRight right) {
        int name = arrival(right);
        right.close();
        assertNotEquals(0, name);
        assertEquals(MACH_RCV_PORT_CHANGED, use(name));
    }

    @Test
    void aGoodOneArrives() {
        RawReceiveRight right = new RawReceiveRight().packet(state());
        int name = arrival(right);
        RawPeer sender = new RawPeer(LibC.fcntl(right.descriptors[1], LibC.F_DUPFD_CLOEXEC, 0));
        right.close();
        assertEquals(0, sender.send(new RawPacket().id(7)));
        sender.close();
        assertEquals(KERN_SUCCESS, receive(name));
        assertEquals(7, buffer.bytes().getInt(MessageLayout.ID));
        assertEquals(MACH_RCV_TIMED_OUT, use(name));
    }

    @ParameterizedTest
    @EnumSource
    void aStrangeDescriptorInAnyPlaceIsRefusedOrHarmless(StrangeDescriptor strange) {
        for (int place = 0; place < 4; place++) {
            isUsable(new RawReceiveRight().packet(state()).replace(place, strange.open()));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 5, 8, 12, 253})
    void anotherNumberOfDescriptorsIsRefused(int count) {
        RawPacket packet = new RawPacket().right(WireLayout.KIND_RECEIVE, Mach.MACH_MSG_TYPE_PORT_RECEIVE, 0);
        for (int i = 0; i < count; i++) {
            packet.descriptors(StrangeDescriptor.LIVE_SEQUENCED.open());
        }
        assertEquals(0, peer.send(packet));
        packet.descriptors.forEach(LibC::close);
        assertEquals(MACH_RCV_TIMED_OUT, receive(port));
    }

    @Test
    void aBundleWithoutASenseIsADeadPort() {
        isDead(new RawReceiveRight());
        isDead(new RawReceiveRight().packet(state(0, 1)));
        isDead(new RawReceiveRight().packet(new int[3]));
        isDead(new RawReceiveRight().packet(new int[100]));
        for (int wrong : new int[] {-1, 1025, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            isDead(new RawReceiveRight().packet(state(1, wrong)));
        }
    }

    @Test
    void requestsWithoutTheirRightsAreADeadPort() {
        isDead(new RawReceiveRight().packet(state(FLAGS, NO_SENDERS)));
        isDead(new RawReceiveRight().packet(state(FLAGS, PORT_DESTROYED)));
        isDead(new RawReceiveRight().packet(state(FLAGS, 0), StrangeDescriptor.MEMORY.open()));
        for (StrangeDescriptor strange : List.of(StrangeDescriptor.PIPE_READ, StrangeDescriptor.MEMORY)) {
            isDead(new RawReceiveRight()
                    .packet(state(FLAGS, NO_SENDERS), StrangeDescriptor.LIVE_SEQUENCED.open(), strange.open()));
        }
    }

    /** Whom a request tells is the peer's own business: its ports may be dead, deaf or strange. */
    @Test
    void requestsThatTellNobodyAreHarmless() {
        for (int flags : new int[] {NO_SENDERS, PORT_DESTROYED, 4 | NO_SENDERS}) {
            for (StrangeDescriptor queue : List.of(
                    StrangeDescriptor.LIVE_SEQUENCED, StrangeDescriptor.SEQUENCED, StrangeDescriptor.UNCONNECTED)) {
                isUsable(new RawReceiveRight()
                        .packet(state(FLAGS, flags), queue.open(), StrangeDescriptor.PIPE_WRITE.open()));
            }
        }
    }

    @Test
    void wrongSendSendOnceRegistryAreADeadPort() {
        for (int count : new int[] {1, 2, Integer.MAX_VALUE}) {
            isDead(new RawReceiveRight().packet(state(ONCES, count)));
        }
        isDead(new RawReceiveRight().packet(state(ONCES, 1)).packet(new int[] {5}));
        isDead(new RawReceiveRight().packet(state(ONCES, 1)).packet(new int[0], StrangeDescriptor.PIPE_READ.open()));
        isDead(new RawReceiveRight().packet(state(ONCES, 1)).packet(new int[] {0}, StrangeDescriptor.PIPE_READ.open()));
        isDead(new RawReceiveRight()
                .packet(state(ONCES, 2))
                .packet(new int[] {5, 5}, StrangeDescriptor.PIPE_READ.open(), StrangeDescriptor.PIPE_READ.open()));
        for (StrangeDescriptor strange : StrangeDescriptor.values()) {
            if (!strange.name().endsWith("PIPE_READ")) {
                isDead(new RawReceiveRight().packet(state(ONCES, 1)).packet(new int[] {5}, strange.open()));
            }
        }
        isUsable(new RawReceiveRight().packet(state(ONCES, Integer.MIN_VALUE)));
    }

    @Test
    void aKeptMessageThatIsWrongIsADeadPort() {
        isDead(new RawReceiveRight().packet(state(FLAGS, KEPT)));
        isDead(new RawReceiveRight().packet(state(FLAGS, KEPT)).kept(new RawPacket().put(WireLayout.MAGIC, 1)));
        for (int size : new int[] {0, 1, 31, 33, 100, 150_000, 262_144}) {
            RawPacket packet = new RawPacket().size(200_000);
            packet.size = size;
            isDead(new RawReceiveRight()
                    .packet(state(FLAGS, KEPT))
                    .kept(packet.descriptors(StrangeDescriptor.MEMORY.open())));
        }
        // framed well, and larger than any message
        RawPacket large = new RawPacket()
                .right(WireLayout.KIND_MEMORY, Mach.MACH_MSG_TYPE_PORT_SEND, 0)
                .size(200_000);
        large.put(RawPacket.at(MessageLayout.DESCRIPTOR_COUNT), 16_000);
        isDead(new RawReceiveRight().packet(state(FLAGS, KEPT)).kept(large));
    }

    @Test
    void aKeptMessageArrivesWithItsRights() {
        RawPacket kept = new RawPacket().id(9).right(WireLayout.KIND_MEMORY, Mach.MACH_MSG_TYPE_PORT_SEND, 0);
        RawReceiveRight right = new RawReceiveRight()
                .packet(state(FLAGS, KEPT))
                .kept(kept.descriptors(StrangeDescriptor.MEMORY.open()));
        int name = arrival(right);
        right.close();
        assertEquals(KERN_SUCCESS, receive(name));
        assertEquals(9, buffer.bytes().getInt(MessageLayout.ID));
        assertEquals(KERN_SUCCESS, victim.deallocate(buffer.bytes().getInt(MessageLayout.DESCRIPTORS)));
        use(name);
    }

    /** Right in right in right: each is unpacked when its message is received, so no depth overflows anything. */
    @Test
    void aKeptMessageMayCarryTheNextRight() {
        RawReceiveRight innermost = new RawReceiveRight().packet(state());
        for (int i = 0; i < 5; i++) {
            RawReceiveRight outer =
                    new RawReceiveRight().packet(state(FLAGS, KEPT)).kept(innermost.in(new RawPacket().id(i)));
            innermost.close();
            innermost = outer;
        }
        int name = arrival(innermost);
        innermost.close();
        for (int i = 4; i >= 0; i--) {
            assertEquals(KERN_SUCCESS, receive(name));
            assertEquals(i, buffer.bytes().getInt(MessageLayout.ID));
            int next = buffer.bytes().getInt(MessageLayout.DESCRIPTORS);
            use(name);
            name = next;
        }
        assertEquals(MACH_RCV_TIMED_OUT, use(name));
    }

    /** The second finds the port received here already, and nothing becomes of the first. */
    @Test
    void aRightThatIsSentTwiceArrivesOnce() {
        RawReceiveRight right = new RawReceiveRight().packet(state()).packet(state());
        int name = arrival(right);
        assertTrue(name != 0);
        RawPacket again = right.in(new RawPacket());
        assertEquals(0, peer.send(again));
        again.descriptors.forEach(LibC::close);
        int code = receive(port);
        assertEquals(MACH_RCV_BODY_ERROR, code);
        assertEquals(0, buffer.bytes().getInt(MessageLayout.DESCRIPTORS));
        RawPeer sender = new RawPeer(LibC.fcntl(right.descriptors[1], LibC.F_DUPFD_CLOEXEC, 0));
        right.close();
        assertEquals(0, sender.send(new RawPacket().id(7)));
        sender.close();
        assertEquals(KERN_SUCCESS, receive(name));
        use(name);
    }

    /** A peer says that a port of the victim's is its own: the victim's stays what it is. */
    @Test
    void nobodyTakesOverAPortByItsSendEnd() {
        RawReceiveRight right = new RawReceiveRight().packet(state());
        right.replace(1, LibC.fcntl(peer.queue(), LibC.F_DUPFD_CLOEXEC, 0));
        RawPacket packet = right.in(new RawPacket());
        assertEquals(0, peer.send(packet));
        packet.descriptors.forEach(LibC::close);
        right.close();
        assertEquals(MACH_RCV_BODY_ERROR, receive(port));
        assertEquals(0, peer.send(new RawPacket().id(7)));
        assertEquals(KERN_SUCCESS, receive(port));
        assertEquals(7, buffer.bytes().getInt(MessageLayout.ID));
    }

    /** A send right that comes home with another pipe: what is made of the port later still leads to it. */
    @Test
    void nobodyPutsAnotherPipeBesideAPortsQueue() {
        RawPacket packet = new RawPacket().right(WireLayout.KIND_PORT, Mach.MACH_MSG_TYPE_PORT_SEND, 0);
        packet.descriptors(LibC.fcntl(peer.queue(), LibC.F_DUPFD_CLOEXEC, 0), StrangeDescriptor.LIVE_PIPE_READ.open());
        assertEquals(0, peer.send(packet));
        packet.descriptors.forEach(LibC::close);
        assertEquals(KERN_SUCCESS, receive(port));
        assertEquals(port, buffer.bytes().getInt(MessageLayout.DESCRIPTORS));
        buffer.bytes()
                .putInt(MessageLayout.BITS, Mach.MACH_MSG_TYPE_MOVE_SEND)
                .putInt(MessageLayout.REMOTE_PORT, port)
                .putInt(MessageLayout.LOCAL_PORT, 0);
        assertEquals(KERN_SUCCESS, victim.message(buffer, Mach.MACH_SEND_MSG | Mach.MACH_SEND_TIMEOUT, 24, 0, 0, 0));
        assertEquals(KERN_SUCCESS, receive(port));
    }

    /** Who keeps a copy of the queue can have the system put more beside each packet: none of it stays. */
    @Test
    void descriptorsThatTheSystemAddsAreClosed() {
        int passPidfd = 76;
        RawReceiveRight right = new RawReceiveRight();
        Wire.current().sockets().set(right.descriptors[3], LibC.SO_PASSCRED, 1);
        Wire.current().sockets().set(right.descriptors[3], passPidfd, 1);
        Wire.current().sockets().set(right.descriptors[0], passPidfd, 1);
        right.packet(state(ONCES, 1)).packet(new int[] {3}, StrangeDescriptor.LIVE_PIPE_READ.open());
        long before = ProcessResources.descriptors("pidfd");
        int name = arrival(right);
        RawPeer sender = new RawPeer(LibC.fcntl(right.descriptors[1], LibC.F_DUPFD_CLOEXEC, 0));
        for (int i = 0; i < 5; i++) {
            assertEquals(0, sender.send(new RawPacket()));
            assertEquals(KERN_SUCCESS, receive(name));
        }
        sender.close();
        right.close();
        assertEquals(before, ProcessResources.descriptors("pidfd"));
        use(name);
    }

    /** The peer keeps the pipe, fills it and makes writing to it block; giving places back does not wait. */
    @Test
    void aPipeOfPlacesThatIsFullAndBlocksStopsNobody() {
        RawReceiveRight right = new RawReceiveRight().packet(state());
        int pipe = right.descriptors[SocketReceiveEnd.PIPE];
        int reader = LibC.open("/proc/self/fd/" + pipe, LibC.O_RDONLY | LibC.O_NONBLOCK | LibC.O_CLOEXEC, 0);
        while (LibC.write(pipe, Zeros.ADDRESS, Zeros.SIZE) > 0) {
            // until it is full
        }
        int name = arrival(right);
        int flags = LibC.fcntl(pipe, LibC.F_GETFL, 0);
        assertEquals(0, LibC.fcntl(pipe, HostileLibC.F_SETFL, flags & ~LibC.O_NONBLOCK));
        RawPeer sender = new RawPeer(LibC.fcntl(right.descriptors[1], LibC.F_DUPFD_CLOEXEC, 0));
        for (int i = 0; i < 5; i++) {
            assertEquals(0, sender.send(new RawPacket().flags(WireLayout.FLAG_CREDITED)));
            assertEquals(KERN_SUCCESS, receive(name));
        }
        sender.close();
        use(name);
        LibC.close(reader);
        right.close();
    }

    /** What nobody receives goes with the message. */
    @Test
    void rightsThatAreNeverReceivedLeaveNothing() {
        for (int i = 0; i < 5; i++) {
            RawReceiveRight right = new RawReceiveRight().packet(state());
            RawPacket packet = right.in(new RawPacket());
            assertEquals(0, peer.send(packet));
            packet.descriptors.forEach(LibC::close);
            right.close();
        }
    }
}
