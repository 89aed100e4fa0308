/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux;

import static io.machframe.core.error.KernReturn.KERN_NO_SPACE;
import static io.machframe.core.error.KernReturn.KERN_RESOURCE_SHORTAGE;

import io.machframe.core.platform.MessageBuffer;
import io.machframe.core.platform.kernel.KernelException;
import io.machframe.core.platform.kernel.ReceiveEnd;
import io.machframe.core.platform.kernel.SetEnd;
import io.machframe.core.platform.kernel.TaskMemory;
import io.machframe.core.platform.kernel.Transport;
import io.machframe.core.platform.kernel.Watch;

/** Ports made of socket pairs and pipes. */
final class LinuxTransport implements Transport {
    /** Below what a socket takes in one packet whatever the system's settings ({@code wmem_default} less its own share). */
    static final int MAX_PACKET = 128 * 1024;

    static final int BUFFER_SIZE = 1024 * 1024;

    private final LinuxMemory memory = new LinuxMemory();

    @Override
    public MessageBuffer newBuffer(int capacity) {
        return Memory.allocate(capacity);
    }

    @Override
    public ReceiveEnd createPort(int queueLimit) throws KernelException {
        Wire wire = Wire.current();
        MessageBuffer fds = Memory.allocate(16);
        if (LibC.socketpair(LibC.AF_UNIX, LibC.SOCK_SEQPACKET | LibC.SOCK_CLOEXEC, 0, fds.address()) < 0) {
            throw failure(LibC.errno());
        }
        int sendEnd = fds.bytes().getInt(0);
        int receiveEnd = fds.bytes().getInt(4);
        if (LibC.pipe2(fds.address() + 8, LibC.O_CLOEXEC | LibC.O_NONBLOCK) < 0) {
            int errno = LibC.errno();
            LibC.close(sendEnd);
            LibC.close(receiveEnd);
            throw failure(errno);
        }
        LibC.close(fds.bytes().getInt(8));
        wire.option(receiveEnd, LibC.SO_PASSCRED, 1);
        wire.option(sendEnd, LibC.SO_SNDBUF, BUFFER_SIZE);
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

    static KernelException failure(int errno) {
        return new KernelException(code(errno));
    }

    /** Returns the Mach code for a call that could not make or open a descriptor. */
    static int code(int errno) {
        return errno == LibC.EMFILE ? KERN_NO_SPACE : KERN_RESOURCE_SHORTAGE;
    }
}
