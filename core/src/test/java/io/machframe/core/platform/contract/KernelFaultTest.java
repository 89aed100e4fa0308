/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.contract;

import static io.machframe.core.error.KernReturn.KERN_NO_SPACE;
import static io.machframe.core.error.KernReturn.KERN_RESOURCE_SHORTAGE;
import static io.machframe.core.error.KernReturn.KERN_SUCCESS;
import static io.machframe.core.error.KernReturn.MACH_SEND_INTERRUPTED;
import static io.machframe.core.error.KernReturn.MACH_SEND_INVALID_DEST;
import static io.machframe.core.error.KernReturn.MACH_SEND_NO_BUFFER;
import static io.machframe.core.error.KernReturn.MACH_SEND_TIMED_OUT;
import static io.machframe.core.error.KernReturn.MACH_SEND_TOO_LARGE;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_COPY_SEND;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MAKE_SEND;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MAKE_SEND_ONCE;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MOVE_SEND;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MOVE_SEND_ONCE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.machframe.core.platform.Mach;
import io.machframe.core.testing.FakeKernel;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the kernel in Java does when what is below it fails; the fake below fails the test if an end is mishandled. */
@RunsOn(FakeTasks.class)
class KernelFaultTest extends MachCallsContract {
    private FakeKernel kernel;

    @BeforeEach
    void takeKernel() {
        kernel = ((FakeTasks) platform()).kernel;
    }

    @ParameterizedTest
    @ValueSource(ints = {KERN_NO_SPACE, KERN_RESOURCE_SHORTAGE})
    void aPortThatCannotBeMadeLeavesNothing(int code) {
        int[] name = {77};
        kernel.failNextMake(code);
        answers(code, task.allocate(Mach.MACH_PORT_RIGHT_RECEIVE, name));
        kernel.failNextMake(code);
        answers(code, task.construct(0, 0, 0, name));
        assertEquals(77, name[0]);
    }

    @Test
    void aPortWhoseSendRightCannotBeMadeIsNotMade() {
        int[] name = {77};
        kernel.failNextMake(KERN_SUCCESS + 5);
        answers(5, task.construct(Mach.MPO_INSERT_SEND_RIGHT, 0, 0, name));
        assertEquals(77, name[0]);
    }

    @Test
    void aRightThatCannotBeMadeIsNotCounted() {
        int port = receiveRight(task);
        int[] out = {77, 78};
        kernel.failNextMake(KERN_NO_SPACE);
        answers(KERN_NO_SPACE, task.insertRight(port, port, MACH_MSG_TYPE_MAKE_SEND));
        kernel.failNextMake(KERN_NO_SPACE);
        answers(KERN_NO_SPACE, task.extractRight(port, MACH_MSG_TYPE_MAKE_SEND_ONCE, out));
        assertEquals(77, out[0]);
        assertEquals(new Status(0, 0, 5, 0, 0, false, 0), status(task, port));
        release(task, port);
    }

    /** There is no code for it but "no buffer", and nothing is taken, so nothing comes back. */
    @Test
    void aMessageWhoseRightCannotBeMadeIsNotSent() {
        int port = sendReceive(task);
        int other = receiveRight(task);
        for (int disposition : new int[] {MACH_MSG_TYPE_MAKE_SEND, MACH_MSG_TYPE_MAKE_SEND_ONCE}) {
            RawMessage message = new RawMessage(task)
                    .to(port, MACH_MSG_TYPE_MOVE_SEND)
                    .right(port, MACH_MSG_TYPE_MAKE_SEND)
                    .right(other, disposition);
            kernel.failNextMake(KERN_NO_SPACE);
            answers(MACH_SEND_NO_BUFFER, message.send());
            assertEquals(disposition, message.disposition(1));
            assertEquals(1, sends(task, port));
            assertEquals(1, status(task, port).makeSendCount());
        }
        assertEquals(0, status(task, other).makeSendCount());
        release(task, other);
        release(task, port);
    }

