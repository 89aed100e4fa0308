/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.contract;

import static io.machframe.core.error.KernReturn.MACH_SEND_INVALID_DEST;
import static io.machframe.core.error.KernReturn.MACH_SEND_INVALID_HEADER;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_COPY_SEND;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MAKE_SEND;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MAKE_SEND_ONCE;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MOVE_RECEIVE;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MOVE_SEND;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MOVE_SEND_ONCE;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_PORT_SEND_ONCE;
import static io.machframe.core.platform.Mach.MACH_PORT_DEAD;
import static io.machframe.core.platform.Mach.MACH_PORT_NULL;
import static io.machframe.core.platform.Mach.MACH_PORT_TYPE_RECEIVE;
import static io.machframe.core.platform.Mach.MACH_PORT_TYPE_SEND_ONCE;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The right that a message is sent to: {@code ipc_kmsg.c}, {@code ipc_kmsg_copyin_header}. */
abstract class DestinationContract extends MachCallsContract {
    /** Only a send, send-once, or what makes one can be a destination. Nothing is taken. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 15, MACH_MSG_TYPE_MOVE_RECEIVE, 22, 31})
    void aDestinationWithAnotherDispositionIsAnInvalidHeader(int disposition) {
        int port = sendReceive(task);
        answers(
                MACH_SEND_INVALID_HEADER,
                new RawMessage(task).to(port, disposition).send());
        assertEquals(1, sends(task, port));
        release(task, port);
    }

    /** ipc_kmsg_copyin_header, invalid_dest: the space is untouched, whatever else the message had. */
    @Test
    void aDestinationThatIsNoneLeavesEverythingUntouched() {
        int port = sendReceive(task);
        int alone = receiveRight(task);
        int once = makeSendOnce(task, alone);
        int dead = deadName(task);
        int[][] wrong = {
            {MACH_PORT_NULL, MACH_MSG_TYPE_COPY_SEND},
            {MACH_PORT_DEAD, MACH_MSG_TYPE_COPY_SEND},
            {UNKNOWN, MACH_MSG_TYPE_COPY_SEND},
            {dead, MACH_MSG_TYPE_COPY_SEND},
            {dead, MACH_MSG_TYPE_MOVE_SEND},
            {dead, MACH_MSG_TYPE_MOVE_SEND_ONCE},
            {alone, MACH_MSG_TYPE_COPY_SEND},
            {alone, MACH_MSG_TYPE_MOVE_SEND},
            {alone, MACH_MSG_TYPE_MOVE_SEND_ONCE},
            {once, MACH_MSG_TYPE_COPY_SEND},
            {once, MACH_MSG_TYPE_MAKE_SEND},
            {port, MACH_MSG_TYPE_MOVE_SEND_ONCE},
        };
        for (int[] each : wrong) {
            RawMessage message = new RawMessage(task)
                    .to(each[0], each[1])
                    .replyTo(port, MACH_MSG_TYPE_MAKE_SEND_ONCE)
                    .right(port, MACH_MSG_TYPE_MOVE_SEND)
                    .right(port, MACH_MSG_TYPE_MAKE_SEND);
            answers(MACH_SEND_INVALID_DEST, message.send());
            assertEquals(MACH_MSG_TYPE_MOVE_SEND, message.disposition(0));
            assertEquals(port, message.name(1));
        }
        assertEquals(1, sends(task, port));
        assertEquals(new Status(0, 1, 5, 0, 0, true, 0), status(task, port));
        assertEquals(MACH_PORT_TYPE_RECEIVE, type(task, alone));
        assertEquals(MACH_PORT_TYPE_SEND_ONCE, type(task, once));
        assertEquals(1, deads(task, dead));
        ok(task.deallocate(once));
        ok(task.deallocate(dead));
        release(task, alone);
        release(task, port);
    }

    /** The same when the destination proves dead only as the message is sent: a right that nobody looked at since. */
    @Test
    void aDestinationThatDiedUnnoticedLeavesEverythingUntouched() {
        assumeSeparateTasks();
        int gone = receiveRight(receiver);
        int toGone = giveSend(receiver, gone, sender);
        int port = sendReceive(sender);
        makeSend(sender, port);
        int once = makeSendOnce(sender, port);
        destroy(receiver, gone);
        RawMessage message = new RawMessage(sender)
                .to(toGone, MACH_MSG_TYPE_MOVE_SEND)
                .replyTo(port, MACH_MSG_TYPE_MAKE_SEND)
                .right(port, MACH_MSG_TYPE_MOVE_SEND)
                .right(port, MACH_MSG_TYPE_MOVE_SEND)
                .right(once, MACH_MSG_TYPE_MOVE_SEND_ONCE)
                .right(port, MACH_MSG_TYPE_MAKE_SEND)
                .right(port, MACH_MSG_TYPE_COPY_SEND);
        answers(MACH_SEND_INVALID_DEST, message.send());
        assertEquals(2, sends(sender, port));
        assertEquals(2, status(sender, port).makeSendCount());
        assertEquals(MACH_PORT_TYPE_SEND_ONCE, type(sender, once));
        assertEquals(1, deads(sender, toGone));
        ok(sender.deallocate(toGone));
        ok(sender.deallocate(once));
        release(sender, port);
    }

    /** ipc_kmsg_copyin_header comes before ipc_kmsg_copyin_body: a dead destination is met before a wrong descriptor. */
    @Test
    void aDeadDestinationIsMetBeforeAWrongDescriptor() {
        assumeSeparateTasks();
        int gone = receiveRight(receiver);
        int toGone = giveSend(receiver, gone, sender);
        int port = sendReceive(sender);
        destroy(receiver, gone);
        answers(
                MACH_SEND_INVALID_DEST,
                message(sender, toGone, 0)
                        .right(port, MACH_MSG_TYPE_MOVE_SEND)
                        .right(port, MACH_MSG_TYPE_MOVE_SEND_ONCE)
                        .send());
        assertEquals(1, sends(sender, port));
        ok(sender.deallocate(toGone));
        release(sender, port);
    }

    /** ipc_right.c ipc_right_copyin: a task may send to a port of its own without holding a send right. F68 */
    @Test
    void aTaskSendsToItselfByMakingTheRightInTheMessage() {
        int port = receiveRight(task);
        for (int i = 0; i < 5; i++) {
            ok(new RawMessage(task).to(port, MACH_MSG_TYPE_MAKE_SEND).id(i).send());
        }
        assertEquals(0, sends(task, port));
        for (int i = 0; i < 5; i++) {
            takes(task, port, i);
        }
        ok(new RawMessage(task).to(port, MACH_MSG_TYPE_MAKE_SEND_ONCE).id(5).send());
        RawMessage once = RawMessage.taken(task, port);
        assertEquals(MACH_MSG_TYPE_PORT_SEND_ONCE, once.localDisposition());
        assertEquals(5, status(task, port).makeSendCount());
        release(task, port);
    }
}
