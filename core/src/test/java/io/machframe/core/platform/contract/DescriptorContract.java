/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.contract;

import static io.machframe.core.error.KernReturn.MACH_SEND_INVALID_RIGHT;
import static io.machframe.core.error.KernReturn.MACH_SEND_INVALID_TYPE;
import static io.machframe.core.error.KernReturn.MACH_SEND_MSG_TOO_SMALL;
import static io.machframe.core.error.KernReturn.MACH_SEND_TOO_LARGE;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_COPY_SEND;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MAKE_SEND;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MAKE_SEND_ONCE;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MOVE_SEND;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MOVE_SEND_ONCE;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_PORT_SEND;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_PORT_SEND_ONCE;
import static io.machframe.core.platform.Mach.MACH_PORT_DEAD;
import static io.machframe.core.platform.Mach.MACH_PORT_NULL;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.platform.Mach;
import io.machframe.core.platform.MessageLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rights in a message: {@code ipc_kmsg.c}, {@code ipc_kmsg_copyin_body} and {@code ipc_kmsg_copyout_body}. */
abstract class DescriptorContract extends MachCallsContract {
    private static final int HEADER = MessageLayout.HEADER_SIZE;

    /** message.h: a message may be complex and have none. F23 */
    @Test
    void aComplexMessageMayHaveNoDescriptors() {
        int port = sendReceive(task);
        ok(message(task, port, 1).complex().body(42).send());
        RawMessage message = RawMessage.taken(task, port);
        assertTrue(message.isComplex());
        assertEquals(0, message.descriptorCount());
        assertEquals(42, message.word(0));
        release(task, port);
    }

    /** ikm_check_descriptors: a count that does not fit in the message. */
    @Test
    void descriptorsThatDoNotFitMakeAMessageTooSmall() {
        assumeMistakesAreForgiven();
        int port = sendReceive(task);
        RawMessage none = message(task, port, 0).complex().size(HEADER);
        answers(MACH_SEND_MSG_TOO_SMALL, none.send());
        for (int count : new int[] {2, 3, 1000, Integer.MAX_VALUE, -1, Integer.MIN_VALUE}) {
            RawMessage message = message(task, port, 0).right(port, MACH_MSG_TYPE_MOVE_SEND);
            message.bytes().putInt(MessageLayout.DESCRIPTOR_COUNT, count);
            answers(MACH_SEND_MSG_TOO_SMALL, message.send());
        }
        assertEquals(1, sends(task, port));
        release(task, port);
    }

    /** ikm_check_descriptors: before anything is taken. */
    @ParameterizedTest
    @ValueSource(ints = {5, 9, 127, -1})
    void aDescriptorOfNoKnownTypeIsRefusedBeforeAnythingIsTaken(int type) {
        assumeMistakesAreForgiven();
        int port = sendReceive(task);
        RawMessage message = new RawMessage(task)
                .to(port, MACH_MSG_TYPE_MOVE_SEND)
                .right(port, MACH_MSG_TYPE_MAKE_SEND)
                .descriptor(port, MACH_MSG_TYPE_MAKE_SEND, type);
        isRefusedBeforeAnythingIsTaken(message, port);
    }

    /** ipc_kmsg_inflate_guarded_port_descriptor: a receive right with a flag, or nothing is taken. */
    @ParameterizedTest
    @CsvSource({"20, 1", "17, 2", "16, 0", "16, 4"})
    void aGuardedDescriptorOfAnythingElseIsRefusedBeforeAnythingIsTaken(int disposition, int flags) {
        assumeMistakesAreForgiven();
        int port = sendReceive(task);
        RawMessage message = new RawMessage(task)
                .to(port, MACH_MSG_TYPE_MOVE_SEND)
                .right(port, MACH_MSG_TYPE_MAKE_SEND)
                .guarded(port, disposition, flags);
        isRefusedBeforeAnythingIsTaken(message, port);
    }

    private void isRefusedBeforeAnythingIsTaken(RawMessage message, int port) {
        answers(MACH_SEND_INVALID_TYPE, message.send());
        assertEquals(1, sends(task, port));
        assertEquals(1, status(task, port).makeSendCount());
        release(task, port);
    }

