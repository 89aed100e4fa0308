/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.wire;

import static io.machframe.core.error.KernReturn.KERN_INVALID_ADDRESS;
import static io.machframe.core.error.KernReturn.MACH_SEND_INVALID_MEMORY;
import static io.machframe.core.error.KernReturn.MACH_SEND_NO_BUFFER;
import static io.machframe.core.error.KernReturn.MACH_SEND_TOO_LARGE;

import io.machframe.core.platform.MessageBuffer;
import io.machframe.core.platform.MessageLayout;
import io.machframe.core.platform.kernel.KernelException;
import io.machframe.core.platform.kernel.Parcel;
import io.machframe.core.platform.linux.libc.Interruption;
import io.machframe.core.platform.linux.libc.LibC;
import io.machframe.core.platform.linux.libc.NativeMemory;
import io.machframe.core.platform.linux.libc.Waker;
import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.IdentityHashMap;
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
public final class Wire {
    /** What {@link #await} answers. */
    public static final int READY = 0;

    public static final int TIMED_OUT = 1;
    public static final int INTERRUPTED = 2;

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

    /** Fewer fit in a packet, whatever they are. */
    private static final int MANY_RIGHTS = WireLayout.MAX_FDS / 4;

    private static final int KEPT_FDS = 4096;

    private static final int CMSG_LEVEL = 8;
    private static final int CMSG_TYPE = 12;
    private static final int CMSG_DATA = 16;

    private static final Cleaner CLEANER = Cleaner.create();
    private static final ThreadLocal<Wire> CURRENT = ThreadLocal.withInitial(Wire::new);

    private final ByteBuffer memory;
    private final long address;
    private final Waker waker;
    private final Interruption interruption;
    private final long[] knownQueues = new long[KNOWN_QUEUES];
    private int[] fds = new int[WireLayout.MAX_FDS];
    private int fdCount;
    private int lost;

    /** Of each right of the parcel at hand, where it is before; null if nobody looked. */
    private int @Nullable [] repeats;

    /** The structures of {@code poll} when it has to watch more than two; made when needed. */
    private @Nullable MessageBuffer manyPollfds;

    private boolean fromSomebody;

    /** Where the rest of a packet goes that is larger than the caller's buffer; made when this thread first receives. */
    private @Nullable MessageBuffer spill;

    /** What the message at hand has out of line, in one piece. */
    private @Nullable MessageBuffer extra;

