/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.contract;

import static io.machframe.core.error.KernReturn.MACH_SEND_TIMED_OUT;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_COPY_SEND;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MAKE_SEND;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MAKE_SEND_ONCE;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MOVE_SEND;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MOVE_SEND_ONCE;
import static io.machframe.core.platform.Mach.MACH_PORT_DEAD;
import static io.machframe.core.platform.Mach.MACH_PORT_TYPE_SEND_ONCE;
import static io.machframe.core.platform.Mach.MACH_SEND_TIMEOUT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What comes back when a send times out, the pseudo-receive: {@code ipc_kmsg.c}, {@code ipc_kmsg_copyout_pseudo}; B.10.
 */
abstract class TimedOutSendContract extends MachCallsContract {
    /** tests/ipc/mach_msg_transport.c; WebKit MachMessageTests: every right in MOVE form, with the reference it stands for. */
    @Test
    void aTimedOutSendComesBackAsIfReceived() {
        int port = receiveRight(task, 0);
        makeSend(task, port);
        int other = sendReceive(task);
        makeSend(task, other);
        int once = makeSendOnce(task, other);
        RawMessage message = message(task, port, 9)
                .replyTo(other, MACH_MSG_TYPE_MAKE_SEND_ONCE)
                .right(other, MACH_MSG_TYPE_COPY_SEND)
                .right(other, MACH_MSG_TYPE_MOVE_SEND)
                .right(other, MACH_MSG_TYPE_MAKE_SEND)
                .right(once, MACH_MSG_TYPE_MOVE_SEND_ONCE)
                .right(other, MACH_MSG_TYPE_MAKE_SEND_ONCE)
                .right(0, MACH_MSG_TYPE_COPY_SEND)
                .body(1, 2);
        answers(MACH_SEND_TIMED_OUT, message.send(MACH_SEND_TIMEOUT, 20));

        assertEquals(port, message.remote());
        assertEquals(MACH_MSG_TYPE_MOVE_SEND, message.remoteDisposition());
        assertEquals(2, sends(task, port));
        assertEquals(MACH_MSG_TYPE_MOVE_SEND_ONCE, message.localDisposition());
        assertEquals(MACH_PORT_TYPE_SEND_ONCE, type(task, message.local()));
        for (int i = 0; i < 3; i++) {
            assertEquals(other, message.name(i));
            assertEquals(MACH_MSG_TYPE_MOVE_SEND, message.disposition(i));
        }
        assertEquals(2 + 2, sends(task, other));
        assertEquals(3, status(task, other).makeSendCount());
        assertEquals(once, message.name(3));
        assertEquals(MACH_MSG_TYPE_MOVE_SEND_ONCE, message.disposition(3));
        assertEquals(MACH_MSG_TYPE_MOVE_SEND_ONCE, message.disposition(4));
        assertEquals(MACH_PORT_TYPE_SEND_ONCE, type(task, message.name(4)));
        assertNotEquals(message.name(3), message.name(4));
        assertEquals(0, message.name(5));
        assertEquals(9, message.id());
        assertEquals(2, message.word(1));

        // Sent again as it is, it arrives once and whole.
        setLimit(task, port, 1);
        ok(message.send());
        assertEquals(1, sends(task, port));
        assertEquals(1, sends(task, other));
        RawMessage got = RawMessage.taken(task, port);
        assertEquals(6, got.descriptorCount());
        assertEquals(4, sends(task, other));
        ok(task.deallocate(got.remote()));
        ok(task.deallocate(got.name(3)));
        ok(task.deallocate(got.name(4)));
        release(task, other);
        release(task, port);
    }

    /** ipc_kmsg_copyout_pseudo: the destination comes back under its name, also when its last reference was moved. */
    @Test
    void aDestinationThatWasMovedComesBack() {
        assumeSeparateTasks();
        int port = receiveRight(receiver, 0);
        int name = giveSend(receiver, port, sender);
        RawMessage message = new RawMessage(sender).to(name, MACH_MSG_TYPE_MOVE_SEND);
        answers(MACH_SEND_TIMED_OUT, message.send());
        assertEquals(name, message.remote());
        assertEquals(1, sends(sender, name));
        ok(sender.deallocate(name));
        assertFalse(status(receiver, port).hasSends());
        release(receiver, port);
    }

