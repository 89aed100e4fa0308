/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.darwin;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.machframe.core.error.KernReturn;
import io.machframe.core.platform.Mach;
import io.machframe.core.platform.MachCalls;
import io.machframe.core.platform.MessageBuffer;
import io.machframe.core.platform.MessageLayout;
import io.machframe.core.testing.abi.StubCall;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What each call hands to C and what it makes of the answer, with a stub in the place of libSystem. */
@DisabledOnOs(value = OS.MAC, disabledReason = "other tests of this JVM need the real libSystem")
final class DarwinMachCallsTest extends StubbedLibSystem {
    private static final int NAME = 0x1507;

    private final MachCalls mach = mach();

    @Test
    void allocateAsksThisTaskAndGivesTheNameBack() {
        stub.writeInts("mach_port_allocate", 2, NAME);
        int[] name = untouched(1);

        assertEquals(KernReturn.KERN_SUCCESS, mach.allocate(Mach.MACH_PORT_RIGHT_RECEIVE, name));

        StubCall call = stub.onlyCall();
        assertEquals(TASK, call.intArgument(0));
        assertEquals(Mach.MACH_PORT_RIGHT_RECEIVE, call.intArgument(1));
        assertEquals(NAME, name[0]);
    }

    @Test
    void constructLaysItsOptionsOutAsTheKernelReadsThem() {
        stub.read("mach_port_construct", 1, PortOptionsLayout.SIZE);
        stub.writeInts("mach_port_construct", 3, NAME);
        int flags = Mach.MPO_QLIMIT | Mach.MPO_INSERT_SEND_RIGHT | Mach.MPO_CONTEXT_AS_GUARD;
        int[] name = untouched(1);

        assertEquals(KernReturn.KERN_SUCCESS, mach.construct(flags, 16, 0xfedcba9876543210L, name));

        StubCall call = stub.onlyCall();
        ByteBuffer options = call.memory(1);
        assertEquals(TASK, call.intArgument(0));
        assertEquals(flags, options.getInt(PortOptionsLayout.FLAGS));
        assertEquals(16, options.getInt(PortOptionsLayout.QUEUE_LIMIT));
        assertEquals(0xfedcba9876543210L, call.argument(2));
        assertEquals(NAME, name[0]);
    }

    @Test
    void constructLeavesNothingOfAnEarlierCallInItsOptions() {
        stub.read("mach_port_construct", 1, PortOptionsLayout.SIZE);
        mach.setAttributes(NAME, Mach.MACH_PORT_RECEIVE_STATUS, untouched(DarwinMachCalls.MAX_INFO));
        stub.forget();

        mach.construct(0, 0, 0, new int[1]);

        assertEquals(
                ByteBuffer.allocate(PortOptionsLayout.SIZE), stub.onlyCall().memory(1));
    }

    @Test
    void destructPassesTheDeltaAndTheWholeGuard() {
        stub.answer("mach_port_destruct", KernReturn.KERN_INVALID_RIGHT);

        assertEquals(KernReturn.KERN_INVALID_RIGHT, mach.destruct(NAME, -1, 0xfedcba9876543210L));

        StubCall call = stub.onlyCall();
        assertEquals(TASK, call.intArgument(0));
        assertEquals(NAME, call.intArgument(1));
        assertEquals(-1, call.intArgument(2));
        assertEquals(0xfedcba9876543210L, call.argument(3));
    }

    @Test
    void deallocatePassesTheName() {
        assertEquals(KernReturn.KERN_SUCCESS, mach.deallocate(Mach.MACH_PORT_DEAD));

        assertEquals(Mach.MACH_PORT_DEAD, stub.onlyCall().intArgument(1));
    }

    @Test
    void modRefsPassesTheRightAndTheDelta() {
        stub.answer("mach_port_mod_refs", KernReturn.KERN_INVALID_VALUE);

        assertEquals(KernReturn.KERN_INVALID_VALUE, mach.modRefs(NAME, Mach.MACH_PORT_RIGHT_DEAD_NAME, -2));

        StubCall call = stub.onlyCall();
        assertEquals(NAME, call.intArgument(1));
        assertEquals(Mach.MACH_PORT_RIGHT_DEAD_NAME, call.intArgument(2));
        assertEquals(-2, call.intArgument(3));
    }

