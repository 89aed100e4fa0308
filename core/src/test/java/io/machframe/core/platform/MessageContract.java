/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform;

import static io.machframe.core.error.KernReturn.MACH_RCV_INVALID_NAME;
import static io.machframe.core.error.KernReturn.MACH_RCV_INVALID_TRAILER;
import static io.machframe.core.error.KernReturn.MACH_RCV_TIMED_OUT;
import static io.machframe.core.error.KernReturn.MACH_RCV_TOO_LARGE;
import static io.machframe.core.error.KernReturn.MACH_SEND_INVALID_DATA;
import static io.machframe.core.error.KernReturn.MACH_SEND_INVALID_DEST;
import static io.machframe.core.error.KernReturn.MACH_SEND_INVALID_HEADER;
import static io.machframe.core.error.KernReturn.MACH_SEND_INVALID_REPLY;
import static io.machframe.core.error.KernReturn.MACH_SEND_INVALID_RIGHT;
import static io.machframe.core.error.KernReturn.MACH_SEND_INVALID_TYPE;
import static io.machframe.core.error.KernReturn.MACH_SEND_INVALID_VOUCHER;
import static io.machframe.core.error.KernReturn.MACH_SEND_MSG_TOO_SMALL;
import static io.machframe.core.error.KernReturn.MACH_SEND_TIMED_OUT;
import static io.machframe.core.error.KernReturn.MACH_SEND_TOO_LARGE;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_COPY_SEND;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MAKE_SEND;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MAKE_SEND_ONCE;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MOVE_RECEIVE;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MOVE_SEND;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MOVE_SEND_ONCE;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_PORT_SEND;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_PORT_SEND_ONCE;
import static io.machframe.core.platform.Mach.MACH_PORT_DEAD;
import static io.machframe.core.platform.Mach.MACH_PORT_NULL;
import static io.machframe.core.platform.Mach.MACH_PORT_TYPE_RECEIVE;
import static io.machframe.core.platform.Mach.MACH_PORT_TYPE_SEND_ONCE;
import static io.machframe.core.platform.Mach.MACH_RCV_LARGE;
import static io.machframe.core.platform.Mach.MACH_RCV_TIMEOUT;
import static io.machframe.core.platform.Mach.MACH_SEND_TIMEOUT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code mach_msg} does with bytes and rights, while nobody has to wait. */
abstract class MessageContract extends MachCallsContract {
    private static final int HEADER = MessageLayout.HEADER_SIZE;

    // Bytes: message.h, ipc_kmsg.c

    /** message.h: the bytes arrive as they were, header fields swapped. F22 */
    @Test
    void aHeaderAloneArrives() {
        int port = sendReceive(a);
        ok(send(a, port, 0x01020304));
        RawMessage message = RawMessage.taken(a, port);
        assertEquals(0x01020304, message.id());
        assertEquals(HEADER, message.size());
        assertEquals(port, message.local());
        assertEquals(MACH_MSG_TYPE_PORT_SEND, message.localDisposition());
        assertEquals(MACH_PORT_NULL, message.remote());
        assertEquals(0, message.remoteDisposition());
        assertFalse(message.isComplex());
        release(a, port);
    }

    /** ipc_kmsg.c ipc_kmsg_get_from_user: any multiple of 4. F21 */
    @ParameterizedTest
    @ValueSource(ints = {24, 28, 32, 100, 1000, 4000, 4096, 5000, 20_000, 65_536, 100_000})
    void aBodyOfAnySizeArrivesAsItWas(int size) {
        int port = sendReceive(a);
        RawMessage sent = new RawMessage(a, 128 * 1024).to(port, MACH_MSG_TYPE_COPY_SEND);
        for (int at = HEADER; at < size; at += 4) {
            sent.body(at * 31);
        }
        ok(sent.send());
        RawMessage got = new RawMessage(a, 128 * 1024);
        ok(got.receive(port));
        assertEquals(size, got.size());
        for (int i = 0; i < (size - HEADER) / 4; i++) {
            assertEquals((HEADER + 4 * i) * 31, got.word(i));
        }
        release(a, port);
    }

    /** ipc_kmsg.c ipc_kmsg_get_from_user, mach_msg.c: sizes below a header or not of whole words. */
    @ParameterizedTest
    @ValueSource(ints = {-4, 0, 4, 20, 23, 25, 26, 27, 30, 4093})
    void aSizeThatIsNoMessageIsTooSmall(int size) {
        int port = sendReceive(a);
        answers(MACH_SEND_MSG_TOO_SMALL, message(a, port, 1).size(size).send());
        isEmpty(a, port);
        release(a, port);
    }

    /** mach_msg.c: what cannot be read is not sent. */
    @Test
    void aSizeBeyondTheBufferIsInvalidData() {
        assumeMistakesAreForgiven();
        int port = sendReceive(a);
        answers(MACH_SEND_INVALID_DATA, message(a, port, 1).size(4100).send());
        release(a, port);
    }

    /** ipc_kmsg.c: a message has a largest size; nothing is taken from one that is larger. */
    @Test
    void aMessageThatIsTooLargeIsRefusedWhole() {
        int port = sendReceive(a);
        RawMessage message = new RawMessage(a, 48 << 20)
                .to(port, MACH_MSG_TYPE_MOVE_SEND)
                .right(port, MACH_MSG_TYPE_COPY_SEND)
                .size(48 << 20);
        answers(MACH_SEND_TOO_LARGE, message.send());
        assertEquals(1, sends(a, port));
        release(a, port);
    }

