/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.name;

import static io.machframe.core.error.KernReturn.BOOTSTRAP_NOT_PRIVILEGED;
import static io.machframe.core.error.KernReturn.BOOTSTRAP_UNKNOWN_SERVICE;
import static io.machframe.core.error.KernReturn.KERN_INVALID_ARGUMENT;
import static io.machframe.core.error.KernReturn.KERN_INVALID_CAPABILITY;
import static io.machframe.core.error.KernReturn.KERN_NO_SPACE;
import static io.machframe.core.error.KernReturn.KERN_SUCCESS;
import static io.machframe.core.error.KernReturn.MACH_RCV_INTERRUPTED;
import static io.machframe.core.error.KernReturn.MACH_RCV_TIMED_OUT;

import io.machframe.core.error.MachException;
import io.machframe.core.platform.BootstrapCalls;
import io.machframe.core.platform.LiveFiles;
import io.machframe.core.platform.Mach;
import io.machframe.core.platform.Untrusted;
import io.machframe.core.platform.kernel.KernelException;
import io.machframe.core.platform.kernel.MachKernel;
import io.machframe.core.platform.kernel.SendEnd;
import io.machframe.core.platform.linux.libc.Deadline;
import io.machframe.core.platform.linux.libc.DescriptorCloser;
import io.machframe.core.platform.linux.libc.Errno;
import io.machframe.core.platform.linux.libc.LibC;
import io.machframe.core.platform.linux.libc.SocketAddress;
import io.machframe.core.platform.linux.port.SocketReceiveEnd;
import io.machframe.core.platform.linux.port.SocketSendEnd;
import io.machframe.core.platform.linux.wire.Poller;
import io.machframe.core.platform.linux.wire.Wire;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Names without a daemon: each name is a listening socket in this user's {@link RuntimeDirectory}, served by the
 * process that checked it in. Whoever connects is given a send right.
 */
public final class LinuxBootstrapCalls implements BootstrapCalls {
    private static final int RETRY_MILLIS = 2;
    private static final int MAX_HANG_UPS = 5;

    /** The server ended before it answered; no code of Mach's. */
    private static final int HUNG_UP = -1;

    private final MachKernel kernel;

    /** The names that this process serves for ports that may be another's. */
    private final Map<String, ServiceListener> registered = new ConcurrentHashMap<>();

