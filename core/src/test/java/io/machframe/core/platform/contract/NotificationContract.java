/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.contract;

import static io.machframe.core.error.KernReturn.KERN_FAILURE;
import static io.machframe.core.error.KernReturn.KERN_INVALID_ARGUMENT;
import static io.machframe.core.error.KernReturn.KERN_INVALID_CAPABILITY;
import static io.machframe.core.error.KernReturn.KERN_INVALID_VALUE;
import static io.machframe.core.error.KernReturn.MACH_RCV_TOO_LARGE;
import static io.machframe.core.error.KernReturn.MACH_SEND_TIMED_OUT;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MAKE_SEND_ONCE;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MOVE_RECEIVE;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MOVE_SEND;
import static io.machframe.core.platform.Mach.MACH_NOTIFY_DEAD_NAME;
import static io.machframe.core.platform.Mach.MACH_NOTIFY_NO_SENDERS;
import static io.machframe.core.platform.Mach.MACH_NOTIFY_PORT_DELETED;
import static io.machframe.core.platform.Mach.MACH_NOTIFY_PORT_DESTROYED;
import static io.machframe.core.platform.Mach.MACH_NOTIFY_SEND_ONCE;
import static io.machframe.core.platform.Mach.MACH_NOTIFY_SEND_POSSIBLE;
import static io.machframe.core.platform.Mach.MACH_PORT_DEAD;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.machframe.core.platform.Mach;
import io.machframe.core.platform.MessageLayout;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What can be asked to be told, when it is told, and what stands in the way. */
abstract class NotificationContract extends MachCallsContract {
    private int inbox;

    @BeforeEach
    void openInbox() {
        inbox = receiveRight(task);
    }

    private int request(int name, int id, int sync, int notify) {
        int[] previous = new int[1];
        int code = task.requestNotification(name, id, sync, notify, MACH_MSG_TYPE_MAKE_SEND_ONCE, previous);
        assertEquals(0, previous[0]);
        return code;
    }

    private void asks(int name, int id, int sync) {
        ok(request(name, id, sync, inbox));
    }

    /** Asks anew and drops the right that was registered before, of which the inbox is told. */
    private void asksAnew(int name, int id, int sync) {
        int[] previous = new int[1];
        ok(task.requestNotification(name, id, sync, inbox, MACH_MSG_TYPE_MAKE_SEND_ONCE, previous));
        assertNotEquals(0, previous[0]);
        ok(task.deallocate(previous[0]));
        told(MACH_NOTIFY_SEND_ONCE);
    }

    /** What is asked in vain destroys the right that was made for it, as the message that carried it. */
    private void refuses(int code, int name, int id, int sync) {
        answers(code, request(name, id, sync, inbox));
        told(MACH_NOTIFY_SEND_ONCE);
    }

    private RawMessage told(int id) {
        RawMessage notice = RawMessage.taken(task, inbox);
        assertEquals(id, notice.id());
        return notice;
    }

    /** ipc_port.c ipc_port_nsrequest: nobody holds a right now, but more were made than the asker knows of. F75 */
    @Test
    void noSendersIsToldAtOnceUnlessTheCountIsAhead() {
        int port = receiveRight(task);
        makeSend(task, port);
        ok(task.deallocate(port));
        asks(port, MACH_NOTIFY_NO_SENDERS, 1);
        assertEquals(1, told(MACH_NOTIFY_NO_SENDERS).word(2));
        asks(port, MACH_NOTIFY_NO_SENDERS, 0);
        assertEquals(1, told(MACH_NOTIFY_NO_SENDERS).word(2));
        asks(port, MACH_NOTIFY_NO_SENDERS, 2);
        isEmpty(task, inbox);
        makeSend(task, port);
        ok(task.deallocate(port));
        assertEquals(2, told(MACH_NOTIFY_NO_SENDERS).word(2));
        isEmpty(task, inbox);
        release(task, port);
        release(task, inbox);
    }