    /** ipc_kmsg.c ipc_kmsg_copyin_body: "sending more than 16383 rights in one message seems crazy". F42 */
    @Test
    void tooManyRightsAreRefusedAndStay() {
        assumeMistakesAreForgiven();
        int port = sendReceive(a);
        RawMessage message = new RawMessage(a, 256 * 1024).to(port, MACH_MSG_TYPE_COPY_SEND);
        for (int i = 0; i < 16384; i++) {
            message.right(port, MACH_MSG_TYPE_COPY_SEND);
        }
        answers(MACH_SEND_TOO_LARGE, message.send());
        assertEquals(1, sends(a, port));
        release(a, port);
    }

    /** ipc_kmsg.c: as many as one message takes, in order. F41 */
    @Test
    void aHundredRightsArriveInOrder() {
        int port = sendReceive(a);
        int other = sendReceive(a);
        RawMessage message = new RawMessage(a).to(port, MACH_MSG_TYPE_COPY_SEND);
        for (int i = 0; i < 125; i++) {
            message.right(i % 3 == 0 ? port : i % 3 == 1 ? other : MACH_PORT_NULL, MACH_MSG_TYPE_COPY_SEND);
        }
        ok(message.send());
        RawMessage got = RawMessage.taken(a, port);
        assertEquals(125, got.descriptorCount());
        for (int i = 0; i < 125; i++) {
            assertEquals(i % 3 == 0 ? port : i % 3 == 1 ? other : MACH_PORT_NULL, got.name(i));
        }
        assertEquals(1 + 42, sends(a, port));
        assertEquals(1 + 42, sends(a, other));
        release(a, port);
        release(a, other);
    }

    // The header: ipc_kmsg.c ipc_kmsg_copyin_header

    /** Only a send, send-once, or what makes one can be a destination. Nothing is taken. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 15, MACH_MSG_TYPE_MOVE_RECEIVE, 22, 31})
    void aDestinationWithAnotherDispositionIsAnInvalidHeader(int disposition) {
        int port = sendReceive(a);
        answers(
                MACH_SEND_INVALID_HEADER,
                new RawMessage(a).to(port, disposition).send());
        assertEquals(1, sends(a, port));
        release(a, port);
    }

    /** A reply right's disposition is one of a send right; a name without any is refused, the null name with one is not. */
    @Test
    void aReplyNameNeedsADisposition() {
        int port = sendReceive(a);
        answers(MACH_SEND_INVALID_HEADER, message(a, port, 1).replyTo(port, 0).send());
        answers(
                MACH_SEND_INVALID_HEADER,
                message(a, port, 1).replyTo(port, MACH_MSG_TYPE_MOVE_RECEIVE).send());
        answers(MACH_SEND_INVALID_HEADER, message(a, port, 1).replyTo(port, 22).send());
        ok(message(a, port, 1)
                .replyTo(MACH_PORT_NULL, MACH_MSG_TYPE_MAKE_SEND_ONCE)
                .send());
        assertEquals(MACH_PORT_NULL, RawMessage.taken(a, port).remote());
        release(a, port);
    }

    /** message.h MACH_MSGH_BITS_USER: the bits a task may set. */
    @ParameterizedTest
    @ValueSource(ints = {0x20, 0x80, 0x2000, 0x8000, 0x200000, 0x01000000, 0x40000000})
    void bitsThatATaskMayNotSetAreAnInvalidHeader(int bit) {
        assumeMistakesAreForgiven();
        int port = sendReceive(a);
        RawMessage message = message(a, port, 1);
        answers(MACH_SEND_INVALID_HEADER, message.bits(message.bits() | bit).send());
        release(a, port);
    }

    /** No name of this library's is a voucher; the null one may stand where one could. */
    @Test
    void aVoucherIsNullOrInvalid() {
        assumeMistakesAreForgiven();
        int port = sendReceive(a);
        RawMessage message = message(a, port, 1);
        message.bits(message.bits() | (MACH_MSG_TYPE_COPY_SEND << 16));
        message.bytes().putInt(MessageLayout.VOUCHER_PORT, port);
        answers(MACH_SEND_INVALID_VOUCHER, message.send());
        message.bytes().putInt(MessageLayout.VOUCHER_PORT, MACH_PORT_DEAD);
        answers(MACH_SEND_INVALID_VOUCHER, message.send());
        message.bytes().putInt(MessageLayout.VOUCHER_PORT, MACH_PORT_NULL);
        ok(message.send());
        RawMessage got = RawMessage.taken(a, port);
        assertEquals(0, got.bits() & MessageLayout.BITS_VOUCHER_MASK);
        assertEquals(MACH_PORT_NULL, got.bytes().getInt(MessageLayout.VOUCHER_PORT));
        release(a, port);
    }

