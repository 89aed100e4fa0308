/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.wire;

import io.machframe.core.platform.MessageBuffer;
import io.machframe.core.platform.linux.libc.LibC;
import io.machframe.core.platform.linux.libc.NativeMemory;
import java.nio.ByteBuffer;

/** A small packet of ints and descriptors, apart from the messages that {@link Wire} carries. Not thread-safe. */
public final class ControlPacket {
    /** The most descriptors of one packet. */
    public static final int MAX_FDS = 120;

    private static final int MAX_INTS = 128;
    private static final int IOV = 64;
    private static final int CONTROL = 96;
    private static final int CONTROL_SIZE = 16 + 4 * 128;
    private static final int INTS = CONTROL + CONTROL_SIZE;

    private final MessageBuffer memory = NativeMemory.allocate(INTS + 4 * MAX_INTS);
    private final ByteBuffer bytes = memory.bytes();
    private final AncillaryData received = new AncillaryData();
    private int intCount;
    private int sending;

    /** Begins another packet to send. */
    public void clear() {
        intCount = 0;
        sending = 0;
    }

    public void putInt(int value) {
        bytes.putInt(INTS + 4 * intCount++, value);
    }

    public void putFd(int fd) {
        AncillaryData.putFd(bytes, CONTROL, sending++, fd);
    }

    /** Returns whether the packet takes no more descriptors. */
    public boolean isFull() {
        return sending == MAX_FDS;
    }

    public boolean isEmpty() {
        return intCount == 0;
    }

    public int intCount() {
        return intCount;
    }

    public int getInt(int index) {
        return bytes.getInt(INTS + 4 * index);
    }

    public int fdCount() {
        return received.count();
    }

    public int fd(int index) {
        return received.fd(index);
    }

    /** Returns whether the packet was sent; the descriptors stay the caller's. */
    public boolean send(int socket) {
        header(4L * intCount, AncillaryData.end(bytes, CONTROL, sending));
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
        clear();
        received.clear();
        header(4L * MAX_INTS, CONTROL_SIZE);
        long size = LibC.recvmsg(socket, memory.address(), flags);
        if (size < 0) {
            return false;
        }
        intCount = (int) size / 4;
        received.read(bytes, CONTROL, (int) bytes.getLong(NativeScratch.MSG_CONTROLLEN));
        boolean whole = (bytes.getInt(NativeScratch.MSG_FLAGS) & (LibC.MSG_CTRUNC | LibC.MSG_TRUNC)) == 0;
        if (!whole) {
            discardFds();
        }
        return whole;
    }

    /** Closes the received descriptors, which may be of any kind. */
    public void discardFds() {
        received.discard(0);
    }

    private void header(long size, int control) {
        bytes.putLong(0, 0).putInt(8, 0);
        bytes.putLong(NativeScratch.MSG_IOV, memory.address() + IOV).putLong(NativeScratch.MSG_IOVLEN, 1);
        bytes.putLong(NativeScratch.MSG_CONTROL, control == 0 ? 0 : memory.address() + CONTROL);
        bytes.putLong(NativeScratch.MSG_CONTROLLEN, control);
        bytes.putInt(NativeScratch.MSG_FLAGS, 0);
        bytes.putLong(IOV, memory.address() + INTS).putLong(IOV + 8, size);
    }
}
