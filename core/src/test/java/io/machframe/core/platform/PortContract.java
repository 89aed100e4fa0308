/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform;

import static io.machframe.core.error.KernReturn.KERN_FAILURE;
import static io.machframe.core.error.KernReturn.KERN_INVALID_ARGUMENT;
import static io.machframe.core.error.KernReturn.KERN_INVALID_CAPABILITY;
import static io.machframe.core.error.KernReturn.KERN_INVALID_NAME;
import static io.machframe.core.error.KernReturn.KERN_INVALID_RIGHT;
import static io.machframe.core.error.KernReturn.KERN_INVALID_VALUE;
import static io.machframe.core.error.KernReturn.KERN_NAME_EXISTS;
import static io.machframe.core.error.KernReturn.KERN_RIGHT_EXISTS;
import static io.machframe.core.error.KernReturn.MACH_SEND_INVALID_DEST;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_COPY_SEND;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MAKE_SEND;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MAKE_SEND_ONCE;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MOVE_SEND;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MOVE_SEND_ONCE;
import static io.machframe.core.platform.Mach.MACH_PORT_DEAD;
import static io.machframe.core.platform.Mach.MACH_PORT_NULL;
import static io.machframe.core.platform.Mach.MACH_PORT_RIGHT_DEAD_NAME;
import static io.machframe.core.platform.Mach.MACH_PORT_RIGHT_PORT_SET;
import static io.machframe.core.platform.Mach.MACH_PORT_RIGHT_RECEIVE;
import static io.machframe.core.platform.Mach.MACH_PORT_RIGHT_SEND;
import static io.machframe.core.platform.Mach.MACH_PORT_RIGHT_SEND_ONCE;
import static io.machframe.core.platform.Mach.MACH_PORT_TYPE_DEAD_NAME;
import static io.machframe.core.platform.Mach.MACH_PORT_TYPE_RECEIVE;
import static io.machframe.core.platform.Mach.MACH_PORT_TYPE_SEND;
import static io.machframe.core.platform.Mach.MACH_PORT_TYPE_SEND_ONCE;
import static io.machframe.core.platform.Mach.MACH_PORT_UREFS_MAX;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.error.KernReturn;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names, the rights they hold, and their counts: the {@code mach_port_*} calls. */
abstract class PortContract extends MachCallsContract {
    /** No call ever gave this name out: its low bits are not those of a name. */
    private static final int UNKNOWN = 0x00ffff00;

    private static final int LABELH = 5;

    // mach_port_allocate

    /** mach_port.c mach_port_allocate, ipc_port.c ipc_port_init. F1 */
    @Test
    void anAllocatedPortIsAReceiveRightWithAnEmptyQueueOfFive() {
        int name = receiveRight(a);
        assertEquals(MACH_PORT_TYPE_RECEIVE, type(a, name));
        assertEquals(new Status(0, 0, 5, 0, 0, false, 0), status(a, name));
        assertEquals(3, name & 3);
        release(a, name);
        assertEquals(0, type(a, name));
    }

    /** mach_port.c mach_port_allocate: a dead name begins with one reference. F16 */
    @Test
    void anAllocatedDeadNameHasOneReferenceAndCannotBeSentTo() {
        int name = deadName(a);
        assertEquals(MACH_PORT_TYPE_DEAD_NAME, type(a, name));
        assertEquals(1, deads(a, name));
        answers(MACH_SEND_INVALID_DEST, send(a, name, 0));
        assertEquals(1, deads(a, name));
        ok(a.modRefs(name, MACH_PORT_RIGHT_DEAD_NAME, -1));
        assertEquals(0, type(a, name));
    }

    /** mach_port.c mach_port_allocate_full: only receive rights, sets and dead names can be allocated. */
    @ParameterizedTest
    @ValueSource(ints = {MACH_PORT_RIGHT_SEND, MACH_PORT_RIGHT_SEND_ONCE, LABELH, 6, 7, -1})
    void noOtherRightCanBeAllocated(int right) {
        int[] name = {77};
        answers(KERN_INVALID_VALUE, a.allocate(right, name));
        assertEquals(77, name[0]);
    }

    // mach_port_type

    /** mach_port.c mach_port_type: the two constants are special, other numbers are looked up. */
    @Test
    void theTypeOfTheDeadConstantIsDeadNameAndNullHasNone() {
        int[] type = {77};
        answers(KERN_INVALID_NAME, a.type(MACH_PORT_NULL, type));
        assertEquals(77, type[0]);
        ok(a.type(MACH_PORT_DEAD, type));
        assertEquals(MACH_PORT_TYPE_DEAD_NAME, type[0]);
    }

    /** ipc_right.c ipc_right_info: both rights to a port are under one name. */
    @Test
    void oneNameHoldsTheReceiveAndTheSendRight() {
        int name = sendReceive(a);
        assertEquals(MACH_PORT_TYPE_RECEIVE | MACH_PORT_TYPE_SEND, type(a, name));
        release(a, name);
    }

    /** ipc_right.c ipc_right_check: a right becomes a dead name with the same count when somebody looks. */
    @Test
    void aSendRightWhosePortDiedIsADeadNameWithTheSameCount() {
        int port = receiveRight(a);
        int name = platform().giveSend(a, port, b);
        assumeSeparateTasks();
        ok(b.modRefs(name, MACH_PORT_RIGHT_SEND, 2));
        destroy(a, port);
        assertEquals(MACH_PORT_TYPE_DEAD_NAME, type(b, name));
        assertEquals(3, deads(b, name));
        assertEquals(0, sends(b, name));
        ok(b.modRefs(name, MACH_PORT_RIGHT_DEAD_NAME, -3));
    }

    /** mach_port.c: every call looks a name up first. */
    @Test
    void anUnknownNameIsInvalidEverywhere() {
        assumeMistakesAreForgiven();
        answers(KERN_INVALID_NAME, a.type(UNKNOWN, new int[1]));
        for (int right = 0; right < 6; right++) {
            answers(KERN_INVALID_NAME, a.getRefs(UNKNOWN, right, new int[1]));
            answers(KERN_INVALID_NAME, a.modRefs(UNKNOWN, right, 0));
        }
        answers(KERN_INVALID_NAME, a.deallocate(UNKNOWN));
        answers(KERN_INVALID_NAME, a.destruct(UNKNOWN, 0, 0));
        answers(KERN_INVALID_NAME, a.extractRight(UNKNOWN, MACH_MSG_TYPE_COPY_SEND, new int[2]));
        answers(KERN_INVALID_NAME, a.insertRight(UNKNOWN, UNKNOWN, MACH_MSG_TYPE_COPY_SEND));
        answers(KERN_INVALID_NAME, a.getAttributes(UNKNOWN, Mach.MACH_PORT_LIMITS_INFO, new int[1]));
        answers(KERN_INVALID_NAME, a.getAttributes(UNKNOWN, Mach.MACH_PORT_RECEIVE_STATUS, new int[10]));
        answers(KERN_INVALID_NAME, a.setAttributes(UNKNOWN, Mach.MACH_PORT_LIMITS_INFO, new int[1]));
    }

