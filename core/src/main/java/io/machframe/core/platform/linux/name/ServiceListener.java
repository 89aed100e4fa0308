/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.name;

import static io.machframe.core.error.KernReturn.BOOTSTRAP_NOT_PRIVILEGED;
import static io.machframe.core.error.KernReturn.BOOTSTRAP_SERVICE_ACTIVE;

import io.machframe.core.platform.kernel.KernelException;
import io.machframe.core.platform.kernel.SendEnd;
import io.machframe.core.platform.linux.libc.Errno;
import io.machframe.core.platform.linux.libc.LibC;
import io.machframe.core.platform.linux.libc.SocketAddress;
import io.machframe.core.platform.linux.memory.FileIdentity;
import io.machframe.core.platform.linux.port.SocketReceiveEnd;
import io.machframe.core.platform.linux.port.SocketSendEnd;
import io.machframe.core.platform.linux.wire.Wire;
import org.jspecify.annotations.Nullable;

/**
 * A service name that this process holds, and the thread that answers look-ups of it.
 *
 * <p>A lock on {@code NAME.lock} says who holds the name and ends with the process, so a name is free the moment its
 * holder is killed. The socket is made under another name and renamed to {@code NAME.sock}, so there is no instant at
 * which a look-up meets a socket that does not listen. Whoever gives a name up removes its files while it still holds the
 * lock; so a lock counts only if the file it is on still has its name.
 */
final class ServiceListener {
    private static final int BACKLOG = 64;
    private static final int FILE_MODE = 0600;
    private static final int[] NOTHING = {};

    private final int directory;
    private final String name;
    private final String file;
    private final int lock;
    private final int socket;
    private volatile boolean closed;
    private volatile Runnable wakeThread = () -> {};

    private ServiceListener(int directory, String name, String file, int lock, int socket) {
        this.directory = directory;
        this.name = name;
        this.file = file;
        this.lock = lock;
        this.socket = socket;
    }

    /** Takes a name. Takes over {@code directory} on success only. */
    static ServiceListener open(int directory, String name) throws KernelException {
        String file = ServiceFile.of(name);
        int lock = lock(directory, file + ".lock");
        try {
            return new ServiceListener(directory, name, file, lock, listen(directory, file));
        } catch (KernelException e) {
            LibC.close(lock);
            throw e;
        }
    }

    private static int lock(int directory, String file) throws KernelException {
        while (true) {
            int lock = LibC.openat(
                    directory, file, LibC.O_RDWR | LibC.O_CREAT | LibC.O_CLOEXEC | LibC.O_NOFOLLOW, FILE_MODE);
            if (lock < 0) {
                throw failure(LibC.errno());
            }
            if (LibC.flock(lock, LibC.LOCK_EX | LibC.LOCK_NB) < 0) {
                LibC.close(lock);
                throw new KernelException(BOOTSTRAP_SERVICE_ACTIVE);
            }
            FileIdentity locked = FileIdentity.ofDescriptor(lock);
            if (locked != null && locked.equals(FileIdentity.ofFile(directory, file))) {
                return lock;
            }
            LibC.close(lock); // its last holder removed the file
        }
    }

    private static int listen(int directory, String file) throws KernelException {
        int socket = LibC.socket(LibC.AF_UNIX, LibC.SOCK_SEQPACKET | LibC.SOCK_CLOEXEC | LibC.SOCK_NONBLOCK, 0);
        if (socket < 0) {
            throw failure(LibC.errno());
        }
        String temporary = file + "." + LibC.getpid() + ".tmp";
        LibC.unlinkat(directory, temporary, 0);
        if (new SocketAddress(directory, temporary).bind(socket) < 0
                || LibC.listen(socket, BACKLOG) < 0
                || LibC.renameat(directory, temporary, directory, file + ".sock") < 0) {
            int errno = LibC.errno();
            LibC.unlinkat(directory, temporary, 0);
            LibC.close(socket);
            throw failure(errno);
        }
        return socket;
    }

    private static KernelException failure(int errno) {
        boolean refused = errno == LibC.EACCES || errno == LibC.EPERM || errno == LibC.ENOENT;
        return refused ? new KernelException(BOOTSTRAP_NOT_PRIVILEGED) : Errno.failure(errno);
    }

    /** Answers look-ups with send rights to {@code port} until that closes. */
    void serve(SocketReceiveEnd port) {
        port.afterClose(this::stop);
        start(() -> answer(port::makeSend, NOTHING));
    }

    /** Answers look-ups with copies of {@code right}, which it takes over, until its port dies or {@link #stop}. */
    void serve(SocketSendEnd right, Runnable atTheEnd) {
        start(() -> {
            int[] ends = {right.fd(0)};
            answer(() -> right.isDead() ? null : right.retain(), ends);
            atTheEnd.run();
            right.close();
        });
    }

    private void start(Runnable answering) {
        Thread thread = new Thread(answering, "machframe-service-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    /** What a look-up is answered with. */
    private interface Source {
        /** Returns a right to give away, or null when there is none any more. */
        @Nullable
        SendEnd right() throws KernelException;
    }

    /** @param ends descriptors whose hang-up ends the service */
    private void answer(Source source, int[] ends) {
        Wire wire = Wire.current();
        wakeThread = wire.waker()::wake;
        while (!closed && !hungUp(wire, ends)) {
            int client = LibC.accept4(socket, 0, 0, LibC.SOCK_CLOEXEC);
            if (client >= 0) {
                grant(wire, client, source);
            } else {
                // Short of descriptors: the client waits in the backlog until there are some again.
                boolean idle = LibC.errno() == LibC.EAGAIN;
                wire.await(idle ? socket : -1, ends, idle ? -1 : 20, false);
            }
        }
        close();
    }

    private static boolean hungUp(Wire wire, int[] ends) {
        return ends.length > 0 && wire.hungUp(ends[0]);
    }

    private void grant(Wire wire, int client, Source source) {
        try {
            SendEnd right = wire.peerUser(client) == LibC.geteuid() ? source.right() : null;
            if (right != null) {
                ServiceGrant.send(wire, client, name, right);
            }
        } catch (KernelException noDescriptors) {
            // The client meets the end of file and knows that nobody serves it now.
        } finally {
            LibC.close(client);
        }
    }

    /** The name is free when this returns; the thread tidies up behind. */
    void stop() {
        giveUp();
        closed = true;
        wakeThread.run();
    }

    private void giveUp() {
        LibC.unlinkat(directory, file + ".sock", 0);
        LibC.unlinkat(directory, file + ".lock", 0);
        LibC.flock(lock, LibC.LOCK_UN);
    }

    /** Gives the name up, if that was not done, and everything else. Only when nothing serves it any more. */
    void close() {
        if (!closed) {
            giveUp();
        }
        LibC.close(socket);
        LibC.close(lock);
        LibC.close(directory);
    }
}
