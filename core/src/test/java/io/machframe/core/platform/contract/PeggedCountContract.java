/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.contract;

import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_COPY_SEND;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MAKE_SEND;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MOVE_SEND;
import static io.machframe.core.platform.Mach.MACH_PORT_RIGHT_DEAD_NAME;
import static io.machframe.core.platform.Mach.MACH_PORT_RIGHT_SEND;
import static io.machframe.core.platform.Mach.MACH_PORT_TYPE_RECEIVE;
import static io.machframe.core.platform.Mach.MACH_PORT_UREFS_MAX;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import org.junit.jupiter.api.Test;

/** Counts that reached their maximum: {@code ipc_right.c}, "urefs are pegged due to an overflow". */
abstract class PeggedCountContract extends MachCallsContract {
    /** ipc_right.c ipc_right_delta, ipc_object.c ipc_object_insert_send_right, ipc_right_dealloc. */
    @Test
    void aSendCountThatReachedItsMaximumStaysThereUntilAllGoAtOnce() {
        int port = sendReceive(task);
        ok(task.modRefs(port, MACH_PORT_RIGHT_SEND, MACH_PORT_UREFS_MAX - 2));
        assertEquals(MACH_PORT_UREFS_MAX - 1, sends(task, port));
        ok(task.modRefs(port, MACH_PORT_RIGHT_SEND, 7));
        assertEquals(MACH_PORT_UREFS_MAX, sends(task, port));
        makeSend(task, port);
        ok(task.insertRight(port, port, MACH_MSG_TYPE_COPY_SEND));
        ok(task.modRefs(port, MACH_PORT_RIGHT_SEND, -1));
        ok(task.modRefs(port, MACH_PORT_RIGHT_SEND, -MACH_PORT_UREFS_MAX + 1));
        ok(task.deallocate(port));
        ok(new RawMessage(task).to(port, MACH_MSG_TYPE_MOVE_SEND).id(1).send());
        assertEquals(MACH_PORT_UREFS_MAX, sends(task, port));
        takes(task, port, 1);
        ok(task.modRefs(port, MACH_PORT_RIGHT_SEND, -MACH_PORT_UREFS_MAX));
        assertEquals(MACH_PORT_TYPE_RECEIVE, type(task, port));
        release(task, port);
    }

    /** ipc_right.c ipc_right_copyout: a received right that would go above the maximum is dropped. */
    @Test
    void aReceivedRightDoesNotRaiseACountAtItsMaximum() {
        int port = sendReceive(task);
        ok(task.modRefs(port, MACH_PORT_RIGHT_SEND, MACH_PORT_UREFS_MAX - 1));
        ok(message(task, port, 2).right(port, MACH_MSG_TYPE_MAKE_SEND).send());
        RawMessage message = RawMessage.taken(task, port);
        assertEquals(port, message.name(0));
        assertEquals(MACH_PORT_UREFS_MAX, sends(task, port));
        ok(task.modRefs(port, MACH_PORT_RIGHT_SEND, -MACH_PORT_UREFS_MAX));
        assertFalse(status(task, port).hasSends());
        release(task, port);
    }

    /** ipc_right.c ipc_right_delta and move_dead of ipc_right_copyin. */
    @Test
    void aDeadCountThatReachedItsMaximumStaysThereUntilAllGoAtOnce() {
        int name = deadName(task);
        ok(task.modRefs(name, MACH_PORT_RIGHT_DEAD_NAME, MACH_PORT_UREFS_MAX));
        ok(task.deallocate(name));
        ok(task.modRefs(name, MACH_PORT_RIGHT_DEAD_NAME, -10));
        ok(task.extractRight(name, MACH_MSG_TYPE_MOVE_SEND, new int[2]));
        assertEquals(MACH_PORT_UREFS_MAX, deads(task, name));
        ok(task.modRefs(name, MACH_PORT_RIGHT_DEAD_NAME, -MACH_PORT_UREFS_MAX));
        assertEquals(0, type(task, name));
    }

    /** ipc_right.c ipc_right_destruct: pegged references go all at once or stay, dead. */
    @Test
    void destructTakesPeggedReferencesAllAtOnceOrNotAtAll() {
        int port = sendReceive(task);
        ok(task.modRefs(port, MACH_PORT_RIGHT_SEND, MACH_PORT_UREFS_MAX - 1));
        ok(task.destruct(port, -3, 0));
        assertEquals(MACH_PORT_UREFS_MAX, deads(task, port));
        ok(task.modRefs(port, MACH_PORT_RIGHT_DEAD_NAME, -MACH_PORT_UREFS_MAX));

        port = sendReceive(task);
        ok(task.modRefs(port, MACH_PORT_RIGHT_SEND, MACH_PORT_UREFS_MAX - 1));
        ok(task.destruct(port, -MACH_PORT_UREFS_MAX, 0));
        assertEquals(0, type(task, port));
    }
}
