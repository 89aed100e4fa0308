/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.contract;

import static io.machframe.core.error.KernReturn.MACH_SEND_INVALID_MEMORY;
import static io.machframe.core.error.KernReturn.MACH_SEND_INVALID_TYPE;
import static io.machframe.core.error.KernReturn.MACH_SEND_TIMED_OUT;
import static io.machframe.core.platform.Mach.MACH_MSG_PHYSICAL_COPY;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_COPY_SEND;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MAKE_SEND_ONCE;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MOVE_RECEIVE;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MOVE_SEND;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_PORT_SEND_ONCE;
import static io.machframe.core.platform.Mach.MACH_MSG_VIRTUAL_COPY;
import static io.machframe.core.platform.Mach.MACH_PORT_NULL;
import static io.machframe.core.platform.contract.TestMemory.LARGE;
import static io.machframe.core.platform.contract.TestMemory.PAGE;
import static io.machframe.core.platform.contract.TestMemory.allocate;
import static io.machframe.core.platform.contract.TestMemory.array;
import static io.machframe.core.platform.contract.TestMemory.filled;
import static io.machframe.core.platform.contract.TestMemory.isFilled;
import static io.machframe.core.platform.contract.TestMemory.names;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.machframe.core.error.KernReturn;
import io.machframe.core.platform.Mach;
import io.machframe.core.platform.MessageLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Memory out of line: {@code ipc_kmsg.c}, {@code ipc_kmsg_copyin_ool_descriptor} and
 * {@code ipc_kmsg_copyout_ool_descriptor}.
 */
abstract class MemoryInMessageContract extends MachCallsContract {
    /** ipc_kmsg.c ipc_kmsg_copyin_ool_descriptor, ipc_kmsg_copyout_ool_descriptor. F37 */
    @ParameterizedTest
    @ValueSource(ints = {1, 4095, 4096, 4097, 100_000, 131_072, LARGE, LARGE + 5})
    void borrowedMemoryArrivesAsItWasWhenItWasSent(int size) {
        int port = sendReceive(task);
        long memory = filled(task, size);
        ok(message(task, port, 1)
                .outOfLine(memory, size, false, MACH_MSG_VIRTUAL_COPY)
                .body(7)
                .send());
        task.memory().view(memory, size).put(0, (byte) 99);
        RawMessage got = RawMessage.taken(task, port);
        assertEquals(MessageLayout.TYPE_OOL, got.type(0));
        assertEquals(size, got.outOfLineSize(0));
        assertEquals(7, got.word(0));
        assertNotEquals(memory, got.address(0));
        assertEquals(1, got.deallocates(0));
        isFilled(task, got.address(0), size);
        task.memory().view(got.address(0), size).put(0, (byte) 5);
        assertEquals(99, task.memory().view(memory, size).get(0));
        ok(task.memory().deallocate(got.address(0), size));
        ok(task.memory().deallocate(memory, size));
        release(task, port);
    }

    /** ipc_kmsg.c ipc_kmsg_copyin_ool_descriptor: src_destroy. F37 */
    @ParameterizedTest
    @ValueSource(ints = {1, 4096, LARGE})
    void consumedMemoryIsTheReceivers(int size) {
        int port = sendReceive(task);
        long memory = filled(task, size);
        ok(message(task, port, 1)
                .outOfLine(memory, size, true, MACH_MSG_VIRTUAL_COPY)
                .send());
        if (platform().forgiveMistakes()) {
            answers(KernReturn.KERN_INVALID_ADDRESS, task.memory().deallocate(memory, size));
        }
        RawMessage got = RawMessage.taken(task, port);
        isFilled(task, got.address(0), size);
        task.memory().view(got.address(0), size).put(size - 1, (byte) 1);
        ok(task.memory().deallocate(got.address(0), size));
        release(task, port);
    }

    /** ipc_kmsg.c ipc_kmsg_copyout_ool_descriptor: the receiver is told to deallocate virtual copies alone. */
    @Test
    void aPhysicalCopyDoesNotSayThatItIsTheReceivers() {
        int port = sendReceive(task);
        long memory = filled(task, PAGE);
        ok(message(task, port, 1)
                .outOfLine(memory, PAGE, false, MACH_MSG_PHYSICAL_COPY)
                .send());
        RawMessage got = RawMessage.taken(task, port);
        assertEquals(0, got.deallocates(0));
        ok(task.memory().deallocate(got.address(0), PAGE));
        ok(task.memory().deallocate(memory, PAGE));
        release(task, port);
    }

