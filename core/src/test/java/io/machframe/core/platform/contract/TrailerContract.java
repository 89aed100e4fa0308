/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.contract;

import static io.machframe.core.error.KernReturn.MACH_RCV_INVALID_TRAILER;
import static io.machframe.core.error.KernReturn.MACH_RCV_TIMED_OUT;
import static io.machframe.core.error.KernReturn.MACH_RCV_TOO_LARGE;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MAKE_SEND;
import static io.machframe.core.platform.Mach.MACH_RCV_LARGE;
import static io.machframe.core.platform.Mach.MACH_RCV_TIMEOUT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.platform.Mach;
import io.machframe.core.platform.MessageLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What follows a received message: {@code message.h}, {@code ipc_kmsg.c}, {@code ipc_kmsg_add_trailer}. */
abstract class TrailerContract extends MachCallsContract {
    private static final int HEADER = MessageLayout.HEADER_SIZE;

    /** message.h REQUESTED_TRAILER_SIZE. */
    @ParameterizedTest
    @CsvSource({"0, 8", "1, 12", "2, 20", "3, 52", "4, 60", "7, 68"})
    void theTrailerHasTheElementsThatWereAskedFor(int elements, int size) {
        int port = sendReceive(task);
        ok(message(task, port, 1).body(1, 2).send());
        RawMessage message = new RawMessage(task);
        int whole = HEADER + 8;
        answers(
                MACH_RCV_TOO_LARGE,
                message.receive(port, MACH_RCV_LARGE | MACH_RCV_TIMEOUT | elements << 24, whole + size - 4, 0));
        ok(message.receive(port, MACH_RCV_LARGE | MACH_RCV_TIMEOUT | elements << 24, whole + size, 0));
        assertEquals(0, message.trailer(MessageLayout.TRAILER_TYPE));
        assertEquals(size, message.trailer(MessageLayout.TRAILER_SIZE));
        release(task, port);
    }

    /** message.h: trailers of other formats do not exist. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 15})
    void aTrailerOfAnotherFormatIsInvalid(int format) {
        assumeMistakesAreForgiven();
        int port = sendReceive(task);
        ok(send(task, port, 1));
        answers(MACH_RCV_INVALID_TRAILER, new RawMessage(task).receive(port, MACH_RCV_TIMEOUT | format << 28, 4096, 0));
        takes(task, port, 1);
        release(task, port);
    }

    /** ipc_mqueue.c imq_seqno: one up for each message received. F51 */
    @Test
    void sequenceNumbersCountTheMessagesReceived() {
        int port = sendReceive(task);
        for (int i = 0; i < 4; i++) {
            assertEquals(i, status(task, port).sequence());
            ok(send(task, port, i));
            RawMessage message = new RawMessage(task);
            ok(message.receive(port, MACH_RCV_TIMEOUT | 1 << 24, 4096, 0));
            assertEquals(i, message.trailer(MessageLayout.TRAILER_SEQNO));
        }
        release(task, port);
    }

    /** tests/mach_msg_trailer.c: the context that the receive right was made with. F52 */
    @Test
    void theTrailerCarriesThePortsContext() {
        int[] name = new int[1];
        long context = 0x1122334455667788L;
        ok(task.construct(Mach.MPO_CONTEXT_AS_GUARD, 0, context, name));
        ok(new RawMessage(task).to(name[0], MACH_MSG_TYPE_MAKE_SEND).send());
        RawMessage message = new RawMessage(task);
        ok(message.receive(name[0], MACH_RCV_TIMEOUT | 4 << 24, 4096, 0));
        assertEquals(context, message.trailerLong(MessageLayout.TRAILER_CONTEXT));
        ok(task.destruct(name[0], 0, context));
    }

    /** ipc_kmsg.c ipc_kmsg_init_trailer: who sent it, as the system knows; the words of libbsm's audit token. F50 */
    @Test
    void theTrailerSaysWhoSentTheMessage() {
        int port = receiveRight(receiver);
        int toPort = giveSend(receiver, port, sender);
        ok(message(sender, toPort, 1).send());
        RawMessage message = new RawMessage(receiver);
        ok(message.receive(port, MACH_RCV_TIMEOUT | Mach.MACH_RCV_TRAILER_AUDIT_BITS, 4096, 0));
        int pid = message.trailer(MessageLayout.TRAILER_AUDIT + MessageLayout.AUDIT_PID);
        int uid = message.trailer(MessageLayout.TRAILER_UID);
        assertTrue(pid > 0);
        assertEquals(uid, message.trailer(MessageLayout.TRAILER_AUDIT + MessageLayout.AUDIT_EUID));
        assertEquals(
                message.trailer(MessageLayout.TRAILER_GID),
                message.trailer(MessageLayout.TRAILER_AUDIT + MessageLayout.AUDIT_EGID));
        if (platform().pid() >= 0) {
            assertEquals(platform().pid(), pid);
        }
        ok(sender.deallocate(toPort));
        release(receiver, port);
    }

    /** ipc_kmsg.c: the fields of a request for a trailer end with the message, not with the buffer. */
    @Test
    void aMessageBehindALargerOneShowsNothingOfIt() {
        int port = sendReceive(task);
        RawMessage buffer = new RawMessage(task);
        ok(message(task, port, 1).body(1, 2, 3, 4, 5, 6, 7, 8).send());
        ok(send(task, port, 2));
        ok(buffer.receive(port));
        ok(buffer.receive(port));
        assertEquals(2, buffer.id());
        assertEquals(HEADER, buffer.size());
        assertEquals(8, buffer.trailer(MessageLayout.TRAILER_SIZE));
        assertNotEquals(0, buffer.bits());
        answers(MACH_RCV_TIMED_OUT, buffer.receive(port));
        release(task, port);
    }
}