    @Test
    void getRefsGivesTheCountBack() {
        stub.writeInts("mach_port_get_refs", 3, Mach.MACH_PORT_UREFS_MAX);
        int[] refs = untouched(1);

        assertEquals(KernReturn.KERN_SUCCESS, mach.getRefs(NAME, Mach.MACH_PORT_RIGHT_SEND, refs));

        assertEquals(NAME, stub.onlyCall().intArgument(1));
        assertEquals(Mach.MACH_PORT_UREFS_MAX, refs[0]);
    }

    @Test
    void typeGivesTheBitsBack() {
        stub.writeInts("mach_port_type", 2, 0x80030000);
        int[] type = untouched(1);

        assertEquals(KernReturn.KERN_SUCCESS, mach.type(NAME, type));

        assertEquals(0x80030000, type[0]);
    }

    @Test
    void insertRightPassesTheNameTheRightAndTheDisposition() {
        assertEquals(KernReturn.KERN_SUCCESS, mach.insertRight(NAME, 0x1103, Mach.MACH_MSG_TYPE_MAKE_SEND));

        StubCall call = stub.onlyCall();
        assertEquals(List.of((long) TASK, (long) NAME, 0x1103L, (long) Mach.MACH_MSG_TYPE_MAKE_SEND), bits(call));
    }

    @Test
    void extractRightGivesTheNameAndTheDispositionBack() {
        stub.writeInts("mach_port_extract_right", 3, 0x1103);
        stub.writeInts("mach_port_extract_right", 4, Mach.MACH_MSG_TYPE_PORT_SEND_ONCE);
        int[] out = untouched(2);

        assertEquals(KernReturn.KERN_SUCCESS, mach.extractRight(NAME, Mach.MACH_MSG_TYPE_MAKE_SEND_ONCE, out));

        assertEquals(Mach.MACH_MSG_TYPE_MAKE_SEND_ONCE, stub.onlyCall().intArgument(2));
        assertArrayEquals(new int[] {0x1103, Mach.MACH_MSG_TYPE_PORT_SEND_ONCE}, out);
    }

    @Test
    void getAttributesGivesEveryIntBack() {
        int[] status =
                IntStream.range(1, 1 + Mach.MACH_PORT_RECEIVE_STATUS_COUNT).toArray();
        stub.read("mach_port_get_attributes", 4, Integer.BYTES);
        stub.writeInts("mach_port_get_attributes", 3, status);
        int[] info = untouched(Mach.MACH_PORT_RECEIVE_STATUS_COUNT);

        assertEquals(KernReturn.KERN_SUCCESS, mach.getAttributes(NAME, Mach.MACH_PORT_RECEIVE_STATUS, info));

        StubCall call = stub.onlyCall();
        assertEquals(Mach.MACH_PORT_RECEIVE_STATUS, call.intArgument(2));
        assertEquals(Mach.MACH_PORT_RECEIVE_STATUS_COUNT, call.memory(4).getInt());
        assertArrayEquals(status, info);
    }

    @Test
    void getAttributesTakesNoMoreThanTheKernelSaysItWrote() {
        stub.writeInts("mach_port_get_attributes", 3, 1, 2, 3);
        stub.writeInts("mach_port_get_attributes", 4, 2);
        int[] info = untouched(3);

        assertEquals(KernReturn.KERN_SUCCESS, mach.getAttributes(NAME, Mach.MACH_PORT_RECEIVE_STATUS, info));

        assertArrayEquals(new int[] {1, 2, UNTOUCHED}, info);
    }

    @Test
    void getAttributesAsksForNoMoreThanAnyFlavorHas() {
        stub.read("mach_port_get_attributes", 4, Integer.BYTES);

        mach.getAttributes(NAME, Mach.MACH_PORT_RECEIVE_STATUS, new int[1000]);

        assertEquals(DarwinMachCalls.MAX_INFO, stub.onlyCall().memory(4).getInt());
    }