    /** ipc_kmsg_copyin_header, invalid_dest: the space is untouched, whatever else the message had. */
    @Test
    void aDestinationThatIsNoneLeavesEverythingUntouched() {
        int port = sendReceive(a);
        int alone = receiveRight(a);
        int once = makeSendOnce(a, alone);
        int dead = deadName(a);
        int[][] wrong = {
            {MACH_PORT_NULL, MACH_MSG_TYPE_COPY_SEND},
            {MACH_PORT_DEAD, MACH_MSG_TYPE_COPY_SEND},
            {0x00ffff00, MACH_MSG_TYPE_COPY_SEND},
            {dead, MACH_MSG_TYPE_COPY_SEND},
            {dead, MACH_MSG_TYPE_MOVE_SEND},
            {dead, MACH_MSG_TYPE_MOVE_SEND_ONCE},
            {alone, MACH_MSG_TYPE_COPY_SEND},
            {alone, MACH_MSG_TYPE_MOVE_SEND},
            {alone, MACH_MSG_TYPE_MOVE_SEND_ONCE},
            {once, MACH_MSG_TYPE_COPY_SEND},
            {once, MACH_MSG_TYPE_MAKE_SEND},
            {port, MACH_MSG_TYPE_MOVE_SEND_ONCE},
        };
        for (int[] each : wrong) {
            RawMessage message = new RawMessage(a)
                    .to(each[0], each[1])
                    .replyTo(port, MACH_MSG_TYPE_MAKE_SEND_ONCE)
                    .right(port, MACH_MSG_TYPE_MOVE_SEND)
                    .right(port, MACH_MSG_TYPE_MAKE_SEND);
            answers(MACH_SEND_INVALID_DEST, message.send());
            assertEquals(MACH_MSG_TYPE_MOVE_SEND, message.disposition(0));
            assertEquals(port, message.name(1));
        }
        assertEquals(1, sends(a, port));
        assertEquals(new Status(0, 1, 5, 0, 0, true, 0), status(a, port));
        assertEquals(MACH_PORT_TYPE_RECEIVE, type(a, alone));
        assertEquals(MACH_PORT_TYPE_SEND_ONCE, type(a, once));
        assertEquals(1, deads(a, dead));
        ok(a.deallocate(once));
        ok(a.deallocate(dead));
        release(a, alone);
        release(a, port);
    }

    /** The same when the destination proves dead only as the message is sent: a right that nobody looked at since. */
    @Test
    void aDestinationThatDiedUnnoticedLeavesEverythingUntouched() {
        assumeSeparateTasks();
        int gone = receiveRight(b);
        int toGone = platform().giveSend(b, gone, a);
        int port = sendReceive(a);
        makeSend(a, port);
        int once = makeSendOnce(a, port);
        destroy(b, gone);
        RawMessage message = new RawMessage(a)
                .to(toGone, MACH_MSG_TYPE_MOVE_SEND)
                .replyTo(port, MACH_MSG_TYPE_MAKE_SEND)
                .right(port, MACH_MSG_TYPE_MOVE_SEND)
                .right(port, MACH_MSG_TYPE_MOVE_SEND)
                .right(once, MACH_MSG_TYPE_MOVE_SEND_ONCE)
                .right(port, MACH_MSG_TYPE_MAKE_SEND)
                .right(port, MACH_MSG_TYPE_COPY_SEND);
        answers(MACH_SEND_INVALID_DEST, message.send());
        assertEquals(2, sends(a, port));
        assertEquals(2, status(a, port).makeSendCount());
        assertEquals(MACH_PORT_TYPE_SEND_ONCE, type(a, once));
        assertEquals(1, deads(a, toGone));
        ok(a.deallocate(toGone));
        ok(a.deallocate(once));
        release(a, port);
    }

    /** ipc_kmsg_copyin_header comes before ipc_kmsg_copyin_body: a dead destination is met before a wrong descriptor. */
    @Test
    void aDeadDestinationIsMetBeforeAWrongDescriptor() {
        assumeSeparateTasks();
        int gone = receiveRight(b);
        int toGone = platform().giveSend(b, gone, a);
        int port = sendReceive(a);
        destroy(b, gone);
        answers(
                MACH_SEND_INVALID_DEST,
                message(a, toGone, 0)
                        .right(port, MACH_MSG_TYPE_MOVE_SEND)
                        .right(port, MACH_MSG_TYPE_MOVE_SEND_ONCE)
                        .send());
        assertEquals(1, sends(a, port));
        ok(a.deallocate(toGone));
        release(a, port);
    }

    /** Nothing is taken if the reply right is not what its disposition says. */
    @Test
    void aReplyRightThatIsNoneLeavesEverythingUntouched() {
        assumeMistakesAreForgiven();
        int port = sendReceive(a);
        int alone = receiveRight(a);
        int once = makeSendOnce(a, alone);
        int[][] wrong = {
            {0x00ffff00, MACH_MSG_TYPE_COPY_SEND},
            {alone, MACH_MSG_TYPE_COPY_SEND},
            {alone, MACH_MSG_TYPE_MOVE_SEND},
            {alone, MACH_MSG_TYPE_MOVE_SEND_ONCE},
            {once, MACH_MSG_TYPE_MAKE_SEND_ONCE},
            {once, MACH_MSG_TYPE_COPY_SEND},
        };
        for (int[] each : wrong) {
            answers(
                    MACH_SEND_INVALID_REPLY,
                    new RawMessage(a)
                            .to(port, MACH_MSG_TYPE_MOVE_SEND)
                            .replyTo(each[0], each[1])
                            .right(port, MACH_MSG_TYPE_MAKE_SEND)
                            .send());
        }
        assertEquals(1, sends(a, port));
        assertEquals(new Status(0, 1, 5, 0, 0, true, 0), status(a, port));
        assertEquals(MACH_PORT_TYPE_SEND_ONCE, type(a, once));
        ok(a.deallocate(once));
        release(a, alone);
        release(a, port);
    }

    /** A dead reply right: the constant is fine, and so is a right whose port died unnoticed; both arrive as dead. F35 */
    @Test
    void aDeadReplyRightArrivesAsTheDeadConstant() {
        int port = sendReceive(a);
        ok(message(a, port, 0).replyTo(MACH_PORT_DEAD, MACH_MSG_TYPE_MAKE_SEND).send());
        assertEquals(MACH_PORT_DEAD, RawMessage.taken(a, port).remote());

        assumeSeparateTasks();
        int gone = receiveRight(b);
        int toGone = platform().giveSend(b, gone, a);
        destroy(b, gone);
        ok(message(a, port, 0).replyTo(toGone, MACH_MSG_TYPE_MOVE_SEND).send());
        assertEquals(MACH_PORT_DEAD, RawMessage.taken(a, port).remote());
        assertEquals(0, type(a, toGone));
        release(a, port);
    }

