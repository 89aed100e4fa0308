/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux;

import static io.machframe.core.error.KernReturn.MACH_SEND_NO_BUFFER;
import static io.machframe.core.error.KernReturn.MACH_SEND_TOO_LARGE;

import io.machframe.core.platform.MessageBuffer;
import io.machframe.core.platform.MessageLayout;
import io.machframe.core.platform.kernel.Parcel;
import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One thread's means to send and receive packets: the native structures of {@code sendmsg}, {@code recvmsg} and
 * {@code poll}, filled once and used again, so that a message allocates nothing.
 *
 * <pre>
 *     0  msghdr (56)     64  three iovec (48)    128  prefix (32)    192  control data (1088)
 *  1280  two pollfd (16) 1304  one byte          1312  option value and its size
 *  1344  iovec of the byte (16)
 * </pre>
 */
final class Wire {
    /** What {@link #await} answers. */
    static final int READY = 0;

    static final int TIMED_OUT = 1;
    static final int INTERRUPTED = 2;

    /** How long a thread sleeps at most that cannot be woken. */
    private static final int SLICE_MILLIS = 20;

    private static final int MSGHDR = 0;
    private static final int MSG_IOV = 16;
    private static final int MSG_IOVLEN = 24;
    private static final int MSG_CONTROL = 32;
    private static final int MSG_CONTROLLEN = 40;
    private static final int MSG_FLAGS = 48;
    private static final int IOV = 64;
    private static final int PREFIX = 128;
    private static final int CONTROL = 192;
    private static final int CONTROL_SIZE = 1088;
    private static final int POLLFDS = 1280;
    private static final int BYTE = 1304;
    private static final int OPTION = 1312;
    private static final int BYTE_IOV = 1344;
    private static final int SIZE = 1360;

    /** A power of two. */
    private static final int KNOWN_QUEUES = 256;

    private static final int CMSG_LEVEL = 8;
    private static final int CMSG_TYPE = 12;
    private static final int CMSG_DATA = 16;

    private static final Cleaner CLEANER = Cleaner.create();
    private static final ThreadLocal<Wire> CURRENT = ThreadLocal.withInitial(Wire::new);

    private final ByteBuffer memory;
    private final long address;
    private final Waker waker;
    private final Interruption interruption;
    private final int[] fds = new int[WireLayout.MAX_FDS];
    private final long[] knownQueues = new long[KNOWN_QUEUES];
    private int fdCount;
    private int lost;

    /** The structures of {@code poll} when it has to watch more than two; made when needed. */
    private @Nullable MessageBuffer manyPollfds;

    private boolean fromSomebody;

    /** Where the rest of a packet goes that is larger than the caller's buffer; made when this thread first receives. */
    private @Nullable MessageBuffer spill;

    private Wire() {
        MessageBuffer native_ = Memory.allocate(SIZE);
        memory = native_.bytes();
        address = native_.address();
        waker = new Waker();
        interruption = new Interruption(waker);
        CLEANER.register(this, waker::close);
        memory.putLong(MSGHDR + MSG_IOV, address + IOV);
        iov(0, address + PREFIX, WireLayout.PREFIX_SIZE);
        memory.putLong(BYTE_IOV, address + BYTE);
        memory.putLong(BYTE_IOV + 8, 1);
    }

    static Wire current() {
        return CURRENT.get();
    }

    Waker waker() {
        return waker;
    }

    static boolean isDeath(int errno) {
        return errno == LibC.EPIPE || errno == LibC.ECONNRESET || errno == LibC.ECONNREFUSED;
    }

    /** Returns what {@code mach_msg} answers when {@code sendmsg} failed for a reason other than death or no room. */
    static int sendCode(int errno) {
        return errno == LibC.EMSGSIZE ? MACH_SEND_TOO_LARGE : MACH_SEND_NO_BUFFER;
    }

    /** Sends a parcel as one packet without waiting. Returns 0 or the errno. */
    int send(int socket, Parcel parcel, int flags, int onceId) {
        for (int i = 0; i < parcel.rightCount(); i++) {
            int errno = ((Travelling) parcel.right(i)).prepare();
            if (errno != 0) {
                return errno;
            }
        }
        if (fdsOf(parcel) > WireLayout.MAX_FDS) {
            return LibC.EMSGSIZE;
        }
        putPrefix(flags, parcel.size(), onceId);
        describeRights(parcel);
        iov(1, parcel.buffer().address(), parcel.size());
        memory.putLong(MSGHDR + MSG_IOVLEN, 2);
        int control = putRights(parcel);
        memory.putLong(MSGHDR + MSG_CONTROL, control == 0 ? 0 : address + CONTROL);
        memory.putLong(MSGHDR + MSG_CONTROLLEN, control);
        if (LibC.sendmsg(socket, address + MSGHDR, LibC.MSG_DONTWAIT | LibC.MSG_NOSIGNAL) < 0) {
            return LibC.errno();
        }
        for (int i = 0; i < parcel.rightCount(); i++) {
            ((Travelling) parcel.right(i)).travelled();
        }
        return 0;
    }

