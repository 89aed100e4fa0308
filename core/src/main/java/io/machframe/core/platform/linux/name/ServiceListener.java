/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.name;

import static io.machframe.core.error.KernReturn.BOOTSTRAP_NOT_PRIVILEGED;
import static io.machframe.core.error.KernReturn.BOOTSTRAP_SERVICE_ACTIVE;
import static io.machframe.core.error.KernReturn.KERN_RESOURCE_SHORTAGE;

import io.machframe.core.platform.LibraryThread;
import io.machframe.core.platform.kernel.KernelException;
import io.machframe.core.platform.kernel.SendEnd;
import io.machframe.core.platform.linux.libc.DescriptorCloser;
import io.machframe.core.platform.linux.libc.Errno;
import io.machframe.core.platform.linux.libc.LibC;
import io.machframe.core.platform.linux.libc.SocketAddress;
import io.machframe.core.platform.linux.libc.Waker;
import io.machframe.core.platform.linux.memory.FileIdentity;
import io.machframe.core.platform.linux.port.SocketReceiveEnd;
import io.machframe.core.platform.linux.port.SocketSendEnd;
import io.machframe.core.platform.linux.wire.Poller;
import io.machframe.core.platform.linux.wire.Wire;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A service name that this process holds, and the thread that answers look-ups of it.
 *
 * <p>A lock on {@code NAME.lock} says which process holds the name and ends with it, so a name is free the moment its
 * holder is killed. The socket is made under another name and renamed to {@code NAME.sock}, so there is no instant at
 * which a look-up meets a socket that does not listen. A name is given up by removing its files while the lock is still
 * held; so a lock counts only if the file it is on still has its name.
 */
final class ServiceListener {
    /** What a look-up is answered with. */
    interface Source {
        /** Returns a right to give away, or null when there is none any more. */
        @Nullable
        SendEnd right() throws KernelException;
    }

    static final String SOCKET = ".sock";
    static final String LOCK = ".lock";

    private static final int BACKLOG = 64;
    private static final int FILE_MODE = 0600;
    private static final int LOCK_TRIES = 10;
    private static final long LOCK_PAUSE_NANOS = 2_000_000;
    private static final int[] NOTHING = {};

    private final RuntimeDirectory directory;
    private final String name;
    private final String file;
    private final int lock;
    private final int socket;

    /** The name is given up; guarded by this, as all use of descriptors by threads other than the service's. */
    private boolean stopped;

    private boolean closed;

    private @Nullable Waker waker;

    private ServiceListener(RuntimeDirectory directory, String name, String file, int lock, int socket) {
        this.directory = directory;
        this.name = name;
        this.file = file;
        this.lock = lock;
        this.socket = socket;
    }

    /** Takes a name. Takes ownership of {@code directory}, whatever happens. */
    static ServiceListener open(RuntimeDirectory directory, String name) throws KernelException {
        int lock = -1;
        try {
            String file = ServiceFile.of(name);
            directory.sweep();
            lock = lock(directory, file + LOCK);
            return new ServiceListener(directory, name, file, lock, listen(directory, file));
        } catch (KernelException | RuntimeException | Error e) {
            if (lock >= 0) {
                LibC.close(lock);
            }
            directory.close();
            throw e;
        }
    }

    private static int lock(RuntimeDirectory directory, String file) throws KernelException {
        while (true) {
            int lock = directory.openFile(file, LibC.O_RDWR | LibC.O_CREAT, FILE_MODE);
            if (lock < 0) {
                throw failure(LibC.errno());
            }
            boolean held = false;
            try {
                if (!tryLock(lock)) {
                    throw new KernelException(BOOTSTRAP_SERVICE_ACTIVE);
                }
                FileIdentity locked = FileIdentity.ofDescriptor(lock);
                held = locked != null && locked.equals(FileIdentity.ofFile(directory.fd(), file));
            } finally {
                if (!held) { // its last holder removed the file, or an Error came between
                    LibC.close(lock);
                }
            }
            if (held) {
                return lock;
            }
        }
    }

    /** Tries for a while: a process that sweeps holds the lock of a dead one for a moment. */
    private static boolean tryLock(int lock) {
        boolean locked = LibC.flock(lock, LibC.LOCK_EX | LibC.LOCK_NB) == 0;
        for (int i = 0; i < LOCK_TRIES && !locked; i++) {
            LockSupport.parkNanos(LOCK_PAUSE_NANOS);
            locked = LibC.flock(lock, LibC.LOCK_EX | LibC.LOCK_NB) == 0;
        }
        return locked;
    }