    private Wire() {
        MessageBuffer native_ = NativeMemory.allocate(SIZE);
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

    public static Wire current() {
        return CURRENT.get();
    }

    public Waker waker() {
        return waker;
    }

    public static boolean isDeath(int errno) {
        return errno == LibC.EPIPE || errno == LibC.ECONNRESET || errno == LibC.ECONNREFUSED;
    }

    /** Returns what {@code mach_msg} answers when {@code sendmsg} failed for a reason other than death or no room. */
    public static int sendCode(int errno) {
        return switch (errno) {
            case LibC.EMSGSIZE -> MACH_SEND_TOO_LARGE;
            case LibC.EFAULT -> MACH_SEND_INVALID_MEMORY;
            default -> MACH_SEND_NO_BUFFER;
        };
    }

    /** Sends a parcel as one packet without waiting. Returns 0 or the errno. */
    public int send(int socket, Parcel parcel, int flags, int onceId) {
        for (int i = 0; i < parcel.rightCount(); i++) {
            int errno = ((Transferable) parcel.right(i)).prepare();
            if (errno != 0) {
                return errno;
            }
        }
        try {
            for (int i = 0; i < parcel.blockCount(); i++) {
                ((FileBlock) parcel.block(i)).prepare();
            }
        } catch (KernelException e) {
            return e.code() == KERN_INVALID_ADDRESS ? LibC.EFAULT : LibC.ENOMEM;
        }
        int fdsNeeded = findRepeats(parcel) + parcel.blockCount();
        putPrefix(flags, parcel.size(), parcel.extraSize(), onceId);
        describeRights(parcel);
        int control;
        if (fdsNeeded > WireLayout.MAX_FDS || parcel.size() + parcel.extraSize() > WireLayout.MAX_PACKET) {
            OversizeAttachment freight = OversizeAttachment.of(parcel, this, fdsNeeded);
            if (freight == null) {
                return LibC.ENOBUFS;
            }
            memory.putInt(PREFIX + WireLayout.FLAGS, flags | freight.flags());
            putBytes(freight.hasFile() ? null : parcel);
            int[] some = freight.fds(parcel, this, fdsNeeded);
            control = putFds(some, 0, some.length);
        } else {
            putBytes(parcel);
            control = putFds(parcel);
        }
        memory.putLong(MSGHDR + MSG_CONTROL, control == 0 ? 0 : address + CONTROL);
        memory.putLong(MSGHDR + MSG_CONTROLLEN, control);
        if (LibC.sendmsg(socket, address + MSGHDR, LibC.MSG_DONTWAIT | LibC.MSG_NOSIGNAL) < 0) {
            return LibC.errno();
        }
        for (int i = 0; i < parcel.rightCount(); i++) {
            ((Transferable) parcel.right(i)).transferred();
        }
        return 0;
    }

    /**
     * Has the receiver look for lost places, if its queue is empty: else places will come free by themselves. So no more
     * than one such packet of each sender is ever in a queue.
     */
    public void askToLook(int socket) {
        if (pending(socket, LibC.TIOCOUTQ) == 0) {
            putPrefix(WireLayout.FLAG_LOOK, 0, 0, 0);
            memory.putLong(MSGHDR + MSG_IOVLEN, 1);
            memory.putLong(MSGHDR + MSG_CONTROL, 0);
            memory.putLong(MSGHDR + MSG_CONTROLLEN, 0);
            LibC.sendmsg(socket, address + MSGHDR, LibC.MSG_DONTWAIT | LibC.MSG_NOSIGNAL);
        }
    }

    /** Returns whether the last packet says what {@link #askToLook} says. */
    public boolean isLook() {
        return prefix(WireLayout.MAGIC) == WireLayout.MAGIC_VALUE && prefix(WireLayout.FLAGS) == WireLayout.FLAG_LOOK;
    }

    /**
     * Receives one packet without waiting: its message goes to {@code buffer} as far as {@code limit} allows and the
     * rest to the spill. Descriptors that came with it are this object's until {@link #takeFds} or {@link #closeFds}.
     *
     * @return the bytes of the packet; 0 at end of file; the errno, negated, if nothing came
     */
    public int receive(int socket, MessageBuffer buffer, int limit, Parcel parcel) {
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
    public boolean isTruncated() {
        return lost != 0;
    }

    /** Returns whether the last packet lost rights: this process had no descriptors for them. */
    public boolean lostRights() {
        return (lost & LibC.MSG_CTRUNC) != 0;
    }

    /** Returns whether the last packet came with its sender's credentials; the end of file comes without. */
    public boolean isFromSomebody() {
        return fromSomebody;
    }

    public int prefix(int field) {
        return memory.getInt(PREFIX + field);
    }

    public MessageBuffer spill() {
        if (spill == null) {
            spill = NativeMemory.allocate(WireLayout.MAX_PACKET);
        }
        return spill;
    }

    public MessageBuffer extra(int size) {
        if (extra == null || extra.capacity() < size) {
            extra = NativeMemory.allocate(size);
        }
        return extra;
    }

    public int fdCount() {
        return fdCount;
    }

    public int fd(int index) {
        return fds[index];
    }

    /** Forgets the received descriptors: somebody owns them now. */
    public void takeFds() {
        fdCount = 0;
        if (fds.length > KEPT_FDS) {
            fds = new int[WireLayout.MAX_FDS];
        }
    }

    public void closeFds() {
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
    public long readByte(int pipe) {
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
    public boolean hungUp(int fd) {
        pollfd(0, fd, (short) 0);
        return LibC.poll(address + POLLFDS, 1, 0) > 0
                && (memory.getShort(POLLFDS + 6) & (LibC.POLLHUP | LibC.POLLERR)) != 0;
    }

    /** Returns whether there is something to read. */
    public boolean isReadable(int fd) {
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
    public int await(int fd, int millis, boolean interruptible) {
        pollfd(0, fd, LibC.POLLIN);
        pollfd(1, waker.fd(), LibC.POLLIN);
        return await(memory, address + POLLFDS, POLLFDS, 2, millis, interruptible);
    }

    /** As {@link #await(int, int, boolean)}, and until one of {@code pipes} hangs up. */
    public int await(int fd, int[] pipes, int millis, boolean interruptible) {
        if (pipes.length == 0) {
            return await(fd, millis, interruptible);
        }
        int count = 2 + pipes.length;
        if (manyPollfds == null || manyPollfds.capacity() < 8 * count) {
            manyPollfds = NativeMemory.allocate(16 * count);
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
    public int option(int socket, int option) {
        return optionFails(socket, option, 4) ? -1 : memory.getInt(OPTION);
    }

    /**
     * Returns whether a descriptor is a socket such as queues are made of.
     *
     * @param cookie its {@link #cookie}; no two sockets ever have one, so it is asked once
     */
    public boolean isQueueEnd(int fd, long cookie) {
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
    public long cookie(int socket) {
        return optionFails(socket, LibC.SO_COOKIE, 8) ? 0 : memory.getLong(OPTION);
    }

    /** Returns the user at the other side of a connected socket, or -1. */
    public int peerUser(int socket) {
        return optionFails(socket, LibC.SO_PEERCRED, 12) ? -1 : memory.getInt(OPTION + 4);
    }

    public void option(int socket, int option, int value) {
        memory.putInt(OPTION, value);
        LibC.setsockopt(socket, LibC.SOL_SOCKET, option, address + OPTION, 4);
    }

    /** Returns how many bytes a pipe holds. */
    public int available(int pipe) {
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

    /** Lays out the packet's bytes: the prefix, and what is not in a file. */
    private void putBytes(@Nullable Parcel parcel) {
        int parts = 1;
        if (parcel != null) {
            iov(parts++, parcel.buffer().address(), parcel.size());
        }
        if (parcel != null && parcel.extraSize() > 0) {
            iov(parts++, parcel.extra().address(), parcel.extraSize());
        }
        memory.putLong(MSGHDR + MSG_IOVLEN, parts);
    }

    private void putPrefix(int flags, int size, int extraSize, int onceId) {
        memory.putInt(PREFIX + WireLayout.MAGIC, WireLayout.MAGIC_VALUE);
        memory.putInt(PREFIX + WireLayout.FLAGS, flags);
        memory.putInt(PREFIX + WireLayout.MESSAGE_SIZE, size);
        memory.putInt(PREFIX + WireLayout.ONCE_ID, onceId);
        memory.putLong(PREFIX + WireLayout.REPLY_KIND, 0);
        memory.putInt(PREFIX + WireLayout.EXTRA_SIZE, extraSize);
        memory.putInt(PREFIX + WireLayout.RESERVED, 0);
    }

    /** Writes what each right is made of; the bytes of a parcel with rights are the kernel's own copy. */
    private void describeRights(Parcel parcel) {
        if (parcel.rightCount() == 0) {
            return;
        }
        ByteBuffer bytes = parcel.buffer().bytes();
        int next = 0;
        if (bytes.getInt(MessageLayout.LOCAL_PORT) == Parcel.PRESENT) {
            Transferable reply = (Transferable) parcel.right(next++);
            memory.putInt(PREFIX + WireLayout.REPLY_KIND, reply.kind());
            memory.putInt(PREFIX + WireLayout.REPLY_ONCE_ID, reply.onceId());
        }
        int extra = 0;
        for (int at = MessageLayout.DESCRIPTORS; next < parcel.rightCount(); ) {
            int type = bytes.get(at + MessageLayout.DESCRIPTOR_TYPE);
            if (type == MessageLayout.TYPE_PORT) {
                next = describe(parcel, next, bytes, at);
            } else if (type == MessageLayout.TYPE_OOL_PORTS) {
                int count = bytes.getInt(at + MessageLayout.OOL_SIZE);
                for (int i = 0; i < count; i++, extra += MessageLayout.PORT_DESCRIPTOR_SIZE) {
                    next = describe(parcel, next, parcel.extra().bytes(), extra);
                }
            } else if (bytes.getLong(at) == Parcel.INLINE) {
                extra += bytes.getInt(at + MessageLayout.OOL_SIZE);
            }
            at += MessageLayout.descriptorSize(type);
        }
    }

    private int describe(Parcel parcel, int next, ByteBuffer bytes, int at) {
        if (bytes.getInt(at) != Parcel.PRESENT) {
            return next;
        }
        Transferable right = (Transferable) parcel.right(next);
        int first = firstOf(next);
        bytes.putInt(at + WireLayout.DESCRIPTOR_ONCE_ID, first >= 0 ? first : right.onceId());
        bytes.putShort(at + WireLayout.DESCRIPTOR_KIND, (short) (first >= 0 ? WireLayout.KIND_SAME : right.kind()));
        return next + 1;
    }

    /**
     * Returns how many descriptors a parcel's rights are made of. If they might be too many for a packet, rights that are
     * in it more than once are found out, and only the first counts.
     */
    private int findRepeats(Parcel parcel) {
        int rights = parcel.rightCount();
        repeats = null;
        if (rights > MANY_RIGHTS) {
            int[] first = new int[rights];
            IdentityHashMap<Object, Integer> seen = new IdentityHashMap<>();
            for (int i = 0; i < rights; i++) {
                Integer before = seen.putIfAbsent(parcel.right(i), i);
                first[i] = before == null ? -1 : before;
            }
            repeats = first;
        }
        int count = 0;
        for (int i = 0; i < rights; i++) {
            count += firstOf(i) >= 0 ? 0 : ((Transferable) parcel.right(i)).fdCount();
        }
        return count;
    }

    /** Returns where in the parcel a right is before, or -1. */
    private int firstOf(int right) {
        return repeats == null ? -1 : repeats[right];
    }

    /** Returns every descriptor of a parcel's rights and memory, in order. */
    int[] fds(Parcel parcel, int count) {
        int[] all = new int[count];
        int next = 0;
        for (int i = 0; i < parcel.rightCount(); i++) {
            Transferable right = (Transferable) parcel.right(i);
            for (int j = 0; firstOf(i) < 0 && j < right.fdCount(); j++) {
                all[next++] = right.fd(j);
            }
        }
        for (int i = 0; i < parcel.blockCount(); i++) {
            all[next++] = ((FileBlock) parcel.block(i)).fd();
        }
        return all;
    }

    private int putFds(Parcel parcel) {
        int at = CONTROL + CMSG_DATA;
        for (int i = 0; i < parcel.rightCount(); i++) {
            Transferable right = (Transferable) parcel.right(i);
            for (int j = 0; firstOf(i) < 0 && j < right.fdCount(); j++, at += 4) {
                memory.putInt(at, right.fd(j));
            }
        }
        for (int i = 0; i < parcel.blockCount(); i++, at += 4) {
            memory.putInt(at, ((FileBlock) parcel.block(i)).fd());
        }
        return endFds(at);
    }

    /** Lays out descriptors for the next packet. Returns the size of the control data. */
    int putFds(int[] some, int from, int count) {
        int at = CONTROL + CMSG_DATA;
        for (int i = 0; i < count; i++, at += 4) {
            memory.putInt(at, some[from + i]);
        }
        return endFds(at);
    }

    private int endFds(int end) {
        int size = end - CONTROL;
        if (size == CMSG_DATA) {
            return 0;
        }
        memory.putLong(CONTROL, size);
        memory.putInt(CONTROL + CMSG_LEVEL, LibC.SOL_SOCKET);
        memory.putInt(CONTROL + CMSG_TYPE, LibC.SCM_RIGHTS);
        return (size + 7) & ~7;
    }

    /** Sends descriptors alone. Returns whether the socket had room for them. */
    public boolean sendFds(int socket, int[] some, int from, int count) {
        memory.putLong(MSGHDR + MSG_IOVLEN, 1); // the prefix, of which nothing is read
        memory.putLong(MSGHDR + MSG_CONTROL, address + CONTROL);
        memory.putLong(MSGHDR + MSG_CONTROLLEN, putFds(some, from, count));
        return LibC.sendmsg(socket, address + MSGHDR, LibC.MSG_DONTWAIT | LibC.MSG_NOSIGNAL) >= 0;
    }

    /** Receives more descriptors behind those that there are. Returns whether any came, and all that were sent. */
    public boolean receiveFds(int socket) {
        memory.putLong(OPTION, address + OPTION + 16);
        memory.putLong(OPTION + 8, 8);
        memory.putLong(MSGHDR + MSG_IOV, address + OPTION);
        memory.putLong(MSGHDR + MSG_IOVLEN, 1);
        memory.putLong(MSGHDR + MSG_CONTROL, address + CONTROL);
        memory.putLong(MSGHDR + MSG_CONTROLLEN, CONTROL_SIZE);
        long size = LibC.recvmsg(socket, address + MSGHDR, LibC.MSG_DONTWAIT | LibC.MSG_CMSG_CLOEXEC);
        memory.putLong(MSGHDR + MSG_IOV, address + IOV);
        if (size < 0) {
            return false;
        }
        int before = fdCount;
        readFds();
        lost |= memory.getInt(MSGHDR + MSG_FLAGS) & LibC.MSG_CTRUNC;
        return fdCount > before && lost == 0;
    }

    private void readFds() {
        int end = (int) memory.getLong(MSGHDR + MSG_CONTROLLEN);
        for (int at = 0; at + CMSG_DATA <= end; ) {
            int size = (int) memory.getLong(CONTROL + at);
            int type = memory.getInt(CONTROL + at + CMSG_TYPE);
            if (type == LibC.SCM_RIGHTS) {
                addFds(CONTROL + at + CMSG_DATA, (size - CMSG_DATA) / 4);
            } else if (type == LibC.SCM_PIDFD) {
                LibC.close(memory.getInt(CONTROL + at + CMSG_DATA)); // the peer that made the socket asked for it
            }
            at += (size + 7) & ~7;
        }
    }

    private void addFds(int at, int count) {
        if (fdCount + count > fds.length) {
            fds = Arrays.copyOf(fds, Math.max(2 * fds.length, fdCount + count));
        }
        for (int i = 0; i < count; i++) {
            fds[fdCount++] = memory.getInt(at + 4 * i);
        }
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
                addFds(data, (size - CMSG_DATA) / 4);
            } else if (type == LibC.SCM_CREDENTIALS) {
                fromSomebody = true;
                parcel.sender(memory.getInt(data), memory.getInt(data + 4), memory.getInt(data + 8));
            } else if (type == LibC.SCM_PIDFD) {
                LibC.close(memory.getInt(data)); // who had the socket before may have asked for it
            }
            at += (size + 7) & ~7;
        }
    }
}
