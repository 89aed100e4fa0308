/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.contract;

import static io.machframe.core.platform.contract.MachCallsContract.ok;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.machframe.core.platform.MachCalls;
import java.nio.ByteBuffer;

/** Memory of a task with bytes that tell where they belong, and arrays of names in it. */
final class TestMemory {
    static final int PAGE = 4096;
    static final int LARGE = 1 << 20;

    private TestMemory() {}

    static long allocate(MachCalls calls, long size) {
        long[] address = new long[1];
        ok(calls.memory().allocate(size, address));
        return address[0];
    }

    /** Allocates memory with bytes that tell where they belong. */
    static long filled(MachCalls calls, int size) {
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

    static void isFilled(MachCalls calls, long address, int size) {
        ByteBuffer bytes = calls.memory().view(address, size);
        for (int i = 0; i < size; i++) {
            assertEquals(pattern(i), bytes.get(i));
        }
    }

    static long array(MachCalls calls, int... names) {
        long address = allocate(calls, 4L * names.length);
        ByteBuffer bytes = calls.memory().view(address, 4 * names.length);
        for (int i = 0; i < names.length; i++) {
            bytes.putInt(4 * i, names[i]);
        }
        return address;
    }

    static int[] names(MachCalls calls, RawMessage message, int index) {
        int[] names = new int[message.outOfLineSize(index)];
        ByteBuffer bytes = calls.memory().view(message.address(index), 4 * names.length);
        for (int i = 0; i < names.length; i++) {
            names[i] = bytes.getInt(4 * i);
        }
        ok(calls.memory().deallocate(message.address(index), 4L * names.length));
        return names;
    }
}
