/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.port;

import static io.machframe.core.error.KernReturn.KERN_INVALID_RIGHT;
import static io.machframe.core.error.KernReturn.KERN_SUCCESS;
import static io.machframe.core.error.KernReturn.MACH_RCV_INTERRUPTED;
import static io.machframe.core.error.KernReturn.MACH_RCV_PORT_CHANGED;
import static io.machframe.core.error.KernReturn.MACH_RCV_TIMED_OUT;
import static io.machframe.core.error.KernReturn.MACH_SEND_INVALID_DEST;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_PORT_SEND_ONCE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.platform.Mach;
import io.machframe.core.platform.MessageBuffer;
import io.machframe.core.platform.MessageLayout;
import io.machframe.core.platform.kernel.KernelException;
import io.machframe.core.platform.linux.libc.LibC;
import io.machframe.core.platform.linux.wire.Wire;
import io.machframe.core.platform.linux.wire.WireLayout;
import io.machframe.core.testing.RequiresCapability;
import io.machframe.core.testing.RightsLedger;
import io.machframe.core.testing.TestCapability;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A peer that holds a send right and floods the port, kills it or forges its right to answer. */
@RequiresCapability(TestCapability.LINUX)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@ExtendWith(RightsLedger.class)
class HostilePeerTest extends HostilePeer {
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
