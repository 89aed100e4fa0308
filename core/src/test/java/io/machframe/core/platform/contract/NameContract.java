/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.contract;

import static io.machframe.core.error.KernReturn.KERN_INVALID_NAME;
import static io.machframe.core.error.KernReturn.KERN_INVALID_RIGHT;
import static io.machframe.core.error.KernReturn.KERN_INVALID_VALUE;
import static io.machframe.core.error.KernReturn.MACH_SEND_INVALID_DEST;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_COPY_SEND;
import static io.machframe.core.platform.Mach.MACH_PORT_DEAD;
import static io.machframe.core.platform.Mach.MACH_PORT_NULL;
import static io.machframe.core.platform.Mach.MACH_PORT_RIGHT_DEAD_NAME;
import static io.machframe.core.platform.Mach.MACH_PORT_RIGHT_SEND;
import static io.machframe.core.platform.Mach.MACH_PORT_RIGHT_SEND_ONCE;
import static io.machframe.core.platform.Mach.MACH_PORT_TYPE_DEAD_NAME;
import static io.machframe.core.platform.Mach.MACH_PORT_TYPE_RECEIVE;
import static io.machframe.core.platform.Mach.MACH_PORT_TYPE_SEND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.machframe.core.platform.Mach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names: {@code mach_port_allocate}, {@code mach_port_type}, and how a name is looked up. */
abstract class NameContract extends MachCallsContract {
    private static final int LABELH = 5;

    /** mach_port.c mach_port_allocate, ipc_port.c ipc_port_init. F1 */
    @Test
    void anAllocatedPortIsAReceiveRightWithAnEmptyQueueOfFive() {
        int name = receiveRight(task);
        assertEquals(MACH_PORT_TYPE_RECEIVE, type(task, name));
        assertEquals(new Status(0, 0, 5, 0, 0, false, 0), status(task, name));
        assertEquals(3, name & 3);
        release(task, name);
        assertEquals(0, type(task, name));
    }

    /** mach_port.c mach_port_allocate: a dead name begins with one reference. F16 */
    @Test
    void anAllocatedDeadNameHasOneReferenceAndCannotBeSentTo() {
        int name = deadName(task);
        assertEquals(MACH_PORT_TYPE_DEAD_NAME, type(task, name));
        assertEquals(1, deads(task, name));
        answers(MACH_SEND_INVALID_DEST, send(task, name, 0));
        assertEquals(1, deads(task, name));
        ok(task.modRefs(name, MACH_PORT_RIGHT_DEAD_NAME, -1));
        assertEquals(0, type(task, name));
    }

    /** mach_port.c mach_port_allocate_full: only receive rights, sets and dead names can be allocated. */
    @ParameterizedTest
    @ValueSource(ints = {MACH_PORT_RIGHT_SEND, MACH_PORT_RIGHT_SEND_ONCE, LABELH, 6, 7, -1})
    void noOtherRightCanBeAllocated(int right) {
        int[] name = {77};
        answers(KERN_INVALID_VALUE, task.allocate(right, name));
        assertEquals(77, name[0]);
    }

    /** mach_port.c mach_port_type: the two constants are special, other numbers are looked up. */
    @Test
    void theTypeOfTheDeadConstantIsDeadNameAndNullHasNone() {
        int[] type = {77};
        answers(KERN_INVALID_NAME, task.type(MACH_PORT_NULL, type));
        assertEquals(77, type[0]);
        ok(task.type(MACH_PORT_DEAD, type));
        assertEquals(MACH_PORT_TYPE_DEAD_NAME, type[0]);
    }

    /** ipc_right.c ipc_right_info: both rights to a port are under one name. */
    @Test
    void oneNameHoldsTheReceiveAndTheSendRight() {
        int name = sendReceive(task);
        assertEquals(MACH_PORT_TYPE_RECEIVE | MACH_PORT_TYPE_SEND, type(task, name));
        release(task, name);
    }

    /** ipc_right.c ipc_right_check: a right becomes a dead name with the same count when somebody looks. */
    @Test
    void aSendRightWhosePortDiedIsADeadNameWithTheSameCount() {
        int port = receiveRight(receiver);
        int name = giveSend(receiver, port, sender);
        assumeSeparateTasks();
        ok(sender.modRefs(name, MACH_PORT_RIGHT_SEND, 2));
        destroy(receiver, port);
        assertEquals(MACH_PORT_TYPE_DEAD_NAME, type(sender, name));
        assertEquals(3, deads(sender, name));
        assertEquals(0, sends(sender, name));
        ok(sender.modRefs(name, MACH_PORT_RIGHT_DEAD_NAME, -3));
    }

