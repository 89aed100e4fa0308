/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.wire;

import io.machframe.core.platform.MessageBuffer;
import io.machframe.core.platform.linux.libc.LibC;
import io.machframe.core.platform.linux.libc.NativeMemory;
import java.nio.ByteBuffer;

/**
 * One thread's native memory for the arguments of its system calls, filled again for each, so that a message allocates
 * nothing.
 *
 * <pre>
 *     0  msghdr (56)     64  three iovec (48)    128  prefix (32)    192  control data (1088)
 *  1280  two pollfd (16) 1304  one byte          1312  option value and its size
 *  1344  iovec of the byte (16)
 * </pre>
 */
final class NativeScratch {
    static final int MSG_IOV = 16;
    static final int MSG_IOVLEN = 24;
    static final int MSG_CONTROL = 32;
    static final int MSG_CONTROLLEN = 40;
    static final int MSG_FLAGS = 48;
    static final int IOV = 64;
    static final int PREFIX = 128;
    static final int CONTROL = 192;
    static final int CONTROL_SIZE = 1088;
    static final int POLLFDS = 1280;
    static final int BYTE = 1304;
    static final int OPTION = 1312;
    static final int BYTE_IOV = 1344;
    private static final int SIZE = 1360;

    final ByteBuffer memory;
    final long address;

    NativeScratch() {
        MessageBuffer all = NativeMemory.allocate(SIZE);
        memory = all.bytes();
        address = all.address();
        memory.putLong(MSG_IOV, address + IOV);
        iov(0, address + PREFIX, WireLayout.PREFIX_SIZE);
        memory.putLong(BYTE_IOV, address + BYTE);
        memory.putLong(BYTE_IOV + 8, 1);
    }

    void iov(int index, long base, long size) {
        memory.putLong(IOV + 16 * index, base);
        memory.putLong(IOV + 16 * index + 8, size);
    }

    /** Sends one packet of the first {@code parts} pieces without waiting. Returns 0 or the errno. */
    int send(int socket, int parts, int controlSize) {
        memory.putLong(MSG_IOVLEN, parts);
        memory.putLong(MSG_CONTROL, controlSize == 0 ? 0 : address + CONTROL);
        memory.putLong(MSG_CONTROLLEN, controlSize);
        long sent = LibC.sendmsg(socket, address, LibC.MSG_DONTWAIT | LibC.MSG_NOSIGNAL);
        return sent < 0 ? LibC.errno() : 0;
    }

    /** Receives what comes beside a packet, and nothing of the packet itself; else as {@link #receive}. */
    int receiveBeside(int socket) {
        memory.putLong(MSG_IOV, address + BYTE_IOV);
        int size = receive(socket, 1);
        memory.putLong(MSG_IOV, address + IOV);
        return size;
    }

    /** Receives one packet into the first {@code parts} pieces without waiting. Returns its size or the errno, negated. */
    int receive(int socket, int parts) {
        memory.putLong(MSG_IOVLEN, parts);
        memory.putLong(MSG_CONTROL, address + CONTROL);
        memory.putLong(MSG_CONTROLLEN, CONTROL_SIZE);
        long size = LibC.recvmsg(socket, address, LibC.MSG_DONTWAIT | LibC.MSG_CMSG_CLOEXEC);
        return size < 0 ? -LibC.errno() : (int) size;
    }
}