    @Test
    void setAttributesPassesEveryInt() {
        stub.read("mach_port_set_attributes", 3, Mach.MACH_PORT_LIMITS_INFO_COUNT * Integer.BYTES);

        assertEquals(KernReturn.KERN_SUCCESS, mach.setAttributes(NAME, Mach.MACH_PORT_LIMITS_INFO, new int[] {1024}));

        StubCall call = stub.onlyCall();
        assertEquals(NAME, call.intArgument(1));
        assertEquals(Mach.MACH_PORT_LIMITS_INFO, call.intArgument(2));
        assertEquals(1024, call.memory(3).getInt());
        assertEquals(1, call.intArgument(4));
    }

    @Test
    void callsWithoutAnAnswerPassWhatTheyAreGiven() {
        long task = TASK;
        mach.setMakeSendCount(NAME, 7);
        mach.setSequenceNumber(NAME, 8);
        mach.setContext(NAME, 0xfedcba9876543210L);
        mach.unguard(NAME, 0x123456789abcdefL);
        mach.insertMember(NAME, 0x1603);
        mach.extractMember(NAME, 0x1603);
        mach.moveMember(NAME, Mach.MACH_PORT_NULL);

        assertEquals(
                List.of(
                        List.of(task, (long) NAME, 7L),
                        List.of(task, (long) NAME, 8L),
                        List.of(task, (long) NAME, 0xfedcba9876543210L),
                        List.of(task, (long) NAME, 0x123456789abcdefL),
                        List.of(task, (long) NAME, 0x1603L),
                        List.of(task, (long) NAME, 0x1603L),
                        List.of(task, (long) NAME, (long) Mach.MACH_PORT_NULL)),
                stub.calls().stream().map(StubbedLibSystem::bits).toList());
        assertEquals(
                List.of(
                        "mach_port_set_mscount",
                        "mach_port_set_seqno",
                        "mach_port_set_context",
                        "mach_port_unguard",
                        "mach_port_insert_member",
                        "mach_port_extract_member",
                        "mach_port_move_member"),
                stub.calls().stream().map(StubCall::function).toList());
    }

    @Test
    void getContextGivesAllItsBitsBack() {
        stub.writeInts("mach_port_get_context", 2, 0x76543210, 0xfedcba98);
        long[] context = {UNTOUCHED};

        assertEquals(KernReturn.KERN_SUCCESS, mach.getContext(NAME, context));

        assertEquals(0xfedcba9876543210L, context[0]);
    }

    @Test
    void getSetStatusCopiesTheMembersAndFreesTheKernelsMemory() {
        MessageBuffer members = mach.newBuffer(8);
        members.bytes().putInt(0, 0x1603).putInt(4, 0x1703);
        stub.writeInts("mach_port_get_set_status", 2, (int) members.address(), (int) (members.address() >>> 32));
        stub.writeInts("mach_port_get_set_status", 3, 2);
        int[][] out = new int[1][];

        try {
            assertEquals(KernReturn.KERN_SUCCESS, mach.getSetStatus(NAME, out));
        } finally {
            Reference.reachabilityFence(members);
        }

        assertArrayEquals(new int[] {0x1603, 0x1703}, out[0]);
        assertEquals(
                List.of((long) TASK, members.address(), 8L),
                bits(stub.calls("mach_vm_deallocate").get(0)));
    }

    @Test
    void getSetStatusOfAnEmptySetHasNothingToFree() {
        stub.writeInts("mach_port_get_set_status", 2, 0, 0);
        stub.writeInts("mach_port_get_set_status", 3, 0);
        int[][] out = new int[1][];

        assertEquals(KernReturn.KERN_SUCCESS, mach.getSetStatus(NAME, out));

        assertEquals(0, out[0].length);
        assertEquals(List.of(), stub.calls("mach_vm_deallocate"));
    }

    @Test
    void requestNotificationGivesThePreviousRightBack() {
        stub.writeInts("mach_port_request_notification", 6, 0x1903);
        int[] previous = untouched(1);

        int code = mach.requestNotification(
                NAME, Mach.MACH_NOTIFY_NO_SENDERS, 3, 0x1503, Mach.MACH_MSG_TYPE_MAKE_SEND_ONCE, previous);

        assertEquals(KernReturn.KERN_SUCCESS, code);
        assertEquals(0x1903, previous[0]);
        assertEquals(
                List.of((long) TASK, (long) NAME, 70L, 3L, 0x1503L, 21L),
                bits(stub.onlyCall()).subList(0, 6));
    }

