/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.contract;

import static io.machframe.core.error.KernReturn.KERN_INVALID_CAPABILITY;
import static io.machframe.core.error.KernReturn.KERN_INVALID_NAME;
import static io.machframe.core.error.KernReturn.KERN_INVALID_RIGHT;
import static io.machframe.core.error.KernReturn.KERN_INVALID_VALUE;
import static io.machframe.core.error.KernReturn.KERN_NAME_EXISTS;
import static io.machframe.core.error.KernReturn.KERN_RIGHT_EXISTS;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_COPY_SEND;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MAKE_SEND;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MAKE_SEND_ONCE;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MOVE_SEND;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MOVE_SEND_ONCE;
import static io.machframe.core.platform.Mach.MACH_PORT_DEAD;
import static io.machframe.core.platform.Mach.MACH_PORT_NULL;
import static io.machframe.core.platform.Mach.MACH_PORT_RIGHT_DEAD_NAME;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.machframe.core.platform.Mach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code mach_port_insert_right}. */
abstract class InsertRightContract extends MachCallsContract {
    /** mach_port.c and ipc_object.c ipc_object_insert_send_right. F2, F3 */
    @Test
    void makingCountsWithThePortAndCopyingDoesNot() {
        int port = receiveRight(task);
        makeSend(task, port);
        makeSend(task, port);
        assertEquals(2, sends(task, port));
        assertEquals(2, status(task, port).makeSendCount());
        ok(task.insertRight(port, port, MACH_MSG_TYPE_COPY_SEND));
        assertEquals(3, sends(task, port));
        assertEquals(2, status(task, port).makeSendCount());
        ok(task.insertRight(port, port, MACH_MSG_TYPE_MOVE_SEND));
        assertEquals(3, sends(task, port));
        release(task, port);
    }

    /** mach_kernelrpc.c _kernelrpc_mach_port_insert_right_trap, ipc_right.c ipc_right_copyin: default. */
    @ParameterizedTest
    @ValueSource(ints = {0, 15, 22, 24, 26, -1})
    void insertingWithADispositionThatIsNoneIsAnInvalidRight(int disposition) {
        int port = sendReceive(task);
        answers(KERN_INVALID_RIGHT, task.insertRight(port, port, disposition));
        answers(KERN_INVALID_RIGHT, task.insertRight(MACH_PORT_NULL, port, disposition));
        answers(KERN_INVALID_NAME, task.insertRight(port, UNKNOWN, disposition));
        release(task, port);
    }

    /** mach_kernelrpc.c: the right is taken first, and lost if mach_port_insert_right refuses the name. */
    @Test
    void insertingUnderAConstantIsInvalidAndLosesWhatWasMoved() {
        int port = sendReceive(task);
        makeSend(task, port);
        answers(KERN_INVALID_VALUE, task.insertRight(MACH_PORT_NULL, port, MACH_MSG_TYPE_COPY_SEND));
        answers(KERN_INVALID_VALUE, task.insertRight(MACH_PORT_DEAD, port, MACH_MSG_TYPE_COPY_SEND));
        assertEquals(2, sends(task, port));
        answers(KERN_INVALID_VALUE, task.insertRight(MACH_PORT_NULL, port, MACH_MSG_TYPE_MOVE_SEND));
        assertEquals(1, sends(task, port));
        release(task, port);
    }

    /** mach_kernelrpc.c: as a trap the call looks the right up, by ipc_object_copyin or ipc_object_insert_send_right. */
    @Test
    void insertingARightOfNoNameIsAnInvalidName() {
        int port = sendReceive(task);
        for (int none : new int[] {MACH_PORT_NULL, MACH_PORT_DEAD, UNKNOWN}) {
            for (int disposition = Mach.MACH_MSG_TYPE_MOVE_RECEIVE;
                    disposition <= MACH_MSG_TYPE_MAKE_SEND_ONCE;
                    disposition++) {
                answers(KERN_INVALID_NAME, task.insertRight(port, none, disposition));
                answers(KERN_INVALID_NAME, task.insertRight(none, none, disposition));
            }
        }
        release(task, port);
    }

    /** ipc_object.c ipc_object_insert_send_right for a name into itself, else ipc_right.c ipc_right_copyin: deadok. */
    @Test
    void whatIsDeadCannotBeInserted() {
        int dead = deadName(task);
        ok(task.modRefs(dead, MACH_PORT_RIGHT_DEAD_NAME, 1));
        int other = dead + 0x1000;
        answers(KERN_INVALID_CAPABILITY, task.insertRight(dead, dead, MACH_MSG_TYPE_COPY_SEND));
        answers(KERN_INVALID_CAPABILITY, task.insertRight(dead, dead, MACH_MSG_TYPE_MAKE_SEND));
        answers(KERN_INVALID_CAPABILITY, task.insertRight(other, dead, MACH_MSG_TYPE_COPY_SEND));
        answers(KERN_INVALID_RIGHT, task.insertRight(other, dead, MACH_MSG_TYPE_MAKE_SEND));
        answers(KERN_INVALID_RIGHT, task.insertRight(dead, dead, MACH_MSG_TYPE_MAKE_SEND_ONCE));
        assertEquals(2, deads(task, dead));
        answers(KERN_INVALID_CAPABILITY, task.insertRight(other, dead, MACH_MSG_TYPE_MOVE_SEND));
        assertEquals(1, deads(task, dead));
        ok(task.deallocate(dead));
    }

    /** ipc_object.c ipc_object_insert_send_right and ipc_right_copyin. */
    @Test
    void aRightThatIsNotHeldCannotBeInserted() {
        assumeMistakesAreForgiven();
        int port = receiveRight(task);
        answers(KERN_INVALID_RIGHT, task.insertRight(port, port, MACH_MSG_TYPE_COPY_SEND));
        answers(KERN_INVALID_RIGHT, task.insertRight(port, port, MACH_MSG_TYPE_MOVE_SEND));
        answers(KERN_INVALID_RIGHT, task.insertRight(port, port, MACH_MSG_TYPE_MOVE_SEND_ONCE));
        int once = makeSendOnce(task, port);
        answers(KERN_INVALID_RIGHT, task.insertRight(once, once, MACH_MSG_TYPE_MAKE_SEND));
        answers(KERN_INVALID_RIGHT, task.insertRight(once, once, MACH_MSG_TYPE_COPY_SEND));
        assertEquals(new Status(0, 0, 5, 0, 1, false, 0), status(task, port));
        ok(task.deallocate(once));
        release(task, port);
    }

    /** tests/mach_port_insert_right.c, tests/ipc/port_api.c: one port, one name; ipc_object_copyout_name. */
    @Test
    void aPortCannotGetASecondName() {
        int port = sendReceive(task);
        int other = sendReceive(task);
        answers(KERN_RIGHT_EXISTS, task.insertRight(other, port, MACH_MSG_TYPE_COPY_SEND));
        answers(KERN_RIGHT_EXISTS, task.insertRight(other, port, MACH_MSG_TYPE_MAKE_SEND));
        answers(KERN_NAME_EXISTS, task.insertRight(other, port, MACH_MSG_TYPE_MAKE_SEND_ONCE));
        answers(KERN_NAME_EXISTS, task.insertRight(port, port, MACH_MSG_TYPE_MAKE_SEND_ONCE));
        assertEquals(1, sends(task, port));
        assertEquals(1, sends(task, other));
        release(task, port);
        release(task, other);
    }
}
