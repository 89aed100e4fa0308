/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.contract;

import static io.machframe.core.error.KernReturn.KERN_INVALID_NAME;
import static io.machframe.core.error.KernReturn.KERN_INVALID_RIGHT;
import static io.machframe.core.error.KernReturn.KERN_INVALID_VALUE;
import static io.machframe.core.platform.Mach.MACH_PORT_DEAD;
import static io.machframe.core.platform.Mach.MACH_PORT_NULL;
import static io.machframe.core.platform.Mach.MACH_PORT_RIGHT_RECEIVE;
import static io.machframe.core.platform.Mach.MACH_PORT_TYPE_DEAD_NAME;
import static io.machframe.core.platform.Mach.MACH_PORT_TYPE_RECEIVE;
import static io.machframe.core.platform.Mach.MACH_PORT_TYPE_SEND;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.machframe.core.platform.Mach;
import org.junit.jupiter.api.Test;

/** {@code mach_port_construct} and {@code mach_port_destruct}. */
abstract class ConstructContract extends MachCallsContract {
    /** mach_port.c mach_port_construct. F18 */
    @Test
    void constructMakesAPortWithALimitAndASendRightAtOnce() {
        int[] name = {77};
        answers(KERN_INVALID_VALUE, task.construct(Mach.MPO_QLIMIT, 1025, 0, name));
        assertEquals(77, name[0]);
        ok(task.construct(Mach.MPO_QLIMIT | Mach.MPO_INSERT_SEND_RIGHT, 16, 0, name));
        assertEquals(MACH_PORT_TYPE_RECEIVE | MACH_PORT_TYPE_SEND, type(task, name[0]));
        assertEquals(1, sends(task, name[0]));
        assertEquals(new Status(0, 1, 16, 0, 0, true, 0), status(task, name[0]));
        release(task, name[0]);
    }

    /** ipc_right.c ipc_right_destruct. F19 */
    @Test
    void destructTakesAsManySendReferencesAsItIsTold() {
        assumeMistakesAreForgiven();
        int port = receiveRight(task);
        answers(KERN_INVALID_RIGHT, task.destruct(port, -1, 0));
        answers(KERN_INVALID_RIGHT, task.destruct(port, 1, 0));
        makeSend(task, port);
        makeSend(task, port);
        answers(KERN_INVALID_VALUE, task.destruct(port, 1, 0));
        answers(KERN_INVALID_VALUE, task.destruct(port, -3, 0));
        assertEquals(2, sends(task, port));
        ok(task.destruct(port, -2, 0));
        assertEquals(0, type(task, port));

        port = sendReceive(task);
        makeSend(task, port);
        ok(task.destruct(port, -1, 0));
        assertEquals(MACH_PORT_TYPE_DEAD_NAME, type(task, port));
        assertEquals(1, deads(task, port));
        answers(KERN_INVALID_RIGHT, task.destruct(port, 0, 0));
        ok(task.deallocate(port));
    }

    /** ipc_right.c ipc_right_destruct looks at the guard only where there is one; mach_port.c mach_port_destruct. */
    @Test
    void aGuardIsAskedForOnlyWhereThereIsOne() {
        assumeMistakesAreForgiven();
        int port = receiveRight(task);
        ok(task.destruct(port, 0, 12345));
        answers(KERN_INVALID_NAME, task.destruct(MACH_PORT_NULL, 0, 0));
        answers(KERN_INVALID_NAME, task.destruct(MACH_PORT_DEAD, 0, 0));
        int[] name = new int[1];
        ok(task.construct(0, 0, 7, name));
        ok(task.modRefs(name[0], MACH_PORT_RIGHT_RECEIVE, -1));
    }
}
