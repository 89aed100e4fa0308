/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.contract;

import static io.machframe.core.error.KernReturn.KERN_INVALID_RIGHT;
import static io.machframe.core.error.KernReturn.KERN_INVALID_VALUE;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_COPY_SEND;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MAKE_SEND;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MOVE_SEND;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MOVE_SEND_ONCE;
import static io.machframe.core.platform.Mach.MACH_PORT_DEAD;
import static io.machframe.core.platform.Mach.MACH_PORT_NULL;
import static io.machframe.core.platform.Mach.MACH_PORT_RIGHT_DEAD_NAME;
import static io.machframe.core.platform.Mach.MACH_PORT_RIGHT_SEND_ONCE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.Test;

/** {@code mach_port_extract_right}. */
abstract class ExtractRightContract extends MachCallsContract {
    /** mach_port.c mach_port_extract_right into the own task: as if sent and received. F4 */
    @Test
    void extractingGivesTheSameNameButANewOneForEachSendOnceRight() {
        int port = receiveRight(task);
        int[] out = new int[2];
        ok(task.extractRight(port, MACH_MSG_TYPE_MAKE_SEND, out));
        assertEquals(port, out[0]);
        assertEquals(MACH_MSG_TYPE_MOVE_SEND, out[1]);
        ok(task.extractRight(port, MACH_MSG_TYPE_COPY_SEND, out));
        assertEquals(port, out[0]);
        assertEquals(2, sends(task, port));
        assertEquals(1, status(task, port).makeSendCount());

        int first = makeSendOnce(task, port);
        int second = makeSendOnce(task, port);
        assertNotEquals(port, first);
        assertNotEquals(port, second);
        assertNotEquals(first, second);
        assertEquals(1, refs(task, first, MACH_PORT_RIGHT_SEND_ONCE));
        assertEquals(2, status(task, port).sendOnceRights());
        assertEquals(1, status(task, port).makeSendCount());
        ok(send(task, port, 1));
        ok(new RawMessage(task).to(first, MACH_MSG_TYPE_MOVE_SEND_ONCE).id(2).send());
        takes(task, port, 1);
        takes(task, port, 2);
        assertEquals(1, status(task, port).sendOnceRights());
        ok(new RawMessage(task).to(second, MACH_MSG_TYPE_MOVE_SEND_ONCE).id(3).send());
        takes(task, port, 3);
        assertEquals(0, status(task, port).sendOnceRights());
        release(task, port);
    }

    /** mach_port.c mach_port_extract_right. */
    @Test
    void extractingWhatIsNotHeldIsRefused() {
        assumeMistakesAreForgiven();
        int port = receiveRight(task);
        int[] out = {77, 78};
        answers(KERN_INVALID_VALUE, task.extractRight(port, 15, out));
        answers(KERN_INVALID_VALUE, task.extractRight(port, 22, out));
        answers(KERN_INVALID_RIGHT, task.extractRight(MACH_PORT_NULL, MACH_MSG_TYPE_COPY_SEND, out));
        answers(KERN_INVALID_RIGHT, task.extractRight(MACH_PORT_DEAD, MACH_MSG_TYPE_COPY_SEND, out));
        answers(KERN_INVALID_RIGHT, task.extractRight(port, MACH_MSG_TYPE_COPY_SEND, out));
        answers(KERN_INVALID_RIGHT, task.extractRight(port, MACH_MSG_TYPE_MOVE_SEND, out));
        answers(KERN_INVALID_RIGHT, task.extractRight(port, MACH_MSG_TYPE_MOVE_SEND_ONCE, out));
        assertEquals(77, out[0]);
        assertEquals(78, out[1]);
        release(task, port);
    }

    /** ipc_object.c ipc_object_copyin allows dead names, which come out as MACH_PORT_DEAD; ipc_right.c move_dead. */
    @Test
    void aDeadRightIsExtractedAsTheDeadConstant() {
        int name = deadName(task);
        ok(task.modRefs(name, MACH_PORT_RIGHT_DEAD_NAME, 2));
        int[] out = new int[2];
        ok(task.extractRight(name, MACH_MSG_TYPE_COPY_SEND, out));
        assertEquals(MACH_PORT_DEAD, out[0]);
        assertEquals(3, deads(task, name));
        ok(task.extractRight(name, MACH_MSG_TYPE_MOVE_SEND, out));
        assertEquals(MACH_PORT_DEAD, out[0]);
        assertEquals(2, deads(task, name));
        ok(task.extractRight(name, MACH_MSG_TYPE_MOVE_SEND_ONCE, out));
        assertEquals(MACH_PORT_DEAD, out[0]);
        assertEquals(MACH_MSG_TYPE_MOVE_SEND_ONCE, out[1]);
        answers(KERN_INVALID_RIGHT, task.extractRight(name, MACH_MSG_TYPE_MAKE_SEND, out));
        assertEquals(1, deads(task, name));
        ok(task.deallocate(name));
    }
}