    /** ipc_port.c ipc_port_nsrequest: the count is compared as a number without a sign. */
    @Test
    void theCountOfNoSendersHasNoSign() {
        int port = receiveRight(task);
        asks(port, MACH_NOTIFY_NO_SENDERS, -1);
        isEmpty(task, inbox);
        ok(task.setMakeSendCount(port, -1));
        int[] previous = new int[1];
        ok(task.requestNotification(port, MACH_NOTIFY_NO_SENDERS, -1, inbox, MACH_MSG_TYPE_MAKE_SEND_ONCE, previous));
        assertEquals(-1, told(MACH_NOTIFY_NO_SENDERS).word(2));
        ok(task.deallocate(previous[0]));
        told(MACH_NOTIFY_SEND_ONCE);
        release(task, port);
        release(task, inbox);
    }

    /** ipc_port.c ipc_port_clear_receiver: the move left a make-send count of 0; ipc_port_release_send_and_unlock. */
    @Test
    void noSendersOfAPortInAMessageHasTheCountThatTheMoveLeft() {
        int port = receiveRight(task);
        makeSend(task, port);
        makeSend(task, port);
        asks(port, MACH_NOTIFY_NO_SENDERS, 0);
        int queue = sendReceive(task);
        ok(message(task, queue, 1).right(port, MACH_MSG_TYPE_MOVE_RECEIVE).send());
        ok(task.modRefs(port, Mach.MACH_PORT_RIGHT_SEND, -2));
        int arrived = RawMessage.taken(task, queue).name(0);
        assertEquals(0, told(MACH_NOTIFY_NO_SENDERS).word(2));
        release(task, arrived);
        release(task, queue);
        release(task, inbox);
    }

    /** ipc_kmsg.c ipc_kmsg_destroy: a message that was too large holds a right to its port as long as it is queued. */
    @Test
    void noSendersIsToldWhenTheLastMessageIsDestroyed() {
        int port = receiveRight(task);
        makeSend(task, port);
        asks(port, MACH_NOTIFY_NO_SENDERS, 0);
        ok(new RawMessage(task).to(port, MACH_MSG_TYPE_MOVE_SEND).body(1, 2, 3).send());
        isEmpty(task, inbox);
        answers(
                MACH_RCV_TOO_LARGE,
                new RawMessage(task).receive(port, Mach.MACH_RCV_TIMEOUT, MessageLayout.HEADER_SIZE, 0));
        assertEquals(1, told(MACH_NOTIFY_NO_SENDERS).word(2));
        release(task, port);
        release(task, inbox);
    }

    /** ipc_port.c ipc_port_destroy: a request that was not fulfilled is dropped. */
    @Test
    void theDeathOfThePortDropsTheRequestForItsSenders() {
        int port = sendReceive(task);
        asks(port, MACH_NOTIFY_NO_SENDERS, 0);
        destroy(task, port);
        told(MACH_NOTIFY_SEND_ONCE);
        ok(task.deallocate(port));
        release(task, inbox);
    }

    /** mach_port.c mach_port_request_notification: no count, no second one, not taken back. F85 */
    @Test
    void portDestroyedIsAskedOnceAndForGood() {
        assumeMistakesAreForgiven();
        int port = receiveRight(task);
        refuses(KERN_INVALID_VALUE, port, MACH_NOTIFY_PORT_DESTROYED, 1);
        asks(port, MACH_NOTIFY_PORT_DESTROYED, 0);
        refuses(KERN_FAILURE, port, MACH_NOTIFY_PORT_DESTROYED, 0);
        answers(KERN_FAILURE, request(port, MACH_NOTIFY_PORT_DESTROYED, 0, 0));
        isEmpty(task, inbox);
        destroy(task, port);
        release(task, told(MACH_NOTIFY_PORT_DESTROYED).name(0));
        release(task, inbox);
    }

