/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.port;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.platform.MessageBuffer;
import io.machframe.core.platform.linux.libc.LibC;
import io.machframe.core.platform.linux.libc.NativeMemory;

/** A descriptor whose last {@code close} waits for an hour: TCP with unsent data, and a peer that does not read. */
final class LingeringDescriptor {
    private static final int AF_INET = 2;
    private static final int SOCK_STREAM = 1;
    private static final int ADDRESS_SIZE = 16;
    private static final int SO_LINGER = 13;
    private static final int LINGER_SECONDS = 3600;

    private static final MessageBuffer MEMORY = NativeMemory.allocate(1 << 16);

    private LingeringDescriptor() {}

    /** Returns one. The other side stays open in this process. */
    static int open() {
        int listener = LibC.socket(AF_INET, SOCK_STREAM | LibC.SOCK_CLOEXEC, 0);
        MEMORY.bytes().putShort(0, (short) AF_INET).put(4, new byte[] {127, 0, 0, 1});
        assertEquals(0, LibC.bind(listener, MEMORY.address(), ADDRESS_SIZE));
        assertEquals(0, LibC.listen(listener, 1));
        MEMORY.bytes().putInt(32, ADDRESS_SIZE);
        assertEquals(0, LibC.getsockname(listener, MEMORY.address(), MEMORY.address() + 32));
        int sender = LibC.socket(AF_INET, SOCK_STREAM | LibC.SOCK_CLOEXEC | LibC.SOCK_NONBLOCK, 0);
        LibC.connect(sender, MEMORY.address(), ADDRESS_SIZE);
        assertTrue(LibC.accept4(listener, 0, 0, LibC.SOCK_CLOEXEC) >= 0);
        LibC.close(listener);
        MEMORY.bytes().putInt(0, 1).putInt(4, LINGER_SECONDS);
        assertEquals(0, LibC.setsockopt(sender, LibC.SOL_SOCKET, SO_LINGER, MEMORY.address(), 8));
        while (LibC.write(sender, MEMORY.address(), MEMORY.capacity()) > 0) {}
        return sender;
    }
}