    /** ipc_entry.c: a freed name does not denote anything, and comes back with another generation. */
    @Test
    void aFreedNameIsUnknownAndNotGivenOutAgainAtOnce() {
        int first = receiveRight(a);
        release(a, first);
        assertEquals(0, type(a, first));
        int second = receiveRight(a);
        assertNotEquals(first, second);
        release(a, second);
    }

    // mach_port_get_refs

    /** mach_port.c mach_port_get_refs. */
    @Test
    void referencesOfTheTwoConstantsAreOneForSendRights() {
        for (int name : new int[] {MACH_PORT_NULL, MACH_PORT_DEAD}) {
            assertEquals(1, refs(a, name, MACH_PORT_RIGHT_SEND));
            assertEquals(1, refs(a, name, MACH_PORT_RIGHT_SEND_ONCE));
            for (int right :
                    new int[] {MACH_PORT_RIGHT_RECEIVE, MACH_PORT_RIGHT_PORT_SET, MACH_PORT_RIGHT_DEAD_NAME, LABELH}) {
                answers(KERN_INVALID_NAME, a.getRefs(name, right, new int[1]));
            }
        }
    }

    /** mach_port.c mach_port_get_refs: a right that is not held counts 0, one that does not exist is refused. */
    @Test
    void referencesOfARightThatIsNotHeldAreZero() {
        int port = sendReceive(a);
        int once = makeSendOnce(a, port);
        int dead = deadName(a);
        int[][] wanted = {{1, 1, 0, 0, 0, 0}, {0, 0, 1, 0, 0, 0}, {0, 0, 0, 0, 1, 0}};
        int[] names = {port, once, dead};
        for (int i = 0; i < names.length; i++) {
            for (int right = 0; right < 6; right++) {
                int[] refs = {77};
                ok(a.getRefs(names[i], right, refs));
                assertEquals(wanted[i][right], refs[0]);
            }
            answers(KERN_INVALID_VALUE, a.getRefs(names[i], 6, new int[1]));
            answers(KERN_INVALID_VALUE, a.getRefs(names[i], -1, new int[1]));
        }
        ok(a.deallocate(once));
        ok(a.deallocate(dead));
        release(a, port);
    }

    // mach_port_mod_refs

    /** mach_port.c mach_port_mod_refs: the constants hold nothing, and changing that is fine for send rights. */
    @Test
    void changingTheReferencesOfTheConstantsDoesNothing() {
        for (int name : new int[] {MACH_PORT_NULL, MACH_PORT_DEAD}) {
            ok(a.modRefs(name, MACH_PORT_RIGHT_SEND, -1));
            ok(a.modRefs(name, MACH_PORT_RIGHT_SEND_ONCE, -1));
            answers(KERN_INVALID_NAME, a.modRefs(name, MACH_PORT_RIGHT_RECEIVE, -1));
            answers(KERN_INVALID_NAME, a.modRefs(name, MACH_PORT_RIGHT_DEAD_NAME, -1));
        }
    }

    /** tests/mach_port_mod_refs.c: every wrong right on a receive right. F15 */
    @Test
    void aReceiveRightAloneHasNoOtherRightToCount() {
        assumeMistakesAreForgiven();
        int port = receiveRight(a);
        for (int right : new int[] {
            MACH_PORT_RIGHT_SEND, MACH_PORT_RIGHT_SEND_ONCE, MACH_PORT_RIGHT_PORT_SET, MACH_PORT_RIGHT_DEAD_NAME, LABELH
        }) {
            answers(KERN_INVALID_RIGHT, a.modRefs(port, right, -1));
            answers(KERN_INVALID_RIGHT, a.modRefs(port, right, 1));
        }
        answers(KERN_INVALID_VALUE, a.modRefs(port, 6, -1));
        answers(KERN_INVALID_VALUE, a.modRefs(port, 7, -1));
        assertEquals(MACH_PORT_TYPE_RECEIVE, type(a, port));
        release(a, port);
    }

    /** ipc_right.c ipc_right_delta, MACH_PORT_RIGHT_RECEIVE: nothing or all. */
    @Test
    void aReceiveRightCountsOneAndGoesAsAWhole() {
        assumeMistakesAreForgiven();
        int port = receiveRight(a);
        ok(a.modRefs(port, MACH_PORT_RIGHT_RECEIVE, 0));
        answers(KERN_INVALID_VALUE, a.modRefs(port, MACH_PORT_RIGHT_RECEIVE, 1));
        answers(KERN_INVALID_VALUE, a.modRefs(port, MACH_PORT_RIGHT_RECEIVE, -2));
        assertEquals(MACH_PORT_TYPE_RECEIVE, type(a, port));
        ok(a.modRefs(port, MACH_PORT_RIGHT_RECEIVE, -1));
        assertEquals(0, type(a, port));
    }

    /** ipc_right.c ipc_right_delta: send rights under the name of a port that dies become its dead name. F5 */
    @Test
    void sendRightsUnderTheNameOfADestroyedPortBecomeADeadName() {
        int port = sendReceive(a);
        makeSend(a, port);
        destroy(a, port);
        assertEquals(MACH_PORT_TYPE_DEAD_NAME, type(a, port));
        assertEquals(2, deads(a, port));
        ok(a.deallocate(port));
        ok(a.deallocate(port));
        assertEquals(0, type(a, port));
    }

    /** mach_ports_rs rights.rs test_drop. F6 */
    @Test
    void sendRightsReleasedBeforeTheReceiveRightLeaveIt() {
        int port = sendReceive(a);
        ok(a.deallocate(port));
        assertEquals(MACH_PORT_TYPE_RECEIVE, type(a, port));
        destroy(a, port);
        assertEquals(0, type(a, port));
    }