    /** ipc_kmsg_copyout_pseudo: what was made for the message stays with the sender. */
    @ParameterizedTest
    @ValueSource(ints = {MACH_MSG_TYPE_MAKE_SEND, MACH_MSG_TYPE_MAKE_SEND_ONCE})
    void aDestinationThatWasMadeStaysAsARight(int disposition) {
        int port = receiveRight(task, 0);
        if (disposition == MACH_MSG_TYPE_MAKE_SEND_ONCE) {
            ok(new RawMessage(task).to(port, disposition).send());
            release(task, port);
            return;
        }
        RawMessage message = new RawMessage(task).to(port, disposition);
        answers(MACH_SEND_TIMED_OUT, message.send());
        assertEquals(port, message.remote());
        assertEquals(1, sends(task, port));
        release(task, port);
    }

    /** F43, F63: however often a send times out, the counts are exact. */
    @Test
    void fiveHundredTimedOutSendsLeaveTheCountsAsTheyWere() {
        int port = receiveRight(task, 0);
        makeSend(task, port);
        int other = sendReceive(task);
        for (int i = 0; i < 500; i++) {
            RawMessage message = message(task, port, i)
                    .replyTo(other, MACH_MSG_TYPE_MAKE_SEND_ONCE)
                    .right(other, MACH_MSG_TYPE_COPY_SEND);
            answers(MACH_SEND_TIMED_OUT, message.send());
            ok(task.deallocate(message.remote()));
            ok(task.deallocate(message.local()));
            ok(task.deallocate(message.name(0)));
        }
        assertEquals(1, sends(task, port));
        assertEquals(1, sends(task, other));
        assertEquals(1, status(task, other).makeSendCount());
        release(task, port);
        release(task, other);
    }

    /** ipc_right.c: a name whose last reference is on its way is nobody's, and it is still its own when it comes back. */
    @Test
    void aRightThatIsOnItsWayKeepsItsName() throws Exception {
        int port = receiveRight(sender, 0);
        makeSend(sender, port);
        int other = receiveRight(receiver);
        int moved = giveSend(receiver, other, sender);
        int copied = receiveRight(receiver);
        int toCopied = giveSend(receiver, copied, sender);
        RawMessage message =
                message(sender, port, 0).right(moved, MACH_MSG_TYPE_MOVE_SEND).right(toCopied, MACH_MSG_TYPE_COPY_SEND);
        CompletableFuture<Integer> send = inThread(() -> message.send(MACH_SEND_TIMEOUT, 300));
        ok(sender.deallocate(toCopied));
        answers(MACH_SEND_TIMED_OUT, send.get());
        assertEquals(1, sends(sender, message.name(0)));
        assertEquals(1, sends(sender, message.name(1)));
        assertTrue(status(receiver, other).hasSends());
        assertTrue(status(receiver, copied).hasSends());
        ok(sender.deallocate(message.remote()));
        ok(sender.deallocate(message.name(0)));
        ok(sender.deallocate(message.name(1)));
        assertFalse(status(receiver, other).hasSends());
        assertFalse(status(receiver, copied).hasSends());
        release(sender, port);
        release(receiver, other);
        release(receiver, copied);
    }

    /** ipc_kmsg_copyout_object: a right whose port died meanwhile comes back as the dead constant. */
    @Test
    void aRightWhosePortDiesDuringTheWaitComesBackDead() throws Exception {
        assumeSeparateTasks();
        int port = receiveRight(sender, 0);
        makeSend(sender, port);
        int gone = receiveRight(receiver);
        int name = giveSend(receiver, gone, sender);
        RawMessage message = message(sender, port, 0).right(name, MACH_MSG_TYPE_MOVE_SEND);
        CompletableFuture<Integer> send = inThread(() -> message.send(MACH_SEND_TIMEOUT, 300));
        destroy(receiver, gone);
        answers(MACH_SEND_TIMED_OUT, send.get());
        assertEquals(MACH_PORT_DEAD, message.name(0));
        assertEquals(0, type(sender, name));
        ok(sender.deallocate(message.remote()));
        release(sender, port);
    }
}
