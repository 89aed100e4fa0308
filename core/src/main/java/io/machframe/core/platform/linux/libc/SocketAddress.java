/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.libc;

import io.machframe.core.platform.MessageBuffer;
import java.nio.charset.StandardCharsets;

/**
 * {@code sockaddr_un} of a file in an open directory. It goes through {@code /proc/self/fd}, so a long directory does
 * not count towards the 107 bytes that an address can hold.
 */
public final class SocketAddress {
    private static final int PATH = 2;
    private static final int SIZE = 110;

    private final MessageBuffer memory = NativeMemory.allocate(SIZE + 2);
    private final int size;

    public SocketAddress(int directory, String file) {
        byte[] path = ("/proc/self/fd/" + directory + "/" + file).getBytes(StandardCharsets.UTF_8);
        if (path.length > SIZE - PATH - 1) {
            throw new IllegalArgumentException("the socket's file name is too long: " + file);
        }
        memory.bytes().putShort(0, (short) LibC.AF_UNIX);
        memory.bytes().put(PATH, path);
        size = PATH + path.length + 1;
    }

    public int bind(int socket) {
        return LibC.bind(socket, memory.address(), size);
    }

    public int connect(int socket) {
        return LibC.connect(socket, memory.address(), size);
    }
}
