/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.port;

import io.machframe.core.platform.MessageBuffer;
import io.machframe.core.platform.kernel.SendEnd;
import io.machframe.core.platform.linux.libc.LibC;
import io.machframe.core.platform.linux.libc.NativeMemory;
import java.nio.ByteBuffer;

/** A peer that keeps to no rule: it writes any bytes and descriptors to a socket, such as that of a send right it holds. */
public final class RawPeer implements AutoCloseable {
    private static final int CONTROL = 128;
    private static final int BODY = 4096;
    private static final int SIZE = BODY + 512 * 1024;

    private final int socket;
    private final int pipe;
    private final Runnable close;
    private final MessageBuffer memory = NativeMemory.allocate(SIZE);

    /** @param right taken over */
    public RawPeer(SendEnd right) {
        LinuxEnd end = (LinuxEnd) right;
        socket = end.fd(0);
        pipe = end.fd(1);
        close = right::close;
    }

    /** @param socket taken over */
    public RawPeer(int socket) {
        this.socket = socket;
        pipe = -1;
        close = () -> LibC.close(socket);
    }

    int queue() {
        return socket;
    }

    int pipe() {
        return pipe;
    }

    /** Sends a packet without waiting. Returns 0 or the errno. */
    public int send(RawPacket packet) {
        return send(
                packet.bytes,
                packet.size,
                packet.descriptors.stream().mapToInt(fd -> fd).toArray());
    }

    public int send(ByteBuffer bytes, int size, int... fds) {
        memory.bytes().put(BODY, bytes, 0, size);
        return send(size, fds);
    }

    /** Sends that many bytes of what was sent before. */
    public int send(int size, int... fds) {
        ByteBuffer header = memory.bytes();
        long address = memory.address();
        int control = fds.length == 0 ? 0 : 16 + 4 * fds.length;
        header.putLong(0, 0).putLong(8, 0);
        header.putLong(16, address + 64).putLong(24, 1);
        header.putLong(32, control == 0 ? 0 : address + CONTROL).putLong(40, (control + 7) & ~7);
        header.putLong(48, 0);
        header.putLong(64, address + BODY).putLong(72, size);
        header.putLong(CONTROL, control).putInt(CONTROL + 8, LibC.SOL_SOCKET).putInt(CONTROL + 12, LibC.SCM_RIGHTS);
        for (int i = 0; i < fds.length; i++) {
            header.putInt(CONTROL + 16 + 4 * i, fds[i]);
        }
        long sent = LibC.sendmsg(queue(), address, LibC.MSG_DONTWAIT | LibC.MSG_NOSIGNAL);
        return sent < 0 ? LibC.errno() : 0;
    }

    @Override
    public void close() {
        close.run();
    }
}
