/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.contract;

import static io.machframe.core.error.KernReturn.MACH_SEND_INVALID_RIGHT;
import static io.machframe.core.error.KernReturn.MACH_SEND_TIMED_OUT;
import static io.machframe.core.error.KernReturn.MACH_SEND_TOO_LARGE;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_COPY_SEND;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MAKE_SEND;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MAKE_SEND_ONCE;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MOVE_RECEIVE;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MOVE_SEND;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_PORT_SEND;
import static io.machframe.core.platform.Mach.MACH_MSG_VIRTUAL_COPY;
import static io.machframe.core.platform.Mach.MACH_PORT_DEAD;
import static io.machframe.core.platform.Mach.MACH_PORT_NULL;
import static io.machframe.core.platform.contract.TestMemory.LARGE;
import static io.machframe.core.platform.contract.TestMemory.array;
import static io.machframe.core.platform.contract.TestMemory.filled;
import static io.machframe.core.platform.contract.TestMemory.isFilled;
import static io.machframe.core.platform.contract.TestMemory.names;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.machframe.core.platform.Mach;
import io.machframe.core.platform.MessageLayout;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Arrays of rights out of line: {@code ipc_kmsg.c}, {@code ipc_kmsg_copyin_ool_ports_descriptor}. */
abstract class RightArrayContract extends MachCallsContract {
    /** ipc_kmsg.c ipc_kmsg_copyin_ool_ports_descriptor. F39 */
    @Test
    void anArrayOfRightsArrivesInOrderWithNullAndDead() {
        int port = sendReceive(task);
        int one = sendReceive(task);
        int two = sendReceive(task);
        int dead = deadName(task);
        long names = array(task, one, MACH_PORT_NULL, two, MACH_PORT_DEAD, one, dead);
        ok(message(task, port, 1)
                .rights(names, 6, MACH_MSG_TYPE_COPY_SEND, false)
                .send());
        RawMessage got = RawMessage.taken(task, port);
        assertEquals(MessageLayout.TYPE_OOL_PORTS, got.type(0));
        assertEquals(MACH_MSG_TYPE_PORT_SEND, got.disposition(0));
        assertEquals(1, got.deallocates(0));
        int[] array = names(task, got, 0);
        int[] expected = {one, MACH_PORT_NULL, two, MACH_PORT_DEAD, one, MACH_PORT_DEAD};
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], array[i]);
        }
        assertEquals(3, sends(task, one));
        assertEquals(2, sends(task, two));
        ok(task.memory().deallocate(names, 24));
        ok(task.deallocate(dead));
        release(task, one);
        release(task, two);
        release(task, port);
    }

    /** The other dispositions. */
    @Test
    void anArrayMovesAndMakesRights() {
        int port = sendReceive(task);
        int other = receiveRight(task);
        long names = array(task, other, other, other);
        ok(message(task, port, 1)
                .rights(names, 3, MACH_MSG_TYPE_MAKE_SEND, false)
                .send());
        ok(message(task, port, 1)
                .rights(names, 1, MACH_MSG_TYPE_MAKE_SEND_ONCE, false)
                .send());
        int[] made = names(task, RawMessage.taken(task, port), 0);
        assertEquals(other, made[2]);
        assertEquals(3, sends(task, other));
        int[] once = names(task, RawMessage.taken(task, port), 0);
        ok(task.deallocate(once[0]));
        takes(task, other, Mach.MACH_NOTIFY_SEND_ONCE);
        ok(task.modRefs(other, Mach.MACH_PORT_RIGHT_SEND, -3));
        ok(message(task, port, 1)
                .rights(names, 1, MACH_MSG_TYPE_MOVE_RECEIVE, false)
                .send());
        assertEquals(0, type(task, other));
        int[] moved = names(task, RawMessage.taken(task, port), 0);
        assertEquals(Mach.MACH_PORT_TYPE_RECEIVE, type(task, moved[0]));
        ok(task.memory().deallocate(names, 12));
        release(task, moved[0]);
        release(task, port);
    }

    /** ipc_kmsg.c: the rights of the array before the wrong one are gone. H05 */
    @Test
    void aWrongNameInAnArrayDestroysWhatCameBefore() {
        assumeMistakesAreForgiven();
        int port = sendReceive(task);
        int one = sendReceive(task);
        int two = sendReceive(task);
        long names = array(task, one, UNKNOWN, two);
        answers(
                MACH_SEND_INVALID_RIGHT,
                message(task, port, 1)
                        .rights(names, 3, MACH_MSG_TYPE_MOVE_SEND, false)
                        .send());
        assertEquals(0, sends(task, one));
        assertEquals(1, sends(task, two));
        ok(task.memory().deallocate(names, 12));
        release(task, one);
        release(task, two);
        release(task, port);
    }

    /** ipc_kmsg.c: a count of 0. */
    @Test
    void anEmptyArrayArrivesEmpty() {
        int port = sendReceive(task);
        ok(message(task, port, 1).rights(0, 0, MACH_MSG_TYPE_COPY_SEND, false).send());
        RawMessage got = RawMessage.taken(task, port);
        assertEquals(0, got.outOfLineSize(0));
        assertEquals(MACH_MSG_TYPE_PORT_SEND, got.disposition(0));
        release(task, port);
    }

    /** ipc_kmsg.c ipc_kmsg_copyin_body: 16383 in one message, and not one more. F41, F42 */
    @ParameterizedTest
    @ValueSource(ints = {64, 253, 254, 1000, 16383})
    void manyRightsArriveInOrder(int count) {
        int port = sendReceive(task);
        int[] ports = new int[Math.min(count, 300)];
        for (int i = 0; i < ports.length; i++) {
            ports[i] = sendReceive(task);
        }
        int[] all = new int[count];
        for (int i = 0; i < count; i++) {
            all[i] = ports[i * 7 % ports.length];
        }
        long names = array(task, all);
        ok(message(task, port, 1)
                .rights(names, count, MACH_MSG_TYPE_COPY_SEND, true)
                .send());
        int[] got = names(task, RawMessage.taken(task, port), 0);
        for (int i = 0; i < count; i++) {
            assertEquals(all[i], got[i]);
        }
        int total = 0;
        for (int other : ports) {
            total += sends(task, other);
            release(task, other);
        }
        assertEquals(count + ports.length, total);
        release(task, port);
    }

    @Test
    void oneRightTooManyIsRefusedAndAllStay() {
        int port = sendReceive(task);
        int[] all = new int[16383];
        Arrays.fill(all, port);
        long names = array(task, all);
        answers(
                MACH_SEND_TOO_LARGE,
                message(task, port, 1)
                        .right(port, MACH_MSG_TYPE_COPY_SEND)
                        .rights(names, 16383, MACH_MSG_TYPE_COPY_SEND, true)
                        .send());
        assertEquals(1, sends(task, port));
        ok(task.memory().deallocate(names, 4L * all.length));
        release(task, port);
    }

    /** As with single rights: names come back in the forms that move. */
    @Test
    void anArrayComesBackWhenTheSendTimesOut() {
        int port = receiveRight(task, 1);
        makeSend(task, port);
        int other = sendReceive(task);
        ok(send(task, port, 1));
        long names = array(task, other, MACH_PORT_NULL);
        RawMessage message = message(task, port, 2).rights(names, 2, MACH_MSG_TYPE_MAKE_SEND, true);
        answers(MACH_SEND_TIMED_OUT, message.send());
        ok(task.deallocate(port));
        assertEquals(2, sends(task, other));
        assertEquals(MACH_MSG_TYPE_MOVE_SEND, message.disposition(0));
        int[] back = names(task, message, 0);
        assertEquals(other, back[0]);
        assertEquals(MACH_PORT_NULL, back[1]);
        takes(task, port, 1);
        release(task, other);
        release(task, port);
    }

    /** Between tasks, rights of an array coalesce as any. */
    @Test
    void anotherTaskReceivesMemoryAndRights() {
        assumeSeparateTasks();
        int port = receiveRight(receiver);
        int toPort = giveSend(receiver, port, sender);
        int other = sendReceive(sender);
        long memory = filled(sender, LARGE);
        long names = array(sender, other, other, toPort);
        ok(message(sender, toPort, 1)
                .outOfLine(memory, LARGE, true, MACH_MSG_VIRTUAL_COPY)
                .rights(names, 3, MACH_MSG_TYPE_COPY_SEND, true)
                .send());
        RawMessage got = RawMessage.taken(receiver, port);
        isFilled(receiver, got.address(0), LARGE);
        int[] array = names(receiver, got, 1);
        assertEquals(array[0], array[1]);
        assertEquals(port, array[2]);
        assertEquals(2, sends(receiver, array[0]));
        ok(receiver.memory().deallocate(got.address(0), LARGE));
        ok(receiver.modRefs(array[0], Mach.MACH_PORT_RIGHT_SEND, -2));
        release(receiver, port);
        destroy(sender, other);
        ok(sender.deallocate(other));
        ok(sender.deallocate(toPort));
    }
}