    public LinuxBootstrapCalls(MachKernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public int checkIn(String name, int[] port) {
        if (!isValid(name)) {
            return KERN_INVALID_ARGUMENT;
        }
        try {
            return serve(ServiceListener.open(RuntimeDirectory.open(), name), port);
        } catch (KernelException e) {
            return e.code();
        }
    }

    private int serve(ServiceListener listener, int[] port) throws KernelException {
        int answer;
        try {
            answer = kernel.construct(0, 0, 0, port);
        } catch (Error e) {
            listener.close();
            throw e;
        }
        if (answer != KERN_SUCCESS || !(kernel.receiveEnd(port[0]) instanceof SocketReceiveEnd end)) {
            listener.close();
            return answer;
        }
        try {
            listener.serve(end);
        } catch (KernelException | RuntimeException | Error e) {
            kernel.destruct(port[0], 0, 0);
            throw e;
        }
        return answer;
    }

    @Override
    public int register(String name, int right) {
        if (!isValid(name)) {
            return KERN_INVALID_ARGUMENT;
        }
        if (right == Mach.MACH_PORT_NULL) {
            ServiceListener listener = registered.remove(name);
            if (listener != null) {
                listener.stop();
            }
            return KERN_SUCCESS;
        }
        SendEnd end = kernel.object(right);
        if (end instanceof SocketSendEnd port) {
            return register(name, port);
        }
        if (end != null) {
            end.close();
        }
        return KERN_INVALID_CAPABILITY;
    }

    private int register(String name, SocketSendEnd right) {
        ServiceListener listener;
        try {
            listener = ServiceListener.open(RuntimeDirectory.open(), name);
        } catch (KernelException e) {
            right.close();
            return e.code();
        }
        try {
            registered.put(name, listener);
            listener.serve(right, () -> registered.remove(name, listener));
            return KERN_SUCCESS;
        } catch (KernelException e) {
            return e.code();
        }
    }

    @Override
    public int lookUp(String name, int timeoutMillis, int[] port) {
        if (!isValid(name)) {
            return KERN_INVALID_ARGUMENT;
        }
        try (RuntimeDirectory directory = RuntimeDirectory.open()) {
            return lookUp(name, directory, timeoutMillis, port);
        } catch (KernelException e) {
            return e.code();
        }
    }

    private int lookUp(String name, RuntimeDirectory directory, int timeoutMillis, int[] port) {
        SocketAddress address = new SocketAddress(directory.fd(), ServiceFile.of(name) + ServiceListener.SOCKET);
        Deadline deadline = Deadline.after(timeoutMillis);
        int answer = lookUp(name, address, deadline, port);
        // A server that is killed while it is asked hangs up; another one may have taken the name over.
        for (int i = 0; i < MAX_HANG_UPS && answer == HUNG_UP; i++) {
            answer = lookUp(name, address, deadline, port);
        }
        return answer == HUNG_UP ? BOOTSTRAP_UNKNOWN_SERVICE : answer;
    }

    private int lookUp(String name, SocketAddress address, Deadline deadline, int[] port) {
        int socket = LibC.socket(LibC.AF_UNIX, LibC.SOCK_SEQPACKET | LibC.SOCK_CLOEXEC | LibC.SOCK_NONBLOCK, 0);
        if (socket < 0) {
            return Errno.code(LibC.errno());
        }
        try {
            int connected = connect(socket, address, deadline);
            return connected == KERN_SUCCESS ? receive(socket, name, deadline, port) : connected;
        } finally {
            DescriptorCloser.close(socket); // the server may have put anything into it
        }
    }

    @Override
    public String location() {
        return RuntimeDirectory.describe();
    }

    @Override
    public String directory() {
        return RuntimeDirectory.path();
    }

    @Override
    public LiveFiles openFiles(String name, String suffix) throws MachException {
        return LinuxLiveFiles.open(name, suffix);
    }

    private static boolean isValid(String name) {
        int size = name.getBytes(StandardCharsets.UTF_8).length;
        return size > 0 && size <= MAX_NAME_BYTES && name.indexOf('\0') < 0;
    }

    private static int connect(int socket, SocketAddress address, Deadline deadline) {
        Wire wire = Wire.current();
        while (address.connect(socket) < 0) {
            int errno = LibC.errno();
            if (errno != LibC.EAGAIN && errno != LibC.EINTR) {
                return errno == LibC.EACCES ? BOOTSTRAP_NOT_PRIVILEGED : BOOTSTRAP_UNKNOWN_SERVICE;
            }
            if (deadline.isOver()) {
                return MACH_RCV_TIMED_OUT;
            }
            if (wire.poller().await(-1, RETRY_MILLIS, true) == Poller.Outcome.INTERRUPTED) {
                return MACH_RCV_INTERRUPTED;
            }
        }
        // A stranger may have made the socket before us where the directory is shared.
        return wire.sockets().peerUser(socket) == LibC.geteuid() ? KERN_SUCCESS : BOOTSTRAP_UNKNOWN_SERVICE;
    }

    private int receive(int socket, String name, Deadline deadline, int[] port) {
        Wire wire = Wire.current();
        while (true) {
            try {
                SendEnd right = ServiceGrant.receive(wire, socket, name);
                if (right != null) {
                    return kernel.insertObject(right, port);
                }
            } catch (Untrusted.Refusal e) {
                int lie = wire.reader().lostRights() ? KERN_NO_SPACE : BOOTSTRAP_UNKNOWN_SERVICE;
                return e.isRace() ? HUNG_UP : lie;
            }
            int left = deadline.remainingMillis();
            if (left == 0) {
                return MACH_RCV_TIMED_OUT;
            }
            if (wire.poller().await(socket, left, true) == Poller.Outcome.INTERRUPTED) {
                return MACH_RCV_INTERRUPTED;
            }
        }
    }
}
