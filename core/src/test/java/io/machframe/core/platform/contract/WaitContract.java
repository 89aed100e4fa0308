/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.contract;

import static io.machframe.core.error.KernReturn.MACH_RCV_PORT_CHANGED;
import static io.machframe.core.error.KernReturn.MACH_RCV_TIMED_OUT;
import static io.machframe.core.error.KernReturn.MACH_SEND_TIMED_OUT;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MAKE_SEND;
import static io.machframe.core.platform.Mach.MACH_RCV_TIMEOUT;
import static io.machframe.core.platform.Mach.MACH_SEND_TIMEOUT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Threads that wait for a message or for room in a queue, and what wakes them. */
abstract class WaitContract extends MachCallsContract {
    /** ipc_mqueue.c: a blocked receive gets the message that comes. */
    @Test
    void aBlockedReceiveGetsTheNextMessage() throws Exception {
        int port = sendReceive(task);
        RawMessage message = new RawMessage(task);
        CompletableFuture<Integer> receive = inThread(() -> message.receive(port, 0, 4096, 0));
        assertFalse(receive.isDone());
        ok(send(task, port, 3));
        ok(receive.get());
        assertEquals(3, message.id());
        release(task, port);
    }

    /** ipc_mqueue.c: a sender that waits for room goes on when there is some. F58 */
    @Test
    void aBlockedSendGoesOnWhenAMessageIsTaken() throws Exception {
        int port = receiveRight(task, 1);
        makeSend(task, port);
        ok(send(task, port, 1));
        CompletableFuture<Integer> send = inThread(() -> message(task, port, 2).send(0, 0));
        assertFalse(send.isDone());
        takes(task, port, 1);
        ok(send.get());
        takes(task, port, 2);
        assertEquals(1, sends(task, port));
        release(task, port);
    }

    /** ipc_mqueue.c ipc_mqueue_set_qlimit_locked wakes as many senders as now fit. F60 */
    @Test
    void blockedSendsGoOnWhenTheLimitIsRaised() throws Exception {
        int port = receiveRight(task, 0);
        makeSend(task, port);
        List<CompletableFuture<Integer>> sends = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            sends.add(inThread(() -> message(task, port, 1).send(0, 0)));
        }
        assertTrue(sends.stream().noneMatch(CompletableFuture::isDone));
        setLimit(task, port, 2);
        CompletableFuture.anyOf(sends.toArray(CompletableFuture<?>[]::new)).get();
        setLimit(task, port, 3);
        for (CompletableFuture<Integer> send : sends) {
            ok(send.get());
        }
        assertEquals(3, status(task, port).messages());
        for (int i = 0; i < 3; i++) {
            takes(task, port, 1);
        }
        release(task, port);
    }

    /** mach_msg.c: a time-out is at least what it says. */
    @Test
    void aTimeOutIsNotEarly() {
        int port = receiveRight(task, 0);
        makeSend(task, port);
        long begin = System.nanoTime();
        answers(MACH_RCV_TIMED_OUT, new RawMessage(task).receive(port, MACH_RCV_TIMEOUT, 4096, 60));
        long middle = System.nanoTime();
        answers(MACH_SEND_TIMED_OUT, message(task, port, 0).send(MACH_SEND_TIMEOUT, 60));
        long end = System.nanoTime();
        assertTrue(middle - begin >= 60_000_000, "the receive took " + (middle - begin) + " ns");
        assertTrue(end - middle >= 60_000_000, "the send took " + (end - middle) + " ns");
        release(task, port);
    }

    /** ipc_mqueue.c: who waits longest is not said, but each message goes to one of those that wait. */
    @Test
    void eachMessageWakesOneOfManyReceivers() throws Exception {
        int port = receiveRight(task, 100);
        makeSend(task, port);
        List<RawMessage> messages = new ArrayList<>();
        List<CompletableFuture<Integer>> receives = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            RawMessage message = new RawMessage(task);
            messages.add(message);
            receives.add(inThread(() -> message.receive(port, 0, 4096, 0)));
        }
        for (int i = 0; i < 8; i++) {
            ok(send(task, port, i));
        }
        for (CompletableFuture<Integer> receive : receives) {
            ok(receive.get());
        }
        assertEquals(28, messages.stream().mapToInt(RawMessage::id).sum());
        isEmpty(task, port);
        release(task, port);
    }

    /** ipc_port.c ipc_port_destroy: whoever waits for a message is told at once. F29 */
    @Test
    void destroyingThePortEndsEveryBlockedReceive() throws Exception {
        int port = receiveRight(task);
        List<CompletableFuture<Integer>> receives = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            int options = i % 2 == 0 ? 0 : MACH_RCV_TIMEOUT;
            receives.add(inThread(() -> new RawMessage(task).receive(port, options, 4096, 1_000_000)));
        }
        destroy(task, port);
        for (CompletableFuture<Integer> receive : receives) {
            answers(MACH_RCV_PORT_CHANGED, receive.get());
        }
    }

    /** ipc_kmsg.c ipc_kmsg_send: "treat the message as a successful delivery". F61 */
    @Test
    void destroyingThePortLetsBlockedSendsSucceedAndDestroysTheirRights() throws Exception {
        int port = receiveRight(task, 0);
        makeSend(task, port);
        int other = receiveRight(task);
        List<CompletableFuture<Integer>> sends = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            RawMessage message = message(task, port, i).right(other, MACH_MSG_TYPE_MAKE_SEND);
            sends.add(inThread(() -> message.send(0, 0)));
        }
        assertTrue(status(task, other).hasSends());
        destroy(task, port);
        for (CompletableFuture<Integer> send : sends) {
            ok(send.get());
        }
        assertFalse(status(task, other).hasSends());
        ok(task.deallocate(port));
        release(task, other);
    }
}
