/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform;

import static io.machframe.core.error.KernReturn.MACH_SEND_INVALID_MEMORY;
import static io.machframe.core.error.KernReturn.MACH_SEND_INVALID_RIGHT;
import static io.machframe.core.error.KernReturn.MACH_SEND_INVALID_TYPE;
import static io.machframe.core.error.KernReturn.MACH_SEND_TIMED_OUT;
import static io.machframe.core.error.KernReturn.MACH_SEND_TOO_LARGE;
import static io.machframe.core.platform.Mach.MACH_MSG_PHYSICAL_COPY;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_COPY_SEND;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MAKE_SEND;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MAKE_SEND_ONCE;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MOVE_RECEIVE;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MOVE_SEND;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_PORT_SEND;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_PORT_SEND_ONCE;
import static io.machframe.core.platform.Mach.MACH_MSG_VIRTUAL_COPY;
import static io.machframe.core.platform.Mach.MACH_PORT_DEAD;
import static io.machframe.core.platform.Mach.MACH_PORT_NULL;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.machframe.core.error.KernReturn;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Memory, and memory and arrays of rights in messages. */
abstract class MemoryContract extends MachCallsContract {
    private static final int PAGE = 4096;
    private static final int LARGE = 1 << 20;

    private static long allocate(MachCalls calls, long size) {
        long[] address = new long[1];
        ok(calls.memory().allocate(size, address));
        return address[0];
    }

    /** Allocates memory with bytes that tell where they belong. */
    private static long filled(MachCalls calls, int size) {
        long address = allocate(calls, size);
        ByteBuffer bytes = calls.memory().view(address, size);
        for (int i = 0; i < size; i++) {
            bytes.put(i, pattern(i));
        }
        return address;
    }

    private static byte pattern(int index) {
        return (byte) (index * 31 + index / 251);
    }

    private static void isFilled(MachCalls calls, long address, int size) {
        ByteBuffer bytes = calls.memory().view(address, size);
        for (int i = 0; i < size; i++) {
            assertEquals(pattern(i), bytes.get(i));
        }
    }

    private static long array(MachCalls calls, int... names) {
        long address = allocate(calls, 4L * names.length);
        ByteBuffer bytes = calls.memory().view(address, 4 * names.length);
        for (int i = 0; i < names.length; i++) {
            bytes.putInt(4 * i, names[i]);
        }
        return address;
    }

    private static int[] names(MachCalls calls, RawMessage message, int index) {
        int[] names = new int[message.outOfLineSize(index)];
        ByteBuffer bytes = calls.memory().view(message.address(index), 4 * names.length);
        for (int i = 0; i < names.length; i++) {
            names[i] = bytes.getInt(4 * i);
        }
        ok(calls.memory().deallocate(message.address(index), 4L * names.length));
        return names;
    }

    /** ipc_kmsg.c ipc_kmsg_copyin_ool_descriptor, ipc_kmsg_copyout_ool_descriptor. F37 */
    @ParameterizedTest
    @ValueSource(ints = {1, 4095, 4096, 4097, 100_000, 131_072, LARGE, LARGE + 5})
    void borrowedMemoryArrivesAsItWasWhenItWasSent(int size) {
        int port = sendReceive(a);
        long memory = filled(a, size);
        ok(message(a, port, 1)
                .outOfLine(memory, size, false, MACH_MSG_VIRTUAL_COPY)
                .body(7)
                .send());
        a.memory().view(memory, size).put(0, (byte) 99);
        RawMessage got = RawMessage.taken(a, port);
        assertEquals(MessageLayout.TYPE_OOL, got.type(0));
        assertEquals(size, got.outOfLineSize(0));
        assertEquals(7, got.word(0));
        assertNotEquals(memory, got.address(0));
        assertEquals(1, got.deallocates(0));
        isFilled(a, got.address(0), size);
        a.memory().view(got.address(0), size).put(0, (byte) 5);
        assertEquals(99, a.memory().view(memory, size).get(0));
        ok(a.memory().deallocate(got.address(0), size));
        ok(a.memory().deallocate(memory, size));
        release(a, port);
    }