    /** ipc_right.c ipc_right_delta: a guarded port is destroyed with its guard only. F17 */
    @Test
    void aGuardedReceiveRightCannotBeCountedAway() {
        assumeMistakesAreForgiven();
        int[] name = new int[1];
        ok(a.construct(Mach.MPO_CONTEXT_AS_GUARD, 0, 99, name));
        answers(KERN_INVALID_RIGHT, a.modRefs(name[0], MACH_PORT_RIGHT_RECEIVE, -1));
        answers(KERN_INVALID_ARGUMENT, a.destruct(name[0], 0, 98));
        answers(KERN_INVALID_ARGUMENT, a.destruct(name[0], 0, 0));
        assertEquals(MACH_PORT_TYPE_RECEIVE, type(a, name[0]));
        assertEquals(2, status(a, name[0]).flags());
        ok(a.destruct(name[0], 0, 99));
        assertEquals(0, type(a, name[0]));
    }

    /** ipc_right.c ipc_right_delta, MACH_PORT_RIGHT_SEND. */
    @Test
    void sendReferencesCountUpAndDownButNotBelowZero() {
        assumeMistakesAreForgiven();
        int port = sendReceive(a);
        ok(a.modRefs(port, MACH_PORT_RIGHT_SEND, 4));
        assertEquals(5, sends(a, port));
        ok(a.modRefs(port, MACH_PORT_RIGHT_SEND, 0));
        answers(KERN_INVALID_VALUE, a.modRefs(port, MACH_PORT_RIGHT_SEND, -6));
        answers(KERN_INVALID_VALUE, a.modRefs(port, MACH_PORT_RIGHT_SEND, MACH_PORT_UREFS_MAX + 1));
        answers(KERN_INVALID_VALUE, a.modRefs(port, MACH_PORT_RIGHT_SEND, -MACH_PORT_UREFS_MAX - 1));
        answers(KERN_INVALID_VALUE, a.modRefs(port, MACH_PORT_RIGHT_SEND, Integer.MIN_VALUE));
        assertEquals(5, sends(a, port));
        ok(a.modRefs(port, MACH_PORT_RIGHT_SEND, -5));
        assertEquals(MACH_PORT_TYPE_RECEIVE, type(a, port));
        assertFalse(status(a, port).hasSends());
        answers(KERN_INVALID_RIGHT, a.modRefs(port, MACH_PORT_RIGHT_SEND, 1));
        release(a, port);
    }

    /** ipc_right.c ipc_right_delta: the last send reference frees a name that holds nothing else. */
    @Test
    void aNameIsFreeWhenItsLastSendReferenceGoes() {
        assumeSeparateTasks();
        int port = receiveRight(a);
        int name = platform().giveSend(a, port, b);
        assertTrue(status(a, port).hasSends());
        ok(b.modRefs(name, MACH_PORT_RIGHT_SEND, -1));
        assertEquals(0, type(b, name));
        assertFalse(status(a, port).hasSends());
        release(a, port);
    }

    /** ipc_right.c ipc_right_delta: on a dead port the count of send rights is gone, and the name is dead. */
    @Test
    void sendReferencesOfADeadPortCannotBeCounted() {
        int port = sendReceive(a);
        destroy(a, port);
        answers(KERN_INVALID_RIGHT, a.modRefs(port, MACH_PORT_RIGHT_SEND, -1));
        assertEquals(1, deads(a, port));
        ok(a.modRefs(port, MACH_PORT_RIGHT_DEAD_NAME, -1));
    }

    /** ipc_right.c ipc_right_delta, MACH_PORT_RIGHT_SEND_ONCE. */
    @Test
    void aSendOnceRightCountsOneAndGoesAsAWhole() {
        assumeMistakesAreForgiven();
        int port = receiveRight(a);
        int once = makeSendOnce(a, port);
        ok(a.modRefs(once, MACH_PORT_RIGHT_SEND_ONCE, 0));
        answers(KERN_INVALID_VALUE, a.modRefs(once, MACH_PORT_RIGHT_SEND_ONCE, 1));
        answers(KERN_INVALID_VALUE, a.modRefs(once, MACH_PORT_RIGHT_SEND_ONCE, -2));
        answers(KERN_INVALID_RIGHT, a.modRefs(once, MACH_PORT_RIGHT_SEND, 1));
        answers(KERN_INVALID_RIGHT, a.modRefs(once, MACH_PORT_RIGHT_DEAD_NAME, 1));
        assertEquals(MACH_PORT_TYPE_SEND_ONCE, type(a, once));
        ok(a.modRefs(once, MACH_PORT_RIGHT_SEND_ONCE, -1));
        assertEquals(0, type(a, once));
        release(a, port);
    }

    /** ipc_right.c ipc_right_delta: a send-once right to a dead port is a dead name. */
    @Test
    void aSendOnceRightWhosePortDiedIsADeadName() {
        int port = receiveRight(a);
        int once = makeSendOnce(a, port);
        destroy(a, port);
        answers(KERN_INVALID_RIGHT, a.modRefs(once, MACH_PORT_RIGHT_SEND_ONCE, -1));
        assertEquals(MACH_PORT_TYPE_DEAD_NAME, type(a, once));
        assertEquals(1, deads(a, once));
        ok(a.deallocate(once));
    }

    /** ipc_right.c ipc_right_delta, MACH_PORT_RIGHT_DEAD_NAME. F12 */
    @Test
    void deadReferencesCountUpAndDownButNotBelowZero() {
        assumeMistakesAreForgiven();
        int name = deadName(a);
        ok(a.modRefs(name, MACH_PORT_RIGHT_DEAD_NAME, 1));
        assertEquals(2, deads(a, name));
        answers(KERN_INVALID_VALUE, a.modRefs(name, MACH_PORT_RIGHT_DEAD_NAME, -3));
        answers(KERN_INVALID_VALUE, a.modRefs(name, MACH_PORT_RIGHT_DEAD_NAME, MACH_PORT_UREFS_MAX + 1));
        answers(KERN_INVALID_RIGHT, a.modRefs(name, MACH_PORT_RIGHT_SEND, 1));
        ok(a.modRefs(name, MACH_PORT_RIGHT_DEAD_NAME, -2));
        assertEquals(0, type(a, name));
    }

