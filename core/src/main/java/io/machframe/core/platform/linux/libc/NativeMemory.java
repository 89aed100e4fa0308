/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.libc;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import io.machframe.core.platform.MessageBuffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Small native memory for arguments of system calls: a zeroed direct buffer whose address is known. */
public final class NativeMemory {
    private NativeMemory() {}

    public static MessageBuffer allocate(int size) {
        ByteBuffer bytes = ByteBuffer.allocateDirect(size);
        return new MessageBuffer(bytes, address(bytes));
    }

    /** Returns where the first byte of a direct buffer is. */
    public static long address(ByteBuffer direct) {
        return Pointer.nativeValue(Native.getDirectBufferPointer(direct));
    }

    /** Returns the bytes of a text in memory, which ends with a zero byte. */
    public static byte[] text(long address) {
        Pointer text = new Pointer(address);
        return text.getByteArray(0, (int) text.indexOf(0, (byte) 0));
    }

    /** Returns a view of mapped memory; it neither owns nor keeps the mapping. */
    public static ByteBuffer view(long address, int size) {
        return new Pointer(address).getByteBuffer(0, size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
