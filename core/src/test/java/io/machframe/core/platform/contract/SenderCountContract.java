/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.contract;

import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_COPY_SEND;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MAKE_SEND;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MAKE_SEND_ONCE;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MOVE_SEND;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MOVE_SEND_ONCE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.error.KernReturn;
import org.junit.jupiter.api.Test;

/** Which rights count as senders of a port: {@code ipc_port.c}, {@code ip_srights}. */
abstract class SenderCountContract extends MachCallsContract {
    /** ipc_port.c ip_srights: one for each name that holds the right and one for each message that carries it. F78 */
    @Test
    void aSendRightInAnUnreadMessageCountsAsOne() {
        int inbox = sendReceive(task);
        int port = receiveRight(task);
        ok(message(task, inbox, 0).right(port, MACH_MSG_TYPE_MAKE_SEND).send());
        assertTrue(status(task, port).hasSends());
        destroy(task, inbox);
        assertFalse(status(task, port).hasSends());
        ok(task.deallocate(inbox));
        release(task, port);
    }

    /** ipc_port.c: outstanding send-once rights are no send rights. F81 */
    @Test
    void aSendOnceRightIsNoSender() {
        int port = receiveRight(task);
        int once = makeSendOnce(task, port);
        assertFalse(status(task, port).hasSends());
        ok(task.deallocate(once));
        release(task, port);
    }

    /** F116: counts and names come back however often rights travel. */
    @Test
    void manyRightsLeaveNothingBehind() {
        int inbox = sendReceive(task);
        int port = receiveRight(task);
        for (int i = 0; i < 500; i++) {
            ok(message(task, inbox, i)
                    .right(port, MACH_MSG_TYPE_MAKE_SEND)
                    .right(port, MACH_MSG_TYPE_MAKE_SEND_ONCE)
                    .send());
            RawMessage message = RawMessage.taken(task, inbox);
            ok(task.deallocate(message.name(0)));
            ok(new RawMessage(task)
                    .to(message.name(1), MACH_MSG_TYPE_MOVE_SEND_ONCE)
                    .send());
            RawMessage.taken(task, port);
        }
        assertEquals(1, sends(task, inbox));
        Status status = status(task, port);
        assertFalse(status.hasSends());
        assertEquals(0, status.sendOnceRights());
        assertEquals(500, status.makeSendCount());
        release(task, port);
        release(task, inbox);
    }

    /** ipc_port.c ipc_port_destroy: send rights and messages of a port that dies are gone with all they held. F92 */
    @Test
    void aPortThatDiesTakesItsQueueAlong() {
        int inbox = sendReceive(task);
        int port = sendReceive(task);
        ok(message(task, inbox, 0).right(port, MACH_MSG_TYPE_COPY_SEND).send());
        ok(message(task, inbox, 0).right(port, MACH_MSG_TYPE_MOVE_SEND).send());
        assertEquals(0, sends(task, port));
        assertTrue(status(task, port).hasSends());
        destroy(task, inbox);
        assertFalse(status(task, port).hasSends());
        answers(KernReturn.MACH_SEND_INVALID_DEST, send(task, inbox, 0));
        ok(task.deallocate(inbox));
        release(task, port);
    }
}