    /** ipc_right.c ipc_right_delta: dead references of a port that lives. */
    @Test
    void aLiveRightIsNoDeadName() {
        assumeMistakesAreForgiven();
        int port = sendReceive(a);
        answers(KERN_INVALID_RIGHT, a.modRefs(port, MACH_PORT_RIGHT_DEAD_NAME, 1));
        answers(KERN_INVALID_RIGHT, a.modRefs(port, MACH_PORT_RIGHT_DEAD_NAME, -1));
        assertEquals(1, sends(a, port));
        release(a, port);
    }

    // Pegging: ipc_right.c, "urefs are pegged due to an overflow"

    /** ipc_right.c ipc_right_delta, ipc_object.c ipc_object_insert_send_right, ipc_right_dealloc. */
    @Test
    void aSendCountThatReachedItsMaximumStaysThereUntilAllGoAtOnce() {
        int port = sendReceive(a);
        ok(a.modRefs(port, MACH_PORT_RIGHT_SEND, MACH_PORT_UREFS_MAX - 2));
        assertEquals(MACH_PORT_UREFS_MAX - 1, sends(a, port));
        ok(a.modRefs(port, MACH_PORT_RIGHT_SEND, 7));
        assertEquals(MACH_PORT_UREFS_MAX, sends(a, port));
        makeSend(a, port);
        ok(a.insertRight(port, port, MACH_MSG_TYPE_COPY_SEND));
        ok(a.modRefs(port, MACH_PORT_RIGHT_SEND, -1));
        ok(a.modRefs(port, MACH_PORT_RIGHT_SEND, -MACH_PORT_UREFS_MAX + 1));
        ok(a.deallocate(port));
        ok(new RawMessage(a).to(port, MACH_MSG_TYPE_MOVE_SEND).id(1).send());
        assertEquals(MACH_PORT_UREFS_MAX, sends(a, port));
        takes(a, port, 1);
        ok(a.modRefs(port, MACH_PORT_RIGHT_SEND, -MACH_PORT_UREFS_MAX));
        assertEquals(MACH_PORT_TYPE_RECEIVE, type(a, port));
        release(a, port);
    }

    /** ipc_right.c ipc_right_copyout: a received right that would go above the maximum is dropped. */
    @Test
    void aReceivedRightDoesNotRaiseACountAtItsMaximum() {
        int port = sendReceive(a);
        ok(a.modRefs(port, MACH_PORT_RIGHT_SEND, MACH_PORT_UREFS_MAX - 1));
        ok(message(a, port, 2).right(port, MACH_MSG_TYPE_MAKE_SEND).send());
        RawMessage message = RawMessage.taken(a, port);
        assertEquals(port, message.name(0));
        assertEquals(MACH_PORT_UREFS_MAX, sends(a, port));
        ok(a.modRefs(port, MACH_PORT_RIGHT_SEND, -MACH_PORT_UREFS_MAX));
        assertFalse(status(a, port).hasSends());
        release(a, port);
    }

    /** ipc_right.c ipc_right_delta and move_dead of ipc_right_copyin. */
    @Test
    void aDeadCountThatReachedItsMaximumStaysThereUntilAllGoAtOnce() {
        int name = deadName(a);
        ok(a.modRefs(name, MACH_PORT_RIGHT_DEAD_NAME, MACH_PORT_UREFS_MAX));
        ok(a.deallocate(name));
        ok(a.modRefs(name, MACH_PORT_RIGHT_DEAD_NAME, -10));
        ok(a.extractRight(name, MACH_MSG_TYPE_MOVE_SEND, new int[2]));
        assertEquals(MACH_PORT_UREFS_MAX, deads(a, name));
        ok(a.modRefs(name, MACH_PORT_RIGHT_DEAD_NAME, -MACH_PORT_UREFS_MAX));
        assertEquals(0, type(a, name));
    }

    /** ipc_right.c ipc_right_destruct: pegged references go all at once or stay, dead. */
    @Test
    void destructTakesPeggedReferencesAllAtOnceOrNotAtAll() {
        int port = sendReceive(a);
        ok(a.modRefs(port, MACH_PORT_RIGHT_SEND, MACH_PORT_UREFS_MAX - 1));
        ok(a.destruct(port, -3, 0));
        assertEquals(MACH_PORT_UREFS_MAX, deads(a, port));
        ok(a.modRefs(port, MACH_PORT_RIGHT_DEAD_NAME, -MACH_PORT_UREFS_MAX));

        port = sendReceive(a);
        ok(a.modRefs(port, MACH_PORT_RIGHT_SEND, MACH_PORT_UREFS_MAX - 1));
        ok(a.destruct(port, -MACH_PORT_UREFS_MAX, 0));
        assertEquals(0, type(a, port));
    }

    // mach_port_deallocate

    /** ipc_right.c ipc_right_dealloc: one reference of whatever the name holds, but not the receive right. */
    @Test
    void deallocateReleasesOneReferenceAndNeverTheReceiveRight() {
        assumeMistakesAreForgiven();
        int port = sendReceive(a);
        makeSend(a, port);
        ok(a.deallocate(port));
        assertEquals(1, sends(a, port));
        ok(a.deallocate(port));
        answers(KERN_INVALID_RIGHT, a.deallocate(port));
        assertEquals(MACH_PORT_TYPE_RECEIVE, type(a, port));
        ok(a.deallocate(MACH_PORT_NULL));
        ok(a.deallocate(MACH_PORT_DEAD));
        release(a, port);
    }

    /** ipc_right.c ipc_right_dealloc: the one call that needs not know whether the port still lives. */
    @Test
    void deallocateReleasesASendRightWhetherItsPortLivesOrNot() {
        assumeSeparateTasks();
        int port = receiveRight(a);
        int name = platform().giveSend(a, port, b);
        int once = makeSendOnce(a, port);
        ok(b.modRefs(name, MACH_PORT_RIGHT_SEND, 1));
        ok(b.deallocate(name));
        destroy(a, port);
        ok(b.deallocate(name));
        ok(a.deallocate(once));
        assertEquals(0, type(b, name));
        assertEquals(0, type(a, once));
    }

    // mach_port_insert_right

    /** mach_port.c and ipc_object.c ipc_object_insert_send_right. F2, F3 */
    @Test
    void makingCountsWithThePortAndCopyingDoesNot() {
        int port = receiveRight(a);
        makeSend(a, port);
        makeSend(a, port);
        assertEquals(2, sends(a, port));
        assertEquals(2, status(a, port).makeSendCount());
        ok(a.insertRight(port, port, MACH_MSG_TYPE_COPY_SEND));
        assertEquals(3, sends(a, port));
        assertEquals(2, status(a, port).makeSendCount());
        ok(a.insertRight(port, port, MACH_MSG_TYPE_MOVE_SEND));
        assertEquals(3, sends(a, port));
        release(a, port);
    }

