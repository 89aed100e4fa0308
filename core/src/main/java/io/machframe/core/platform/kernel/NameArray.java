/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.kernel;

import io.machframe.core.platform.MessageLayout;
import java.nio.ByteBuffer;

/** An array of names out of line, which a parcel has as port descriptors in its extra. */
final class NameArray {
    private NameArray() {}

    /**
     * Writes the names of descriptors into a task's memory.
     *
     * @param address of an array of the task's that is to be written over, or 0 for a new one
     * @param offset where the first descriptor is in {@code extra}
     */
    static long write(TaskMemory memory, long address, ByteBuffer extra, int offset, int count) throws KernelException {
        int size = count * Integer.BYTES;
        long array = address == 0 ? memory.allocate(size) : address;
        ByteBuffer names = memory.view(array, size);
        for (int i = 0; i < count; i++) {
            names.putInt(i * Integer.BYTES, extra.getInt(offset + i * MessageLayout.PORT_DESCRIPTOR_SIZE));
        }
        return array;
    }
}
