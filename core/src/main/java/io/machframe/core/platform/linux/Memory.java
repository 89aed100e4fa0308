/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import io.machframe.core.platform.MessageBuffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Small native memory for arguments of system calls: a zeroed direct buffer whose address is known. */
final class Memory {
    private Memory() {}

    static MessageBuffer allocate(int size) {
        ByteBuffer bytes = ByteBuffer.allocateDirect(size);
        return new MessageBuffer(bytes, Pointer.nativeValue(Native.getDirectBufferPointer(bytes)));
    }

    /** Returns a view of mapped memory; it neither owns nor keeps the mapping. */
    static ByteBuffer view(long address, int size) {
        return new Pointer(address).getByteBuffer(0, size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