    /** ipc_right.c ipc_right_copyin_two: destination and reply may be one name, if both can be taken from it. */
    @ParameterizedTest
    @CsvSource({
        "COPY_SEND, COPY_SEND, 1, 1",
        "COPY_SEND, MOVE_SEND, 1, 0",
        "MOVE_SEND, COPY_SEND, 1, 0",
        "MOVE_SEND, MOVE_SEND, 2, 0",
        "MOVE_SEND, MOVE_SEND, 3, 1",
        "MAKE_SEND, MAKE_SEND_ONCE, 1, 1",
        "MOVE_SEND, MAKE_SEND, 1, 0",
        "MAKE_SEND, MOVE_SEND, 1, 0"
    })
    void oneNameCanBeDestinationAndReply(String destination, String reply, int before, int after) {
        int port = receiveRight(a);
        for (int i = 0; i < before; i++) {
            makeSend(a, port);
        }
        ok(new RawMessage(a)
                .to(port, disposition(destination))
                .replyTo(port, disposition(reply))
                .send());
        assertEquals(after, sends(a, port));
        RawMessage message = RawMessage.taken(a, port);
        ok(a.deallocate(message.remote()));
        release(a, port);
    }

    /** ipc_right.c ipc_right_copyin_two: a task's last reference moved to the destination still makes a copy. */
    @Test
    void theLastReferenceCanBeMovedAndCopiedAtOnce() {
        assumeSeparateTasks();
        int port = receiveRight(b);
        int name = platform().giveSend(b, port, a);
        ok(new RawMessage(a)
                .to(name, MACH_MSG_TYPE_MOVE_SEND)
                .replyTo(name, MACH_MSG_TYPE_COPY_SEND)
                .send());
        assertEquals(0, type(a, name));
        assertEquals(port, RawMessage.taken(b, port).remote());
        release(b, port);

        port = receiveRight(b);
        name = platform().giveSend(b, port, a);
        answers(
                MACH_SEND_INVALID_DEST,
                new RawMessage(a)
                        .to(name, MACH_MSG_TYPE_MOVE_SEND)
                        .replyTo(name, MACH_MSG_TYPE_MOVE_SEND)
                        .send());
        assertEquals(1, sends(a, name));
        ok(a.deallocate(name));
        release(b, port);
    }

    /** ipc_right.c ipc_right_copyin_two: one reference, or one send-once right, cannot be moved twice. */
    @Test
    void oneReferenceCannotBeDestinationAndReply() {
        assumeMistakesAreForgiven();
        int port = sendReceive(a);
        int once = makeSendOnce(a, port);
        answers(
                MACH_SEND_INVALID_DEST,
                new RawMessage(a)
                        .to(port, MACH_MSG_TYPE_MOVE_SEND)
                        .replyTo(port, MACH_MSG_TYPE_MOVE_SEND)
                        .send());
        answers(
                MACH_SEND_INVALID_DEST,
                new RawMessage(a)
                        .to(once, MACH_MSG_TYPE_MOVE_SEND_ONCE)
                        .replyTo(once, MACH_MSG_TYPE_MOVE_SEND_ONCE)
                        .send());
        assertEquals(1, sends(a, port));
        assertEquals(MACH_PORT_TYPE_SEND_ONCE, type(a, once));
        ok(a.deallocate(once));
        release(a, port);
    }

    /** ipc_right.c ipc_right_copyin: a task may send to a port of its own without holding a send right. F68 */
    @Test
    void aTaskSendsToItselfByMakingTheRightInTheMessage() {
        int port = receiveRight(a);
        for (int i = 0; i < 5; i++) {
            ok(new RawMessage(a).to(port, MACH_MSG_TYPE_MAKE_SEND).id(i).send());
        }
        assertEquals(0, sends(a, port));
        for (int i = 0; i < 5; i++) {
            takes(a, port, i);
        }
        ok(new RawMessage(a).to(port, MACH_MSG_TYPE_MAKE_SEND_ONCE).id(5).send());
        RawMessage once = RawMessage.taken(a, port);
        assertEquals(MACH_MSG_TYPE_PORT_SEND_ONCE, once.localDisposition());
        assertEquals(5, status(a, port).makeSendCount());
        release(a, port);
    }

    // Descriptors: ipc_kmsg.c ipc_kmsg_copyin_body, ipc_kmsg_copyout_body

    /** message.h: a message may be complex and have none. F23 */
    @Test
    void aComplexMessageMayHaveNoDescriptors() {
        int port = sendReceive(a);
        ok(message(a, port, 1).complex().body(42).send());
        RawMessage message = RawMessage.taken(a, port);
        assertTrue(message.isComplex());
        assertEquals(0, message.descriptorCount());
        assertEquals(42, message.word(0));
        release(a, port);
    }

    /** ikm_check_descriptors: a count that does not fit in the message. */
    @Test
    void descriptorsThatDoNotFitMakeAMessageTooSmall() {
        assumeMistakesAreForgiven();
        int port = sendReceive(a);
        RawMessage none = message(a, port, 0).complex().size(HEADER);
        answers(MACH_SEND_MSG_TOO_SMALL, none.send());
        for (int count : new int[] {2, 3, 1000, Integer.MAX_VALUE, -1, Integer.MIN_VALUE}) {
            RawMessage message = message(a, port, 0).right(port, MACH_MSG_TYPE_MOVE_SEND);
            message.bytes().putInt(MessageLayout.DESCRIPTOR_COUNT, count);
            answers(MACH_SEND_MSG_TOO_SMALL, message.send());
        }
        assertEquals(1, sends(a, port));
        release(a, port);
    }