    /**
     * Has the receiver look for lost places, if its queue is empty: else places will come free by themselves. So no more
     * than one such packet of each sender is ever in a queue.
     */
    void askToLook(int socket) {
        if (pending(socket, LibC.TIOCOUTQ) == 0) {
            putPrefix(WireLayout.FLAG_LOOK, 0, 0);
            memory.putLong(MSGHDR + MSG_IOVLEN, 1);
            memory.putLong(MSGHDR + MSG_CONTROL, 0);
            memory.putLong(MSGHDR + MSG_CONTROLLEN, 0);
            LibC.sendmsg(socket, address + MSGHDR, LibC.MSG_DONTWAIT | LibC.MSG_NOSIGNAL);
        }
    }

    /** Returns whether the last packet says what {@link #askToLook} says. */
    boolean isLook() {
        return prefix(WireLayout.MAGIC) == WireLayout.MAGIC_VALUE && prefix(WireLayout.FLAGS) == WireLayout.FLAG_LOOK;
    }

    /**
     * Receives one packet without waiting: its message goes to {@code buffer} as far as {@code limit} allows and the
     * rest to the spill. Descriptors that came with it are this object's until {@link #takeFds} or {@link #closeFds}.
     *
     * @return the bytes of the packet; 0 at end of file; the errno, negated, if nothing came
     */
    int receive(int socket, MessageBuffer buffer, int limit, Parcel parcel) {
        iov(1, buffer.address(), limit);
        iov(2, spill().address(), spill().capacity());
        memory.putLong(MSGHDR + MSG_IOVLEN, 3);
        memory.putLong(MSGHDR + MSG_CONTROL, address + CONTROL);
        memory.putLong(MSGHDR + MSG_CONTROLLEN, CONTROL_SIZE);
        long size = LibC.recvmsg(socket, address + MSGHDR, LibC.MSG_DONTWAIT | LibC.MSG_CMSG_CLOEXEC);
        if (size < 0) {
            return -LibC.errno();
        }
        readControl(parcel);
        return (int) size;
    }

    /** Returns whether the last packet lost rights, for want of room, or bytes. */
    boolean isTruncated() {
        return lost != 0;
    }

    /** Returns whether the last packet lost rights: this process had no descriptors for them. */
    boolean lostRights() {
        return (lost & LibC.MSG_CTRUNC) != 0;
    }

    /** Returns whether the last packet came with its sender's credentials; the end of file comes without. */
    boolean isFromSomebody() {
        return fromSomebody;
    }

    int prefix(int field) {
        return memory.getInt(PREFIX + field);
    }

    MessageBuffer spill() {
        if (spill == null) {
            spill = Memory.allocate(LinuxTransport.MAX_MESSAGE_SIZE);
        }
        return spill;
    }

    int fdCount() {
        return fdCount;
    }

    int fd(int index) {
        return fds[index];
    }

    /** Forgets the received descriptors: somebody owns them now. */
    void takeFds() {
        fdCount = 0;
    }

    void closeFds() {
        for (int i = 0; i < fdCount; i++) {
            LibC.close(fds[i]);
        }
        fdCount = 0;
    }

    /**
     * Reads one byte from a pipe without waiting, whatever its flags: they are shared with every process that the
     * descriptor went to, and any of those could clear {@code O_NONBLOCK}. Returns 1, 0 at end of file, or -1 if none is
     * there.
     */
    long readByte(int pipe) {
        long got;
        do {
            got = LibC.vmsplice(pipe, address + BYTE_IOV, 1, LibC.SPLICE_F_NONBLOCK);
        } while (got < 0 && LibC.errno() == LibC.EINTR);
        if (got < 0 && (LibC.errno() == LibC.ENOSYS || LibC.errno() == LibC.EPERM)) {
            return LibC.read(pipe, address + BYTE, 1); // a sandbox forbids the other
        }
        return got;
    }

    /** Returns whether the other side of a descriptor is gone, in every process. */
    boolean hungUp(int fd) {
        pollfd(0, fd, (short) 0);
        return LibC.poll(address + POLLFDS, 1, 0) > 0
                && (memory.getShort(POLLFDS + 6) & (LibC.POLLHUP | LibC.POLLERR)) != 0;
    }

