/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.contract;

import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MAKE_SEND;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MAKE_SEND_ONCE;
import static io.machframe.core.platform.Mach.MACH_PORT_RIGHT_SEND;
import static io.machframe.core.platform.Mach.MACH_PORT_TYPE_RECEIVE;
import static io.machframe.core.platform.Mach.MACH_PORT_TYPE_SEND;
import static io.machframe.core.platform.Mach.MACH_PORT_TYPE_SEND_ONCE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Under which names rights arrive: {@code ipc_object.c}, {@code ipc_object_copyout}. */
abstract class CoalescingContract extends MachCallsContract {
    /** tests/ipc_mach_port.c right_dedup: whatever the order, one name and a count of what came. F10 */
    @Test
    void sendRightsThatArriveCoalesceUnderOneName() {
        int inbox = sendReceive(receiver);
        int toInbox = giveSend(receiver, inbox, sender);
        int port = receiveRight(sender);
        for (int i = 0; i < 3; i++) {
            ok(message(sender, toInbox, i).right(port, MACH_MSG_TYPE_MAKE_SEND).send());
        }
        int name = 0;
        for (int i = 0; i < 3; i++) {
            RawMessage message = RawMessage.taken(receiver, inbox);
            assertTrue(name == 0 || name == message.name(0));
            name = message.name(0);
            assertEquals(i + 1, sends(receiver, name));
        }
        assertEquals(3, status(sender, port).makeSendCount());
        ok(receiver.modRefs(name, MACH_PORT_RIGHT_SEND, -3));
        assertFalse(status(sender, port).hasSends());
        ok(sender.deallocate(toInbox));
        release(sender, port);
        release(receiver, inbox);
    }

    /** ipc_object.c ipc_object_copyout: the holder of the receive right gets a send right under that name. */
    @Test
    void aSendRightThatComesHomeCoalescesWithTheReceiveRight() {
        int inbox = sendReceive(task);
        int port = receiveRight(task);
        ok(message(task, inbox, 0).right(port, MACH_MSG_TYPE_MAKE_SEND).send());
        assertEquals(port, RawMessage.taken(task, inbox).name(0));
        assertEquals(MACH_PORT_TYPE_RECEIVE | MACH_PORT_TYPE_SEND, type(task, port));
        release(task, port);
        release(task, inbox);
    }

    /** ipc_object.c ipc_object_copyout: MACH_MSG_TYPE_PORT_SEND_ONCE always gets an entry of its own. */
    @Test
    void sendOnceRightsThatArriveNeverCoalesce() {
        int inbox = sendReceive(task);
        ok(message(task, inbox, 0)
                .right(inbox, MACH_MSG_TYPE_MAKE_SEND_ONCE)
                .right(inbox, MACH_MSG_TYPE_MAKE_SEND_ONCE)
                .send());
        RawMessage message = RawMessage.taken(task, inbox);
        assertNotEquals(message.name(0), message.name(1));
        assertNotEquals(inbox, message.name(0));
        assertEquals(MACH_PORT_TYPE_SEND_ONCE, type(task, message.name(0)));
        assertEquals(MACH_PORT_TYPE_SEND_ONCE, type(task, message.name(1)));
        ok(task.deallocate(message.name(0)));
        ok(task.deallocate(message.name(1)));
        release(task, inbox);
    }

    /** ipc_entry.c: a dead name is an entry without a port. */
    @Test
    void deadNamesStayApart() {
        int first = sendReceive(task);
        int second = sendReceive(task);
        destroy(task, first);
        destroy(task, second);
        assertNotEquals(first, second);
        assertEquals(1, deads(task, first));
        assertEquals(1, deads(task, second));
        ok(task.deallocate(first));
        ok(task.deallocate(second));
    }
}