    /** Nothing arrives as nothing. */
    @Test
    void emptyMemoryArrivesWithoutAnAddress() {
        int port = sendReceive(task);
        ok(message(task, port, 1)
                .outOfLine(0x1234, 0, true, MACH_MSG_VIRTUAL_COPY)
                .send());
        RawMessage got = RawMessage.taken(task, port);
        assertEquals(0, got.address(0));
        assertEquals(0, got.outOfLineSize(0));
        release(task, port);
    }

    /** message.h: descriptors of all kinds in one message. F38 */
    @Test
    void memoryAndRightsKeepTheirOrder() {
        int port = sendReceive(task);
        int other = sendReceive(task);
        long small = filled(task, 100);
        long large = filled(task, LARGE);
        long names = array(task, port, MACH_PORT_NULL);
        ok(message(task, port, 1)
                .right(other, MACH_MSG_TYPE_COPY_SEND)
                .outOfLine(large, LARGE, true, MACH_MSG_VIRTUAL_COPY)
                .rights(names, 2, MACH_MSG_TYPE_COPY_SEND, true)
                .outOfLine(small, 100, true, MACH_MSG_VIRTUAL_COPY)
                .right(other, MACH_MSG_TYPE_MAKE_SEND_ONCE)
                .body(42)
                .send());
        RawMessage got = RawMessage.taken(task, port);
        assertEquals(5, got.descriptorCount());
        assertEquals(other, got.name(0));
        assertEquals(LARGE, got.outOfLineSize(1));
        isFilled(task, got.address(1), LARGE);
        assertEquals(100, got.outOfLineSize(3));
        isFilled(task, got.address(3), 100);
        assertEquals(MACH_MSG_TYPE_PORT_SEND_ONCE, got.disposition(4));
        assertEquals(42, got.word(0));
        int[] array = names(task, got, 2);
        assertEquals(port, array[0]);
        assertEquals(MACH_PORT_NULL, array[1]);
        ok(task.deallocate(got.name(4)));
        takes(task, other, Mach.MACH_NOTIFY_SEND_ONCE);
        ok(task.memory().deallocate(got.address(1), LARGE));
        ok(task.memory().deallocate(got.address(3), 100));
        release(task, other);
        release(task, port);
    }

    /** ipc_kmsg.c ipc_kmsg_copyin_ool_descriptor: what cannot be read; the rights before it are gone. */
    @Test
    void memoryThatIsNotThereIsRefused() {
        assumeMistakesAreForgiven();
        int port = sendReceive(task);
        int other = sendReceive(task);
        makeSend(task, port);
        long gone = allocate(task, LARGE);
        ok(task.memory().deallocate(gone, LARGE));
        for (int size : new int[] {100, PAGE}) {
            makeSend(task, other);
            answers(
                    MACH_SEND_INVALID_MEMORY,
                    message(task, port, 1)
                            .right(other, MACH_MSG_TYPE_MOVE_SEND)
                            .outOfLine(8, size, false, MACH_MSG_VIRTUAL_COPY)
                            .send());
            assertEquals(1, sends(task, other));
        }
        answers(
                MACH_SEND_INVALID_MEMORY,
                message(task, port, 1)
                        .outOfLine(gone, LARGE, true, MACH_MSG_VIRTUAL_COPY)
                        .send());
        isEmpty(task, port);
        release(task, other);
        release(task, port);
    }

    /** ipc_kmsg.c ipc_kmsg_copyin_body: before anything is taken. */
    @Test
    void anotherWayToCopyIsAnInvalidType() {
        assumeMistakesAreForgiven();
        int port = sendReceive(task);
        answers(
                MACH_SEND_INVALID_TYPE,
                message(task, port, 1)
                        .right(port, MACH_MSG_TYPE_MOVE_SEND)
                        .outOfLine(0, 0, false, 2)
                        .send());
        assertEquals(1, sends(task, port));
        release(task, port);
    }

    /** ipc_kmsg.c ipc_kmsg_put_to_user after a time-out: memory is as it was, wherever it is now. */
    @ParameterizedTest
    @ValueSource(ints = {100, LARGE})
    void memoryComesBackWhenTheSendTimesOut(int size) {
        int port = receiveRight(task, 1);
        makeSend(task, port);
        ok(send(task, port, 1));
        long memory = filled(task, size);
        RawMessage message = message(task, port, 2).outOfLine(memory, size, true, MACH_MSG_VIRTUAL_COPY);
        for (int i = 0; i < 3; i++) {
            answers(
                    MACH_SEND_TIMED_OUT,
                    message.to(port, MACH_MSG_TYPE_COPY_SEND).send());
            ok(task.deallocate(port));
            assertEquals(1, message.deallocates(0));
            isFilled(task, message.address(0), size);
        }
        takes(task, port, 1);
        ok(message.to(port, MACH_MSG_TYPE_COPY_SEND).send());
        RawMessage got = RawMessage.taken(task, port);
        isFilled(task, got.address(0), size);
        ok(task.memory().deallocate(got.address(0), size));
        release(task, port);
    }