    /** ipc_right.c ipc_right_request_alloc: a count means at once, none means after a send that was refused. F93 */
    @Test
    void sendPossibleIsToldAtOnceOrAfterARefusal() {
        int port = receiveRight(task, 1);
        makeSend(task, port);
        asks(port, MACH_NOTIFY_SEND_POSSIBLE, 1);
        assertEquals(port, told(MACH_NOTIFY_SEND_POSSIBLE).word(2));
        asks(port, MACH_NOTIFY_SEND_POSSIBLE, 0);
        ok(send(task, port, 1));
        takes(task, port, 1);
        isEmpty(task, inbox);
        ok(send(task, port, 2));
        RawMessage refused = message(task, port, 3);
        answers(MACH_SEND_TIMED_OUT, refused.send(Mach.MACH_SEND_TIMEOUT | Mach.MACH_SEND_NOTIFY, 0));
        ok(task.deallocate(port));
        isEmpty(task, inbox);
        takes(task, port, 2);
        assertEquals(port, told(MACH_NOTIFY_SEND_POSSIBLE).word(2));
        isEmpty(task, inbox);
        release(task, port);
        release(task, inbox);
    }

    /** ipc_right.c ipc_right_request_alloc: one request of a name, the newer takes the place of the older. */
    @Test
    void deathAndRoomShareOneRequest() {
        int port = sendReceive(task);
        asks(port, MACH_NOTIFY_SEND_POSSIBLE, 0);
        asksAnew(port, MACH_NOTIFY_DEAD_NAME, 0);
        asksAnew(port, MACH_NOTIFY_DEAD_NAME, 1);
        isEmpty(task, inbox);
        destroy(task, port);
        assertEquals(port, told(MACH_NOTIFY_DEAD_NAME).word(2));
        assertEquals(2, deads(task, port));
        ok(task.deallocate(port));
        ok(task.deallocate(port));
        release(task, inbox);
    }

    /** ipc_right.c ipc_right_request_alloc on a dead name: too late for its death; for room it is told of that. F71 */
    @Test
    void aDeadNameIsAskedAboutInVain() {
        assumeMistakesAreForgiven();
        int dead = deadName(task);
        refuses(KERN_INVALID_ARGUMENT, dead, MACH_NOTIFY_DEAD_NAME, 0);
        refuses(KERN_INVALID_ARGUMENT, dead, MACH_NOTIFY_DEAD_NAME, 1);
        assertEquals(1, deads(task, dead));
        asks(dead, MACH_NOTIFY_SEND_POSSIBLE, 0);
        assertEquals(dead, told(MACH_NOTIFY_DEAD_NAME).word(2));
        assertEquals(2, deads(task, dead));
        ok(task.modRefs(dead, Mach.MACH_PORT_RIGHT_DEAD_NAME, -2));
        release(task, inbox);
    }

    /** ipc_right.c: a name that is let go of or moved away before its port dies. F72 */
    @Test
    void aNameThatIsGoneBeforeItsPortIsDeleted() {
        assumeSeparateTasks();
        int theirs = receiveRight(receiver);
        int right = giveSend(receiver, theirs, task);
        asks(right, MACH_NOTIFY_DEAD_NAME, 0);
        ok(task.deallocate(right));
        assertEquals(right, told(MACH_NOTIFY_PORT_DELETED).word(2));
        int port = receiveRight(task);
        asks(port, MACH_NOTIFY_DEAD_NAME, 0);
        int toThem = giveSend(receiver, theirs, task);
        ok(message(task, toThem, 1).right(port, MACH_MSG_TYPE_MOVE_RECEIVE).send());
        assertEquals(port, told(MACH_NOTIFY_PORT_DELETED).word(2));
        isEmpty(task, inbox);
        ok(task.deallocate(toThem));
        release(receiver, RawMessage.taken(receiver, theirs).name(0));
        release(receiver, theirs);
        release(task, inbox);
    }

    /** mach_port.c mach_port_request_notification: what is to be told must be known, and to somebody. */
    @Test
    void aRequestWantsAKnownNoticeAndALivingPort() {
        assumeMistakesAreForgiven();
        int port = sendReceive(task);
        for (int id : new int[] {0, 64, MACH_NOTIFY_PORT_DELETED, MACH_NOTIFY_SEND_ONCE, 73, -1}) {
            refuses(KERN_INVALID_VALUE, port, id, 0);
        }
        answers(KERN_INVALID_CAPABILITY, request(port, MACH_NOTIFY_NO_SENDERS, 0, MACH_PORT_DEAD));
        isEmpty(task, inbox);
        assertEquals(0, status(task, inbox).sendOnceRights());
        release(task, port);
        release(task, inbox);
    }
}