    /** ikm_check_descriptors: before anything is taken. */
    @ParameterizedTest
    @ValueSource(ints = {5, 9, 127, -1})
    void aDescriptorOfNoKnownTypeIsRefusedBeforeAnythingIsTaken(int type) {
        assumeMistakesAreForgiven();
        int port = sendReceive(a);
        RawMessage message = new RawMessage(a)
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
        int port = sendReceive(a);
        RawMessage message = new RawMessage(a)
                .to(port, MACH_MSG_TYPE_MOVE_SEND)
                .right(port, MACH_MSG_TYPE_MAKE_SEND)
                .guarded(port, disposition, flags);
        isRefusedBeforeAnythingIsTaken(message, port);
    }

    private void isRefusedBeforeAnythingIsTaken(RawMessage message, int port) {
        answers(MACH_SEND_INVALID_TYPE, message.send());
        assertEquals(1, sends(a, port));
        assertEquals(1, status(a, port).makeSendCount());
        release(a, port);
    }

    /** ipc_kmsg_clean_partial: the header's rights and earlier descriptors' are gone, later ones untouched. */
    @Test
    void aDescriptorThatIsNoRightDestroysWhatCameBefore() {
        assumeMistakesAreForgiven();
        int port = sendReceive(a);
        int before = sendReceive(a);
        int after = sendReceive(a);
        int wrong = receiveRight(a);
        int[][] kinds = {
            {wrong, MACH_MSG_TYPE_COPY_SEND},
            {wrong, MACH_MSG_TYPE_MOVE_SEND_ONCE},
            {0x00ffff00, MACH_MSG_TYPE_COPY_SEND},
            {port, 22},
            {port, 0},
        };
        for (int[] kind : kinds) {
            makeSend(a, port);
            makeSend(a, before);
            answers(
                    MACH_SEND_INVALID_RIGHT,
                    new RawMessage(a)
                            .to(port, MACH_MSG_TYPE_MOVE_SEND)
                            .replyTo(before, MACH_MSG_TYPE_MOVE_SEND)
                            .right(before, MACH_MSG_TYPE_MOVE_SEND)
                            .right(kind[0], kind[1])
                            .right(after, MACH_MSG_TYPE_MOVE_SEND)
                            .send());
            assertEquals(1, sends(a, port));
            assertEquals(0, sends(a, before));
            assertEquals(1, sends(a, after));
            makeSend(a, before);
        }
        isEmpty(a, port);
        release(a, port);
        release(a, before);
        release(a, after);
        release(a, wrong);
    }

    /** message.h: what each disposition takes from the sender and gives the receiver. F24 */
    @Test
    void eachDispositionTakesAndGivesWhatItSays() {
        int port = sendReceive(a);
        int other = sendReceive(a);
        makeSend(a, other);
        int once = makeSendOnce(a, other);
        ok(message(a, port, 3)
                .right(other, MACH_MSG_TYPE_MOVE_SEND)
                .right(other, MACH_MSG_TYPE_COPY_SEND)
                .right(other, MACH_MSG_TYPE_MAKE_SEND)
                .right(once, MACH_MSG_TYPE_MOVE_SEND_ONCE)
                .right(other, MACH_MSG_TYPE_MAKE_SEND_ONCE)
                .body(1, 2, 3, 4)
                .send());
        assertEquals(1, sends(a, other));
        assertEquals(0, type(a, once));
        assertEquals(3, status(a, other).makeSendCount());
        RawMessage message = RawMessage.taken(a, port);
        assertEquals(5, message.descriptorCount());
        for (int i = 0; i < 5; i++) {
            assertEquals(i < 3 ? MACH_MSG_TYPE_PORT_SEND : MACH_MSG_TYPE_PORT_SEND_ONCE, message.disposition(i));
            assertEquals(MessageLayout.TYPE_PORT, message.type(i));
            assertEquals(i < 3, message.name(i) == other);
            assertEquals(i < 4 ? i + 1 : 4, message.word(Math.min(i, 3)));
        }
        assertEquals(4, sends(a, other));
        ok(a.deallocate(message.name(3)));
        ok(a.deallocate(message.name(4)));
        release(a, other);
        release(a, port);
    }

    /** ipc_kmsg_copyin_port_descriptor: a null or dead name needs no right; the disposition is translated. F35 */
    @Test
    void nullAndDeadNamesTravelInDescriptors() {
        int port = sendReceive(a);
        int dead = deadName(a);
        ok(a.modRefs(dead, Mach.MACH_PORT_RIGHT_DEAD_NAME, 1));
        ok(message(a, port, 0)
                .right(MACH_PORT_NULL, MACH_MSG_TYPE_MAKE_SEND_ONCE)
                .right(MACH_PORT_DEAD, MACH_MSG_TYPE_COPY_SEND)
                .right(dead, MACH_MSG_TYPE_COPY_SEND)
                .right(dead, MACH_MSG_TYPE_MOVE_SEND)
                .right(dead, MACH_MSG_TYPE_MOVE_SEND_ONCE)
                .send());
        assertEquals(0, type(a, dead));
        RawMessage message = RawMessage.taken(a, port);
        int[] names = {MACH_PORT_NULL, MACH_PORT_DEAD, MACH_PORT_DEAD, MACH_PORT_DEAD, MACH_PORT_DEAD};
        int[] dispositions = {18, 17, 17, 17, 18};
        for (int i = 0; i < names.length; i++) {
            assertEquals(names[i], message.name(i));
            assertEquals(dispositions[i], message.disposition(i));
        }
        release(a, port);
    }