    /** mach_kernelrpc.c _kernelrpc_mach_port_insert_right_trap, ipc_right.c ipc_right_copyin: default. */
    @ParameterizedTest
    @ValueSource(ints = {0, 15, 22, 24, 26, -1})
    void insertingWithADispositionThatIsNoneIsAnInvalidRight(int disposition) {
        int port = sendReceive(a);
        answers(KERN_INVALID_RIGHT, a.insertRight(port, port, disposition));
        answers(KERN_INVALID_RIGHT, a.insertRight(MACH_PORT_NULL, port, disposition));
        answers(KERN_INVALID_NAME, a.insertRight(port, UNKNOWN, disposition));
        release(a, port);
    }

    /** mach_kernelrpc.c: the right is taken first, and lost if mach_port_insert_right refuses the name. */
    @Test
    void insertingUnderAConstantIsInvalidAndLosesWhatWasMoved() {
        int port = sendReceive(a);
        makeSend(a, port);
        answers(KERN_INVALID_VALUE, a.insertRight(MACH_PORT_NULL, port, MACH_MSG_TYPE_COPY_SEND));
        answers(KERN_INVALID_VALUE, a.insertRight(MACH_PORT_DEAD, port, MACH_MSG_TYPE_COPY_SEND));
        assertEquals(2, sends(a, port));
        answers(KERN_INVALID_VALUE, a.insertRight(MACH_PORT_NULL, port, MACH_MSG_TYPE_MOVE_SEND));
        assertEquals(1, sends(a, port));
        release(a, port);
    }

    /** mach_kernelrpc.c: as a trap the call looks the right up, by ipc_object_copyin or ipc_object_insert_send_right. */
    @Test
    void insertingARightOfNoNameIsAnInvalidName() {
        int port = sendReceive(a);
        for (int none : new int[] {MACH_PORT_NULL, MACH_PORT_DEAD, UNKNOWN}) {
            for (int disposition = Mach.MACH_MSG_TYPE_MOVE_RECEIVE;
                    disposition <= MACH_MSG_TYPE_MAKE_SEND_ONCE;
                    disposition++) {
                answers(KERN_INVALID_NAME, a.insertRight(port, none, disposition));
                answers(KERN_INVALID_NAME, a.insertRight(none, none, disposition));
            }
        }
        release(a, port);
    }

    /** ipc_object.c ipc_object_insert_send_right for a name into itself, else ipc_right.c ipc_right_copyin: deadok. */
    @Test
    void whatIsDeadCannotBeInserted() {
        int dead = deadName(a);
        ok(a.modRefs(dead, MACH_PORT_RIGHT_DEAD_NAME, 1));
        int other = dead + 0x1000;
        answers(KERN_INVALID_CAPABILITY, a.insertRight(dead, dead, MACH_MSG_TYPE_COPY_SEND));
        answers(KERN_INVALID_CAPABILITY, a.insertRight(dead, dead, MACH_MSG_TYPE_MAKE_SEND));
        answers(KERN_INVALID_CAPABILITY, a.insertRight(other, dead, MACH_MSG_TYPE_COPY_SEND));
        answers(KERN_INVALID_RIGHT, a.insertRight(other, dead, MACH_MSG_TYPE_MAKE_SEND));
        answers(KERN_INVALID_RIGHT, a.insertRight(dead, dead, MACH_MSG_TYPE_MAKE_SEND_ONCE));
        assertEquals(2, deads(a, dead));
        answers(KERN_INVALID_CAPABILITY, a.insertRight(other, dead, MACH_MSG_TYPE_MOVE_SEND));
        assertEquals(1, deads(a, dead));
        ok(a.deallocate(dead));
    }

    // mach_port_allocate_name, and names that are looked up for receive rights, sets and guards

    /** mach_port.c mach_port_allocate_full: ipc_object_alloc_dead knows nothing of a chosen name. */
    @Test
    void aDeadNameIsNeverAllocatedUnderTheNameThatWasChosen() {
        int chosen = deadName(a) + 0x1000;
        ok(a.allocateName(MACH_PORT_RIGHT_DEAD_NAME, chosen));
        answers(KERN_INVALID_NAME, a.type(chosen, new int[1]));
        int taken = receiveRight(a);
        ok(a.allocateName(MACH_PORT_RIGHT_DEAD_NAME, taken));
        assertEquals(MACH_PORT_TYPE_RECEIVE, type(a, taken));
        answers(KERN_INVALID_VALUE, a.allocateName(MACH_PORT_RIGHT_DEAD_NAME, MACH_PORT_NULL));
        release(a, taken);
    }

    /** ipc_right.c ipc_right_lookup_read: an entry without an object is none, so ipc_port_translate_receive finds no name. */
    @Test
    void aDeadNameIsNoNameForAReceiveRight() {
        assumeMistakesAreForgiven();
        int dead = deadName(a);
        answers(KERN_INVALID_NAME, a.getAttributes(dead, Mach.MACH_PORT_RECEIVE_STATUS, new int[10]));
        answers(KERN_INVALID_NAME, a.getAttributes(dead, Mach.MACH_PORT_LIMITS_INFO, new int[1]));
        answers(KERN_INVALID_NAME, a.setAttributes(dead, Mach.MACH_PORT_LIMITS_INFO, new int[1]));
        answers(KERN_INVALID_NAME, a.setMakeSendCount(dead, 1));
        answers(KERN_INVALID_NAME, a.setSequenceNumber(dead, 1));
        answers(KERN_INVALID_NAME, a.getContext(dead, new long[1]));
        answers(KERN_INVALID_NAME, a.setContext(dead, 1));
        answers(KERN_INVALID_NAME, a.guard(dead, 1, false));
        answers(KERN_INVALID_NAME, a.unguard(dead, 1));
        answers(KERN_INVALID_NAME, a.moveMember(dead, MACH_PORT_NULL));
        answers(KERN_INVALID_NAME, a.getSetStatus(dead, new int[1][]));
        ok(a.deallocate(dead));
    }

