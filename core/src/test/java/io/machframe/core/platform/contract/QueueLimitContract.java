/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.contract;

import static io.machframe.core.error.KernReturn.MACH_SEND_TIMED_OUT;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MOVE_SEND_ONCE;
import static io.machframe.core.platform.Mach.MACH_RCV_LARGE;
import static io.machframe.core.platform.Mach.MACH_RCV_TIMEOUT;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.machframe.core.error.KernReturn;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How many messages a queue takes: {@code ipc_mqueue.c}, {@code imq_full}. */
abstract class QueueLimitContract extends MachCallsContract {
    /** ipc_mqueue.c ipc_mqueue_send_locked: a queue takes as many messages as its limit says, no more, no fewer. F53 */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 5, 16, 100, 500, 1024})
    void aQueueTakesExactlyItsLimit(int limit) {
        int port = receiveRight(task, limit);
        makeSend(task, port);
        int reachable = Math.min(limit, platform().deepestQueue());
        for (int i = 0; i < reachable; i++) {
            ok(send(task, port, i));
        }
        assertEquals(reachable, status(task, port).messages());
        if (reachable == limit) { // else the system may have room for some more
            answers(MACH_SEND_TIMED_OUT, timedOutSend(port));
        }
        for (int i = 0; i < reachable; i++) {
            takes(task, port, i);
        }
        isEmpty(task, port);
        assertEquals(0, status(task, port).messages());
        assertEquals(1, sends(task, port));
        release(task, port);
    }

    /** ipc_mqueue.c: what does not fit shall not leak a reference; see {@link TimedOutSendContract}. */
    private int timedOutSend(int port) {
        int code = send(task, port, -1);
        if (code == MACH_SEND_TIMED_OUT) {
            ok(task.deallocate(port));
        }
        return code;
    }

    /** ipc_mqueue.c: one message received, one place free. F54 */
    @Test
    void oneMessageTakenIsOneMoreThatFits() {
        int port = sendReceive(task);
        for (int i = 0; i < 5; i++) {
            ok(send(task, port, i));
        }
        for (int i = 5; i < 30; i++) {
            answers(MACH_SEND_TIMED_OUT, timedOutSend(port));
            takes(task, port, i - 5);
            ok(send(task, port, i));
        }
        assertEquals(5, status(task, port).messages());
        release(task, port);
    }

    /** ipc_mqueue.c ipc_mqueue_set_qlimit_locked: messages above a lowered limit stay. F57 */
    @Test
    void aLoweredLimitDropsNothingAndLetsInNothingUntilThereIsRoom() {
        int port = sendReceive(task);
        for (int i = 0; i < 5; i++) {
            ok(send(task, port, i));
        }
        setLimit(task, port, 2);
        assertEquals(5, status(task, port).messages());
        for (int i = 0; i < 4; i++) {
            answers(MACH_SEND_TIMED_OUT, timedOutSend(port));
            takes(task, port, i);
        }
        ok(send(task, port, 5));
        answers(MACH_SEND_TIMED_OUT, timedOutSend(port));
        takes(task, port, 4);
        takes(task, port, 5);
        ok(send(task, port, 6));
        ok(send(task, port, 7));
        answers(MACH_SEND_TIMED_OUT, timedOutSend(port));
        release(task, port);
    }

    /** ipc_mqueue.c ipc_mqueue_set_qlimit_locked: up and down in every order, the limit holds. */
    @Test
    void theLimitHoldsHoweverOftenItChanges() {
        int port = receiveRight(task, 3);
        makeSend(task, port);
        int queued = 0;
        int[] limits = {3, 1, 4, 0, 2, 6, 5, 5, 0, 10, 1, 3};
        for (int limit : limits) {
            setLimit(task, port, limit);
            while (queued < limit) {
                ok(send(task, port, 0));
                queued++;
            }
            answers(MACH_SEND_TIMED_OUT, timedOutSend(port));
            assertEquals(queued, status(task, port).messages());
            takes(task, port, 0);
            queued--;
        }
        release(task, port);
    }

    /** The same where nobody holds a send right when the limit changes. */
    @Test
    void theLimitHoldsWhenItChangedWithoutSenders() {
        int port = receiveRight(task, 5);
        setLimit(task, port, 1);
        setLimit(task, port, 3);
        for (int round = 0; round < 3; round++) {
            makeSend(task, port);
            for (int i = 0; i < 3; i++) {
                ok(send(task, port, i));
            }
            answers(MACH_SEND_TIMED_OUT, timedOutSend(port));
            ok(task.deallocate(port));
            setLimit(task, port, 4 + round);
            setLimit(task, port, 3);
            for (int i = 0; i < 3; i++) {
                takes(task, port, i);
            }
        }
        release(task, port);
    }

    /** ipc_mqueue.c: MACH_SEND_ALWAYS is what a send-once right is sent with. F56, F62 */
    @Test
    void aSendOnceRightPassesTheLimitBy() {
        int port = receiveRight(task, 1);
        makeSend(task, port);
        ok(send(task, port, 0));
        for (int i = 1; i < 20; i++) {
            int once = makeSendOnce(task, port);
            ok(new RawMessage(task).to(once, MACH_MSG_TYPE_MOVE_SEND_ONCE).id(i).send());
        }
        answers(MACH_SEND_TIMED_OUT, timedOutSend(port));
        assertEquals(20, status(task, port).messages());
        setLimit(task, port, 0);
        int last = makeSendOnce(task, port);
        ok(new RawMessage(task).to(last, MACH_MSG_TYPE_MOVE_SEND_ONCE).id(20).send());
        for (int i = 0; i <= 20; i++) {
            takes(task, port, i);
        }
        release(task, port);
    }

    /** ipc_mqueue.c: a message that stays because it is too large keeps its place. */
    @Test
    void aKeptMessageKeepsItsPlace() {
        int port = receiveRight(task, 1);
        makeSend(task, port);
        ok(message(task, port, 1).body(1, 2, 3).send());
        answers(
                KernReturn.MACH_RCV_TOO_LARGE,
                new RawMessage(task).receive(port, MACH_RCV_LARGE | MACH_RCV_TIMEOUT, 8, 0));
        answers(MACH_SEND_TIMED_OUT, timedOutSend(port));
        takes(task, port, 1);
        ok(send(task, port, 2));
        answers(KernReturn.MACH_RCV_TOO_LARGE, new RawMessage(task).receive(port, MACH_RCV_TIMEOUT, 8, 0));
        ok(send(task, port, 3));
        takes(task, port, 3);
        release(task, port);
    }
}
