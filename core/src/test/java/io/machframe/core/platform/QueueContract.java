/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform;

import static io.machframe.core.error.KernReturn.MACH_RCV_INTERRUPTED;
import static io.machframe.core.error.KernReturn.MACH_RCV_PORT_CHANGED;
import static io.machframe.core.error.KernReturn.MACH_RCV_TIMED_OUT;
import static io.machframe.core.error.KernReturn.MACH_SEND_INTERRUPTED;
import static io.machframe.core.error.KernReturn.MACH_SEND_TIMED_OUT;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_COPY_SEND;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MAKE_SEND;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MAKE_SEND_ONCE;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MOVE_SEND;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MOVE_SEND_ONCE;
import static io.machframe.core.platform.Mach.MACH_PORT_DEAD;
import static io.machframe.core.platform.Mach.MACH_PORT_TYPE_SEND_ONCE;
import static io.machframe.core.platform.Mach.MACH_RCV_INTERRUPT;
import static io.machframe.core.platform.Mach.MACH_RCV_LARGE;
import static io.machframe.core.platform.Mach.MACH_RCV_TIMEOUT;
import static io.machframe.core.platform.Mach.MACH_SEND_INTERRUPT;
import static io.machframe.core.platform.Mach.MACH_SEND_TIMEOUT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.error.KernReturn;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The queue limit, waiting, time-outs, and what ends a wait. */
abstract class QueueContract extends MachCallsContract {
    // The limit: ipc_mqueue.c imq_full