    /** mach_port.c mach_port_guard, mach_port_unguard and mach_port_swap_guard: MACH_PORT_VALID, ip_strict_guard. */
    @Test
    void guardsHaveTheirOwnAnswerForConstantsAndAStrictOneStays() {
        assumeMistakesAreForgiven();
        for (int constant : new int[] {MACH_PORT_NULL, MACH_PORT_DEAD}) {
            answers(KERN_INVALID_NAME, a.guard(constant, 1, false));
            answers(KERN_INVALID_NAME, a.unguard(constant, 1));
            answers(KERN_INVALID_NAME, a.swapGuard(constant, 1, 2));
        }
        int port = receiveRight(a);
        ok(a.guard(port, 7, true));
        answers(KERN_INVALID_ARGUMENT, a.swapGuard(port, 7, 8));
        ok(a.unguard(port, 7));
        release(a, port);
    }

    /** mach_port.c mach_port_insert_member; ipc_right.c ipc_right_lookup_two_read: both names come before both rights. */
    @Test
    void bothNamesOfAMembershipAreLookedUpFirst() {
        assumeMistakesAreForgiven();
        int port = receiveRight(a);
        int once = makeSendOnce(a, port);
        int dead = deadName(a);
        answers(KERN_INVALID_RIGHT, a.insertMember(UNKNOWN, MACH_PORT_NULL));
        answers(KERN_INVALID_NAME, a.insertMember(once, UNKNOWN));
        answers(KERN_INVALID_NAME, a.extractMember(once, UNKNOWN));
        answers(KERN_INVALID_NAME, a.moveMember(once, UNKNOWN));
        answers(KERN_INVALID_RIGHT, a.insertMember(port, dead));
        answers(KERN_INVALID_RIGHT, a.insertMember(dead, port));
        ok(a.deallocate(dead));
        ok(a.deallocate(once));
        release(a, port);
    }

    /** ipc_object.c ipc_object_insert_send_right and ipc_right_copyin. */
    @Test
    void aRightThatIsNotHeldCannotBeInserted() {
        assumeMistakesAreForgiven();
        int port = receiveRight(a);
        answers(KERN_INVALID_RIGHT, a.insertRight(port, port, MACH_MSG_TYPE_COPY_SEND));
        answers(KERN_INVALID_RIGHT, a.insertRight(port, port, MACH_MSG_TYPE_MOVE_SEND));
        answers(KERN_INVALID_RIGHT, a.insertRight(port, port, MACH_MSG_TYPE_MOVE_SEND_ONCE));
        int once = makeSendOnce(a, port);
        answers(KERN_INVALID_RIGHT, a.insertRight(once, once, MACH_MSG_TYPE_MAKE_SEND));
        answers(KERN_INVALID_RIGHT, a.insertRight(once, once, MACH_MSG_TYPE_COPY_SEND));
        assertEquals(new Status(0, 0, 5, 0, 1, false, 0), status(a, port));
        ok(a.deallocate(once));
        release(a, port);
    }

    /** tests/mach_port_insert_right.c, tests/ipc/port_api.c: one port, one name; ipc_object_copyout_name. */
    @Test
    void aPortCannotGetASecondName() {
        int port = sendReceive(a);
        int other = sendReceive(a);
        answers(KERN_RIGHT_EXISTS, a.insertRight(other, port, MACH_MSG_TYPE_COPY_SEND));
        answers(KERN_RIGHT_EXISTS, a.insertRight(other, port, MACH_MSG_TYPE_MAKE_SEND));
        answers(KERN_NAME_EXISTS, a.insertRight(other, port, MACH_MSG_TYPE_MAKE_SEND_ONCE));
        answers(KERN_NAME_EXISTS, a.insertRight(port, port, MACH_MSG_TYPE_MAKE_SEND_ONCE));
        assertEquals(1, sends(a, port));
        assertEquals(1, sends(a, other));
        release(a, port);
        release(a, other);
    }

    // mach_port_extract_right

    /** mach_port.c mach_port_extract_right into the own task: as if sent and received. F4 */
    @Test
    void extractingGivesTheSameNameButANewOneForEachSendOnceRight() {
        int port = receiveRight(a);
        int[] out = new int[2];
        ok(a.extractRight(port, MACH_MSG_TYPE_MAKE_SEND, out));
        assertEquals(port, out[0]);
        assertEquals(MACH_MSG_TYPE_MOVE_SEND, out[1]);
        ok(a.extractRight(port, MACH_MSG_TYPE_COPY_SEND, out));
        assertEquals(port, out[0]);
        assertEquals(2, sends(a, port));
        assertEquals(1, status(a, port).makeSendCount());

        int first = makeSendOnce(a, port);
        int second = makeSendOnce(a, port);
        assertNotEquals(port, first);
        assertNotEquals(port, second);
        assertNotEquals(first, second);
        assertEquals(1, refs(a, first, MACH_PORT_RIGHT_SEND_ONCE));
        assertEquals(2, status(a, port).sendOnceRights());
        assertEquals(1, status(a, port).makeSendCount());
        ok(send(a, port, 1));
        ok(new RawMessage(a).to(first, MACH_MSG_TYPE_MOVE_SEND_ONCE).id(2).send());
        takes(a, port, 1);
        takes(a, port, 2);
        assertEquals(1, status(a, port).sendOnceRights());
        ok(new RawMessage(a).to(second, MACH_MSG_TYPE_MOVE_SEND_ONCE).id(3).send());
        takes(a, port, 3);
        assertEquals(0, status(a, port).sendOnceRights());
        release(a, port);
    }

    /** mach_port.c mach_port_extract_right. */
    @Test
    void extractingWhatIsNotHeldIsRefused() {
        assumeMistakesAreForgiven();
        int port = receiveRight(a);
        int[] out = {77, 78};
        answers(KERN_INVALID_VALUE, a.extractRight(port, 15, out));
        answers(KERN_INVALID_VALUE, a.extractRight(port, 22, out));
        answers(KERN_INVALID_RIGHT, a.extractRight(MACH_PORT_NULL, MACH_MSG_TYPE_COPY_SEND, out));
        answers(KERN_INVALID_RIGHT, a.extractRight(MACH_PORT_DEAD, MACH_MSG_TYPE_COPY_SEND, out));
        answers(KERN_INVALID_RIGHT, a.extractRight(port, MACH_MSG_TYPE_COPY_SEND, out));
        answers(KERN_INVALID_RIGHT, a.extractRight(port, MACH_MSG_TYPE_MOVE_SEND, out));
        answers(KERN_INVALID_RIGHT, a.extractRight(port, MACH_MSG_TYPE_MOVE_SEND_ONCE, out));
        assertEquals(77, out[0]);
        assertEquals(78, out[1]);
        release(a, port);
    }

