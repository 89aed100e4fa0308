/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.contract;

import static io.machframe.core.error.KernReturn.MACH_SEND_INVALID_DATA;
import static io.machframe.core.error.KernReturn.MACH_SEND_INVALID_HEADER;
import static io.machframe.core.error.KernReturn.MACH_SEND_INVALID_VOUCHER;
import static io.machframe.core.error.KernReturn.MACH_SEND_MSG_TOO_SMALL;
import static io.machframe.core.error.KernReturn.MACH_SEND_TOO_LARGE;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_COPY_SEND;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MOVE_SEND;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_PORT_SEND;
import static io.machframe.core.platform.Mach.MACH_PORT_DEAD;
import static io.machframe.core.platform.Mach.MACH_PORT_NULL;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.machframe.core.platform.MessageLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What makes bytes a message: sizes, and bits of the header: {@code message.h}, {@code ipc_kmsg.c}. */
abstract class MessageFormContract extends MachCallsContract {
    private static final int HEADER = MessageLayout.HEADER_SIZE;

    /** message.h: the bytes arrive as they were, header fields swapped. F22 */
    @Test
    void aHeaderAloneArrives() {
        int port = sendReceive(task);
        ok(send(task, port, 0x01020304));
        RawMessage message = RawMessage.taken(task, port);
        assertEquals(0x01020304, message.id());
        assertEquals(HEADER, message.size());
        assertEquals(port, message.local());
        assertEquals(MACH_MSG_TYPE_PORT_SEND, message.localDisposition());
        assertEquals(MACH_PORT_NULL, message.remote());
        assertEquals(0, message.remoteDisposition());
        assertFalse(message.isComplex());
        release(task, port);
    }

    /** ipc_kmsg.c ipc_kmsg_get_from_user: any multiple of 4. F21 */
    @ParameterizedTest
    @ValueSource(ints = {24, 28, 32, 100, 1000, 4000, 4096, 5000, 20_000, 65_536, 100_000})
    void aBodyOfAnySizeArrivesAsItWas(int size) {
        int port = sendReceive(task);
        RawMessage sent = new RawMessage(task, 128 * 1024).to(port, MACH_MSG_TYPE_COPY_SEND);
        for (int at = HEADER; at < size; at += 4) {
            sent.body(at * 31);
        }
        ok(sent.send());
        RawMessage got = new RawMessage(task, 128 * 1024);
        ok(got.receive(port));
        assertEquals(size, got.size());
        for (int i = 0; i < (size - HEADER) / 4; i++) {
            assertEquals((HEADER + 4 * i) * 31, got.word(i));
        }
        release(task, port);
    }

    /** ipc_kmsg.c ipc_kmsg_get_from_user, mach_msg.c: sizes below a header or not of whole words. */
    @ParameterizedTest
    @ValueSource(ints = {-4, 0, 4, 20, 23, 25, 26, 27, 30, 4093})
    void aSizeThatIsNoMessageIsTooSmall(int size) {
        int port = sendReceive(task);
        answers(MACH_SEND_MSG_TOO_SMALL, message(task, port, 1).size(size).send());
        isEmpty(task, port);
        release(task, port);
    }

    /** mach_msg.c: what cannot be read is not sent. */
    @Test
    void aSizeBeyondTheBufferIsInvalidData() {
        assumeMistakesAreForgiven();
        int port = sendReceive(task);
        answers(MACH_SEND_INVALID_DATA, message(task, port, 1).size(4100).send());
        release(task, port);
    }

    /** ipc_kmsg.c: a message has a largest size; nothing is taken from one that is larger. */
    @Test
    void aMessageThatIsTooLargeIsRefusedWhole() {
        int port = sendReceive(task);
        RawMessage message = new RawMessage(task, 48 << 20)
                .to(port, MACH_MSG_TYPE_MOVE_SEND)
                .right(port, MACH_MSG_TYPE_COPY_SEND)
                .size(48 << 20);
        answers(MACH_SEND_TOO_LARGE, message.send());
        assertEquals(1, sends(task, port));
        release(task, port);
    }

    /** message.h MACH_MSGH_BITS_USER: the bits a task may set. */
    @ParameterizedTest
    @ValueSource(ints = {0x20, 0x80, 0x2000, 0x8000, 0x200000, 0x01000000, 0x40000000})
    void bitsThatATaskMayNotSetAreAnInvalidHeader(int bit) {
        assumeMistakesAreForgiven();
        int port = sendReceive(task);
        RawMessage message = message(task, port, 1);
        answers(MACH_SEND_INVALID_HEADER, message.bits(message.bits() | bit).send());
        release(task, port);
    }

    /** No name of this library's is a voucher; the null one may stand where one could. */
    @Test
    void aVoucherIsNullOrInvalid() {
        assumeMistakesAreForgiven();
        int port = sendReceive(task);
        RawMessage message = message(task, port, 1);
        message.bits(message.bits() | (MACH_MSG_TYPE_COPY_SEND << 16));
        message.bytes().putInt(MessageLayout.VOUCHER_PORT, port);
        answers(MACH_SEND_INVALID_VOUCHER, message.send());
        message.bytes().putInt(MessageLayout.VOUCHER_PORT, MACH_PORT_DEAD);
        answers(MACH_SEND_INVALID_VOUCHER, message.send());
        message.bytes().putInt(MessageLayout.VOUCHER_PORT, MACH_PORT_NULL);
        ok(message.send());
        RawMessage got = RawMessage.taken(task, port);
        assertEquals(0, got.bits() & MessageLayout.BITS_VOUCHER_MASK);
        assertEquals(MACH_PORT_NULL, got.bytes().getInt(MessageLayout.VOUCHER_PORT));
        release(task, port);
    }
}
