/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.contract;

import static io.machframe.core.error.KernReturn.MACH_SEND_INVALID_DEST;
import static io.machframe.core.error.KernReturn.MACH_SEND_INVALID_HEADER;
import static io.machframe.core.error.KernReturn.MACH_SEND_INVALID_REPLY;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_COPY_SEND;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MAKE_SEND;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MAKE_SEND_ONCE;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MOVE_RECEIVE;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MOVE_SEND;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MOVE_SEND_ONCE;
import static io.machframe.core.platform.Mach.MACH_PORT_DEAD;
import static io.machframe.core.platform.Mach.MACH_PORT_NULL;
import static io.machframe.core.platform.Mach.MACH_PORT_TYPE_SEND_ONCE;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The reply right in the header, and what answers are sent to: {@code ipc_kmsg_copyin_header}, {@code ipc_right.c}. */
abstract class ReplyContract extends MachCallsContract {
    /** A reply right's disposition is one of a send right; a name without any is refused, the null name with one is not. */
    @Test
    void aReplyNameNeedsADisposition() {
        int port = sendReceive(task);
        answers(
                MACH_SEND_INVALID_HEADER,
                message(task, port, 1).replyTo(port, 0).send());
        answers(
                MACH_SEND_INVALID_HEADER,
                message(task, port, 1).replyTo(port, MACH_MSG_TYPE_MOVE_RECEIVE).send());
        answers(
                MACH_SEND_INVALID_HEADER,
                message(task, port, 1).replyTo(port, 22).send());
        ok(message(task, port, 1)
                .replyTo(MACH_PORT_NULL, MACH_MSG_TYPE_MAKE_SEND_ONCE)
                .send());
        assertEquals(MACH_PORT_NULL, RawMessage.taken(task, port).remote());
        release(task, port);
    }

    /** Nothing is taken if the reply right is not what its disposition says. */
    @Test
    void aReplyRightThatIsNoneLeavesEverythingUntouched() {
        assumeMistakesAreForgiven();
        int port = sendReceive(task);
        int alone = receiveRight(task);
        int once = makeSendOnce(task, alone);
        int[][] wrong = {
            {UNKNOWN, MACH_MSG_TYPE_COPY_SEND},
            {alone, MACH_MSG_TYPE_COPY_SEND},
            {alone, MACH_MSG_TYPE_MOVE_SEND},
            {alone, MACH_MSG_TYPE_MOVE_SEND_ONCE},
            {once, MACH_MSG_TYPE_MAKE_SEND_ONCE},
            {once, MACH_MSG_TYPE_COPY_SEND},
        };
        for (int[] each : wrong) {
            answers(
                    MACH_SEND_INVALID_REPLY,
                    new RawMessage(task)
                            .to(port, MACH_MSG_TYPE_MOVE_SEND)
                            .replyTo(each[0], each[1])
                            .right(port, MACH_MSG_TYPE_MAKE_SEND)
                            .send());
        }
        assertEquals(1, sends(task, port));
        assertEquals(new Status(0, 1, 5, 0, 0, true, 0), status(task, port));
        assertEquals(MACH_PORT_TYPE_SEND_ONCE, type(task, once));
        ok(task.deallocate(once));
        release(task, alone);
        release(task, port);
    }

    /** A dead reply right: the constant is fine, and so is a right whose port died unnoticed; both arrive as dead. F35 */
    @Test
    void aDeadReplyRightArrivesAsTheDeadConstant() {
        int port = sendReceive(sender);
        ok(message(sender, port, 0)
                .replyTo(MACH_PORT_DEAD, MACH_MSG_TYPE_MAKE_SEND)
                .send());
        assertEquals(MACH_PORT_DEAD, RawMessage.taken(sender, port).remote());

        assumeSeparateTasks();
        int gone = receiveRight(receiver);
        int toGone = giveSend(receiver, gone, sender);
        destroy(receiver, gone);
        ok(message(sender, port, 0).replyTo(toGone, MACH_MSG_TYPE_MOVE_SEND).send());
        assertEquals(MACH_PORT_DEAD, RawMessage.taken(sender, port).remote());
        assertEquals(0, type(sender, toGone));
        release(sender, port);
    }

    /** ipc_right.c ipc_right_copyin_two: destination and reply may be one name, if both can be taken from it. */
    @ParameterizedTest
    @CsvSource({
        "COPY_SEND, COPY_SEND, 1, 1",
        "COPY_SEND, MOVE_SEND, 1, 0",
        "MOVE_SEND, COPY_SEND, 1, 0",
        "MOVE_SEND, MOVE_SEND, 2, 0",
        "MOVE_SEND, MOVE_SEND, 3, 1",
        "MAKE_SEND, MAKE_SEND_ONCE, 1, 1",
        "MOVE_SEND, MAKE_SEND, 1, 0",
        "MAKE_SEND, MOVE_SEND, 1, 0"
    })
    void oneNameCanBeDestinationAndReply(String destination, String reply, int before, int after) {
        int port = receiveRight(task);
        for (int i = 0; i < before; i++) {
            makeSend(task, port);
        }
        ok(new RawMessage(task)
                .to(port, disposition(destination))
                .replyTo(port, disposition(reply))
                .send());
        assertEquals(after, sends(task, port));
        RawMessage message = RawMessage.taken(task, port);
        ok(task.deallocate(message.remote()));
        release(task, port);
    }