    @ParameterizedTest
    @ValueSource(ints = {MACH_SEND_TIMED_OUT, MACH_SEND_INTERRUPTED, MACH_SEND_NO_BUFFER})
    void aSendThatFailsAfterTheRightsWereTakenGivesThemBack(int code) {
        int port = sendReceive(task);
        int once = makeSendOnce(task, port);
        RawMessage message = message(task, port, 0)
                .replyTo(port, MACH_MSG_TYPE_MAKE_SEND_ONCE)
                .right(port, MACH_MSG_TYPE_MOVE_SEND)
                .right(once, MACH_MSG_TYPE_MOVE_SEND_ONCE)
                .right(port, MACH_MSG_TYPE_MAKE_SEND);
        kernel.answerNextSend(code);
        answers(code, message.send());
        assertEquals(3, sends(task, port));
        assertEquals(once, message.name(1));
        ok(task.deallocate(message.local()));
        ok(task.deallocate(once));
        release(task, port);
    }

    @ParameterizedTest
    @ValueSource(ints = {MACH_SEND_INVALID_DEST, MACH_SEND_TOO_LARGE})
    void aSendThatIsRefusedChangesNothing(int code) {
        int port = sendReceive(task);
        int once = makeSendOnce(task, port);
        RawMessage message = new RawMessage(task)
                .to(port, MACH_MSG_TYPE_MOVE_SEND)
                .replyTo(port, MACH_MSG_TYPE_MAKE_SEND_ONCE)
                .right(once, MACH_MSG_TYPE_MOVE_SEND_ONCE)
                .right(port, MACH_MSG_TYPE_MAKE_SEND);
        kernel.answerNextSend(code);
        answers(code, message.send());
        assertEquals(1, sends(task, port));
        assertEquals(new Status(0, 1, 5, 0, 1, true, 0), status(task, port));
        ok(task.deallocate(once));
        release(task, port);
    }

    /** As for a sender whose receiver dies while it waits. */
    @Test
    void aMessageThatIsLostTakesItsRightsAlong() {
        int port = sendReceive(task);
        int other = receiveRight(task);
        kernel.answerNextSend(KERN_SUCCESS);
        ok(message(task, port, 0).right(other, MACH_MSG_TYPE_MAKE_SEND).send());
        assertFalse(status(task, other).hasSends());
        isEmpty(task, port);
        release(task, other);
        release(task, port);
    }

    @Test
    void aSendThatThrowsLeavesTheTaskAsItWas() {
        int port = sendReceive(task);
        RawMessage message = new RawMessage(task)
                .to(port, MACH_MSG_TYPE_MOVE_SEND)
                .right(port, MACH_MSG_TYPE_MAKE_SEND)
                .right(port, MACH_MSG_TYPE_MAKE_SEND_ONCE);
        RuntimeException failure = new IllegalStateException("no descriptor is left");
        kernel.failNextSend(failure);
        assertSame(failure, assertThrows(IllegalStateException.class, message::send));
        assertEquals(1, sends(task, port));
        ok(message.send());
        RawMessage got = RawMessage.taken(task, port);
        ok(task.deallocate(got.name(1)));
        release(task, port);
    }

    /** The port dies when the right is known to be held and before the message is sent: every interleaving is tried. */
    @Test
    void aPortMayDieAtAnyTimeWhileOthersSendToIt() throws Exception {
        for (int round = 0; round < 200; round++) {
            int port = receiveRight(receiver);
            int name = giveSend(receiver, port, sender);
            int other = receiveRight(sender);
            Thread killer = new Thread(() -> destroy(receiver, port));
            killer.start();
            int sent = 0;
            int code = KERN_SUCCESS;
            while (code == KERN_SUCCESS && sent++ < 5) {
                code = message(sender, name, 0)
                        .right(other, MACH_MSG_TYPE_MAKE_SEND)
                        .right(name, MACH_MSG_TYPE_COPY_SEND)
                        .send();
            }
            killer.join();
            if (code != KERN_SUCCESS) {
                answers(MACH_SEND_INVALID_DEST, code);
            }
            assertFalse(status(sender, other).hasSends());
            assertEquals(1, deads(sender, name));
            ok(sender.deallocate(name));
            release(sender, other);
        }
    }
}