    /** ipc_kmsg_clean_partial: the header's rights and earlier descriptors' are gone, later ones untouched. */
    @Test
    void aDescriptorThatIsNoRightDestroysWhatCameBefore() {
        assumeMistakesAreForgiven();
        int port = sendReceive(task);
        int before = sendReceive(task);
        int after = sendReceive(task);
        int wrong = receiveRight(task);
        int[][] kinds = {
            {wrong, MACH_MSG_TYPE_COPY_SEND},
            {wrong, MACH_MSG_TYPE_MOVE_SEND_ONCE},
            {UNKNOWN, MACH_MSG_TYPE_COPY_SEND},
            {port, 22},
            {port, 0},
        };
        for (int[] kind : kinds) {
            makeSend(task, port);
            makeSend(task, before);
            answers(
                    MACH_SEND_INVALID_RIGHT,
                    new RawMessage(task)
                            .to(port, MACH_MSG_TYPE_MOVE_SEND)
                            .replyTo(before, MACH_MSG_TYPE_MOVE_SEND)
                            .right(before, MACH_MSG_TYPE_MOVE_SEND)
                            .right(kind[0], kind[1])
                            .right(after, MACH_MSG_TYPE_MOVE_SEND)
                            .send());
            assertEquals(1, sends(task, port));
            assertEquals(0, sends(task, before));
            assertEquals(1, sends(task, after));
            makeSend(task, before);
        }
        isEmpty(task, port);
        release(task, port);
        release(task, before);
        release(task, after);
        release(task, wrong);
    }

    /** message.h: what each disposition takes from the sender and gives the receiver. F24 */
    @Test
    void eachDispositionTakesAndGivesWhatItSays() {
        int port = sendReceive(task);
        int other = sendReceive(task);
        makeSend(task, other);
        int once = makeSendOnce(task, other);
        ok(message(task, port, 3)
                .right(other, MACH_MSG_TYPE_MOVE_SEND)
                .right(other, MACH_MSG_TYPE_COPY_SEND)
                .right(other, MACH_MSG_TYPE_MAKE_SEND)
                .right(once, MACH_MSG_TYPE_MOVE_SEND_ONCE)
                .right(other, MACH_MSG_TYPE_MAKE_SEND_ONCE)
                .body(1, 2, 3, 4)
                .send());
        assertEquals(1, sends(task, other));
        assertEquals(0, type(task, once));
        assertEquals(3, status(task, other).makeSendCount());
        RawMessage message = RawMessage.taken(task, port);
        assertEquals(5, message.descriptorCount());
        for (int i = 0; i < 5; i++) {
            assertEquals(i < 3 ? MACH_MSG_TYPE_PORT_SEND : MACH_MSG_TYPE_PORT_SEND_ONCE, message.disposition(i));
            assertEquals(MessageLayout.TYPE_PORT, message.type(i));
            assertEquals(i < 3, message.name(i) == other);
            assertEquals(i < 4 ? i + 1 : 4, message.word(Math.min(i, 3)));
        }
        assertEquals(4, sends(task, other));
        ok(task.deallocate(message.name(3)));
        ok(task.deallocate(message.name(4)));
        release(task, other);
        release(task, port);
    }

    /** ipc_kmsg_copyin_port_descriptor: a null or dead name needs no right; the disposition is translated. F35 */
    @Test
    void nullAndDeadNamesTravelInDescriptors() {
        int port = sendReceive(task);
        int dead = deadName(task);
        ok(task.modRefs(dead, Mach.MACH_PORT_RIGHT_DEAD_NAME, 1));
        ok(message(task, port, 0)
                .right(MACH_PORT_NULL, MACH_MSG_TYPE_MAKE_SEND_ONCE)
                .right(MACH_PORT_DEAD, MACH_MSG_TYPE_COPY_SEND)
                .right(dead, MACH_MSG_TYPE_COPY_SEND)
                .right(dead, MACH_MSG_TYPE_MOVE_SEND)
                .right(dead, MACH_MSG_TYPE_MOVE_SEND_ONCE)
                .send());
        assertEquals(0, type(task, dead));
        RawMessage message = RawMessage.taken(task, port);
        int[] names = {MACH_PORT_NULL, MACH_PORT_DEAD, MACH_PORT_DEAD, MACH_PORT_DEAD, MACH_PORT_DEAD};
        int[] dispositions = {18, 17, 17, 17, 18};
        for (int i = 0; i < names.length; i++) {
            assertEquals(names[i], message.name(i));
            assertEquals(dispositions[i], message.disposition(i));
        }
        release(task, port);
    }