    /** ipc_kmsg.c ipc_kmsg_copyin_ool_descriptor: src_destroy. F37 */
    @ParameterizedTest
    @ValueSource(ints = {1, 4096, LARGE})
    void consumedMemoryIsTheReceivers(int size) {
        int port = sendReceive(a);
        long memory = filled(a, size);
        ok(message(a, port, 1)
                .outOfLine(memory, size, true, MACH_MSG_VIRTUAL_COPY)
                .send());
        if (platform().forgiveMistakes()) {
            answers(KernReturn.KERN_INVALID_ADDRESS, a.memory().deallocate(memory, size));
        }
        RawMessage got = RawMessage.taken(a, port);
        isFilled(a, got.address(0), size);
        a.memory().view(got.address(0), size).put(size - 1, (byte) 1);
        ok(a.memory().deallocate(got.address(0), size));
        release(a, port);
    }

    /** ipc_kmsg.c ipc_kmsg_copyout_ool_descriptor: the receiver is told to deallocate virtual copies alone. */
    @Test
    void aPhysicalCopyDoesNotSayThatItIsTheReceivers() {
        int port = sendReceive(a);
        long memory = filled(a, PAGE);
        ok(message(a, port, 1)
                .outOfLine(memory, PAGE, false, MACH_MSG_PHYSICAL_COPY)
                .send());
        RawMessage got = RawMessage.taken(a, port);
        assertEquals(0, got.deallocates(0));
        ok(a.memory().deallocate(got.address(0), PAGE));
        ok(a.memory().deallocate(memory, PAGE));
        release(a, port);
    }

    /** Nothing arrives as nothing. */
    @Test
    void emptyMemoryArrivesWithoutAnAddress() {
        int port = sendReceive(a);
        ok(message(a, port, 1).outOfLine(0x1234, 0, true, MACH_MSG_VIRTUAL_COPY).send());
        RawMessage got = RawMessage.taken(a, port);
        assertEquals(0, got.address(0));
        assertEquals(0, got.outOfLineSize(0));
        release(a, port);
    }

    /** message.h: descriptors of all kinds in one message. F38 */
    @Test
    void memoryAndRightsKeepTheirOrder() {
        int port = sendReceive(a);
        int other = sendReceive(a);
        long small = filled(a, 100);
        long large = filled(a, LARGE);
        long names = array(a, port, MACH_PORT_NULL);
        ok(message(a, port, 1)
                .right(other, MACH_MSG_TYPE_COPY_SEND)
                .outOfLine(large, LARGE, true, MACH_MSG_VIRTUAL_COPY)
                .rights(names, 2, MACH_MSG_TYPE_COPY_SEND, true)
                .outOfLine(small, 100, true, MACH_MSG_VIRTUAL_COPY)
                .right(other, MACH_MSG_TYPE_MAKE_SEND_ONCE)
                .body(42)
                .send());
        RawMessage got = RawMessage.taken(a, port);
        assertEquals(5, got.descriptorCount());
        assertEquals(other, got.name(0));
        assertEquals(LARGE, got.outOfLineSize(1));
        isFilled(a, got.address(1), LARGE);
        assertEquals(100, got.outOfLineSize(3));
        isFilled(a, got.address(3), 100);
        assertEquals(MACH_MSG_TYPE_PORT_SEND_ONCE, got.disposition(4));
        assertEquals(42, got.word(0));
        int[] array = names(a, got, 2);
        assertEquals(port, array[0]);
        assertEquals(MACH_PORT_NULL, array[1]);
        ok(a.deallocate(got.name(4)));
        takes(a, other, Mach.MACH_NOTIFY_SEND_ONCE);
        ok(a.memory().deallocate(got.address(1), LARGE));
        ok(a.memory().deallocate(got.address(3), 100));
        release(a, other);
        release(a, port);
    }

