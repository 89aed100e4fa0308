/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.darwin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.machframe.core.error.KernReturn;
import io.machframe.core.platform.Mach;
import io.machframe.core.platform.MemoryCalls;
import io.machframe.core.testing.abi.StubCall;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What each memory call hands to C and what it makes of the answer, with a stub in the place of libSystem. */
@DisabledOnOs(value = OS.MAC, disabledReason = "other tests of this JVM need the real libSystem")
final class DarwinMemoryCallsTest extends StubbedLibSystem {
    private static final long PAGE = PAGE_SIZE;
    private static final long ADDRESS = 0x1_2345_8000L;
    private static final long COPY = 0x1_6789_c000L;
    private static final long READ_WRITE = Mach.VM_PROT_READ | Mach.VM_PROT_WRITE;

    private final MemoryCalls memory = mach().memory();
    private final long[] out = {UNTOUCHED};

    private void writesAddress(String function, long address) {
        stub.writeInts(function, 1, (int) address, (int) (address >>> 32));
    }

    @Test
    void allocateAsksForAnyAddress() {
        writesAddress("mach_vm_allocate", ADDRESS);

        assertEquals(KernReturn.KERN_SUCCESS, memory.allocate(5L << 30, out));

        StubCall call = stub.onlyCall();
        assertEquals(TASK, call.argument(0));
        assertEquals(5L << 30, call.argument(2));
        assertEquals(DarwinMemoryCalls.VM_FLAGS_ANYWHERE, call.intArgument(3));
        assertEquals(ADDRESS, out[0]);
    }

    @Test
    void deallocatePassesTheRange() {
        memory.deallocate(ADDRESS, 5000);

        assertEquals(List.of((long) TASK, ADDRESS, 5000L), bits(stub.onlyCall()).subList(0, 3));
    }

    @Test
    void blankPutsZerosOverWholePages() {
        stub.read("mach_vm_map", 1, Long.BYTES);

        memory.blank(ADDRESS + 100, PAGE);

        StubCall call = stub.onlyCall();
        assertEquals(ADDRESS, call.memory(1).getLong());
        long flags = DarwinMemoryCalls.VM_FLAGS_FIXED | DarwinMemoryCalls.VM_FLAGS_OVERWRITE;
        assertEquals(
                List.of(2 * PAGE, 0L, flags, 0L, 0L, 0L, READ_WRITE, READ_WRITE, 2L),
                bits(call).subList(2, 11));
    }

    @Test
    void relocateCopiesWholePagesAndLeavesZerosBehind() {
        writesAddress("mach_vm_remap", COPY);

        assertEquals(KernReturn.KERN_SUCCESS, memory.relocate(ADDRESS + 100, 200, out));

        StubCall call = stub.calls("mach_vm_remap").get(0);
        assertEquals(List.of(PAGE, 0L, 1L, (long) TASK, ADDRESS, 1L), bits(call).subList(2, 8));
        assertEquals(2, call.intArgument(10));
        assertEquals(1, stub.calls("mach_vm_map").size());
        assertEquals(COPY + 100, out[0]);
    }

    @Test
    void relocateGivesTheCopyBackIfTheOldPagesCannotBeBlank() {
        writesAddress("mach_vm_remap", COPY);
        stub.answer("mach_vm_map", KernReturn.KERN_NO_SPACE);

        assertEquals(KernReturn.KERN_NO_SPACE, memory.relocate(ADDRESS, PAGE, out));

        assertEquals(
                List.of((long) TASK, COPY, PAGE),
                bits(stub.calls("mach_vm_deallocate").get(0)).subList(0, 3));
        assertEquals(UNTOUCHED, out[0]);
    }

    @Test
    void makeEntryPassesTheRangeAndGivesTheNameBack() {
        stub.read("mach_make_memory_entry_64", 1, Long.BYTES);
        stub.writeInts("mach_make_memory_entry_64", 4, 0x1903);
        int[] entry = new int[1];

        assertEquals(KernReturn.KERN_SUCCESS, memory.makeEntry(ADDRESS, PAGE, Mach.VM_PROT_READ, entry));

        StubCall call = stub.onlyCall();
        assertEquals(PAGE, call.memory(1).getLong());
        assertEquals(List.of(ADDRESS, (long) Mach.VM_PROT_READ), bits(call).subList(2, 4));
        assertEquals(Mach.MACH_PORT_NULL, call.intArgument(5));
        assertEquals(0x1903, entry[0]);
    }

    @Test
    void mapPutsAnEntryAnywhere() {
        stub.read("mach_vm_map", 1, Long.BYTES);
        writesAddress("mach_vm_map", ADDRESS);

        assertEquals(KernReturn.KERN_SUCCESS, memory.map(0x1903, PAGE, Mach.VM_PROT_READ, out));

        StubCall call = stub.onlyCall();
        assertEquals(0, call.memory(1).getLong());
        assertEquals(
                List.of(PAGE, 0L, 1L, 0x1903L, 0L, 0L, 1L, 1L, 2L), bits(call).subList(2, 11));
        assertEquals(ADDRESS, out[0]);
    }

    @Test
    void aFailedCallWritesNoOutParameter() {
        int failed = KernReturn.KERN_NO_SPACE;
        int[] entry = {7};
        for (String function :
                List.of("mach_vm_allocate", "mach_vm_map", "mach_vm_remap", "mach_make_memory_entry_64")) {
            stub.answer(function, failed);
        }

        assertEquals(failed, memory.allocate(1, out));
        assertEquals(failed, memory.relocate(ADDRESS, 1, out));
        assertEquals(failed, memory.map(7, 1, Mach.VM_PROT_READ, out));
        assertEquals(failed, memory.makeEntry(ADDRESS, 1, Mach.VM_PROT_READ, entry));
        assertEquals(UNTOUCHED, out[0]);
        assertEquals(7, entry[0]);
    }

    @Test
    void aViewShowsTheMemoryAndKnowsItsAddress() {
        ByteBuffer bytes = ByteBuffer.allocateDirect(100);
        bytes.put(10, (byte) 7);

        ByteBuffer view = memory.view(memory.address(bytes.position(10)), 20);

        assertEquals(7, view.get(0));
        view.put(1, (byte) 8);
        assertEquals(8, bytes.get(11));
        assertEquals(0, memory.view(0, 0).capacity());
    }
}