    /** ipc_right.c: nothing can be made from a dead name. */
    @Test
    void aDeadNameCannotMakeARight() {
        assumeMistakesAreForgiven();
        int port = sendReceive(a);
        int dead = deadName(a);
        answers(
                MACH_SEND_INVALID_RIGHT,
                message(a, port, 0).right(dead, MACH_MSG_TYPE_MAKE_SEND).send());
        assertEquals(1, deads(a, dead));
        ok(a.deallocate(dead));
        release(a, port);
    }

    /** ipc_kmsg_copyout_object: a right whose port died on the way is the dead constant, with nothing to release. F35 */
    @Test
    void aRightWhosePortDiesOnTheWayArrivesDead() {
        int port = sendReceive(a);
        int gone = sendReceive(a);
        ok(message(a, port, 0)
                .replyTo(gone, MACH_MSG_TYPE_MAKE_SEND_ONCE)
                .right(gone, MACH_MSG_TYPE_MOVE_SEND)
                .right(gone, MACH_MSG_TYPE_MAKE_SEND_ONCE)
                .send());
        destroy(a, gone);
        RawMessage message = RawMessage.taken(a, port);
        assertEquals(MACH_PORT_DEAD, message.remote());
        assertEquals(MACH_MSG_TYPE_PORT_SEND_ONCE, message.remoteDisposition());
        assertEquals(MACH_PORT_DEAD, message.name(0));
        assertEquals(MACH_PORT_DEAD, message.name(1));
        assertEquals(0, type(a, gone));
        release(a, port);
    }

    /** ipc_kmsg.c: a right can be sent to the port it leads to. */
    @Test
    void aPortsOwnRightCanWaitInItsQueue() {
        int port = sendReceive(a);
        ok(new RawMessage(a)
                .to(port, MACH_MSG_TYPE_COPY_SEND)
                .right(port, MACH_MSG_TYPE_MOVE_SEND)
                .send());
        assertEquals(0, sends(a, port));
        assertTrue(status(a, port).hasSends());
        assertEquals(port, RawMessage.taken(a, port).name(0));
        assertEquals(1, sends(a, port));
        ok(new RawMessage(a)
                .to(port, MACH_MSG_TYPE_COPY_SEND)
                .right(port, MACH_MSG_TYPE_MOVE_SEND)
                .send());
        release(a, port);
    }

    // Replies

    /** mach_ports_rs test_reply_port_send_once, test_reply_port_send. F30, F31 */
    @ParameterizedTest
    @CsvSource({"MAKE_SEND_ONCE, 18", "MAKE_SEND, 17", "COPY_SEND, 17"})
    void aReplyRightArrivesAsTheRemotePort(String disposition, int arrives) {
        int server = receiveRight(a);
        int toServer = platform().giveSend(a, server, b);
        int replies = sendReceive(b);
        ok(message(b, toServer, 1).replyTo(replies, disposition(disposition)).send());
        RawMessage request = RawMessage.taken(a, server);
        assertEquals(arrives, request.remoteDisposition());
        assertEquals(server, request.local());
        ok(new RawMessage(a).to(request.remote(), arrives).id(2).send());
        assertEquals(0, type(a, request.remote()) & MACH_PORT_TYPE_SEND_ONCE);
        RawMessage reply = RawMessage.taken(b, replies);
        assertEquals(2, reply.id());
        assertEquals(arrives, reply.localDisposition());
        ok(b.deallocate(toServer));
        release(b, replies);
        release(a, server);
    }

    /** ipc_right.c: a send-once right is gone with its one message. F30, F87 */
    @Test
    void aSendOnceRightSendsOnce() {
        assumeMistakesAreForgiven();
        int port = receiveRight(a);
        int once = makeSendOnce(a, port);
        ok(new RawMessage(a).to(once, MACH_MSG_TYPE_MOVE_SEND_ONCE).id(1).send());
        answers(
                MACH_SEND_INVALID_DEST,
                new RawMessage(a).to(once, MACH_MSG_TYPE_MOVE_SEND_ONCE).id(2).send());
        assertEquals(0, type(a, once));
        takes(a, port, 1);
        isEmpty(a, port);
        release(a, port);
    }

    /** ipc_right.c, IPC_OBJECT_COPYIN_FLAGS_ALLOW_DEAD_SEND_ONCE: either answer is right; afterwards nothing is held. F34 */
    @Test
    void aReplyToADeadPortIsRefusedOrLost() {
        assumeSeparateTasks();
        int port = sendReceive(a);
        int replies = receiveRight(b);
        int toPort = platform().giveSend(a, port, b);
        ok(message(b, toPort, 0).replyTo(replies, MACH_MSG_TYPE_MAKE_SEND_ONCE).send());
        int once = RawMessage.taken(a, port).remote();
        destroy(b, replies);
        int code = new RawMessage(a).to(once, MACH_MSG_TYPE_MOVE_SEND_ONCE).send();
        if (code == MACH_SEND_INVALID_DEST) {
            assertEquals(1, deads(a, once));
            ok(a.deallocate(once));
        } else {
            ok(code);
        }
        assertEquals(0, type(a, once));
        ok(b.deallocate(toPort));
        release(a, port);
    }

    // Receiving: mach_msg.c, ipc_mqueue.c