    /** ipc_right.c: nothing can be made from a dead name. */
    @Test
    void aDeadNameCannotMakeARight() {
        assumeMistakesAreForgiven();
        int port = sendReceive(task);
        int dead = deadName(task);
        answers(
                MACH_SEND_INVALID_RIGHT,
                message(task, port, 0).right(dead, MACH_MSG_TYPE_MAKE_SEND).send());
        assertEquals(1, deads(task, dead));
        ok(task.deallocate(dead));
        release(task, port);
    }

    /** ipc_kmsg_copyout_object: a right whose port died on the way is the dead constant, with nothing to release. F35 */
    @Test
    void aRightWhosePortDiesOnTheWayArrivesDead() {
        int port = sendReceive(task);
        int gone = sendReceive(task);
        ok(message(task, port, 0)
                .replyTo(gone, MACH_MSG_TYPE_MAKE_SEND_ONCE)
                .right(gone, MACH_MSG_TYPE_MOVE_SEND)
                .right(gone, MACH_MSG_TYPE_MAKE_SEND_ONCE)
                .send());
        destroy(task, gone);
        RawMessage message = RawMessage.taken(task, port);
        assertEquals(MACH_PORT_DEAD, message.remote());
        assertEquals(MACH_MSG_TYPE_PORT_SEND_ONCE, message.remoteDisposition());
        assertEquals(MACH_PORT_DEAD, message.name(0));
        assertEquals(MACH_PORT_DEAD, message.name(1));
        assertEquals(0, type(task, gone));
        release(task, port);
    }

    /** ipc_kmsg.c: a right can be sent to the port it leads to. */
    @Test
    void aPortsOwnRightCanWaitInItsQueue() {
        int port = sendReceive(task);
        ok(new RawMessage(task)
                .to(port, MACH_MSG_TYPE_COPY_SEND)
                .right(port, MACH_MSG_TYPE_MOVE_SEND)
                .send());
        assertEquals(0, sends(task, port));
        assertTrue(status(task, port).hasSends());
        assertEquals(port, RawMessage.taken(task, port).name(0));
        assertEquals(1, sends(task, port));
        ok(new RawMessage(task)
                .to(port, MACH_MSG_TYPE_COPY_SEND)
                .right(port, MACH_MSG_TYPE_MOVE_SEND)
                .send());
        release(task, port);
    }

    /** ipc_kmsg.c ipc_kmsg_copyin_body: "sending more than 16383 rights in one message seems crazy". F42 */
    @Test
    void tooManyRightsAreRefusedAndStay() {
        assumeMistakesAreForgiven();
        int port = sendReceive(task);
        RawMessage message = new RawMessage(task, 256 * 1024).to(port, MACH_MSG_TYPE_COPY_SEND);
        for (int i = 0; i < 16384; i++) {
            message.right(port, MACH_MSG_TYPE_COPY_SEND);
        }
        answers(MACH_SEND_TOO_LARGE, message.send());
        assertEquals(1, sends(task, port));
        release(task, port);
    }

    /** ipc_kmsg.c: as many as one message takes, in order. F41 */
    @Test
    void aHundredRightsArriveInOrder() {
        int port = sendReceive(task);
        int other = sendReceive(task);
        RawMessage message = new RawMessage(task).to(port, MACH_MSG_TYPE_COPY_SEND);
        for (int i = 0; i < 125; i++) {
            message.right(i % 3 == 0 ? port : i % 3 == 1 ? other : MACH_PORT_NULL, MACH_MSG_TYPE_COPY_SEND);
        }
        ok(message.send());
        RawMessage got = RawMessage.taken(task, port);
        assertEquals(125, got.descriptorCount());
        for (int i = 0; i < 125; i++) {
            assertEquals(i % 3 == 0 ? port : i % 3 == 1 ? other : MACH_PORT_NULL, got.name(i));
        }
        assertEquals(1 + 42, sends(task, port));
        assertEquals(1 + 42, sends(task, other));
        release(task, port);
        release(task, other);
    }
}
