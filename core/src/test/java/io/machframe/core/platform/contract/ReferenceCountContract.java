/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.contract;

import static io.machframe.core.error.KernReturn.KERN_INVALID_ARGUMENT;
import static io.machframe.core.error.KernReturn.KERN_INVALID_NAME;
import static io.machframe.core.error.KernReturn.KERN_INVALID_RIGHT;
import static io.machframe.core.error.KernReturn.KERN_INVALID_VALUE;
import static io.machframe.core.platform.Mach.MACH_PORT_DEAD;
import static io.machframe.core.platform.Mach.MACH_PORT_NULL;
import static io.machframe.core.platform.Mach.MACH_PORT_RIGHT_DEAD_NAME;
import static io.machframe.core.platform.Mach.MACH_PORT_RIGHT_PORT_SET;
import static io.machframe.core.platform.Mach.MACH_PORT_RIGHT_RECEIVE;
import static io.machframe.core.platform.Mach.MACH_PORT_RIGHT_SEND;
import static io.machframe.core.platform.Mach.MACH_PORT_RIGHT_SEND_ONCE;
import static io.machframe.core.platform.Mach.MACH_PORT_TYPE_DEAD_NAME;
import static io.machframe.core.platform.Mach.MACH_PORT_TYPE_RECEIVE;
import static io.machframe.core.platform.Mach.MACH_PORT_TYPE_SEND_ONCE;
import static io.machframe.core.platform.Mach.MACH_PORT_UREFS_MAX;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.platform.Mach;
import org.junit.jupiter.api.Test;

/** User references: {@code mach_port_get_refs}, {@code mach_port_mod_refs} and {@code mach_port_deallocate}. */
abstract class ReferenceCountContract extends MachCallsContract {
    private static final int LABELH = 5;

    /** mach_port.c mach_port_get_refs. */
    @Test
    void referencesOfTheTwoConstantsAreOneForSendRights() {
        for (int name : new int[] {MACH_PORT_NULL, MACH_PORT_DEAD}) {
            assertEquals(1, refs(task, name, MACH_PORT_RIGHT_SEND));
            assertEquals(1, refs(task, name, MACH_PORT_RIGHT_SEND_ONCE));
            for (int right :
                    new int[] {MACH_PORT_RIGHT_RECEIVE, MACH_PORT_RIGHT_PORT_SET, MACH_PORT_RIGHT_DEAD_NAME, LABELH}) {
                answers(KERN_INVALID_NAME, task.getRefs(name, right, new int[1]));
            }
        }
    }

    /** mach_port.c mach_port_get_refs: a right that is not held counts 0, one that does not exist is refused. */
    @Test
    void referencesOfARightThatIsNotHeldAreZero() {
        int port = sendReceive(task);
        int once = makeSendOnce(task, port);
        int dead = deadName(task);
        int[][] wanted = {{1, 1, 0, 0, 0, 0}, {0, 0, 1, 0, 0, 0}, {0, 0, 0, 0, 1, 0}};
        int[] names = {port, once, dead};
        for (int i = 0; i < names.length; i++) {
            for (int right = 0; right < 6; right++) {
                int[] refs = {77};
                ok(task.getRefs(names[i], right, refs));
                assertEquals(wanted[i][right], refs[0]);
            }
            answers(KERN_INVALID_VALUE, task.getRefs(names[i], 6, new int[1]));
            answers(KERN_INVALID_VALUE, task.getRefs(names[i], -1, new int[1]));
        }
        ok(task.deallocate(once));
        ok(task.deallocate(dead));
        release(task, port);
    }

    /** mach_port.c mach_port_mod_refs: the constants hold nothing, and changing that is fine for send rights. */
    @Test
    void changingTheReferencesOfTheConstantsDoesNothing() {
        for (int name : new int[] {MACH_PORT_NULL, MACH_PORT_DEAD}) {
            ok(task.modRefs(name, MACH_PORT_RIGHT_SEND, -1));
            ok(task.modRefs(name, MACH_PORT_RIGHT_SEND_ONCE, -1));
            answers(KERN_INVALID_NAME, task.modRefs(name, MACH_PORT_RIGHT_RECEIVE, -1));
            answers(KERN_INVALID_NAME, task.modRefs(name, MACH_PORT_RIGHT_DEAD_NAME, -1));
        }
    }

    /** tests/mach_port_mod_refs.c: every wrong right on a receive right. F15 */
    @Test
    void aReceiveRightAloneHasNoOtherRightToCount() {
        assumeMistakesAreForgiven();
        int port = receiveRight(task);
        for (int right : new int[] {
            MACH_PORT_RIGHT_SEND, MACH_PORT_RIGHT_SEND_ONCE, MACH_PORT_RIGHT_PORT_SET, MACH_PORT_RIGHT_DEAD_NAME, LABELH
        }) {
            answers(KERN_INVALID_RIGHT, task.modRefs(port, right, -1));
            answers(KERN_INVALID_RIGHT, task.modRefs(port, right, 1));
        }
        answers(KERN_INVALID_VALUE, task.modRefs(port, 6, -1));
        answers(KERN_INVALID_VALUE, task.modRefs(port, 7, -1));
        assertEquals(MACH_PORT_TYPE_RECEIVE, type(task, port));
        release(task, port);
    }