    private static int listen(RuntimeDirectory directory, String file) throws KernelException {
        int socket = LibC.socket(LibC.AF_UNIX, LibC.SOCK_SEQPACKET | LibC.SOCK_CLOEXEC | LibC.SOCK_NONBLOCK, 0);
        if (socket < 0) {
            throw failure(LibC.errno());
        }
        boolean listens = false;
        try {
            String temporary = file + "." + LibC.getpid() + RuntimeDirectory.TEMPORARY;
            directory.remove(temporary);
            if (new SocketAddress(directory.fd(), temporary).bind(socket) < 0
                    || LibC.listen(socket, BACKLOG) < 0
                    || LibC.renameat(directory.fd(), temporary, directory.fd(), file + SOCKET) < 0) {
                int errno = LibC.errno();
                directory.remove(temporary);
                throw failure(errno);
            }
            listens = true;
            return socket;
        } finally {
            if (!listens) {
                LibC.close(socket);
            }
        }
    }

    private static KernelException failure(int errno) {
        boolean refused = errno == LibC.EACCES || errno == LibC.EPERM || errno == LibC.ENOENT;
        return refused ? new KernelException(BOOTSTRAP_NOT_PRIVILEGED) : Errno.failure(errno);
    }

    /** Answers look-ups with send rights to {@code port} until that closes. On failure the name is given up. */
    void serve(SocketReceiveEnd port) throws KernelException {
        Runnable stop; // made before the thread: behind that nothing may fail
        Source source;
        try {
            stop = this::stop;
            source = port::makeSend;
        } catch (Error e) {
            close();
            throw e;
        }
        start(source, NOTHING, () -> {});
        port.afterClose(stop);
    }

    /**
     * Answers look-ups with copies of {@code right} until its port dies or {@link #stop}. Takes ownership of it, on failure
     * too; then the name is given up.
     */
    void serve(SocketSendEnd right, Runnable atTheEnd) throws KernelException {
        int[] ends = {right.fd(0)};
        start(() -> right.isDead() ? null : right.retain(), ends, () -> {
            atTheEnd.run();
            right.close();
        });
    }

    /**
     * Answers look-ups.
     *
     * @param ends descriptors whose hang-up ends the service
     */
    void start(Source source, int[] ends, Runnable atTheEnd) throws KernelException {
        try {
            if (!LibraryThread.start("machframe-service-" + name, () -> step(source, ends, atTheEnd))) {
                throw new KernelException(KERN_RESOURCE_SHORTAGE);
            }
        } catch (KernelException | RuntimeException | Error e) {
            close();
            atTheEnd.run();
            throw e;
        }
    }

    private boolean step(Source source, int[] ends, Runnable atTheEnd) {
        Wire wire = Wire.current();
        Poller poller = wire.poller();
        if (isOver(poller, ends)) {
            close();
            atTheEnd.run();
            return false;
        }
        int client = LibC.accept4(socket, 0, 0, LibC.SOCK_CLOEXEC);
        if (client >= 0) {
            grant(wire, client, source);
        } else {
            // Short of descriptors: the client waits in the backlog until there are some again.
            boolean idle = LibC.errno() == LibC.EAGAIN;
            poller.await(idle ? socket : -1, ends, idle ? -1 : 20, false);
        }
        return true;
    }

    private boolean isOver(Poller poller, int[] ends) {
        synchronized (this) {
            waker = poller.waker();
            if (stopped) {
                return true;
            }
        }
        return ends.length > 0 && poller.hungUp(ends[0]);
    }

    private void grant(Wire wire, int client, Source source) {
        try {
            SendEnd right = wire.sockets().peerUser(client) == LibC.geteuid() ? source.right() : null;
            if (right != null) {
                ServiceGrant.send(wire, client, name, right);
            }
        } catch (KernelException noDescriptors) {
            // The client meets the end of file and knows that this service does not answer now.
        } finally {
            DescriptorCloser.close(client); // it may have been sent anything
        }
    }

    /** The name is free when this returns; the thread releases the rest. */
    synchronized void stop() {
        try {
            if (!stopped) {
                stopped = true;
                directory.remove(file + SOCKET);
                directory.remove(file + LOCK);
                LibC.flock(lock, LibC.LOCK_UN);
            }
        } finally {
            if (waker != null) {
                waker.wake();
            }
        }
    }

    /** Gives the name up, if that was not done, and everything else. Only when no thread serves it any more. */
    synchronized void close() {
        if (!closed) {
            closed = true;
            try {
                stop();
            } finally {
                LibC.close(socket);
                LibC.close(lock);
                directory.close();
            }
        }
    }
}