    @Test
    void aFailedCallWritesNoOutParameter() {
        int failed = KernReturn.KERN_INVALID_NAME;
        int[] out = untouched(3);
        for (String function : List.of(
                "mach_port_allocate",
                "mach_port_construct",
                "mach_port_get_refs",
                "mach_port_type",
                "mach_port_extract_right",
                "mach_port_get_attributes")) {
            stub.answer(function, failed);
        }

        assertEquals(failed, mach.allocate(Mach.MACH_PORT_RIGHT_RECEIVE, out));
        assertEquals(failed, mach.construct(0, 0, 0, out));
        assertEquals(failed, mach.getRefs(NAME, Mach.MACH_PORT_RIGHT_SEND, out));
        assertEquals(failed, mach.type(NAME, out));
        assertEquals(failed, mach.extractRight(NAME, Mach.MACH_MSG_TYPE_MOVE_SEND, out));
        assertEquals(failed, mach.getAttributes(NAME, Mach.MACH_PORT_RECEIVE_STATUS, out));
        assertArrayEquals(untouched(3), out);
    }

    @Test
    void aMessageIsReadAndWrittenInItsBuffer() {
        MessageBuffer buffer = mach.newBuffer(256);
        buffer.bytes().putInt(MessageLayout.ID, 77);
        stub.read("mach_msg", 0, MessageLayout.HEADER_SIZE);
        stub.writeInts("mach_msg", 0, 0x1112, 40, 3, 5, 0, 78);
        stub.answer("mach_msg", KernReturn.MACH_RCV_TIMED_OUT);

        int code = mach.message(buffer, Mach.MACH_SEND_MSG | Mach.MACH_RCV_MSG, 24, 256, NAME, 1000);

        StubCall call = stub.onlyCall();
        assertEquals(KernReturn.MACH_RCV_TIMED_OUT, code);
        assertEquals(buffer.address(), call.argument(0));
        assertEquals(77, call.memory(0).getInt(MessageLayout.ID));
        assertEquals(List.of(3L, 24L, 256L, (long) NAME, 1000L, 0L), bits(call).subList(1, 7));
        assertEquals(40, buffer.bytes().getInt(MessageLayout.SIZE));
        assertEquals(78, buffer.bytes().getInt(MessageLayout.ID));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 257, Integer.MAX_VALUE})
    void aSizeOutsideTheBufferNeverReachesTheKernel(int size) {
        MessageBuffer buffer = mach.newBuffer(256);

        assertThrows(
                IndexOutOfBoundsException.class,
                () -> mach.message(buffer, Mach.MACH_SEND_MSG, size, 0, Mach.MACH_PORT_NULL, 0));
        assertThrows(IndexOutOfBoundsException.class, () -> mach.message(buffer, Mach.MACH_RCV_MSG, 0, size, NAME, 0));

        assertEquals(List.of(), stub.calls());
    }

    @Test
    void aNewBufferIsLittleEndianZeroedAndItsOwn() {
        MessageBuffer buffer = mach.newBuffer(64);
        ByteBuffer zeros = ByteBuffer.allocate(64);

        assertEquals(64, buffer.capacity());
        assertEquals(ByteOrder.LITTLE_ENDIAN, buffer.bytes().order());
        assertEquals(zeros, buffer.bytes());
        assertNotEquals(0, buffer.address());
        assertNotEquals(mach.newBuffer(64).address(), buffer.address());
    }

    @Test
    void threadsDoNotShareTheMemoryOfOutParameters() throws Exception {
        Thread other = new Thread(() -> mach.type(NAME, new int[1]));
        mach.type(NAME, new int[1]);
        other.start();
        other.join();
        mach.type(NAME, new int[1]);

        List<Long> addresses =
                stub.calls().stream().map(call -> call.argument(2)).toList();
        assertEquals(addresses.get(0), addresses.get(2));
        assertNotEquals(addresses.get(0), addresses.get(1));
    }
}