    /** ipc_right.c ipc_right_delta, MACH_PORT_RIGHT_RECEIVE: nothing or all. */
    @Test
    void aReceiveRightCountsOneAndGoesAsAWhole() {
        assumeMistakesAreForgiven();
        int port = receiveRight(task);
        ok(task.modRefs(port, MACH_PORT_RIGHT_RECEIVE, 0));
        answers(KERN_INVALID_VALUE, task.modRefs(port, MACH_PORT_RIGHT_RECEIVE, 1));
        answers(KERN_INVALID_VALUE, task.modRefs(port, MACH_PORT_RIGHT_RECEIVE, -2));
        assertEquals(MACH_PORT_TYPE_RECEIVE, type(task, port));
        ok(task.modRefs(port, MACH_PORT_RIGHT_RECEIVE, -1));
        assertEquals(0, type(task, port));
    }

    /** ipc_right.c ipc_right_delta: send rights under the name of a port that dies become its dead name. F5 */
    @Test
    void sendRightsUnderTheNameOfADestroyedPortBecomeADeadName() {
        int port = sendReceive(task);
        makeSend(task, port);
        destroy(task, port);
        assertEquals(MACH_PORT_TYPE_DEAD_NAME, type(task, port));
        assertEquals(2, deads(task, port));
        ok(task.deallocate(port));
        ok(task.deallocate(port));
        assertEquals(0, type(task, port));
    }

    /** mach_ports_rs rights.rs test_drop. F6 */
    @Test
    void sendRightsReleasedBeforeTheReceiveRightLeaveIt() {
        int port = sendReceive(task);
        ok(task.deallocate(port));
        assertEquals(MACH_PORT_TYPE_RECEIVE, type(task, port));
        destroy(task, port);
        assertEquals(0, type(task, port));
    }

    /** ipc_right.c ipc_right_delta: a guarded port is destroyed with its guard only. F17 */
    @Test
    void aGuardedReceiveRightCannotBeCountedAway() {
        assumeMistakesAreForgiven();
        int[] name = new int[1];
        ok(task.construct(Mach.MPO_CONTEXT_AS_GUARD, 0, 99, name));
        answers(KERN_INVALID_RIGHT, task.modRefs(name[0], MACH_PORT_RIGHT_RECEIVE, -1));
        answers(KERN_INVALID_ARGUMENT, task.destruct(name[0], 0, 98));
        answers(KERN_INVALID_ARGUMENT, task.destruct(name[0], 0, 0));
        assertEquals(MACH_PORT_TYPE_RECEIVE, type(task, name[0]));
        assertEquals(2, status(task, name[0]).flags());
        ok(task.destruct(name[0], 0, 99));
        assertEquals(0, type(task, name[0]));
    }

    /** ipc_right.c ipc_right_delta, MACH_PORT_RIGHT_SEND. */
    @Test
    void sendReferencesCountUpAndDownButNotBelowZero() {
        assumeMistakesAreForgiven();
        int port = sendReceive(task);
        ok(task.modRefs(port, MACH_PORT_RIGHT_SEND, 4));
        assertEquals(5, sends(task, port));
        ok(task.modRefs(port, MACH_PORT_RIGHT_SEND, 0));
        answers(KERN_INVALID_VALUE, task.modRefs(port, MACH_PORT_RIGHT_SEND, -6));
        answers(KERN_INVALID_VALUE, task.modRefs(port, MACH_PORT_RIGHT_SEND, MACH_PORT_UREFS_MAX + 1));
        answers(KERN_INVALID_VALUE, task.modRefs(port, MACH_PORT_RIGHT_SEND, -MACH_PORT_UREFS_MAX - 1));
        answers(KERN_INVALID_VALUE, task.modRefs(port, MACH_PORT_RIGHT_SEND, Integer.MIN_VALUE));
        assertEquals(5, sends(task, port));
        ok(task.modRefs(port, MACH_PORT_RIGHT_SEND, -5));
        assertEquals(MACH_PORT_TYPE_RECEIVE, type(task, port));
        assertFalse(status(task, port).hasSends());
        answers(KERN_INVALID_RIGHT, task.modRefs(port, MACH_PORT_RIGHT_SEND, 1));
        release(task, port);
    }

    /** ipc_right.c ipc_right_delta: the last send reference frees a name that holds nothing else. */
    @Test
    void aNameIsFreeWhenItsLastSendReferenceGoes() {
        assumeSeparateTasks();
        int port = receiveRight(receiver);
        int name = giveSend(receiver, port, sender);
        assertTrue(status(receiver, port).hasSends());
        ok(sender.modRefs(name, MACH_PORT_RIGHT_SEND, -1));
        assertEquals(0, type(sender, name));
        assertFalse(status(receiver, port).hasSends());
        release(receiver, port);
    }