    /** ipc_right.c ipc_right_copyin_two: a task's last reference moved to the destination still makes a copy. */
    @Test
    void theLastReferenceCanBeMovedAndCopiedAtOnce() {
        assumeSeparateTasks();
        int port = receiveRight(receiver);
        int name = giveSend(receiver, port, sender);
        ok(new RawMessage(sender)
                .to(name, MACH_MSG_TYPE_MOVE_SEND)
                .replyTo(name, MACH_MSG_TYPE_COPY_SEND)
                .send());
        assertEquals(0, type(sender, name));
        assertEquals(port, RawMessage.taken(receiver, port).remote());
        release(receiver, port);

        port = receiveRight(receiver);
        name = giveSend(receiver, port, sender);
        answers(
                MACH_SEND_INVALID_DEST,
                new RawMessage(sender)
                        .to(name, MACH_MSG_TYPE_MOVE_SEND)
                        .replyTo(name, MACH_MSG_TYPE_MOVE_SEND)
                        .send());
        assertEquals(1, sends(sender, name));
        ok(sender.deallocate(name));
        release(receiver, port);
    }

    /** ipc_right.c ipc_right_copyin_two: one reference, or one send-once right, cannot be moved twice. */
    @Test
    void oneReferenceCannotBeDestinationAndReply() {
        assumeMistakesAreForgiven();
        int port = sendReceive(task);
        int once = makeSendOnce(task, port);
        answers(
                MACH_SEND_INVALID_DEST,
                new RawMessage(task)
                        .to(port, MACH_MSG_TYPE_MOVE_SEND)
                        .replyTo(port, MACH_MSG_TYPE_MOVE_SEND)
                        .send());
        answers(
                MACH_SEND_INVALID_DEST,
                new RawMessage(task)
                        .to(once, MACH_MSG_TYPE_MOVE_SEND_ONCE)
                        .replyTo(once, MACH_MSG_TYPE_MOVE_SEND_ONCE)
                        .send());
        assertEquals(1, sends(task, port));
        assertEquals(MACH_PORT_TYPE_SEND_ONCE, type(task, once));
        ok(task.deallocate(once));
        release(task, port);
    }

    /** mach_ports_rs test_reply_port_send_once, test_reply_port_send. F30, F31 */
    @ParameterizedTest
    @CsvSource({"MAKE_SEND_ONCE, 18", "MAKE_SEND, 17", "COPY_SEND, 17"})
    void aReplyRightArrivesAsTheRemotePort(String disposition, int arrives) {
        int server = receiveRight(receiver);
        int toServer = giveSend(receiver, server, sender);
        int replies = sendReceive(sender);
        ok(message(sender, toServer, 1)
                .replyTo(replies, disposition(disposition))
                .send());
        RawMessage request = RawMessage.taken(receiver, server);
        assertEquals(arrives, request.remoteDisposition());
        assertEquals(server, request.local());
        ok(new RawMessage(receiver).to(request.remote(), arrives).id(2).send());
        assertEquals(0, type(receiver, request.remote()) & MACH_PORT_TYPE_SEND_ONCE);
        RawMessage reply = RawMessage.taken(sender, replies);
        assertEquals(2, reply.id());
        assertEquals(arrives, reply.localDisposition());
        ok(sender.deallocate(toServer));
        release(sender, replies);
        release(receiver, server);
    }

    /** ipc_right.c: a send-once right is gone with its one message. F30, F87 */
    @Test
    void aSendOnceRightSendsOnce() {
        assumeMistakesAreForgiven();
        int port = receiveRight(task);
        int once = makeSendOnce(task, port);
        ok(new RawMessage(task).to(once, MACH_MSG_TYPE_MOVE_SEND_ONCE).id(1).send());
        answers(
                MACH_SEND_INVALID_DEST,
                new RawMessage(task)
                        .to(once, MACH_MSG_TYPE_MOVE_SEND_ONCE)
                        .id(2)
                        .send());
        assertEquals(0, type(task, once));
        takes(task, port, 1);
        isEmpty(task, port);
        release(task, port);
    }

    /** ipc_right.c, IPC_OBJECT_COPYIN_FLAGS_ALLOW_DEAD_SEND_ONCE: either answer is right; afterwards nothing is held. F34 */
    @Test
    void aReplyToADeadPortIsRefusedOrLost() {
        assumeSeparateTasks();
        int port = sendReceive(receiver);
        int replies = receiveRight(sender);
        int toPort = giveSend(receiver, port, sender);
        ok(message(sender, toPort, 0)
                .replyTo(replies, MACH_MSG_TYPE_MAKE_SEND_ONCE)
                .send());
        int once = RawMessage.taken(receiver, port).remote();
        destroy(sender, replies);
        int code =
                new RawMessage(receiver).to(once, MACH_MSG_TYPE_MOVE_SEND_ONCE).send();
        if (code == MACH_SEND_INVALID_DEST) {
            assertEquals(1, deads(receiver, once));
            ok(receiver.deallocate(once));
        } else {
            ok(code);
        }
        assertEquals(0, type(receiver, once));
        ok(sender.deallocate(toPort));
        release(receiver, port);
    }
}