    /** ipc_object.c ipc_object_copyin allows dead names, which come out as MACH_PORT_DEAD; ipc_right.c move_dead. */
    @Test
    void aDeadRightIsExtractedAsTheDeadConstant() {
        int name = deadName(a);
        ok(a.modRefs(name, MACH_PORT_RIGHT_DEAD_NAME, 2));
        int[] out = new int[2];
        ok(a.extractRight(name, MACH_MSG_TYPE_COPY_SEND, out));
        assertEquals(MACH_PORT_DEAD, out[0]);
        assertEquals(3, deads(a, name));
        ok(a.extractRight(name, MACH_MSG_TYPE_MOVE_SEND, out));
        assertEquals(MACH_PORT_DEAD, out[0]);
        assertEquals(2, deads(a, name));
        ok(a.extractRight(name, MACH_MSG_TYPE_MOVE_SEND_ONCE, out));
        assertEquals(MACH_PORT_DEAD, out[0]);
        assertEquals(MACH_MSG_TYPE_MOVE_SEND_ONCE, out[1]);
        answers(KERN_INVALID_RIGHT, a.extractRight(name, MACH_MSG_TYPE_MAKE_SEND, out));
        assertEquals(1, deads(a, name));
        ok(a.deallocate(name));
    }

    // Attributes: mach_port.c mach_port_get_attributes, mach_port_set_attributes

    /** mach_port.c: the order of its checks. */
    @Test
    void attributesWantAKnownFlavorEnoughRoomAndAReceiveRight() {
        int port = receiveRight(a);
        int once = makeSendOnce(a, port);
        answers(KERN_INVALID_ARGUMENT, a.getAttributes(port, 99, new int[10]));
        answers(KERN_FAILURE, a.getAttributes(port, Mach.MACH_PORT_LIMITS_INFO, new int[0]));
        answers(KERN_FAILURE, a.getAttributes(port, Mach.MACH_PORT_RECEIVE_STATUS, new int[9]));
        answers(KERN_INVALID_RIGHT, a.getAttributes(once, Mach.MACH_PORT_LIMITS_INFO, new int[1]));
        answers(KERN_INVALID_RIGHT, a.getAttributes(once, Mach.MACH_PORT_RECEIVE_STATUS, new int[10]));
        answers(KERN_INVALID_RIGHT, a.getAttributes(MACH_PORT_NULL, Mach.MACH_PORT_RECEIVE_STATUS, new int[10]));
        answers(KERN_INVALID_ARGUMENT, a.setAttributes(port, 99, new int[10]));
        answers(KERN_FAILURE, a.setAttributes(port, Mach.MACH_PORT_LIMITS_INFO, new int[0]));
        answers(KERN_INVALID_RIGHT, a.setAttributes(once, Mach.MACH_PORT_LIMITS_INFO, new int[1]));
        answers(KERN_INVALID_RIGHT, a.setAttributes(MACH_PORT_DEAD, Mach.MACH_PORT_LIMITS_INFO, new int[1]));
        ok(a.deallocate(once));
        release(a, port);
    }

    /** mach_port.c mach_port_get_attributes: it answers a count of 0 and leaves the field as it was. */
    @Test
    void theLimitsOfAConstantAreASuccessThatWritesNothing() {
        int[] info = {77};
        ok(a.getAttributes(MACH_PORT_NULL, Mach.MACH_PORT_LIMITS_INFO, info));
        ok(a.getAttributes(MACH_PORT_DEAD, Mach.MACH_PORT_LIMITS_INFO, info));
        assertEquals(77, info[0]);
    }

    /** mach_port.c mach_port_set_attributes, MACH_PORT_LIMITS_INFO. */
    @Test
    void aQueueLimitIsZeroTo1024() {
        int port = receiveRight(a);
        for (int limit : new int[] {0, 1, 16, 1023, 1024}) {
            setLimit(a, port, limit);
            assertEquals(limit, limit(a, port));
            assertEquals(limit, status(a, port).limit());
        }
        answers(KERN_INVALID_VALUE, a.setAttributes(port, Mach.MACH_PORT_LIMITS_INFO, new int[] {1025}));
        answers(KERN_INVALID_VALUE, a.setAttributes(port, Mach.MACH_PORT_LIMITS_INFO, new int[] {-1}));
        assertEquals(1024, limit(a, port));
        release(a, port);
    }

    // mach_port_construct, mach_port_destruct

    /** mach_port.c mach_port_construct. F18 */
    @Test
    void constructMakesAPortWithALimitAndASendRightAtOnce() {
        int[] name = {77};
        answers(KERN_INVALID_VALUE, a.construct(Mach.MPO_QLIMIT, 1025, 0, name));
        assertEquals(77, name[0]);
        ok(a.construct(Mach.MPO_QLIMIT | Mach.MPO_INSERT_SEND_RIGHT, 16, 0, name));
        assertEquals(MACH_PORT_TYPE_RECEIVE | MACH_PORT_TYPE_SEND, type(a, name[0]));
        assertEquals(1, sends(a, name[0]));
        assertEquals(new Status(0, 1, 16, 0, 0, true, 0), status(a, name[0]));
        release(a, name[0]);
    }

    /** ipc_right.c ipc_right_destruct. F19 */
    @Test
    void destructTakesAsManySendReferencesAsItIsTold() {
        assumeMistakesAreForgiven();
        int port = receiveRight(a);
        answers(KERN_INVALID_RIGHT, a.destruct(port, -1, 0));
        answers(KERN_INVALID_RIGHT, a.destruct(port, 1, 0));
        makeSend(a, port);
        makeSend(a, port);
        answers(KERN_INVALID_VALUE, a.destruct(port, 1, 0));
        answers(KERN_INVALID_VALUE, a.destruct(port, -3, 0));
        assertEquals(2, sends(a, port));
        ok(a.destruct(port, -2, 0));
        assertEquals(0, type(a, port));

        port = sendReceive(a);
        makeSend(a, port);
        ok(a.destruct(port, -1, 0));
        assertEquals(MACH_PORT_TYPE_DEAD_NAME, type(a, port));
        assertEquals(1, deads(a, port));
        answers(KERN_INVALID_RIGHT, a.destruct(port, 0, 0));
        ok(a.deallocate(port));
    }

