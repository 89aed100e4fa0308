/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.contract;

import static io.machframe.core.error.KernReturn.MACH_RCV_INVALID_NAME;
import static io.machframe.core.error.KernReturn.MACH_RCV_TOO_LARGE;
import static io.machframe.core.error.KernReturn.MACH_SEND_INVALID_DEST;
import static io.machframe.core.error.KernReturn.MACH_SEND_TIMED_OUT;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_COPY_SEND;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MAKE_SEND;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MOVE_SEND_ONCE;
import static io.machframe.core.platform.Mach.MACH_PORT_DEAD;
import static io.machframe.core.platform.Mach.MACH_PORT_NULL;
import static io.machframe.core.platform.Mach.MACH_RCV_LARGE;
import static io.machframe.core.platform.Mach.MACH_RCV_TIMEOUT;
import static io.machframe.core.platform.Mach.MACH_SEND_TIMEOUT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.platform.MessageLayout;
import org.junit.jupiter.api.Test;

/** What a receive takes: {@code mach_msg.c}, {@code ipc_mqueue.c}. */
abstract class ReceiveContract extends MachCallsContract {
    private static final int HEADER = MessageLayout.HEADER_SIZE;

    /** ipc_mqueue.c ipc_mqueue_copyin: only a receive right can be received from. */
    @Test
    void onlyAReceiveRightCanBeReceivedFrom() {
        assumeSeparateTasks();
        int port = receiveRight(receiver);
        int send = giveSend(receiver, port, sender);
        int own = receiveRight(sender);
        int once = makeSendOnce(sender, own);
        int dead = deadName(sender);
        for (int name : new int[] {MACH_PORT_NULL, MACH_PORT_DEAD, UNKNOWN, send, once, dead}) {
            answers(MACH_RCV_INVALID_NAME, new RawMessage(sender).receive(name));
        }
        ok(sender.deallocate(send));
        ok(sender.deallocate(once));
        ok(sender.deallocate(dead));
        release(sender, own);
        release(receiver, port);
    }

    /** mach_msg.c: an option word that asks for nothing. */
    @Test
    void neitherSendingNorReceivingSucceeds() {
        ok(task.message(task.newBuffer(HEADER), 0, 0, 0, 0, 0));
    }

    /** ipc_mqueue.c: without waiting, a message or a time-out. F65 */
    @Test
    void receivingWithoutWaitingTakesWhatIsThere() {
        int port = sendReceive(task);
        isEmpty(task, port);
        ok(send(task, port, 1));
        ok(send(task, port, 2));
        takes(task, port, 1);
        takes(task, port, 2);
        isEmpty(task, port);
        release(task, port);
    }

    /** ipc_mqueue.c: messages of one thread arrive in the order they were sent, whatever rights they went through. */
    @Test
    void messagesOfOneSenderKeepTheirOrder() {
        int port = receiveRight(task, 100);
        makeSend(task, port);
        for (int i = 0; i < 50; i++) {
            if (i % 7 == 3) {
                int once = makeSendOnce(task, port);
                ok(new RawMessage(task)
                        .to(once, MACH_MSG_TYPE_MOVE_SEND_ONCE)
                        .id(i)
                        .send());
            } else {
                ok(send(task, port, i));
            }
        }
        for (int i = 0; i < 50; i++) {
            takes(task, port, i);
        }
        release(task, port);
    }

    /** mach_msg.c: a call that does both, and does not receive if it could not send. F69 */
    @Test
    void oneCallSendsAndReceives() {
        int port = sendReceive(task);
        RawMessage message = message(task, port, 7);
        ok(message.sendAndReceive(MACH_SEND_TIMEOUT | MACH_RCV_TIMEOUT, port, 0));
        assertEquals(7, message.id());
        assertEquals(port, message.local());
        setLimit(task, port, 1);
        ok(send(task, port, 8));
        answers(
                MACH_SEND_TIMED_OUT,
                message(task, port, 9).sendAndReceive(MACH_SEND_TIMEOUT | MACH_RCV_TIMEOUT, port, 0));
        ok(task.deallocate(port));
        answers(
                MACH_SEND_INVALID_DEST,
                new RawMessage(task)
                        .to(MACH_PORT_NULL, MACH_MSG_TYPE_COPY_SEND)
                        .sendAndReceive(MACH_SEND_TIMEOUT | MACH_RCV_TIMEOUT, port, 0));
        takes(task, port, 8);
        isEmpty(task, port);
        release(task, port);
    }