    /** ipc_mqueue.c ipc_mqueue_copyin: only a receive right can be received from. */
    @Test
    void onlyAReceiveRightCanBeReceivedFrom() {
        assumeSeparateTasks();
        int port = receiveRight(b);
        int send = platform().giveSend(b, port, a);
        int own = receiveRight(a);
        int once = makeSendOnce(a, own);
        int dead = deadName(a);
        for (int name : new int[] {MACH_PORT_NULL, MACH_PORT_DEAD, 0x00ffff00, send, once, dead}) {
            answers(MACH_RCV_INVALID_NAME, new RawMessage(a).receive(name));
        }
        ok(a.deallocate(send));
        ok(a.deallocate(once));
        ok(a.deallocate(dead));
        release(a, own);
        release(b, port);
    }

    /** mach_msg.c: an option word that asks for nothing. */
    @Test
    void neitherSendingNorReceivingSucceeds() {
        ok(a.message(a.newBuffer(HEADER), 0, 0, 0, 0, 0, 0));
    }

    /** ipc_mqueue.c: without waiting, a message or a time-out. F65 */
    @Test
    void receivingWithoutWaitingTakesWhatIsThere() {
        int port = sendReceive(a);
        isEmpty(a, port);
        ok(send(a, port, 1));
        ok(send(a, port, 2));
        takes(a, port, 1);
        takes(a, port, 2);
        isEmpty(a, port);
        release(a, port);
    }

    /** ipc_mqueue.c: messages of one thread arrive in the order they were sent, whatever rights they went through. */
    @Test
    void messagesOfOneSenderKeepTheirOrder() {
        int port = receiveRight(a, 100);
        makeSend(a, port);
        for (int i = 0; i < 50; i++) {
            if (i % 7 == 3) {
                int once = makeSendOnce(a, port);
                ok(new RawMessage(a)
                        .to(once, MACH_MSG_TYPE_MOVE_SEND_ONCE)
                        .id(i)
                        .send());
            } else {
                ok(send(a, port, i));
            }
        }
        for (int i = 0; i < 50; i++) {
            takes(a, port, i);
        }
        release(a, port);
    }

    /** mach_msg.c: a call that does both, and does not receive if it could not send. F69 */
    @Test
    void oneCallSendsAndReceives() {
        int port = sendReceive(a);
        RawMessage message = message(a, port, 7);
        ok(message.sendAndReceive(MACH_SEND_TIMEOUT | MACH_RCV_TIMEOUT, port, 0));
        assertEquals(7, message.id());
        assertEquals(port, message.local());
        setLimit(a, port, 1);
        ok(send(a, port, 8));
        answers(MACH_SEND_TIMED_OUT, message(a, port, 9).sendAndReceive(MACH_SEND_TIMEOUT | MACH_RCV_TIMEOUT, port, 0));
        ok(a.deallocate(port));
        answers(
                MACH_SEND_INVALID_DEST,
                new RawMessage(a)
                        .to(MACH_PORT_NULL, MACH_MSG_TYPE_COPY_SEND)
                        .sendAndReceive(MACH_SEND_TIMEOUT | MACH_RCV_TIMEOUT, port, 0));
        takes(a, port, 8);
        isEmpty(a, port);
        release(a, port);
    }

    /** ipc_mqueue.c, MACH_RCV_LARGE: the message stays the first, and its size is told without the trailer. F48 */
    @Test
    void aMessageThatIsTooLargeStaysIfItShall() {
        int port = sendReceive(a);
        int other = sendReceive(a);
        ok(message(a, port, 1)
                .right(other, MACH_MSG_TYPE_COPY_SEND)
                .body(5, 6, 7)
                .send());
        ok(send(a, port, 2));
        int size = MessageLayout.DESCRIPTORS + 12 + 12;
        for (int room : new int[] {0, 8, 24, 32, size, size + 7}) {
            RawMessage small = new RawMessage(a);
            answers(MACH_RCV_TOO_LARGE, small.receive(port, MACH_RCV_LARGE | MACH_RCV_TIMEOUT, room, 0));
            if (room >= 24) {
                assertEquals(size, small.bytes().getInt(MessageLayout.SIZE));
            }
            assertEquals(2, status(a, port).messages());
        }
        RawMessage whole = new RawMessage(a);
        ok(whole.receive(port, MACH_RCV_LARGE | MACH_RCV_TIMEOUT, size + 8, 0));
        assertEquals(1, whole.id());
        assertEquals(other, whole.name(0));
        assertEquals(5, whole.word(0));
        assertEquals(7, whole.word(2));
        assertEquals(2, sends(a, other));
        takes(a, port, 2);
        release(a, other);
        release(a, port);
    }

    /** ipc_mqueue.c and ipc_kmsg.c ipc_kmsg_copyout_dest_to_user: without MACH_RCV_LARGE it is destroyed. F47 */
    @Test
    void aMessageThatIsTooLargeIsDestroyedIfItMayNotStay() {
        int port = sendReceive(a);
        int other = receiveRight(a);
        ok(message(a, port, 1)
                .replyTo(other, MACH_MSG_TYPE_MAKE_SEND)
                .right(other, MACH_MSG_TYPE_MAKE_SEND)
                .send());
        ok(send(a, port, 2));
        assertTrue(status(a, other).hasSends());
        RawMessage small = new RawMessage(a);
        answers(MACH_RCV_TOO_LARGE, small.receive(port, MACH_RCV_TIMEOUT, 32, 0));
        assertEquals(40, small.bytes().getInt(MessageLayout.SIZE));
        assertEquals(MACH_PORT_NULL, small.remote());
        assertEquals(port, small.local());
        assertFalse(status(a, other).hasSends());
        assertEquals(1, status(a, port).messages());
        RawMessage second = new RawMessage(a);
        ok(second.receive(port, MACH_RCV_TIMEOUT | 1 << 24, second.bytes().capacity(), 0));
        assertEquals(2, second.id());
        assertEquals(1, second.trailer(MessageLayout.TRAILER_SEQNO));
        release(a, other);
        release(a, port);
    }

