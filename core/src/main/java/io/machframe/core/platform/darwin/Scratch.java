/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.darwin;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A little native memory of one thread, for what a call is given or answers through a pointer, so that no call allocates.
 * It lives as long as its thread; its contents are meaningful within one call only. For the bindings of all modules.
 */
public final class Scratch {
    private static final int CAPACITY = 256;
    private static final ThreadLocal<Scratch> OF_THREAD = ThreadLocal.withInitial(Scratch::new);

    private final ByteBuffer bytes = ByteBuffer.allocateDirect(CAPACITY).order(ByteOrder.nativeOrder());
    private final long address = Pointer.nativeValue(Native.getDirectBufferPointer(bytes));

    private Scratch() {}

    /** Returns the calling thread's memory. */
    public static Scratch ofThread() {
        return OF_THREAD.get();
    }

    /** Returns the address {@code offset} bytes into the memory. */
    public long at(int offset) {
        return address + offset;
    }

    /** Returns the 4 bytes at {@code offset}. */
    public int getInt(int offset) {
        return bytes.getInt(offset);
    }

    /** Stores 4 bytes at {@code offset}. */
    public void putInt(int offset, int value) {
        bytes.putInt(offset, value);
    }

    /** Returns the 8 bytes at {@code offset}. */
    public long getLong(int offset) {
        return bytes.getLong(offset);
    }

    /** Stores 8 bytes at {@code offset}. */
    public void putLong(int offset, long value) {
        bytes.putLong(offset, value);
    }

    /** Stores {@code text} and the 0 that ends a string in C. */
    void putString(int offset, ByteBuffer text) {
        int size = text.remaining();
        bytes.put(offset, text, text.position(), size).put(offset + size, (byte) 0);
    }
}
