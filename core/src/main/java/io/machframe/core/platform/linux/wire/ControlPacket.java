/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.wire;

import io.machframe.core.platform.MessageBuffer;
import io.machframe.core.platform.linux.libc.LibC;
import io.machframe.core.platform.linux.libc.NativeMemory;
import java.nio.ByteBuffer;

/** A small packet of ints and descriptors, apart from the messages that {@link Wire} carries. One thread at a time. */
public final class ControlPacket {
    /** The most ints and the most descriptors of one packet. */
    static final int MAX_INTS = 128;

    public static final int MAX_FDS = 120;

    private static final int IOV = 64;
    private static final int CONTROL = 96;
    private static final int CONTROL_SIZE = 16 + 4 * 128;
    private static final int INTS = CONTROL + CONTROL_SIZE;

    private final MessageBuffer memory = NativeMemory.allocate(INTS + 4 * MAX_INTS);
    private final int[] fds = new int[128];
    private int intCount;
    private int fdCount;

    public void clear() {
        intCount = 0;
        fdCount = 0;
    }

    public void putInt(int value) {
        bytes().putInt(INTS + 4 * intCount++, value);
    }

    public void putFd(int fd) {
        fds[fdCount++] = fd;
    }

    public int intCount() {
        return intCount;
    }

    public int getInt(int index) {
        return bytes().getInt(INTS + 4 * index);
    }

    public int fdCount() {
        return fdCount;
    }

    public int fd(int index) {
        return fds[index];
    }

    /** Returns whether the packet was sent; the descriptors stay the caller's. */
    public boolean send(int socket) {
        ByteBuffer bytes = bytes();
        int control = fdCount == 0 ? 0 : 16 + 4 * fdCount;
        bytes.putLong(CONTROL, control);
        bytes.putInt(CONTROL + 8, LibC.SOL_SOCKET).putInt(CONTROL + 12, LibC.SCM_RIGHTS);
        for (int i = 0; i < fdCount; i++) {
            bytes.putInt(CONTROL + 16 + 4 * i, fds[i]);
        }
        header(4L * intCount, (control + 7) & ~7);
        return LibC.sendmsg(socket, memory.address(), LibC.MSG_DONTWAIT | LibC.MSG_NOSIGNAL) >= 0;
    }

    /** Returns whether a whole packet came; its descriptors are then the caller's. */
    public boolean receive(int socket) {
        return receive(socket, LibC.MSG_DONTWAIT | LibC.MSG_CMSG_CLOEXEC);
    }

    /** As {@link #receive(int)}, but the packet stays there for others, who get descriptors of their own. */
    public boolean peek(int socket) {
        return receive(socket, LibC.MSG_DONTWAIT | LibC.MSG_CMSG_CLOEXEC | LibC.MSG_PEEK);
    }

    private boolean receive(int socket, int flags) {
        header(4L * MAX_INTS, CONTROL_SIZE);
        long size = LibC.recvmsg(socket, memory.address(), flags);
        clear();
        if (size < 0) {
            return false;
        }
        intCount = (int) size / 4;
        readControl();
        boolean truncated = (bytes().getInt(48) & (LibC.MSG_CTRUNC | LibC.MSG_TRUNC)) != 0;
        if (truncated) {
            closeFds();
        }
        return !truncated;
    }

    public void closeFds() {
        for (int i = 0; i < fdCount; i++) {
            LibC.close(fds[i]);
        }
        fdCount = 0;
    }

    private void readControl() {
        int end = (int) bytes().getLong(40);
        int at = 0;
        while (at + 16 <= end) { // a peer that had the socket may have asked for more than rights
            int size = (int) bytes().getLong(CONTROL + at);
            int type = bytes().getInt(CONTROL + at + 12);
            if (type == LibC.SCM_RIGHTS) {
                for (int i = 0; i < (size - 16) / 4; i++) {
                    fds[fdCount++] = bytes().getInt(CONTROL + at + 16 + 4 * i);
                }
            } else if (type == LibC.SCM_PIDFD) {
                LibC.close(bytes().getInt(CONTROL + at + 16));
            }
            at += (size + 7) & ~7;
        }
    }

    private void header(long size, long control) {
        ByteBuffer bytes = bytes();
        bytes.putLong(0, 0).putInt(8, 0);
        bytes.putLong(16, memory.address() + IOV).putLong(24, 1);
        bytes.putLong(32, control == 0 ? 0 : memory.address() + CONTROL).putLong(40, control);
        bytes.putInt(48, 0);
        bytes.putLong(IOV, memory.address() + INTS).putLong(IOV + 8, size);
    }

    private ByteBuffer bytes() {
        return memory.bytes();
    }
}
