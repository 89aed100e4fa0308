/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.wire;

import io.machframe.core.platform.linux.libc.DescriptorCloser;
import io.machframe.core.platform.linux.libc.LibC;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** What comes beside a packet's bytes, {@code cmsg(3)}: descriptors, and who sent it. */
final class AncillaryData {
    private static final int LEVEL = 8;
    private static final int TYPE = 12;
    private static final int DATA = 16;

    /** Above this many the array is not kept for the next packet. */
    private static final int MANY = 4096;

    private int[] fds = new int[WireLayout.MAX_FDS];
    private int count;
    private boolean hasSender;
    private int pid;
    private int uid;
    private int gid;

    /** Writes one descriptor of those to send. */
    static void putFd(ByteBuffer memory, int at, int index, int fd) {
        memory.putInt(at + DATA + 4 * index, fd);
    }

    /** Completes what {@link #putFd} wrote. Returns the size of the control data. */
    static int end(ByteBuffer memory, int at, int count) {
        if (count == 0) {
            return 0;
        }
        memory.putLong(at, DATA + 4L * count);
        memory.putInt(at + LEVEL, LibC.SOL_SOCKET);
        memory.putInt(at + TYPE, LibC.SCM_RIGHTS);
        return DATA + 4 * count + 7 & ~7;
    }

    void clear() {
        count = 0;
        hasSender = false;
        pid = -1;
        uid = -1;
        gid = -1;
        if (fds.length > MANY) {
            fds = new int[WireLayout.MAX_FDS];
        }
    }

    /** Adds what is in control data that the kernel wrote. */
    void read(ByteBuffer memory, int start, int size) {
        int end = start + size;
        for (int at = start; at + DATA <= end; ) {
            int length = (int) memory.getLong(at);
            switch (memory.getInt(at + TYPE)) {
                case LibC.SCM_RIGHTS -> add(memory, at + DATA, (length - DATA) / 4);
                case LibC.SCM_CREDENTIALS -> sender(memory, at + DATA);
                // A peer that had the socket before may have asked for it.
                case LibC.SCM_PIDFD -> LibC.close(memory.getInt(at + DATA));
                default -> {}
            }
            at += length + 7 & ~7;
        }
    }

    private void add(ByteBuffer memory, int at, int more) {
        if (count + more > fds.length) {
            fds = Arrays.copyOf(fds, Math.max(2 * fds.length, count + more));
        }
        for (int i = 0; i < more; i++) {
            fds[count++] = memory.getInt(at + 4 * i);
        }
    }

    private void sender(ByteBuffer memory, int at) {
        hasSender = true;
        pid = memory.getInt(at);
        uid = memory.getInt(at + 4);
        gid = memory.getInt(at + 8);
    }

    int count() {
        return count;
    }

    int fd(int index) {
        return fds[index];
    }

    boolean hasSender() {
        return hasSender;
    }

    int pid() {
        return pid;
    }

    int uid() {
        return uid;
    }

    int gid() {
        return gid;
    }

    /** Closes all descriptors, which this process sent itself. */
    void close() {
        for (int i = 0; i < count; i++) {
            LibC.close(fds[i]);
        }
        count = 0;
    }

    /** Closes all descriptors from an index on; what they are is not known, so closing them may take long. */
    void discard(int from) {
        for (int i = from; i < count; i++) {
            DescriptorCloser.close(fds[i]);
        }
        count = 0;
    }
}