    /** ipc_right.c ipc_right_destruct looks at the guard only where there is one; mach_port.c mach_port_destruct. */
    @Test
    void aGuardIsAskedForOnlyWhereThereIsOne() {
        assumeMistakesAreForgiven();
        int port = receiveRight(a);
        ok(a.destruct(port, 0, 12345));
        answers(KERN_INVALID_NAME, a.destruct(MACH_PORT_NULL, 0, 0));
        answers(KERN_INVALID_NAME, a.destruct(MACH_PORT_DEAD, 0, 0));
        int[] name = new int[1];
        ok(a.construct(0, 0, 7, name));
        ok(a.modRefs(name[0], MACH_PORT_RIGHT_RECEIVE, -1));
    }

    // Coalescing: ipc_object.c ipc_object_copyout

    /** tests/ipc_mach_port.c right_dedup: whatever the order, one name and a count of what came. F10 */
    @Test
    void sendRightsThatArriveCoalesceUnderOneName() {
        int inbox = sendReceive(b);
        int toInbox = platform().giveSend(b, inbox, a);
        int port = receiveRight(a);
        for (int i = 0; i < 3; i++) {
            ok(message(a, toInbox, i).right(port, MACH_MSG_TYPE_MAKE_SEND).send());
        }
        int name = 0;
        for (int i = 0; i < 3; i++) {
            RawMessage message = RawMessage.taken(b, inbox);
            assertTrue(name == 0 || name == message.name(0));
            name = message.name(0);
            assertEquals(i + 1, sends(b, name));
        }
        assertEquals(3, status(a, port).makeSendCount());
        ok(b.modRefs(name, MACH_PORT_RIGHT_SEND, -3));
        assertFalse(status(a, port).hasSends());
        ok(a.deallocate(toInbox));
        release(a, port);
        release(b, inbox);
    }

    /** ipc_object.c ipc_object_copyout: the holder of the receive right gets a send right under that name. */
    @Test
    void aSendRightThatComesHomeCoalescesWithTheReceiveRight() {
        int inbox = sendReceive(a);
        int port = receiveRight(a);
        ok(message(a, inbox, 0).right(port, MACH_MSG_TYPE_MAKE_SEND).send());
        assertEquals(port, RawMessage.taken(a, inbox).name(0));
        assertEquals(MACH_PORT_TYPE_RECEIVE | MACH_PORT_TYPE_SEND, type(a, port));
        release(a, port);
        release(a, inbox);
    }

    /** ipc_object.c ipc_object_copyout: MACH_MSG_TYPE_PORT_SEND_ONCE always gets an entry of its own. */
    @Test
    void sendOnceRightsThatArriveNeverCoalesce() {
        int inbox = sendReceive(a);
        ok(message(a, inbox, 0)
                .right(inbox, MACH_MSG_TYPE_MAKE_SEND_ONCE)
                .right(inbox, MACH_MSG_TYPE_MAKE_SEND_ONCE)
                .send());
        RawMessage message = RawMessage.taken(a, inbox);
        assertNotEquals(message.name(0), message.name(1));
        assertNotEquals(inbox, message.name(0));
        assertEquals(MACH_PORT_TYPE_SEND_ONCE, type(a, message.name(0)));
        assertEquals(MACH_PORT_TYPE_SEND_ONCE, type(a, message.name(1)));
        ok(a.deallocate(message.name(0)));
        ok(a.deallocate(message.name(1)));
        release(a, inbox);
    }

    /** ipc_entry.c: a dead name is an entry without a port. */
    @Test
    void deadNamesStayApart() {
        int first = sendReceive(a);
        int second = sendReceive(a);
        destroy(a, first);
        destroy(a, second);
        assertNotEquals(first, second);
        assertEquals(1, deads(a, first));
        assertEquals(1, deads(a, second));
        ok(a.deallocate(first));
        ok(a.deallocate(second));
    }

    /** ipc_port.c ip_srights: one for each name that holds the right and one for each message that carries it. F78 */
    @Test
    void aSendRightInAnUnreadMessageCountsAsOne() {
        int inbox = sendReceive(a);
        int port = receiveRight(a);
        ok(message(a, inbox, 0).right(port, MACH_MSG_TYPE_MAKE_SEND).send());
        assertTrue(status(a, port).hasSends());
        destroy(a, inbox);
        assertFalse(status(a, port).hasSends());
        ok(a.deallocate(inbox));
        release(a, port);
    }

    /** ipc_port.c: outstanding send-once rights are no send rights. F81 */
    @Test
    void aSendOnceRightIsNoSender() {
        int port = receiveRight(a);
        int once = makeSendOnce(a, port);
        assertFalse(status(a, port).hasSends());
        ok(a.deallocate(once));
        release(a, port);
    }

    /** F116: counts and names come back however often rights travel. */
    @Test
    void manyRightsLeaveNothingBehind() {
        int inbox = sendReceive(a);
        int port = receiveRight(a);
        for (int i = 0; i < 500; i++) {
            ok(message(a, inbox, i)
                    .right(port, MACH_MSG_TYPE_MAKE_SEND)
                    .right(port, MACH_MSG_TYPE_MAKE_SEND_ONCE)
                    .send());
            RawMessage message = RawMessage.taken(a, inbox);
            ok(a.deallocate(message.name(0)));
            ok(new RawMessage(a)
                    .to(message.name(1), MACH_MSG_TYPE_MOVE_SEND_ONCE)
                    .send());
            RawMessage.taken(a, port);
        }
        assertEquals(1, sends(a, inbox));
        Status status = status(a, port);
        assertFalse(status.hasSends());
        assertEquals(0, status.sendOnceRights());
        assertEquals(500, status.makeSendCount());
        release(a, port);
        release(a, inbox);
    }

    /** ipc_port.c ipc_port_destroy: send rights and messages of a port that dies are gone with all they held. F92 */
    @Test
    void aPortThatDiesTakesItsQueueAlong() {
        int inbox = sendReceive(a);
        int port = sendReceive(a);
        ok(message(a, inbox, 0).right(port, MACH_MSG_TYPE_COPY_SEND).send());
        ok(message(a, inbox, 0).right(port, MACH_MSG_TYPE_MOVE_SEND).send());
        assertEquals(0, sends(a, port));
        assertTrue(status(a, port).hasSends());
        destroy(a, inbox);
        assertFalse(status(a, port).hasSends());
        answers(KernReturn.MACH_SEND_INVALID_DEST, send(a, inbox, 0));
        ok(a.deallocate(inbox));
        release(a, port);
    }
}