    /** A message that nobody received takes all of its memory along. */
    @Test
    void memoryOfAnUnreceivedMessageDiesWithThePort() {
        int port = sendReceive(task);
        int other = sendReceive(task);
        long memory = filled(task, LARGE);
        long names = array(task, other);
        ok(message(task, port, 1)
                .outOfLine(memory, LARGE, true, MACH_MSG_VIRTUAL_COPY)
                .rights(names, 1, MACH_MSG_TYPE_MOVE_SEND, true)
                .send());
        assertEquals(0, sends(task, other));
        release(task, other);
        release(task, port);
    }

    /** mach_msg.c: with MACH_RCV_LARGE all of a message waits, without it all is destroyed. */
    @ParameterizedTest
    @ValueSource(ints = {100, LARGE})
    void memoryWaitsOrGoesWithAMessageThatIsTooLarge(int size) {
        int port = sendReceive(task);
        int other = sendReceive(task);
        long memory = filled(task, size);
        long names = array(task, other, other, other);
        RawMessage message = message(task, port, 1)
                .outOfLine(memory, size, false, MACH_MSG_VIRTUAL_COPY)
                .rights(names, 3, MACH_MSG_TYPE_COPY_SEND, false)
                .body(new int[100]);
        ok(message.send());
        ok(message.send());
        RawMessage got = new RawMessage(task);
        int keep = Mach.MACH_RCV_TIMEOUT | Mach.MACH_RCV_LARGE;
        answers(KernReturn.MACH_RCV_TOO_LARGE, new RawMessage(task, 100).receive(port, keep, 100, 0));
        answers(KernReturn.MACH_RCV_TOO_LARGE, got.receive(port, keep, 40, 0));
        ok(got.receive(port));
        isFilled(task, got.address(0), size);
        assertEquals(other, names(task, got, 1)[2]);
        assertEquals(4, sends(task, other));
        ok(task.memory().deallocate(got.address(0), size));
        answers(KernReturn.MACH_RCV_TOO_LARGE, got.receive(port, Mach.MACH_RCV_TIMEOUT, 100, 0));
        isEmpty(task, port);
        assertEquals(4, sends(task, other));
        ok(task.memory().deallocate(memory, size));
        ok(task.memory().deallocate(names, 12));
        release(task, other);
        release(task, port);
    }

    /** What waits in the queue of a receive right moves with it. */
    @ParameterizedTest
    @ValueSource(ints = {100, LARGE})
    void memoryMovesWithTheRightInWhoseQueueItIs(int size) {
        int port = sendReceive(task);
        int other = sendReceive(task);
        long memory = filled(task, size);
        for (int i = 0; i < 2; i++) {
            ok(message(task, other, 1)
                    .outOfLine(memory, size, false, MACH_MSG_VIRTUAL_COPY)
                    .body(new int[100])
                    .send());
        }
        int keep = Mach.MACH_RCV_TIMEOUT | Mach.MACH_RCV_LARGE;
        answers(KernReturn.MACH_RCV_TOO_LARGE, new RawMessage(task).receive(other, keep, 100, 0));
        ok(message(task, port, 2).right(other, MACH_MSG_TYPE_MOVE_RECEIVE).send());
        int moved = RawMessage.taken(task, port).name(0);
        for (int i = 0; i < 2; i++) {
            RawMessage got = RawMessage.taken(task, moved);
            isFilled(task, got.address(0), size);
            ok(task.memory().deallocate(got.address(0), size));
        }
        ok(task.memory().deallocate(memory, size));
        release(task, moved);
        release(task, port);
    }

    /** However large, a message takes one place of the queue. F54 */
    @Test
    void theQueueLimitCountsMessagesNotBytes() {
        int port = receiveRight(task, 20);
        makeSend(task, port);
        long memory = filled(task, LARGE);
        for (int i = 0; i < 20; i++) {
            ok(message(task, port, i)
                    .outOfLine(memory, LARGE, false, MACH_MSG_VIRTUAL_COPY)
                    .send());
        }
        answers(MACH_SEND_TIMED_OUT, send(task, port, 20));
        ok(task.deallocate(port));
        for (int i = 0; i < 20; i++) {
            RawMessage got = RawMessage.taken(task, port);
            assertEquals(i, got.id());
            ok(task.memory().deallocate(got.address(0), LARGE));
        }
        ok(task.memory().deallocate(memory, LARGE));
        release(task, port);
    }
}
