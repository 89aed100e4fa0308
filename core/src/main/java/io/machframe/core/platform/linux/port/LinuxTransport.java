/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.port;

import io.machframe.core.platform.MessageBuffer;
import io.machframe.core.platform.kernel.KernelException;
import io.machframe.core.platform.kernel.ReceiveEnd;
import io.machframe.core.platform.kernel.SetEnd;
import io.machframe.core.platform.kernel.TaskMemory;
import io.machframe.core.platform.kernel.Transport;
import io.machframe.core.platform.kernel.Watch;
import io.machframe.core.platform.linux.libc.Descriptor;
import io.machframe.core.platform.linux.libc.Errno;
import io.machframe.core.platform.linux.libc.LibC;
import io.machframe.core.platform.linux.libc.NativeMemory;
import io.machframe.core.platform.linux.wire.SocketOptions;
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
        int[] ends = Descriptor.socketPair();
        if (ends == null) {
            throw Errno.failure(LibC.errno());
        }
        int[] pipe = Descriptor.pipe(LibC.O_NONBLOCK);
        if (pipe == null) {
            int errno = LibC.errno();
            LibC.close(ends[0]);
            LibC.close(ends[1]);
            throw Errno.failure(errno);
        }
        LibC.close(pipe[0]);
        SocketOptions sockets = Wire.current().sockets();
        sockets.set(ends[1], LibC.SO_PASSCRED, 1);
        sockets.set(ends[0], LibC.SO_SNDBUF, WireLayout.BUFFER_SIZE);
        return new SocketReceiveEnd(ends[1], ends[0], pipe[1], queueLimit);
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