    /** ipc_right.c ipc_right_delta: on a dead port the count of send rights is gone, and the name is dead. */
    @Test
    void sendReferencesOfADeadPortCannotBeCounted() {
        int port = sendReceive(task);
        destroy(task, port);
        answers(KERN_INVALID_RIGHT, task.modRefs(port, MACH_PORT_RIGHT_SEND, -1));
        assertEquals(1, deads(task, port));
        ok(task.modRefs(port, MACH_PORT_RIGHT_DEAD_NAME, -1));
    }

    /** ipc_right.c ipc_right_delta, MACH_PORT_RIGHT_SEND_ONCE. */
    @Test
    void aSendOnceRightCountsOneAndGoesAsAWhole() {
        assumeMistakesAreForgiven();
        int port = receiveRight(task);
        int once = makeSendOnce(task, port);
        ok(task.modRefs(once, MACH_PORT_RIGHT_SEND_ONCE, 0));
        answers(KERN_INVALID_VALUE, task.modRefs(once, MACH_PORT_RIGHT_SEND_ONCE, 1));
        answers(KERN_INVALID_VALUE, task.modRefs(once, MACH_PORT_RIGHT_SEND_ONCE, -2));
        answers(KERN_INVALID_RIGHT, task.modRefs(once, MACH_PORT_RIGHT_SEND, 1));
        answers(KERN_INVALID_RIGHT, task.modRefs(once, MACH_PORT_RIGHT_DEAD_NAME, 1));
        assertEquals(MACH_PORT_TYPE_SEND_ONCE, type(task, once));
        ok(task.modRefs(once, MACH_PORT_RIGHT_SEND_ONCE, -1));
        assertEquals(0, type(task, once));
        release(task, port);
    }

    /** ipc_right.c ipc_right_delta: a send-once right to a dead port is a dead name. */
    @Test
    void aSendOnceRightWhosePortDiedIsADeadName() {
        int port = receiveRight(task);
        int once = makeSendOnce(task, port);
        destroy(task, port);
        answers(KERN_INVALID_RIGHT, task.modRefs(once, MACH_PORT_RIGHT_SEND_ONCE, -1));
        assertEquals(MACH_PORT_TYPE_DEAD_NAME, type(task, once));
        assertEquals(1, deads(task, once));
        ok(task.deallocate(once));
    }

    /** ipc_right.c ipc_right_delta, MACH_PORT_RIGHT_DEAD_NAME. F12 */
    @Test
    void deadReferencesCountUpAndDownButNotBelowZero() {
        assumeMistakesAreForgiven();
        int name = deadName(task);
        ok(task.modRefs(name, MACH_PORT_RIGHT_DEAD_NAME, 1));
        assertEquals(2, deads(task, name));
        answers(KERN_INVALID_VALUE, task.modRefs(name, MACH_PORT_RIGHT_DEAD_NAME, -3));
        answers(KERN_INVALID_VALUE, task.modRefs(name, MACH_PORT_RIGHT_DEAD_NAME, MACH_PORT_UREFS_MAX + 1));
        answers(KERN_INVALID_RIGHT, task.modRefs(name, MACH_PORT_RIGHT_SEND, 1));
        ok(task.modRefs(name, MACH_PORT_RIGHT_DEAD_NAME, -2));
        assertEquals(0, type(task, name));
    }

    /** ipc_right.c ipc_right_delta: dead references of a port that lives. */
    @Test
    void aLiveRightIsNoDeadName() {
        assumeMistakesAreForgiven();
        int port = sendReceive(task);
        answers(KERN_INVALID_RIGHT, task.modRefs(port, MACH_PORT_RIGHT_DEAD_NAME, 1));
        answers(KERN_INVALID_RIGHT, task.modRefs(port, MACH_PORT_RIGHT_DEAD_NAME, -1));
        assertEquals(1, sends(task, port));
        release(task, port);
    }

    /** ipc_right.c ipc_right_dealloc: one reference of whatever the name holds, but not the receive right. */
    @Test
    void deallocateReleasesOneReferenceAndNeverTheReceiveRight() {
        assumeMistakesAreForgiven();
        int port = sendReceive(task);
        makeSend(task, port);
        ok(task.deallocate(port));
        assertEquals(1, sends(task, port));
        ok(task.deallocate(port));
        answers(KERN_INVALID_RIGHT, task.deallocate(port));
        assertEquals(MACH_PORT_TYPE_RECEIVE, type(task, port));
        ok(task.deallocate(MACH_PORT_NULL));
        ok(task.deallocate(MACH_PORT_DEAD));
        release(task, port);
    }

    /** ipc_right.c ipc_right_dealloc: the one call that needs not know whether the port still lives. */
    @Test
    void deallocateReleasesASendRightWhetherItsPortLivesOrNot() {
        assumeSeparateTasks();
        int port = receiveRight(receiver);
        int name = giveSend(receiver, port, sender);
        int once = makeSendOnce(receiver, port);
        ok(sender.modRefs(name, MACH_PORT_RIGHT_SEND, 1));
        ok(sender.deallocate(name));
        destroy(receiver, port);
        ok(sender.deallocate(name));
        ok(receiver.deallocate(once));
        assertEquals(0, type(sender, name));
        assertEquals(0, type(receiver, once));
    }
}