    /** ipc_mqueue.c ipc_mqueue_send_locked: a queue takes as many messages as its limit says, no more, no fewer. F53 */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 5, 16, 100, 500, 1024})
    void aQueueTakesExactlyItsLimit(int limit) {
        int port = receiveRight(a, limit);
        makeSend(a, port);
        int reachable = Math.min(limit, platform().deepestQueue());
        for (int i = 0; i < reachable; i++) {
            ok(send(a, port, i));
        }
        assertEquals(reachable, status(a, port).messages());
        if (reachable == limit) { // else the system may have room for some more
            answers(MACH_SEND_TIMED_OUT, timedOutSend(port));
        }
        for (int i = 0; i < reachable; i++) {
            takes(a, port, i);
        }
        isEmpty(a, port);
        assertEquals(0, status(a, port).messages());
        assertEquals(1, sends(a, port));
        release(a, port);
    }

    /** ipc_mqueue.c: what does not fit shall not leak a reference; see {@link #aTimedOutSendComesBackAsIfReceived}. */
    private int timedOutSend(int port) {
        int code = send(a, port, -1);
        if (code == MACH_SEND_TIMED_OUT) {
            ok(a.deallocate(port));
        }
        return code;
    }

    /** ipc_mqueue.c: one message received, one place free. F54 */
    @Test
    void oneMessageTakenIsOneMoreThatFits() {
        int port = sendReceive(a);
        for (int i = 0; i < 5; i++) {
            ok(send(a, port, i));
        }
        for (int i = 5; i < 30; i++) {
            answers(MACH_SEND_TIMED_OUT, timedOutSend(port));
            takes(a, port, i - 5);
            ok(send(a, port, i));
        }
        assertEquals(5, status(a, port).messages());
        release(a, port);
    }

    /** ipc_mqueue.c ipc_mqueue_set_qlimit_locked: messages above a lowered limit stay. F57 */
    @Test
    void aLoweredLimitDropsNothingAndLetsInNothingUntilThereIsRoom() {
        int port = sendReceive(a);
        for (int i = 0; i < 5; i++) {
            ok(send(a, port, i));
        }
        setLimit(a, port, 2);
        assertEquals(5, status(a, port).messages());
        for (int i = 0; i < 4; i++) {
            answers(MACH_SEND_TIMED_OUT, timedOutSend(port));
            takes(a, port, i);
        }
        ok(send(a, port, 5));
        answers(MACH_SEND_TIMED_OUT, timedOutSend(port));
        takes(a, port, 4);
        takes(a, port, 5);
        ok(send(a, port, 6));
        ok(send(a, port, 7));
        answers(MACH_SEND_TIMED_OUT, timedOutSend(port));
        release(a, port);
    }

    /** ipc_mqueue.c ipc_mqueue_set_qlimit_locked: up and down in every order, the limit holds. */
    @Test
    void theLimitHoldsHoweverOftenItChanges() {
        int port = receiveRight(a, 3);
        makeSend(a, port);
        int queued = 0;
        int[] limits = {3, 1, 4, 0, 2, 6, 5, 5, 0, 10, 1, 3};
        for (int limit : limits) {
            setLimit(a, port, limit);
            while (queued < limit) {
                ok(send(a, port, 0));
                queued++;
            }
            answers(MACH_SEND_TIMED_OUT, timedOutSend(port));
            assertEquals(queued, status(a, port).messages());
            takes(a, port, 0);
            queued--;
        }
        release(a, port);
    }

    /** The same where nobody holds a send right when the limit changes. */
    @Test
    void theLimitHoldsWhenItChangedWithoutSenders() {
        int port = receiveRight(a, 5);
        setLimit(a, port, 1);
        setLimit(a, port, 3);
        for (int round = 0; round < 3; round++) {
            makeSend(a, port);
            for (int i = 0; i < 3; i++) {
                ok(send(a, port, i));
            }
            answers(MACH_SEND_TIMED_OUT, timedOutSend(port));
            ok(a.deallocate(port));
            setLimit(a, port, 4 + round);
            setLimit(a, port, 3);
            for (int i = 0; i < 3; i++) {
                takes(a, port, i);
            }
        }
        release(a, port);
    }

    /** ipc_mqueue.c: MACH_SEND_ALWAYS is what a send-once right is sent with. F56, F62 */
    @Test
    void aSendOnceRightPassesTheLimitBy() {
        int port = receiveRight(a, 1);
        makeSend(a, port);
        ok(send(a, port, 0));
        for (int i = 1; i < 20; i++) {
            int once = makeSendOnce(a, port);
            ok(new RawMessage(a).to(once, MACH_MSG_TYPE_MOVE_SEND_ONCE).id(i).send());
        }
        answers(MACH_SEND_TIMED_OUT, timedOutSend(port));
        assertEquals(20, status(a, port).messages());
        setLimit(a, port, 0);
        int last = makeSendOnce(a, port);
        ok(new RawMessage(a).to(last, MACH_MSG_TYPE_MOVE_SEND_ONCE).id(20).send());
        for (int i = 0; i <= 20; i++) {
            takes(a, port, i);
        }
        release(a, port);
    }

    /** ipc_mqueue.c: a message that stays because it is too large keeps its place. */
    @Test
    void aKeptMessageKeepsItsPlace() {
        int port = receiveRight(a, 1);
        makeSend(a, port);
        ok(message(a, port, 1).body(1, 2, 3).send());
        answers(
                KernReturn.MACH_RCV_TOO_LARGE,
                new RawMessage(a).receive(port, MACH_RCV_LARGE | MACH_RCV_TIMEOUT, 8, 0));
        answers(MACH_SEND_TIMED_OUT, timedOutSend(port));
        takes(a, port, 1);
        ok(send(a, port, 2));
        answers(KernReturn.MACH_RCV_TOO_LARGE, new RawMessage(a).receive(port, MACH_RCV_TIMEOUT, 8, 0));
        ok(send(a, port, 3));
        takes(a, port, 3);
        release(a, port);
    }

    // Pseudo-receive: ipc_kmsg.c ipc_kmsg_copyout_pseudo; B.10

    /** tests/ipc/mach_msg_transport.c; WebKit MachMessageTests: every right in MOVE form, with the reference it stands for. */
    @Test
    void aTimedOutSendComesBackAsIfReceived() {
        int port = receiveRight(a, 0);
        makeSend(a, port);
        int other = sendReceive(a);
        makeSend(a, other);
        int once = makeSendOnce(a, other);
        RawMessage message = message(a, port, 9)
                .replyTo(other, MACH_MSG_TYPE_MAKE_SEND_ONCE)
                .right(other, MACH_MSG_TYPE_COPY_SEND)
                .right(other, MACH_MSG_TYPE_MOVE_SEND)
                .right(other, MACH_MSG_TYPE_MAKE_SEND)
                .right(once, MACH_MSG_TYPE_MOVE_SEND_ONCE)
                .right(other, MACH_MSG_TYPE_MAKE_SEND_ONCE)
                .right(0, MACH_MSG_TYPE_COPY_SEND)
                .body(1, 2);
        answers(MACH_SEND_TIMED_OUT, message.send(MACH_SEND_TIMEOUT, 20));

        assertEquals(port, message.remote());
        assertEquals(MACH_MSG_TYPE_MOVE_SEND, message.remoteDisposition());
        assertEquals(2, sends(a, port));
        assertEquals(MACH_MSG_TYPE_MOVE_SEND_ONCE, message.localDisposition());
        assertEquals(MACH_PORT_TYPE_SEND_ONCE, type(a, message.local()));
        for (int i = 0; i < 3; i++) {
            assertEquals(other, message.name(i));
            assertEquals(MACH_MSG_TYPE_MOVE_SEND, message.disposition(i));
        }
        assertEquals(2 + 2, sends(a, other));
        assertEquals(3, status(a, other).makeSendCount());
        assertEquals(once, message.name(3));
        assertEquals(MACH_MSG_TYPE_MOVE_SEND_ONCE, message.disposition(3));
        assertEquals(MACH_MSG_TYPE_MOVE_SEND_ONCE, message.disposition(4));
        assertEquals(MACH_PORT_TYPE_SEND_ONCE, type(a, message.name(4)));
        assertNotEquals(message.name(3), message.name(4));
        assertEquals(0, message.name(5));
        assertEquals(9, message.id());
        assertEquals(2, message.word(1));

        // Sent again as it is, it arrives once and whole.
        setLimit(a, port, 1);
        ok(message.send());
        assertEquals(1, sends(a, port));
        assertEquals(1, sends(a, other));
        RawMessage got = RawMessage.taken(a, port);
        assertEquals(6, got.descriptorCount());
        assertEquals(4, sends(a, other));
        ok(a.deallocate(got.remote()));
        ok(a.deallocate(got.name(3)));
        ok(a.deallocate(got.name(4)));
        release(a, other);
        release(a, port);
    }

    /** ipc_kmsg_copyout_pseudo: the destination comes back under its name, also when its last reference was moved. */
    @Test
    void aDestinationThatWasMovedComesBack() {
        assumeSeparateTasks();
        int port = receiveRight(b, 0);
        int name = platform().giveSend(b, port, a);
        RawMessage message = new RawMessage(a).to(name, MACH_MSG_TYPE_MOVE_SEND);
        answers(MACH_SEND_TIMED_OUT, message.send());
        assertEquals(name, message.remote());
        assertEquals(1, sends(a, name));
        ok(a.deallocate(name));
        assertFalse(status(b, port).hasSends());
        release(b, port);
    }

    /** ipc_kmsg_copyout_pseudo: what was made for the message stays with the sender. */
    @ParameterizedTest
    @ValueSource(ints = {MACH_MSG_TYPE_MAKE_SEND, MACH_MSG_TYPE_MAKE_SEND_ONCE})
    void aDestinationThatWasMadeStaysAsARight(int disposition) {
        int port = receiveRight(a, 0);
        if (disposition == MACH_MSG_TYPE_MAKE_SEND_ONCE) {
            ok(new RawMessage(a).to(port, disposition).send());
            release(a, port);
            return;
        }
        RawMessage message = new RawMessage(a).to(port, disposition);
        answers(MACH_SEND_TIMED_OUT, message.send());
        assertEquals(port, message.remote());
        assertEquals(1, sends(a, port));
        release(a, port);
    }

    /** F43, F63: however often a send times out, the counts are exact. */
    @Test
    void fiveHundredTimedOutSendsLeaveTheCountsAsTheyWere() {
        int port = receiveRight(a, 0);
        makeSend(a, port);
        int other = sendReceive(a);
        for (int i = 0; i < 500; i++) {
            RawMessage message = message(a, port, i)
                    .replyTo(other, MACH_MSG_TYPE_MAKE_SEND_ONCE)
                    .right(other, MACH_MSG_TYPE_COPY_SEND);
            answers(MACH_SEND_TIMED_OUT, message.send());
            ok(a.deallocate(message.remote()));
            ok(a.deallocate(message.local()));
            ok(a.deallocate(message.name(0)));
        }
        assertEquals(1, sends(a, port));
        assertEquals(1, sends(a, other));
        assertEquals(1, status(a, other).makeSendCount());
        release(a, port);
        release(a, other);
    }

    /** ipc_right.c: a name whose last reference is on its way is nobody's, and it is still its own when it comes back. */
    @Test
    void aRightThatIsOnItsWayKeepsItsName() throws Exception {
        int port = receiveRight(a, 0);
        makeSend(a, port);
        int other = receiveRight(b);
        int moved = platform().giveSend(b, other, a);
        int copied = receiveRight(b);
        int toCopied = platform().giveSend(b, copied, a);
        RawMessage message =
                message(a, port, 0).right(moved, MACH_MSG_TYPE_MOVE_SEND).right(toCopied, MACH_MSG_TYPE_COPY_SEND);
        CompletableFuture<Integer> send = inThread(() -> message.send(MACH_SEND_TIMEOUT, 300));
        ok(a.deallocate(toCopied));
        answers(MACH_SEND_TIMED_OUT, send.get());
        assertEquals(1, sends(a, message.name(0)));
        assertEquals(1, sends(a, message.name(1)));
        assertTrue(status(b, other).hasSends());
        assertTrue(status(b, copied).hasSends());
        ok(a.deallocate(message.remote()));
        ok(a.deallocate(message.name(0)));
        ok(a.deallocate(message.name(1)));
        assertFalse(status(b, other).hasSends());
        assertFalse(status(b, copied).hasSends());
        release(a, port);
        release(b, other);
        release(b, copied);
    }

    /** ipc_kmsg_copyout_object: a right whose port died meanwhile comes back as the dead constant. */
    @Test
    void aRightWhosePortDiesDuringTheWaitComesBackDead() throws Exception {
        assumeSeparateTasks();
        int port = receiveRight(a, 0);
        makeSend(a, port);
        int gone = receiveRight(b);
        int name = platform().giveSend(b, gone, a);
        RawMessage message = message(a, port, 0).right(name, MACH_MSG_TYPE_MOVE_SEND);
        CompletableFuture<Integer> send = inThread(() -> message.send(MACH_SEND_TIMEOUT, 300));
        destroy(b, gone);
        answers(MACH_SEND_TIMED_OUT, send.get());
        assertEquals(MACH_PORT_DEAD, message.name(0));
        assertEquals(0, type(a, name));
        ok(a.deallocate(message.remote()));
        release(a, port);
    }

    // Waiting

    /** ipc_mqueue.c: a blocked receive gets the message that comes. */
    @Test
    void aBlockedReceiveGetsTheNextMessage() throws Exception {
        int port = sendReceive(a);
        RawMessage message = new RawMessage(a);
        CompletableFuture<Integer> receive = inThread(() -> message.receive(port, 0, 4096, 0));
        assertFalse(receive.isDone());
        ok(send(a, port, 3));
        ok(receive.get());
        assertEquals(3, message.id());
        release(a, port);
    }

    /** ipc_mqueue.c: a sender that waits for room goes on when there is some. F58 */
    @Test
    void aBlockedSendGoesOnWhenAMessageIsTaken() throws Exception {
        int port = receiveRight(a, 1);
        makeSend(a, port);
        ok(send(a, port, 1));
        CompletableFuture<Integer> send = inThread(() -> message(a, port, 2).send(0, 0));
        assertFalse(send.isDone());
        takes(a, port, 1);
        ok(send.get());
        takes(a, port, 2);
        assertEquals(1, sends(a, port));
        release(a, port);
    }

    /** ipc_mqueue.c ipc_mqueue_set_qlimit_locked wakes as many senders as now fit. F60 */
    @Test
    void blockedSendsGoOnWhenTheLimitIsRaised() throws Exception {
        int port = receiveRight(a, 0);
        makeSend(a, port);
        List<CompletableFuture<Integer>> sends = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            sends.add(inThread(() -> message(a, port, 1).send(0, 0)));
        }
        assertTrue(sends.stream().noneMatch(CompletableFuture::isDone));
        setLimit(a, port, 2);
        CompletableFuture.anyOf(sends.toArray(CompletableFuture<?>[]::new)).get();
        setLimit(a, port, 3);
        for (CompletableFuture<Integer> send : sends) {
            ok(send.get());
        }
        assertEquals(3, status(a, port).messages());
        for (int i = 0; i < 3; i++) {
            takes(a, port, 1);
        }
        release(a, port);
    }

    /** mach_msg.c: a time-out is at least what it says. */
    @Test
    void aTimeOutIsNotEarly() {
        int port = receiveRight(a, 0);
        makeSend(a, port);
        long begin = System.nanoTime();
        answers(MACH_RCV_TIMED_OUT, new RawMessage(a).receive(port, MACH_RCV_TIMEOUT, 4096, 60));
        long middle = System.nanoTime();
        answers(MACH_SEND_TIMED_OUT, message(a, port, 0).send(MACH_SEND_TIMEOUT, 60));
        long end = System.nanoTime();
        assertTrue(middle - begin >= 60_000_000, "the receive took " + (middle - begin) + " ns");
        assertTrue(end - middle >= 60_000_000, "the send took " + (end - middle) + " ns");
        release(a, port);
    }

    /** ipc_mqueue.c: who waits longest is not said, but each message goes to one of those that wait. */
    @Test
    void eachMessageWakesOneOfManyReceivers() throws Exception {
        int port = receiveRight(a, 100);
        makeSend(a, port);
        List<RawMessage> messages = new ArrayList<>();
        List<CompletableFuture<Integer>> receives = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            RawMessage message = new RawMessage(a);
            messages.add(message);
            receives.add(inThread(() -> message.receive(port, 0, 4096, 0)));
        }
        for (int i = 0; i < 8; i++) {
            ok(send(a, port, i));
        }
        for (CompletableFuture<Integer> receive : receives) {
            ok(receive.get());
        }
        assertEquals(28, messages.stream().mapToInt(RawMessage::id).sum());
        isEmpty(a, port);
        release(a, port);
    }

    // What ends a wait

    /** ipc_port.c ipc_port_destroy: whoever waits for a message is told at once. F29 */
    @Test
    void destroyingThePortEndsEveryBlockedReceive() throws Exception {
        int port = receiveRight(a);
        List<CompletableFuture<Integer>> receives = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            int options = i % 2 == 0 ? 0 : MACH_RCV_TIMEOUT;
            receives.add(inThread(() -> new RawMessage(a).receive(port, options, 4096, 1_000_000)));
        }
        destroy(a, port);
        for (CompletableFuture<Integer> receive : receives) {
            answers(MACH_RCV_PORT_CHANGED, receive.get());
        }
    }

    /** ipc_kmsg.c ipc_kmsg_send: "treat the message as a successful delivery". F61 */
    @Test
    void destroyingThePortLetsBlockedSendsSucceedAndDestroysTheirRights() throws Exception {
        int port = receiveRight(a, 0);
        makeSend(a, port);
        int other = receiveRight(a);
        List<CompletableFuture<Integer>> sends = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            RawMessage message = message(a, port, i).right(other, MACH_MSG_TYPE_MAKE_SEND);
            sends.add(inThread(() -> message.send(0, 0)));
        }
        assertTrue(status(a, other).hasSends());
        destroy(a, port);
        for (CompletableFuture<Integer> send : sends) {
            ok(send.get());
        }
        assertFalse(status(a, other).hasSends());
        ok(a.deallocate(port));
        release(a, other);
    }

    /** mach_msg.c MACH_RCV_INTERRUPT, here a thread's interruption: the wait ends and nothing is lost. F66 */
    @Test
    void interruptingAReceiveLosesNothing() throws Exception {
        assumeInterruptionIsHeeded();
        int port = sendReceive(a);
        for (int round = 0; round < 5; round++) {
            Thread[] thread = new Thread[1];
            CompletableFuture<Integer> receive =
                    inThread(() -> new RawMessage(a).receive(port, MACH_RCV_INTERRUPT, 4096, 0), thread);
            thread[0].interrupt();
            answers(MACH_RCV_INTERRUPTED, receive.get());
        }
        ok(send(a, port, 1));
        takes(a, port, 1);
        isEmpty(a, port);
        release(a, port);
    }

    /** mach_msg.c MACH_SEND_INTERRUPT: the message comes back as after a time-out. F66 */
    @Test
    void interruptingASendGivesTheMessageBack() throws Exception {
        assumeInterruptionIsHeeded();
        int port = receiveRight(a, 1);
        makeSend(a, port);
        ok(send(a, port, 0));
        int other = sendReceive(a);
        for (int round = 0; round < 5; round++) {
            RawMessage message = message(a, port, 1).right(other, MACH_MSG_TYPE_COPY_SEND);
            Thread[] thread = new Thread[1];
            CompletableFuture<Integer> send = inThread(() -> message.send(MACH_SEND_INTERRUPT, 0), thread);
            thread[0].interrupt();
            answers(MACH_SEND_INTERRUPTED, send.get());
            assertEquals(2, sends(a, port));
            assertEquals(2, sends(a, other));
            assertEquals(MACH_MSG_TYPE_MOVE_SEND, message.remoteDisposition());
            ok(a.deallocate(message.remote()));
            ok(a.deallocate(message.name(0)));
        }
        takes(a, port, 0);
        isEmpty(a, port);
        ok(send(a, port, 2));
        takes(a, port, 2);
        release(a, other);
        release(a, port);
    }

    /** Not Mach's: a thread that is interrupted beforehand still takes what is there, and does not wait. */
    @Test
    void anInterruptedThreadTakesWhatIsThereAndDoesNotWait() {
        assumeInterruptionIsHeeded();
        int port = sendReceive(a);
        ok(send(a, port, 1));
        Thread.currentThread().interrupt();
        RawMessage message = new RawMessage(a);
        ok(message.receive(port, MACH_RCV_INTERRUPT, 4096, 0));
        answers(MACH_RCV_INTERRUPTED, message.receive(port, MACH_RCV_INTERRUPT, 4096, 0));
        ok(message(a, port, 2).send(MACH_SEND_INTERRUPT, 0));
        assertTrue(Thread.interrupted());
        takes(a, port, 2);
        release(a, port);
    }

    /** Without the option an interruption does not end the wait, and the thread stays interrupted. */
    @Test
    void withoutTheOptionAnInterruptionEndsNoWait() throws Exception {
        int port = sendReceive(a);
        Thread[] thread = new Thread[1];
        boolean[] stays = new boolean[1];
        CompletableFuture<Integer> receive = inThread(
                () -> {
                    int code = new RawMessage(a).receive(port, 0, 4096, 0);
                    stays[0] = Thread.currentThread().isInterrupted();
                    return code;
                },
                thread);
        thread[0].interrupt();
        Thread.sleep(30);
        assertFalse(receive.isDone());
        ok(send(a, port, 1));
        ok(receive.get());
        assertTrue(stays[0]);
        release(a, port);
    }

    private static void destroysTooLarge(MachCalls task, int port) {
        meetsTooLarge(task, port, 0);
    }

    private static void keepsTooLarge(MachCalls task, int port) {
        meetsTooLarge(task, port, MACH_RCV_LARGE);
    }

    /** Receives into room for a header only. */
    private static void meetsTooLarge(MachCalls task, int port, int option) {
        answers(
                KernReturn.MACH_RCV_TOO_LARGE,
                new RawMessage(task).receive(port, MACH_RCV_TIMEOUT | option, MessageLayout.HEADER_SIZE, 0));
    }

    /** {@code ipc_kmsg.c, ipc_port.c}: the notice has its place in the queue, before what is sent later. */
    @Test
    void whoAskedAboutAPortThatIsDestroyedInAMessageIsToldAtOnce() {
        assumeSeparateTasks();
        int inbox = receiveRight(a);
        int toInbox = platform().giveSend(a, inbox, b);
        int notify = sendReceive(b);
        int port = receiveRight(b);
        int[] previous = new int[1];
        ok(b.requestNotification(
                port, Mach.MACH_NOTIFY_NO_SENDERS, 1, notify, Mach.MACH_MSG_TYPE_MAKE_SEND_ONCE, previous));
        ok(message(b, toInbox, 1).right(port, Mach.MACH_MSG_TYPE_MOVE_RECEIVE).send());
        destroysTooLarge(a, inbox);
        ok(send(b, notify, 5));
        takes(b, notify, Mach.MACH_NOTIFY_SEND_ONCE);
        takes(b, notify, 5);
        ok(b.deallocate(toInbox));
        release(b, notify);
        release(a, inbox);
    }

    /** {@code ipc_port.c ipc_port_destroy}: who asked for a right has it back, whoever destroys the message it is in. */
    @Test
    void aRightThatSomebodyAskedForComesBackOutOfADestroyedMessage() {
        assumeSeparateTasks();
        int inbox = receiveRight(a);
        int toInbox = platform().giveSend(a, inbox, b);
        int notify = sendReceive(b);
        int port = sendReceive(b);
        askForDestroyed(port, notify);
        ok(send(b, port, 3));
        ok(message(b, toInbox, 1).right(port, Mach.MACH_MSG_TYPE_MOVE_RECEIVE).send());
        destroysTooLarge(a, inbox);
        ok(send(b, notify, 5));
        isBack(port, notify);
        takes(b, notify, 5);
        takes(b, port, 3);
        askForDestroyed(port, notify);
        ok(message(b, toInbox, 1).right(port, Mach.MACH_MSG_TYPE_MOVE_RECEIVE).send());
        release(a, inbox);
        isBack(port, notify);
        isEmpty(b, notify);
        release(b, port);
        ok(b.deallocate(toInbox));
        release(b, notify);
    }

    /** {@code ipc_port.c}: what is in the queue of a right goes where that goes, a receive right in a message too. */
    @Test
    void aRightInAMessageThatIsKeptGoesOnWithItsQueue() {
        assumeSeparateTasks();
        int inbox = receiveRight(a);
        int toInbox = platform().giveSend(a, inbox, b);
        int outer = sendReceive(b);
        int inner = sendReceive(b);
        ok(send(b, inner, 7));
        ok(message(b, outer, 1).right(inner, Mach.MACH_MSG_TYPE_MOVE_RECEIVE).send());
        keepsTooLarge(b, outer);
        ok(message(b, toInbox, 2).right(outer, Mach.MACH_MSG_TYPE_MOVE_RECEIVE).send());
        int outerThere = RawMessage.taken(a, inbox).name(0);
        int innerThere = RawMessage.taken(a, outerThere).name(0);
        takes(a, innerThere, 7);
        ok(send(b, inner, 8));
        takes(a, innerThere, 8);
        release(a, innerThere);
        release(a, outerThere);
        release(a, inbox);
        ok(b.deallocate(toInbox));
        ok(b.deallocate(inner));
        ok(b.deallocate(outer));
    }

    /** The same with the outer right on its way to nobody, and back to who asked for it. */
    @Test
    void aRightThatComesBackHasTheMessageThatWasKept() {
        assumeSeparateTasks();
        int inbox = receiveRight(a);
        int toInbox = platform().giveSend(a, inbox, b);
        int notify = sendReceive(b);
        int outer = sendReceive(b);
        int inner = sendReceive(b);
        askForDestroyed(outer, notify);
        ok(send(b, inner, 7));
        ok(message(b, outer, 1).right(inner, Mach.MACH_MSG_TYPE_MOVE_RECEIVE).send());
        keepsTooLarge(b, outer);
        ok(message(b, toInbox, 2).right(outer, Mach.MACH_MSG_TYPE_MOVE_RECEIVE).send());
        destroysTooLarge(a, inbox);
        isBack(outer, notify);
        assertEquals(inner, RawMessage.taken(b, outer).name(0));
        takes(b, inner, 7);
        release(b, inner);
        release(b, outer);
        release(b, notify);
        release(a, inbox);
        ok(b.deallocate(toInbox));
    }

    /** Rights in kept messages of rights: the outermost comes back with all, or all die if there is nowhere to go. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aChainOfRightsInKeptMessagesComesBackOrDies(boolean comesBack) {
        assumeSeparateTasks();
        int inbox = receiveRight(a);
        int toInbox = platform().giveSend(a, inbox, b);
        int notify = sendReceive(b);
        int[] chain = {sendReceive(b), sendReceive(b), sendReceive(b)};
        for (int i = 0; i < chain.length; i++) {
            askForDestroyed(chain[i], notify);
            int next = i + 1 < chain.length ? chain[i + 1] : toInbox;
            ok(message(b, next, i)
                    .right(chain[i], Mach.MACH_MSG_TYPE_MOVE_RECEIVE)
                    .send());
            if (next != toInbox) {
                answers(
                        KernReturn.MACH_RCV_TOO_LARGE,
                        new RawMessage(b)
                                .receive(next, MACH_RCV_TIMEOUT | MACH_RCV_LARGE, MessageLayout.HEADER_SIZE, 0));
            }
        }
        if (!comesBack) {
            release(b, notify);
        }
        destroysTooLarge(a, inbox);
        if (comesBack) {
            isBack(chain[2], notify);
            assertEquals(chain[1], RawMessage.taken(b, chain[2]).name(0));
            assertEquals(chain[0], RawMessage.taken(b, chain[1]).name(0));
            isEmpty(b, notify);
        }
        for (int each : chain) {
            assertEquals(comesBack, type(b, each) != Mach.MACH_PORT_TYPE_DEAD_NAME);
            if (comesBack) {
                ok(b.deallocate(each));
                destroy(b, each);
            } else {
                ok(b.deallocate(each));
            }
        }
        if (comesBack) { // the inner ones were still asked for
            for (int i = 0; i < 2; i++) {
                destroy(b, RawMessage.taken(b, notify).name(0));
            }
            release(b, notify);
        }
        release(a, inbox);
        ok(b.deallocate(toInbox));
    }

    private void askForDestroyed(int port, int notify) {
        ok(b.requestNotification(
                port, Mach.MACH_NOTIFY_PORT_DESTROYED, 0, notify, Mach.MACH_MSG_TYPE_MAKE_SEND_ONCE, new int[1]));
    }

    /** Receives a notice with the receive right that has its old name, for its send right was kept. */
    private void isBack(int port, int notify) {
        assertEquals(Mach.MACH_PORT_TYPE_SEND, type(b, port));
        RawMessage notice = RawMessage.taken(b, notify);
        assertEquals(Mach.MACH_NOTIFY_PORT_DESTROYED, notice.id());
        assertEquals(port, notice.name(0));
        assertEquals(Mach.MACH_PORT_TYPE_SEND | Mach.MACH_PORT_TYPE_RECEIVE, type(b, port));
    }
}
