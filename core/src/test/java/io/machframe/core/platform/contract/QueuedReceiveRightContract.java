/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.contract;

import static io.machframe.core.platform.Mach.MACH_RCV_LARGE;
import static io.machframe.core.platform.Mach.MACH_RCV_TIMEOUT;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.machframe.core.error.KernReturn;
import io.machframe.core.platform.Mach;
import io.machframe.core.platform.MachCalls;
import io.machframe.core.platform.MessageLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Receive rights in messages that wait, are destroyed, or are in queues of such rights. */
abstract class QueuedReceiveRightContract extends MachCallsContract {
    /** {@code ipc_kmsg.c, ipc_port.c}: the notice has its place in the queue, before what is sent later. */
    @Test
    void whoAskedAboutAPortThatIsDestroyedInAMessageIsToldAtOnce() {
        assumeSeparateTasks();
        int inbox = receiveRight(receiver);
        int toInbox = giveSend(receiver, inbox, sender);
        int notify = sendReceive(sender);
        int port = receiveRight(sender);
        int[] previous = new int[1];
        ok(sender.requestNotification(
                port, Mach.MACH_NOTIFY_NO_SENDERS, 1, notify, Mach.MACH_MSG_TYPE_MAKE_SEND_ONCE, previous));
        ok(message(sender, toInbox, 1)
                .right(port, Mach.MACH_MSG_TYPE_MOVE_RECEIVE)
                .send());
        destroysTooLarge(receiver, inbox);
        ok(send(sender, notify, 5));
        takes(sender, notify, Mach.MACH_NOTIFY_SEND_ONCE);
        takes(sender, notify, 5);
        ok(sender.deallocate(toInbox));
        release(sender, notify);
        release(receiver, inbox);
    }

    /** {@code ipc_port.c ipc_port_destroy}: who asked for a right has it back, whoever destroys the message it is in. */
    @Test
    void aRightThatSomebodyAskedForComesBackOutOfADestroyedMessage() {
        assumeSeparateTasks();
        int inbox = receiveRight(receiver);
        int toInbox = giveSend(receiver, inbox, sender);
        int notify = sendReceive(sender);
        int port = sendReceive(sender);
        askForDestroyed(port, notify);
        ok(send(sender, port, 3));
        ok(message(sender, toInbox, 1)
                .right(port, Mach.MACH_MSG_TYPE_MOVE_RECEIVE)
                .send());
        destroysTooLarge(receiver, inbox);
        ok(send(sender, notify, 5));
        isBack(port, notify);
        takes(sender, notify, 5);
        takes(sender, port, 3);
        askForDestroyed(port, notify);
        ok(message(sender, toInbox, 1)
                .right(port, Mach.MACH_MSG_TYPE_MOVE_RECEIVE)
                .send());
        release(receiver, inbox);
        isBack(port, notify);
        isEmpty(sender, notify);
        release(sender, port);
        ok(sender.deallocate(toInbox));
        release(sender, notify);
    }

    /** {@code ipc_port.c}: what is in the queue of a right goes where that goes, a receive right in a message too. */
    @Test
    void aRightInAMessageThatIsKeptGoesOnWithItsQueue() {
        assumeSeparateTasks();
        int inbox = receiveRight(receiver);
        int toInbox = giveSend(receiver, inbox, sender);
        int outer = sendReceive(sender);
        int inner = sendReceive(sender);
        ok(send(sender, inner, 7));
        ok(message(sender, outer, 1)
                .right(inner, Mach.MACH_MSG_TYPE_MOVE_RECEIVE)
                .send());
        keepsTooLarge(sender, outer);
        ok(message(sender, toInbox, 2)
                .right(outer, Mach.MACH_MSG_TYPE_MOVE_RECEIVE)
                .send());
        int outerThere = RawMessage.taken(receiver, inbox).name(0);
        int innerThere = RawMessage.taken(receiver, outerThere).name(0);
        takes(receiver, innerThere, 7);
        ok(send(sender, inner, 8));
        takes(receiver, innerThere, 8);
        release(receiver, innerThere);
        release(receiver, outerThere);
        release(receiver, inbox);
        ok(sender.deallocate(toInbox));
        ok(sender.deallocate(inner));
        ok(sender.deallocate(outer));
    }

