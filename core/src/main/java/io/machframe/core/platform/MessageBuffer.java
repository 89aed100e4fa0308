/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Memory that holds one message in true {@code mach_msg} layout ({@link MessageLayout}) and whose address native code
 * can be given. Little-endian, as every system this library runs on.
 *
 * <p>The address is looked up once, when the buffer is made, because a message's path must not pay for it again.
 */
public final class MessageBuffer {
    private final ByteBuffer bytes;
    private final long address;

    /**
     * @param bytes a direct buffer from index 0 to its capacity
     * @param address where its first byte lies, or 0 when no native code will see it
     */
    public MessageBuffer(ByteBuffer bytes, long address) {
        this.bytes = bytes.order(ByteOrder.LITTLE_ENDIAN);
        this.address = address;
    }

    /** Returns the bytes; use absolute access, position and limit belong to nobody. */
    public ByteBuffer bytes() {
        return bytes;
    }

    public long address() {
        return address;
    }

    public int capacity() {
        return bytes.capacity();
    }
}
