/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.contract;

import static io.machframe.core.error.KernReturn.MACH_RCV_INTERRUPTED;
import static io.machframe.core.error.KernReturn.MACH_SEND_INTERRUPTED;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_COPY_SEND;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MOVE_SEND;
import static io.machframe.core.platform.Mach.MACH_RCV_INTERRUPT;
import static io.machframe.core.platform.Mach.MACH_SEND_INTERRUPT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What {@link Thread#interrupt} does to a wait. */
abstract class InterruptionContract extends MachCallsContract {
    /** mach_msg.c MACH_RCV_INTERRUPT, here a thread's interruption: the wait ends and nothing is lost. F66 */
    @Test
    void interruptingAReceiveLosesNothing() throws Exception {
        assumeInterruptionIsHeeded();
        int port = sendReceive(task);
        for (int round = 0; round < 5; round++) {
            Thread[] thread = new Thread[1];
            CompletableFuture<Integer> receive =
                    inThread(() -> new RawMessage(task).receive(port, MACH_RCV_INTERRUPT, 4096, 0), thread);
            thread[0].interrupt();
            answers(MACH_RCV_INTERRUPTED, receive.get());
        }
        ok(send(task, port, 1));
        takes(task, port, 1);
        isEmpty(task, port);
        release(task, port);
    }

    /** mach_msg.c MACH_SEND_INTERRUPT: the message comes back as after a time-out. F66 */
    @Test
    void interruptingASendGivesTheMessageBack() throws Exception {
        assumeInterruptionIsHeeded();
        int port = receiveRight(task, 1);
        makeSend(task, port);
        ok(send(task, port, 0));
        int other = sendReceive(task);
        for (int round = 0; round < 5; round++) {
            RawMessage message = message(task, port, 1).right(other, MACH_MSG_TYPE_COPY_SEND);
            Thread[] thread = new Thread[1];
            CompletableFuture<Integer> send = inThread(() -> message.send(MACH_SEND_INTERRUPT, 0), thread);
            thread[0].interrupt();
            answers(MACH_SEND_INTERRUPTED, send.get());
            assertEquals(2, sends(task, port));
            assertEquals(2, sends(task, other));
            assertEquals(MACH_MSG_TYPE_MOVE_SEND, message.remoteDisposition());
            ok(task.deallocate(message.remote()));
            ok(task.deallocate(message.name(0)));
        }
        takes(task, port, 0);
        isEmpty(task, port);
        ok(send(task, port, 2));
        takes(task, port, 2);
        release(task, other);
        release(task, port);
    }

    /** Not Mach's: a thread that is interrupted beforehand still takes what is there, and does not wait. */
    @Test
    void anInterruptedThreadTakesWhatIsThereAndDoesNotWait() {
        assumeInterruptionIsHeeded();
        int port = sendReceive(task);
        ok(send(task, port, 1));
        Thread.currentThread().interrupt();
        RawMessage message = new RawMessage(task);
        ok(message.receive(port, MACH_RCV_INTERRUPT, 4096, 0));
        answers(MACH_RCV_INTERRUPTED, message.receive(port, MACH_RCV_INTERRUPT, 4096, 0));
        ok(message(task, port, 2).send(MACH_SEND_INTERRUPT, 0));
        assertTrue(Thread.interrupted());
        takes(task, port, 2);
        release(task, port);
    }

    /** Without the option an interruption does not end the wait, and the thread stays interrupted. */
    @Test
    void withoutTheOptionAnInterruptionEndsNoWait() throws Exception {
        int port = sendReceive(task);
        Thread[] thread = new Thread[1];
        boolean[] stays = new boolean[1];
        CompletableFuture<Integer> receive = inThread(
                () -> {
                    int code = new RawMessage(task).receive(port, 0, 4096, 0);
                    stays[0] = Thread.currentThread().isInterrupted();
                    return code;
                },
                thread);
        thread[0].interrupt();
        Thread.sleep(30);
        assertFalse(receive.isDone());
        ok(send(task, port, 1));
        ok(receive.get());
        assertTrue(stays[0]);
        release(task, port);
    }
}