    /** The same with the outer right on its way to nobody, and back to who asked for it. */
    @Test
    void aRightThatComesBackHasTheMessageThatWasKept() {
        assumeSeparateTasks();
        int inbox = receiveRight(receiver);
        int toInbox = giveSend(receiver, inbox, sender);
        int notify = sendReceive(sender);
        int outer = sendReceive(sender);
        int inner = sendReceive(sender);
        askForDestroyed(outer, notify);
        ok(send(sender, inner, 7));
        ok(message(sender, outer, 1)
                .right(inner, Mach.MACH_MSG_TYPE_MOVE_RECEIVE)
                .send());
        keepsTooLarge(sender, outer);
        ok(message(sender, toInbox, 2)
                .right(outer, Mach.MACH_MSG_TYPE_MOVE_RECEIVE)
                .send());
        destroysTooLarge(receiver, inbox);
        isBack(outer, notify);
        assertEquals(inner, RawMessage.taken(sender, outer).name(0));
        takes(sender, inner, 7);
        release(sender, inner);
        release(sender, outer);
        release(sender, notify);
        release(receiver, inbox);
        ok(sender.deallocate(toInbox));
    }

    /** Rights in kept messages of rights: the outermost comes back with all, or all die if there is nowhere to go. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aChainOfRightsInKeptMessagesComesBackOrDies(boolean comesBack) {
        assumeSeparateTasks();
        int inbox = receiveRight(receiver);
        int toInbox = giveSend(receiver, inbox, sender);
        int notify = sendReceive(sender);
        int[] chain = {sendReceive(sender), sendReceive(sender), sendReceive(sender)};
        for (int i = 0; i < chain.length; i++) {
            askForDestroyed(chain[i], notify);
            int next = i + 1 < chain.length ? chain[i + 1] : toInbox;
            ok(message(sender, next, i)
                    .right(chain[i], Mach.MACH_MSG_TYPE_MOVE_RECEIVE)
                    .send());
            if (next != toInbox) {
                answers(
                        KernReturn.MACH_RCV_TOO_LARGE,
                        new RawMessage(sender)
                                .receive(next, MACH_RCV_TIMEOUT | MACH_RCV_LARGE, MessageLayout.HEADER_SIZE, 0));
            }
        }
        if (!comesBack) {
            release(sender, notify);
        }
        destroysTooLarge(receiver, inbox);
        if (comesBack) {
            isBack(chain[2], notify);
            assertEquals(chain[1], RawMessage.taken(sender, chain[2]).name(0));
            assertEquals(chain[0], RawMessage.taken(sender, chain[1]).name(0));
            isEmpty(sender, notify);
        }
        for (int each : chain) {
            assertEquals(comesBack, type(sender, each) != Mach.MACH_PORT_TYPE_DEAD_NAME);
            if (comesBack) {
                ok(sender.deallocate(each));
                destroy(sender, each);
            } else {
                ok(sender.deallocate(each));
            }
        }
        if (comesBack) { // the inner ones were still asked for
            for (int i = 0; i < 2; i++) {
                destroy(sender, RawMessage.taken(sender, notify).name(0));
            }
            release(sender, notify);
        }
        release(receiver, inbox);
        ok(sender.deallocate(toInbox));
    }

    private static void destroysTooLarge(MachCalls calls, int port) {
        meetsTooLarge(calls, port, 0);
    }

    private static void keepsTooLarge(MachCalls calls, int port) {
        meetsTooLarge(calls, port, MACH_RCV_LARGE);
    }

    /** Receives into room for a header only. */
    private static void meetsTooLarge(MachCalls calls, int port, int option) {
        answers(
                KernReturn.MACH_RCV_TOO_LARGE,
                new RawMessage(calls).receive(port, MACH_RCV_TIMEOUT | option, MessageLayout.HEADER_SIZE, 0));
    }

    private void askForDestroyed(int port, int notify) {
        ok(sender.requestNotification(
                port, Mach.MACH_NOTIFY_PORT_DESTROYED, 0, notify, Mach.MACH_MSG_TYPE_MAKE_SEND_ONCE, new int[1]));
    }

    /** Receives a notice with the receive right that has its old name, for its send right was kept. */
    private void isBack(int port, int notify) {
        assertEquals(Mach.MACH_PORT_TYPE_SEND, type(sender, port));
        RawMessage notice = RawMessage.taken(sender, notify);
        assertEquals(Mach.MACH_NOTIFY_PORT_DESTROYED, notice.id());
        assertEquals(port, notice.name(0));
        assertEquals(Mach.MACH_PORT_TYPE_SEND | Mach.MACH_PORT_TYPE_RECEIVE, type(sender, port));
    }
}