    /** ipc_kmsg.c ipc_kmsg_copyin_ool_descriptor: what cannot be read; the rights before it are gone. */
    @Test
    void memoryThatIsNotThereIsRefused() {
        assumeMistakesAreForgiven();
        int port = sendReceive(a);
        int other = sendReceive(a);
        makeSend(a, port);
        long gone = allocate(a, LARGE);
        ok(a.memory().deallocate(gone, LARGE));
        for (int size : new int[] {100, PAGE}) {
            makeSend(a, other);
            answers(
                    MACH_SEND_INVALID_MEMORY,
                    message(a, port, 1)
                            .right(other, MACH_MSG_TYPE_MOVE_SEND)
                            .outOfLine(8, size, false, MACH_MSG_VIRTUAL_COPY)
                            .send());
            assertEquals(1, sends(a, other));
        }
        answers(
                MACH_SEND_INVALID_MEMORY,
                message(a, port, 1)
                        .outOfLine(gone, LARGE, true, MACH_MSG_VIRTUAL_COPY)
                        .send());
        isEmpty(a, port);
        release(a, other);
        release(a, port);
    }

    /** ipc_kmsg.c ipc_kmsg_copyin_body: before anything is taken. */
    @Test
    void anotherWayToCopyIsAnInvalidType() {
        assumeMistakesAreForgiven();
        int port = sendReceive(a);
        answers(
                MACH_SEND_INVALID_TYPE,
                message(a, port, 1)
                        .right(port, MACH_MSG_TYPE_MOVE_SEND)
                        .outOfLine(0, 0, false, 2)
                        .send());
        assertEquals(1, sends(a, port));
        release(a, port);
    }

    /** ipc_kmsg.c ipc_kmsg_put_to_user after a time-out: memory is as it was, wherever it is now. */
    @ParameterizedTest
    @ValueSource(ints = {100, LARGE})
    void memoryComesBackWhenTheSendTimesOut(int size) {
        int port = receiveRight(a, 1);
        makeSend(a, port);
        ok(send(a, port, 1));
        long memory = filled(a, size);
        RawMessage message = message(a, port, 2).outOfLine(memory, size, true, MACH_MSG_VIRTUAL_COPY);
        for (int i = 0; i < 3; i++) {
            answers(
                    MACH_SEND_TIMED_OUT,
                    message.to(port, MACH_MSG_TYPE_COPY_SEND).send());
            ok(a.deallocate(port));
            assertEquals(1, message.deallocates(0));
            isFilled(a, message.address(0), size);
        }
        takes(a, port, 1);
        ok(message.to(port, MACH_MSG_TYPE_COPY_SEND).send());
        RawMessage got = RawMessage.taken(a, port);
        isFilled(a, got.address(0), size);
        ok(a.memory().deallocate(got.address(0), size));
        release(a, port);
    }