    /** ipc_mqueue.c, MACH_RCV_LARGE: the message stays the first, and its size is told without the trailer. F48 */
    @Test
    void aMessageThatIsTooLargeStaysIfItShall() {
        int port = sendReceive(task);
        int other = sendReceive(task);
        ok(message(task, port, 1)
                .right(other, MACH_MSG_TYPE_COPY_SEND)
                .body(5, 6, 7)
                .send());
        ok(send(task, port, 2));
        int size = MessageLayout.DESCRIPTORS + 12 + 12;
        for (int room : new int[] {0, 8, 24, 32, size, size + 7}) {
            RawMessage small = new RawMessage(task);
            answers(MACH_RCV_TOO_LARGE, small.receive(port, MACH_RCV_LARGE | MACH_RCV_TIMEOUT, room, 0));
            if (room >= 24) {
                assertEquals(size, small.bytes().getInt(MessageLayout.SIZE));
            }
            assertEquals(2, status(task, port).messages());
        }
        RawMessage whole = new RawMessage(task);
        ok(whole.receive(port, MACH_RCV_LARGE | MACH_RCV_TIMEOUT, size + 8, 0));
        assertEquals(1, whole.id());
        assertEquals(other, whole.name(0));
        assertEquals(5, whole.word(0));
        assertEquals(7, whole.word(2));
        assertEquals(2, sends(task, other));
        takes(task, port, 2);
        release(task, other);
        release(task, port);
    }

    /** ipc_mqueue.c and ipc_kmsg.c ipc_kmsg_copyout_dest_to_user: without MACH_RCV_LARGE it is destroyed. F47 */
    @Test
    void aMessageThatIsTooLargeIsDestroyedIfItMayNotStay() {
        int port = sendReceive(task);
        int other = receiveRight(task);
        ok(message(task, port, 1)
                .replyTo(other, MACH_MSG_TYPE_MAKE_SEND)
                .right(other, MACH_MSG_TYPE_MAKE_SEND)
                .send());
        ok(send(task, port, 2));
        assertTrue(status(task, other).hasSends());
        RawMessage small = new RawMessage(task);
        answers(MACH_RCV_TOO_LARGE, small.receive(port, MACH_RCV_TIMEOUT, 32, 0));
        assertEquals(40, small.bytes().getInt(MessageLayout.SIZE));
        assertEquals(MACH_PORT_NULL, small.remote());
        assertEquals(port, small.local());
        assertFalse(status(task, other).hasSends());
        assertEquals(1, status(task, port).messages());
        RawMessage second = new RawMessage(task);
        ok(second.receive(port, MACH_RCV_TIMEOUT | 1 << 24, second.bytes().capacity(), 0));
        assertEquals(2, second.id());
        assertEquals(1, second.trailer(MessageLayout.TRAILER_SEQNO));
        release(task, other);
        release(task, port);
    }

    /** ipc_mqueue.c: a message that was kept dies with its port, and a second one waits behind it. */
    @Test
    void aKeptMessageDiesWithItsPort() {
        int port = sendReceive(task);
        int other = receiveRight(task);
        ok(message(task, port, 1).right(other, MACH_MSG_TYPE_MAKE_SEND).send());
        answers(MACH_RCV_TOO_LARGE, new RawMessage(task).receive(port, MACH_RCV_LARGE | MACH_RCV_TIMEOUT, 24, 0));
        assertTrue(status(task, other).hasSends());
        release(task, port);
        assertFalse(status(task, other).hasSends());
        release(task, other);
    }
}