    /** mach_port.c: every call looks a name up first. */
    @Test
    void anUnknownNameIsInvalidEverywhere() {
        assumeMistakesAreForgiven();
        answers(KERN_INVALID_NAME, task.type(UNKNOWN, new int[1]));
        for (int right = 0; right < 6; right++) {
            answers(KERN_INVALID_NAME, task.getRefs(UNKNOWN, right, new int[1]));
            answers(KERN_INVALID_NAME, task.modRefs(UNKNOWN, right, 0));
        }
        answers(KERN_INVALID_NAME, task.deallocate(UNKNOWN));
        answers(KERN_INVALID_NAME, task.destruct(UNKNOWN, 0, 0));
        answers(KERN_INVALID_NAME, task.extractRight(UNKNOWN, MACH_MSG_TYPE_COPY_SEND, new int[2]));
        answers(KERN_INVALID_NAME, task.insertRight(UNKNOWN, UNKNOWN, MACH_MSG_TYPE_COPY_SEND));
        answers(KERN_INVALID_NAME, task.getAttributes(UNKNOWN, Mach.MACH_PORT_LIMITS_INFO, new int[1]));
        answers(KERN_INVALID_NAME, task.getAttributes(UNKNOWN, Mach.MACH_PORT_RECEIVE_STATUS, new int[10]));
        answers(KERN_INVALID_NAME, task.setAttributes(UNKNOWN, Mach.MACH_PORT_LIMITS_INFO, new int[1]));
    }

    /** ipc_entry.c: a freed name does not denote anything, and comes back with another generation. */
    @Test
    void aFreedNameIsUnknownAndNotGivenOutAgainAtOnce() {
        int first = receiveRight(task);
        release(task, first);
        assertEquals(0, type(task, first));
        int second = receiveRight(task);
        assertNotEquals(first, second);
        release(task, second);
    }

    /** ipc_right.c ipc_right_lookup_read: an entry without an object is none, so ipc_port_translate_receive finds no name. */
    @Test
    void aDeadNameIsNoNameForAReceiveRight() {
        assumeMistakesAreForgiven();
        int dead = deadName(task);
        answers(KERN_INVALID_NAME, task.getAttributes(dead, Mach.MACH_PORT_RECEIVE_STATUS, new int[10]));
        answers(KERN_INVALID_NAME, task.getAttributes(dead, Mach.MACH_PORT_LIMITS_INFO, new int[1]));
        answers(KERN_INVALID_NAME, task.setAttributes(dead, Mach.MACH_PORT_LIMITS_INFO, new int[1]));
        answers(KERN_INVALID_NAME, task.setMakeSendCount(dead, 1));
        answers(KERN_INVALID_NAME, task.setSequenceNumber(dead, 1));
        answers(KERN_INVALID_NAME, task.getContext(dead, new long[1]));
        answers(KERN_INVALID_NAME, task.setContext(dead, 1));
        answers(KERN_INVALID_NAME, task.unguard(dead, 1));
        answers(KERN_INVALID_NAME, task.moveMember(dead, MACH_PORT_NULL));
        answers(KERN_INVALID_NAME, task.getSetStatus(dead, new int[1][]));
        ok(task.deallocate(dead));
    }

    /** mach_port.c mach_port_insert_member; ipc_right.c ipc_right_lookup_two_read: both names come before both rights. */
    @Test
    void bothNamesOfAMembershipAreLookedUpFirst() {
        assumeMistakesAreForgiven();
        int port = receiveRight(task);
        int once = makeSendOnce(task, port);
        int dead = deadName(task);
        answers(KERN_INVALID_RIGHT, task.insertMember(UNKNOWN, MACH_PORT_NULL));
        answers(KERN_INVALID_NAME, task.insertMember(once, UNKNOWN));
        answers(KERN_INVALID_NAME, task.extractMember(once, UNKNOWN));
        answers(KERN_INVALID_NAME, task.moveMember(once, UNKNOWN));
        answers(KERN_INVALID_RIGHT, task.insertMember(port, dead));
        answers(KERN_INVALID_RIGHT, task.insertMember(dead, port));
        ok(task.deallocate(dead));
        ok(task.deallocate(once));
        release(task, port);
    }
}
