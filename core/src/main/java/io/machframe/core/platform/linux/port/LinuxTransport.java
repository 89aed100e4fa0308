/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.port;

import io.machframe.core.platform.MessageBuffer;
import io.machframe.core.platform.kernel.KernelException;
import io.machframe.core.platform.kernel.ReceiveEnd;
import io.machframe.core.platform.kernel.SetEnd;
import io.machframe.core.platform.kernel.TaskMemory;
import io.machframe.core.platform.kernel.Transport;
import io.machframe.core.platform.kernel.Watch;
import io.machframe.core.platform.linux.libc.Errno;
import io.machframe.core.platform.linux.libc.LibC;
import io.machframe.core.platform.linux.libc.NativeMemory;
import io.machframe.core.platform.linux.wire.Wire;
import io.machframe.core.platform.linux.wire.WireLayout;

/** Ports made of socket pairs and pipes. */
public final class LinuxTransport implements Transport {
    private final LinuxMemory memory = new LinuxMemory();

    @Override
    public MessageBuffer newBuffer(int capacity) {
        return NativeMemory.allocate(capacity);
    }

    @Override
    public ReceiveEnd createPort(int queueLimit) throws KernelException {
        Wire wire = Wire.current();
        MessageBuffer fds = NativeMemory.allocate(16);
        if (LibC.socketpair(LibC.AF_UNIX, LibC.SOCK_SEQPACKET | LibC.SOCK_CLOEXEC, 0, fds.address()) < 0) {
            throw Errno.failure(LibC.errno());
        }
        int sendEnd = fds.bytes().getInt(0);
        int receiveEnd = fds.bytes().getInt(4);
        if (LibC.pipe2(fds.address() + 8, LibC.O_CLOEXEC | LibC.O_NONBLOCK) < 0) {
            int errno = LibC.errno();
            LibC.close(sendEnd);
            LibC.close(receiveEnd);
            throw Errno.failure(errno);
        }
        LibC.close(fds.bytes().getInt(8));
        wire.option(receiveEnd, LibC.SO_PASSCRED, 1);
        wire.option(sendEnd, LibC.SO_SNDBUF, WireLayout.BUFFER_SIZE);
        return new SocketReceiveEnd(receiveEnd, sendEnd, fds.bytes().getInt(12), queueLimit);
    }

    @Override
    public SetEnd createSet() throws KernelException {
        return new SocketSet();
    }

    @Override
    public Watch createWatch(Watch.Listener listener) throws KernelException {
        return new EpollWatch(listener);
    }

    @Override
    public TaskMemory memory() {
        return memory;
    }
}