    /** ipc_kmsg.c ipc_kmsg_copyin_ool_ports_descriptor. F39 */
    @Test
    void anArrayOfRightsArrivesInOrderWithNullAndDead() {
        int port = sendReceive(a);
        int one = sendReceive(a);
        int two = sendReceive(a);
        int dead = deadName(a);
        long names = array(a, one, MACH_PORT_NULL, two, MACH_PORT_DEAD, one, dead);
        ok(message(a, port, 1).rights(names, 6, MACH_MSG_TYPE_COPY_SEND, false).send());
        RawMessage got = RawMessage.taken(a, port);
        assertEquals(MessageLayout.TYPE_OOL_PORTS, got.type(0));
        assertEquals(MACH_MSG_TYPE_PORT_SEND, got.disposition(0));
        assertEquals(1, got.deallocates(0));
        int[] array = names(a, got, 0);
        int[] expected = {one, MACH_PORT_NULL, two, MACH_PORT_DEAD, one, MACH_PORT_DEAD};
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], array[i]);
        }
        assertEquals(3, sends(a, one));
        assertEquals(2, sends(a, two));
        ok(a.memory().deallocate(names, 24));
        ok(a.deallocate(dead));
        release(a, one);
        release(a, two);
        release(a, port);
    }

    /** The other dispositions. */
    @Test
    void anArrayMovesAndMakesRights() {
        int port = sendReceive(a);
        int other = receiveRight(a);
        long names = array(a, other, other, other);
        ok(message(a, port, 1).rights(names, 3, MACH_MSG_TYPE_MAKE_SEND, false).send());
        ok(message(a, port, 1)
                .rights(names, 1, MACH_MSG_TYPE_MAKE_SEND_ONCE, false)
                .send());
        int[] made = names(a, RawMessage.taken(a, port), 0);
        assertEquals(other, made[2]);
        assertEquals(3, sends(a, other));
        int[] once = names(a, RawMessage.taken(a, port), 0);
        ok(a.deallocate(once[0]));
        takes(a, other, Mach.MACH_NOTIFY_SEND_ONCE);
        ok(a.modRefs(other, Mach.MACH_PORT_RIGHT_SEND, -3));
        ok(message(a, port, 1)
                .rights(names, 1, MACH_MSG_TYPE_MOVE_RECEIVE, false)
                .send());
        assertEquals(0, type(a, other));
        int[] moved = names(a, RawMessage.taken(a, port), 0);
        assertEquals(Mach.MACH_PORT_TYPE_RECEIVE, type(a, moved[0]));
        ok(a.memory().deallocate(names, 12));
        release(a, moved[0]);
        release(a, port);
    }

    /** ipc_kmsg.c: the rights of the array before the wrong one are gone. H05 */
    @Test
    void aWrongNameInAnArrayDestroysWhatCameBefore() {
        assumeMistakesAreForgiven();
        int port = sendReceive(a);
        int one = sendReceive(a);
        int two = sendReceive(a);
        long names = array(a, one, 0x00ffff00, two);
        answers(
                MACH_SEND_INVALID_RIGHT,
                message(a, port, 1)
                        .rights(names, 3, MACH_MSG_TYPE_MOVE_SEND, false)
                        .send());
        assertEquals(0, sends(a, one));
        assertEquals(1, sends(a, two));
        ok(a.memory().deallocate(names, 12));
        release(a, one);
        release(a, two);
        release(a, port);
    }

    /** ipc_kmsg.c: a count of 0. */
    @Test
    void anEmptyArrayArrivesEmpty() {
        int port = sendReceive(a);
        ok(message(a, port, 1).rights(0, 0, MACH_MSG_TYPE_COPY_SEND, false).send());
        RawMessage got = RawMessage.taken(a, port);
        assertEquals(0, got.outOfLineSize(0));
        assertEquals(MACH_MSG_TYPE_PORT_SEND, got.disposition(0));
        release(a, port);
    }

    /** ipc_kmsg.c ipc_kmsg_copyin_body: 16383 in one message, and not one more. F41, F42 */
    @ParameterizedTest
    @ValueSource(ints = {64, 253, 254, 1000, 16383})
    void manyRightsArriveInOrder(int count) {
        int port = sendReceive(a);
        int[] ports = new int[Math.min(count, 300)];
        for (int i = 0; i < ports.length; i++) {
            ports[i] = sendReceive(a);
        }
        int[] all = new int[count];
        for (int i = 0; i < count; i++) {
            all[i] = ports[i * 7 % ports.length];
        }
        long names = array(a, all);
        ok(message(a, port, 1)
                .rights(names, count, MACH_MSG_TYPE_COPY_SEND, true)
                .send());
        int[] got = names(a, RawMessage.taken(a, port), 0);
        for (int i = 0; i < count; i++) {
            assertEquals(all[i], got[i]);
        }
        int total = 0;
        for (int other : ports) {
            total += sends(a, other);
            release(a, other);
        }
        assertEquals(count + ports.length, total);
        release(a, port);
    }

    @Test
    void oneRightTooManyIsRefusedAndAllStay() {
        int port = sendReceive(a);
        int[] all = new int[16383];
        Arrays.fill(all, port);
        long names = array(a, all);
        answers(
                MACH_SEND_TOO_LARGE,
                message(a, port, 1)
                        .right(port, MACH_MSG_TYPE_COPY_SEND)
                        .rights(names, 16383, MACH_MSG_TYPE_COPY_SEND, true)
                        .send());
        assertEquals(1, sends(a, port));
        ok(a.memory().deallocate(names, 4L * all.length));
        release(a, port);
    }

    /** As with single rights: names come back in the forms that move. */
    @Test
    void anArrayComesBackWhenTheSendTimesOut() {
        int port = receiveRight(a, 1);
        makeSend(a, port);
        int other = sendReceive(a);
        ok(send(a, port, 1));
        long names = array(a, other, MACH_PORT_NULL);
        RawMessage message = message(a, port, 2).rights(names, 2, MACH_MSG_TYPE_MAKE_SEND, true);
        answers(MACH_SEND_TIMED_OUT, message.send());
        ok(a.deallocate(port));
        assertEquals(2, sends(a, other));
        assertEquals(MACH_MSG_TYPE_MOVE_SEND, message.disposition(0));
        int[] back = names(a, message, 0);
        assertEquals(other, back[0]);
        assertEquals(MACH_PORT_NULL, back[1]);
        takes(a, port, 1);
        release(a, other);
        release(a, port);
    }

    /** Between tasks, rights of an array coalesce as any. */
    @Test
    void anotherTaskReceivesMemoryAndRights() {
        assumeSeparateTasks();
        int port = receiveRight(a);
        int toA = platform().giveSend(a, port, b);
        int other = sendReceive(b);
        long memory = filled(b, LARGE);
        long names = array(b, other, other, toA);
        ok(message(b, toA, 1)
                .outOfLine(memory, LARGE, true, MACH_MSG_VIRTUAL_COPY)
                .rights(names, 3, MACH_MSG_TYPE_COPY_SEND, true)
                .send());
        RawMessage got = RawMessage.taken(a, port);
        isFilled(a, got.address(0), LARGE);
        int[] array = names(a, got, 1);
        assertEquals(array[0], array[1]);
        assertEquals(port, array[2]);
        assertEquals(2, sends(a, array[0]));
        ok(a.memory().deallocate(got.address(0), LARGE));
        ok(a.modRefs(array[0], Mach.MACH_PORT_RIGHT_SEND, -2));
        release(a, port);
        destroy(b, other);
        ok(b.deallocate(other));
        ok(b.deallocate(toA));
    }

    /** A message that nobody received takes all of its memory along. */
    @Test
    void memoryOfAnUnreceivedMessageDiesWithThePort() {
        int port = sendReceive(a);
        int other = sendReceive(a);
        long memory = filled(a, LARGE);
        long names = array(a, other);
        ok(message(a, port, 1)
                .outOfLine(memory, LARGE, true, MACH_MSG_VIRTUAL_COPY)
                .rights(names, 1, MACH_MSG_TYPE_MOVE_SEND, true)
                .send());
        assertEquals(0, sends(a, other));
        release(a, other);
        release(a, port);
    }

    /** mach_vm.c mach_vm_allocate: zeros, writable. */
    @ParameterizedTest
    @ValueSource(longs = {1, PAGE, PAGE + 1, LARGE})
    void allocatedMemoryIsZeroAndWritable(long size) {
        long address = allocate(a, size);
        ByteBuffer bytes = a.memory().view(address, (int) size);
        assertEquals(-1, bytes.mismatch(ByteBuffer.allocate((int) size)));
        bytes.put((int) size - 1, (byte) 3);
        assertEquals(0, address % PAGE);
        ok(a.memory().deallocate(address, size));
    }

    @Test
    void nothingIsAllocatedOfNothing() {
        assertEquals(0, allocate(a, 0));
        ok(a.memory().deallocate(0, 0));
    }

    /** A range that no buffer shows, and zeros where it was. */
    @ParameterizedTest
    @ValueSource(ints = {100, LARGE})
    void memoryMovesToAnotherAddress(int size) {
        long address = filled(a, size);
        long[] moved = new long[1];
        ok(a.memory().relocate(address, size, moved));
        assertNotEquals(address, moved[0]);
        isFilled(a, moved[0], size);
        assertEquals(-1, a.memory().view(address, size).mismatch(ByteBuffer.allocate(size)));
        ok(a.memory().deallocate(moved[0], size));
        ok(a.memory().deallocate(address, size));
    }

    @Test
    void memoryThatIsBlankIsStillThere() {
        long address = filled(a, LARGE);
        ok(a.memory().blank(address, LARGE));
        assertEquals(0, a.memory().view(address, LARGE).get(5));
        ok(a.memory().deallocate(address, LARGE));
    }

    /** vm_user.c mach_make_memory_entry_64, mach_vm_map. */
    @ParameterizedTest
    @ValueSource(ints = {100, LARGE})
    void memoryIsSharedByAnEntry(int size) {
        long address = filled(a, size);
        int[] entry = new int[1];
        ok(a.memory().makeEntry(address, size, Mach.VM_PROT_READ | Mach.VM_PROT_WRITE, entry));
        assertEquals(Mach.MACH_PORT_TYPE_SEND, type(a, entry[0]));
        long[] mapped = new long[1];
        ok(a.memory().map(entry[0], size, Mach.VM_PROT_READ | Mach.VM_PROT_WRITE, mapped));
        isFilled(a, mapped[0], size);
        a.memory().view(mapped[0], size).put(9, (byte) 77);
        assertEquals(77, a.memory().view(address, size).get(9));
        ok(a.deallocate(entry[0]));
        ok(a.memory().deallocate(mapped[0], size));
        ok(a.memory().deallocate(address, size));
    }

    /** vm_map.c vm_map_enter_mem_object: no more than the entry gives. */
    @Test
    void anEntryGivesNoMoreThanItHas() {
        long address = filled(a, LARGE);
        int[] entry = new int[1];
        long[] mapped = new long[1];
        ok(a.memory().makeEntry(address, LARGE, Mach.VM_PROT_READ, entry));
        int both = Mach.VM_PROT_READ | Mach.VM_PROT_WRITE;
        answers(KernReturn.KERN_INVALID_RIGHT, a.memory().map(entry[0], LARGE, both, mapped));
        answers(KernReturn.KERN_INVALID_ARGUMENT, a.memory().map(entry[0], 2 * LARGE, Mach.VM_PROT_READ, mapped));
        ok(a.memory().map(entry[0], LARGE, Mach.VM_PROT_READ, mapped));
        isFilled(a, mapped[0], LARGE);
        ok(a.memory().deallocate(mapped[0], LARGE));
        ok(a.deallocate(entry[0]));
        ok(a.memory().deallocate(address, LARGE));
    }

    /** An entry travels as a send right does, and coalesces. */
    @Test
    void anotherTaskMapsAnEntryThatItReceived() {
        assumeSeparateTasks();
        int port = receiveRight(a);
        int toA = platform().giveSend(a, port, b);
        long address = filled(b, LARGE);
        int[] entry = new int[1];
        ok(b.memory().makeEntry(address, LARGE, Mach.VM_PROT_READ | Mach.VM_PROT_WRITE, entry));
        ok(message(b, toA, 1)
                .right(entry[0], MACH_MSG_TYPE_COPY_SEND)
                .right(entry[0], MACH_MSG_TYPE_MOVE_SEND)
                .send());
        RawMessage got = RawMessage.taken(a, port);
        assertEquals(got.name(0), got.name(1));
        assertEquals(2, sends(a, got.name(0)));
        long[] mapped = new long[1];
        ok(a.memory().map(got.name(0), LARGE, Mach.VM_PROT_READ | Mach.VM_PROT_WRITE, mapped));
        a.memory().view(mapped[0], LARGE).put(1, (byte) 55);
        assertEquals(55, b.memory().view(address, LARGE).get(1));
        ok(a.modRefs(got.name(0), Mach.MACH_PORT_RIGHT_SEND, -2));
        ok(a.memory().deallocate(mapped[0], LARGE));
        ok(b.memory().deallocate(address, LARGE));
        release(a, port);
        ok(b.deallocate(toA));
    }

    /** mach_msg.c: with MACH_RCV_LARGE all of a message waits, without it all is destroyed. */
    @ParameterizedTest
    @ValueSource(ints = {100, LARGE})
    void memoryWaitsOrGoesWithAMessageThatIsTooLarge(int size) {
        int port = sendReceive(a);
        int other = sendReceive(a);
        long memory = filled(a, size);
        long names = array(a, other, other, other);
        RawMessage message = message(a, port, 1)
                .outOfLine(memory, size, false, MACH_MSG_VIRTUAL_COPY)
                .rights(names, 3, MACH_MSG_TYPE_COPY_SEND, false)
                .body(new int[100]);
        ok(message.send());
        ok(message.send());
        RawMessage got = new RawMessage(a);
        int keep = Mach.MACH_RCV_TIMEOUT | Mach.MACH_RCV_LARGE;
        answers(KernReturn.MACH_RCV_TOO_LARGE, new RawMessage(a, 100).receive(port, keep, 100, 0));
        answers(KernReturn.MACH_RCV_TOO_LARGE, got.receive(port, keep, 40, 0));
        ok(got.receive(port));
        isFilled(a, got.address(0), size);
        assertEquals(other, names(a, got, 1)[2]);
        assertEquals(4, sends(a, other));
        ok(a.memory().deallocate(got.address(0), size));
        answers(KernReturn.MACH_RCV_TOO_LARGE, got.receive(port, Mach.MACH_RCV_TIMEOUT, 100, 0));
        isEmpty(a, port);
        assertEquals(4, sends(a, other));
        ok(a.memory().deallocate(memory, size));
        ok(a.memory().deallocate(names, 12));
        release(a, other);
        release(a, port);
    }

    /** What waits in the queue of a receive right moves with it. */
    @ParameterizedTest
    @ValueSource(ints = {100, LARGE})
    void memoryMovesWithTheRightInWhoseQueueItIs(int size) {
        int port = sendReceive(a);
        int other = sendReceive(a);
        long memory = filled(a, size);
        for (int i = 0; i < 2; i++) {
            ok(message(a, other, 1)
                    .outOfLine(memory, size, false, MACH_MSG_VIRTUAL_COPY)
                    .body(new int[100])
                    .send());
        }
        int keep = Mach.MACH_RCV_TIMEOUT | Mach.MACH_RCV_LARGE;
        answers(KernReturn.MACH_RCV_TOO_LARGE, new RawMessage(a).receive(other, keep, 100, 0));
        ok(message(a, port, 2).right(other, MACH_MSG_TYPE_MOVE_RECEIVE).send());
        int moved = RawMessage.taken(a, port).name(0);
        for (int i = 0; i < 2; i++) {
            RawMessage got = RawMessage.taken(a, moved);
            isFilled(a, got.address(0), size);
            ok(a.memory().deallocate(got.address(0), size));
        }
        ok(a.memory().deallocate(memory, size));
        release(a, moved);
        release(a, port);
    }

    /** However large, a message takes one place of the queue. F54 */
    @Test
    void theQueueLimitCountsMessagesNotBytes() {
        int port = receiveRight(a, 20);
        makeSend(a, port);
        long memory = filled(a, LARGE);
        for (int i = 0; i < 20; i++) {
            ok(message(a, port, i)
                    .outOfLine(memory, LARGE, false, MACH_MSG_VIRTUAL_COPY)
                    .send());
        }
        answers(MACH_SEND_TIMED_OUT, send(a, port, 20));
        ok(a.deallocate(port));
        for (int i = 0; i < 20; i++) {
            RawMessage got = RawMessage.taken(a, port);
            assertEquals(i, got.id());
            ok(a.memory().deallocate(got.address(0), LARGE));
        }
        ok(a.memory().deallocate(memory, LARGE));
        release(a, port);
    }
}