    /** ipc_mqueue.c: a message that was kept dies with its port, and a second one waits behind it. */
    @Test
    void aKeptMessageDiesWithItsPort() {
        int port = sendReceive(a);
        int other = receiveRight(a);
        ok(message(a, port, 1).right(other, MACH_MSG_TYPE_MAKE_SEND).send());
        answers(MACH_RCV_TOO_LARGE, new RawMessage(a).receive(port, MACH_RCV_LARGE | MACH_RCV_TIMEOUT, 24, 0));
        assertTrue(status(a, other).hasSends());
        release(a, port);
        assertFalse(status(a, other).hasSends());
        release(a, other);
    }

    // The trailer: message.h, ipc_kmsg.c ipc_kmsg_add_trailer

    /** message.h REQUESTED_TRAILER_SIZE. */
    @ParameterizedTest
    @CsvSource({"0, 8", "1, 12", "2, 20", "3, 52", "4, 60", "7, 68"})
    void theTrailerHasTheElementsThatWereAskedFor(int elements, int size) {
        int port = sendReceive(a);
        ok(message(a, port, 1).body(1, 2).send());
        RawMessage message = new RawMessage(a);
        int whole = HEADER + 8;
        answers(
                MACH_RCV_TOO_LARGE,
                message.receive(port, MACH_RCV_LARGE | MACH_RCV_TIMEOUT | elements << 24, whole + size - 4, 0));
        ok(message.receive(port, MACH_RCV_LARGE | MACH_RCV_TIMEOUT | elements << 24, whole + size, 0));
        assertEquals(0, message.trailer(MessageLayout.TRAILER_TYPE));
        assertEquals(size, message.trailer(MessageLayout.TRAILER_SIZE));
        release(a, port);
    }

    /** message.h: trailers of other formats do not exist. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 15})
    void aTrailerOfAnotherFormatIsInvalid(int format) {
        assumeMistakesAreForgiven();
        int port = sendReceive(a);
        ok(send(a, port, 1));
        answers(MACH_RCV_INVALID_TRAILER, new RawMessage(a).receive(port, MACH_RCV_TIMEOUT | format << 28, 4096, 0));
        takes(a, port, 1);
        release(a, port);
    }

    /** ipc_mqueue.c imq_seqno: one up for each message received. F51 */
    @Test
    void sequenceNumbersCountTheMessagesReceived() {
        int port = sendReceive(a);
        for (int i = 0; i < 4; i++) {
            assertEquals(i, status(a, port).sequence());
            ok(send(a, port, i));
            RawMessage message = new RawMessage(a);
            ok(message.receive(port, MACH_RCV_TIMEOUT | 1 << 24, 4096, 0));
            assertEquals(i, message.trailer(MessageLayout.TRAILER_SEQNO));
        }
        release(a, port);
    }

    /** tests/mach_msg_trailer.c: the context that the receive right was made with. F52 */
    @Test
    void theTrailerCarriesThePortsContext() {
        int[] name = new int[1];
        long context = 0x1122334455667788L;
        ok(a.construct(Mach.MPO_CONTEXT_AS_GUARD, 0, context, name));
        ok(new RawMessage(a).to(name[0], MACH_MSG_TYPE_MAKE_SEND).send());
        RawMessage message = new RawMessage(a);
        ok(message.receive(name[0], MACH_RCV_TIMEOUT | 4 << 24, 4096, 0));
        assertEquals(context, message.trailerLong(MessageLayout.TRAILER_CONTEXT));
        ok(a.destruct(name[0], 0, context));
    }

    /** ipc_kmsg.c ipc_kmsg_init_trailer: who sent it, as the system knows; the words of libbsm's audit token. F50 */
    @Test
    void theTrailerSaysWhoSentTheMessage() {
        int port = receiveRight(a);
        int toPort = platform().giveSend(a, port, b);
        ok(message(b, toPort, 1).send());
        RawMessage message = new RawMessage(a);
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
        ok(b.deallocate(toPort));
        release(a, port);
    }

    /** ipc_kmsg.c: the fields of a request for a trailer end with the message, not with the buffer. */
    @Test
    void aMessageBehindALargerOneShowsNothingOfIt() {
        int port = sendReceive(a);
        RawMessage buffer = new RawMessage(a);
        ok(message(a, port, 1).body(1, 2, 3, 4, 5, 6, 7, 8).send());
        ok(send(a, port, 2));
        ok(buffer.receive(port));
        ok(buffer.receive(port));
        assertEquals(2, buffer.id());
        assertEquals(HEADER, buffer.size());
        assertEquals(8, buffer.trailer(MessageLayout.TRAILER_SIZE));
        assertNotEquals(0, buffer.bits());
        answers(MACH_RCV_TIMED_OUT, buffer.receive(port));
        release(a, port);
    }

    static int disposition(String name) {
        return switch (name) {
            case "COPY_SEND" -> MACH_MSG_TYPE_COPY_SEND;
            case "MOVE_SEND" -> MACH_MSG_TYPE_MOVE_SEND;
            case "MAKE_SEND" -> MACH_MSG_TYPE_MAKE_SEND;
            case "MAKE_SEND_ONCE" -> MACH_MSG_TYPE_MAKE_SEND_ONCE;
            case "MOVE_SEND_ONCE" -> MACH_MSG_TYPE_MOVE_SEND_ONCE;
            default -> throw new IllegalArgumentException(name);
        };
    }
}