    /** Returns whether there is something to read. */
    boolean isReadable(int fd) {
        pollfd(0, fd, LibC.POLLIN);
        return LibC.poll(address + POLLFDS, 1, 0) > 0 && (memory.getShort(POLLFDS + 6) & LibC.POLLIN) != 0;
    }

    /**
     * Sleeps until {@code fd} can be read or hangs up, somebody wakes this thread, or the time is over; sometimes for less.
     *
     * @param fd -1 to wait for the time and the waking alone
     * @param millis negative for ever
     * @return {@link #READY}, {@link #TIMED_OUT} or, if {@code interruptible}, {@link #INTERRUPTED}
     */
    int await(int fd, int millis, boolean interruptible) {
        pollfd(0, fd, LibC.POLLIN);
        pollfd(1, waker.fd(), LibC.POLLIN);
        return await(memory, address + POLLFDS, POLLFDS, 2, millis, interruptible);
    }

    /** As {@link #await(int, int, boolean)}, and until one of {@code pipes} hangs up. */
    int await(int fd, int[] pipes, int millis, boolean interruptible) {
        if (pipes.length == 0) {
            return await(fd, millis, interruptible);
        }
        int count = 2 + pipes.length;
        if (manyPollfds == null || manyPollfds.capacity() < 8 * count) {
            manyPollfds = Memory.allocate(16 * count);
        }
        ByteBuffer many = manyPollfds.bytes();
        many.putInt(0, fd).putInt(4, LibC.POLLIN);
        many.putInt(8, waker.fd()).putInt(12, LibC.POLLIN);
        for (int i = 0; i < pipes.length; i++) {
            many.putInt(16 + 8 * i, pipes[i]).putInt(20 + 8 * i, 0);
        }
        return await(many, manyPollfds.address(), 0, count, millis, interruptible);
    }

    private int await(ByteBuffer pollfds, long pollfdsAddress, int at, int count, int millis, boolean interruptible) {
        boolean wakeable = pollfds.getInt(at + 8) >= 0;
        boolean shortened = !wakeable && (millis < 0 || millis > SLICE_MILLIS);
        int limit = shortened ? SLICE_MILLIS : millis;
        int ready = interruptible
                ? interruption.poll(pollfdsAddress, count, limit)
                : LibC.poll(pollfdsAddress, count, limit);
        boolean interrupted = interruptible && Thread.currentThread().isInterrupted();
        if (interrupted || (ready > 0 && pollfds.getShort(at + 8 + 6) != 0)) {
            waker.drain();
        }
        if (interrupted) {
            return INTERRUPTED;
        }
        return ready == 0 && !shortened ? TIMED_OUT : READY;
    }

    /** Returns an int option of a socket, or -1 if the descriptor is no socket. */
    int option(int socket, int option) {
        return optionFails(socket, option, 4) ? -1 : memory.getInt(OPTION);
    }

    /**
     * Returns whether a descriptor is a socket such as queues are made of.
     *
     * @param cookie its {@link #cookie}; no two sockets ever have one, so it is asked once
     */
    boolean isQueueEnd(int fd, long cookie) {
        int slot = (int) cookie & knownQueues.length - 1;
        if (cookie == 0 || knownQueues[slot] == cookie) {
            return cookie != 0;
        }
        boolean queue = option(fd, LibC.SO_DOMAIN) == LibC.AF_UNIX && option(fd, LibC.SO_TYPE) == LibC.SOCK_SEQPACKET;
        if (queue) {
            knownQueues[slot] = cookie;
        }
        return queue;
    }

    /** Returns the number the kernel gave a socket, the same for all its descriptors in all processes; 0 if it is none. */
    long cookie(int socket) {
        return optionFails(socket, LibC.SO_COOKIE, 8) ? 0 : memory.getLong(OPTION);
    }

    /** Returns the user at the other side of a connected socket, or -1. */
    int peerUser(int socket) {
        return optionFails(socket, LibC.SO_PEERCRED, 12) ? -1 : memory.getInt(OPTION + 4);
    }

    void option(int socket, int option, int value) {
        memory.putInt(OPTION, value);
        LibC.setsockopt(socket, LibC.SOL_SOCKET, option, address + OPTION, 4);
    }

    /** Returns how many bytes a pipe holds. */
    int available(int pipe) {
        return pending(pipe, LibC.FIONREAD);
    }

    private int pending(int fd, long request) {
        memory.putInt(OPTION, 0);
        return LibC.ioctl(fd, request, address + OPTION) < 0 ? 0 : memory.getInt(OPTION);
    }

