/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.contract;

import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_COPY_SEND;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MOVE_SEND;
import static io.machframe.core.platform.contract.TestMemory.LARGE;
import static io.machframe.core.platform.contract.TestMemory.PAGE;
import static io.machframe.core.platform.contract.TestMemory.allocate;
import static io.machframe.core.platform.contract.TestMemory.filled;
import static io.machframe.core.platform.contract.TestMemory.isFilled;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.machframe.core.error.KernReturn;
import io.machframe.core.platform.Mach;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Memory of a task, and entries that share it: {@link MemoryCalls}. */
abstract class MemoryCallsContract extends MachCallsContract {
    /** mach_vm.c mach_vm_allocate: zeros, writable. */
    @ParameterizedTest
    @ValueSource(longs = {1, PAGE, PAGE + 1, LARGE})
    void allocatedMemoryIsZeroAndWritable(long size) {
        long address = allocate(task, size);
        ByteBuffer bytes = task.memory().view(address, (int) size);
        assertEquals(-1, bytes.mismatch(ByteBuffer.allocate((int) size)));
        bytes.put((int) size - 1, (byte) 3);
        assertEquals(0, address % PAGE);
        ok(task.memory().deallocate(address, size));
    }

    @Test
    void nothingIsAllocatedOfNothing() {
        assertEquals(0, allocate(task, 0));
        ok(task.memory().deallocate(0, 0));
    }

    /** A range that no buffer shows, and zeros where it was. */
    @ParameterizedTest
    @ValueSource(ints = {100, LARGE})
    void memoryMovesToAnotherAddress(int size) {
        long address = filled(task, size);
        long[] moved = new long[1];
        ok(task.memory().relocate(address, size, moved));
        assertNotEquals(address, moved[0]);
        isFilled(task, moved[0], size);
        assertEquals(-1, task.memory().view(address, size).mismatch(ByteBuffer.allocate(size)));
        ok(task.memory().deallocate(moved[0], size));
        ok(task.memory().deallocate(address, size));
    }

    @Test
    void memoryThatIsBlankIsStillThere() {
        long address = filled(task, LARGE);
        ok(task.memory().blank(address, LARGE));
        assertEquals(0, task.memory().view(address, LARGE).get(5));
        ok(task.memory().deallocate(address, LARGE));
    }

    /** vm_user.c mach_make_memory_entry_64, mach_vm_map. */
    @ParameterizedTest
    @ValueSource(ints = {100, LARGE})
    void memoryIsSharedByAnEntry(int size) {
        long address = filled(task, size);
        int[] entry = new int[1];
        ok(task.memory().makeEntry(address, size, Mach.VM_PROT_READ | Mach.VM_PROT_WRITE, entry));
        assertEquals(Mach.MACH_PORT_TYPE_SEND, type(task, entry[0]));
        long[] mapped = new long[1];
        ok(task.memory().map(entry[0], size, Mach.VM_PROT_READ | Mach.VM_PROT_WRITE, mapped));
        isFilled(task, mapped[0], size);
        task.memory().view(mapped[0], size).put(9, (byte) 77);
        assertEquals(77, task.memory().view(address, size).get(9));
        ok(task.deallocate(entry[0]));
        ok(task.memory().deallocate(mapped[0], size));
        ok(task.memory().deallocate(address, size));
    }

    /** vm_map.c vm_map_enter_mem_object: no more than the entry gives. */
    @Test
    void anEntryGivesNoMoreThanItHas() {
        long address = filled(task, LARGE);
        int[] entry = new int[1];
        long[] mapped = new long[1];
        ok(task.memory().makeEntry(address, LARGE, Mach.VM_PROT_READ, entry));
        int both = Mach.VM_PROT_READ | Mach.VM_PROT_WRITE;
        answers(KernReturn.KERN_INVALID_RIGHT, task.memory().map(entry[0], LARGE, both, mapped));
        answers(KernReturn.KERN_INVALID_ARGUMENT, task.memory().map(entry[0], 2 * LARGE, Mach.VM_PROT_READ, mapped));
        ok(task.memory().map(entry[0], LARGE, Mach.VM_PROT_READ, mapped));
        isFilled(task, mapped[0], LARGE);
        ok(task.memory().deallocate(mapped[0], LARGE));
        ok(task.deallocate(entry[0]));
        ok(task.memory().deallocate(address, LARGE));
    }

    /** An entry travels as a send right does, and coalesces. */
    @Test
    void anotherTaskMapsAnEntryThatItReceived() {
        assumeSeparateTasks();
        int port = receiveRight(receiver);
        int toPort = giveSend(receiver, port, sender);
        long address = filled(sender, LARGE);
        int[] entry = new int[1];
        ok(sender.memory().makeEntry(address, LARGE, Mach.VM_PROT_READ | Mach.VM_PROT_WRITE, entry));
        ok(message(sender, toPort, 1)
                .right(entry[0], MACH_MSG_TYPE_COPY_SEND)
                .right(entry[0], MACH_MSG_TYPE_MOVE_SEND)
                .send());
        RawMessage got = RawMessage.taken(receiver, port);
        assertEquals(got.name(0), got.name(1));
        assertEquals(2, sends(receiver, got.name(0)));
        long[] mapped = new long[1];
        ok(receiver.memory().map(got.name(0), LARGE, Mach.VM_PROT_READ | Mach.VM_PROT_WRITE, mapped));
        receiver.memory().view(mapped[0], LARGE).put(1, (byte) 55);
        assertEquals(55, sender.memory().view(address, LARGE).get(1));
        ok(receiver.modRefs(got.name(0), Mach.MACH_PORT_RIGHT_SEND, -2));
        ok(receiver.memory().deallocate(mapped[0], LARGE));
        ok(sender.memory().deallocate(address, LARGE));
        release(receiver, port);
        ok(sender.deallocate(toPort));
    }
}