    private boolean optionFails(int socket, int option, int size) {
        memory.putInt(OPTION + 16, size);
        return LibC.getsockopt(socket, LibC.SOL_SOCKET, option, address + OPTION, address + OPTION + 16) < 0;
    }

    private void iov(int index, long base, long size) {
        memory.putLong(IOV + 16 * index, base);
        memory.putLong(IOV + 16 * index + 8, size);
    }

    private void pollfd(int index, int fd, short events) {
        memory.putInt(POLLFDS + 8 * index, fd);
        memory.putShort(POLLFDS + 8 * index + 4, events);
        memory.putShort(POLLFDS + 8 * index + 6, (short) 0);
    }

    private void putPrefix(int flags, int size, int onceId) {
        memory.putInt(PREFIX + WireLayout.MAGIC, WireLayout.MAGIC_VALUE);
        memory.putInt(PREFIX + WireLayout.FLAGS, flags);
        memory.putInt(PREFIX + WireLayout.MESSAGE_SIZE, size);
        memory.putInt(PREFIX + WireLayout.ONCE_ID, onceId);
        memory.putLong(PREFIX + WireLayout.REPLY_KIND, 0);
        memory.putLong(PREFIX + WireLayout.RESERVED, 0);
    }

    /** Writes what each right is made of; the bytes of a parcel with rights are the kernel's own copy. */
    private void describeRights(Parcel parcel) {
        if (parcel.rightCount() == 0) {
            return;
        }
        ByteBuffer bytes = parcel.buffer().bytes();
        int next = 0;
        if (bytes.getInt(MessageLayout.LOCAL_PORT) == Parcel.PRESENT) {
            Travelling reply = (Travelling) parcel.right(next++);
            memory.putInt(PREFIX + WireLayout.REPLY_KIND, reply.kind());
            memory.putInt(PREFIX + WireLayout.REPLY_ONCE_ID, reply.onceId());
        }
        for (int at = MessageLayout.DESCRIPTORS; next < parcel.rightCount(); at += MessageLayout.PORT_DESCRIPTOR_SIZE) {
            if (bytes.getInt(at) == Parcel.PRESENT) {
                Travelling right = (Travelling) parcel.right(next++);
                bytes.putInt(at + WireLayout.DESCRIPTOR_ONCE_ID, right.onceId());
                bytes.putShort(at + WireLayout.DESCRIPTOR_KIND, (short) right.kind());
            }
        }
    }

    private int putRights(Parcel parcel) {
        int at = CONTROL + CMSG_DATA;
        for (int i = 0; i < parcel.rightCount(); i++) {
            Travelling right = (Travelling) parcel.right(i);
            for (int j = 0; j < right.fdCount(); j++, at += 4) {
                memory.putInt(at, right.fd(j));
            }
        }
        int size = at - CONTROL;
        if (size == CMSG_DATA) {
            return 0;
        }
        memory.putLong(CONTROL, size);
        memory.putInt(CONTROL + CMSG_LEVEL, LibC.SOL_SOCKET);
        memory.putInt(CONTROL + CMSG_TYPE, LibC.SCM_RIGHTS);
        return (size + 7) & ~7;
    }

    private void readControl(Parcel parcel) {
        fdCount = 0;
        lost = memory.getInt(MSGHDR + MSG_FLAGS) & (LibC.MSG_CTRUNC | LibC.MSG_TRUNC);
        fromSomebody = false;
        parcel.sender(-1, -1, -1);
        int end = (int) memory.getLong(MSGHDR + MSG_CONTROLLEN);
        int at = 0;
        while (at + CMSG_DATA <= end) {
            int size = (int) memory.getLong(CONTROL + at);
            int data = CONTROL + at + CMSG_DATA;
            int type = memory.getInt(CONTROL + at + CMSG_TYPE);
            if (type == LibC.SCM_RIGHTS) {
                for (int i = 0; i < (size - CMSG_DATA) / 4; i++) {
                    fds[fdCount++] = memory.getInt(data + 4 * i);
                }
            } else if (type == LibC.SCM_CREDENTIALS) {
                fromSomebody = true;
                parcel.sender(memory.getInt(data), memory.getInt(data + 4), memory.getInt(data + 8));
            }
            at += (size + 7) & ~7;
        }
    }

    /** Returns the total descriptors that a parcel's rights are made of. */
    static int fdsOf(Parcel parcel) {
        int count = 0;
        for (int i = 0; i < parcel.rightCount(); i++) {
            count += ((Travelling) parcel.right(i)).fdCount();
        }
        return count;
    }
}
