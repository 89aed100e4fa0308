/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.port;

import static io.machframe.core.platform.Mach.MACH_MSG_PHYSICAL_COPY;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_PORT_RECEIVE;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_PORT_SEND;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_PORT_SEND_ONCE;
import static io.machframe.core.platform.Mach.MACH_MSG_VIRTUAL_COPY;
import static io.machframe.core.platform.Mach.MACH_PORT_DEAD;
import static io.machframe.core.platform.Mach.MACH_PORT_NULL;

import io.machframe.core.platform.DescriptorCursor;
import io.machframe.core.platform.Mach;
import io.machframe.core.platform.MessageBuffer;
import io.machframe.core.platform.MessageLayout;
import io.machframe.core.platform.kernel.MessageLimits;
import io.machframe.core.platform.kernel.Parcel;
import io.machframe.core.platform.kernel.PortEnd;
import io.machframe.core.platform.kernel.SendEnd;
import io.machframe.core.platform.linux.libc.Descriptor;
import io.machframe.core.platform.linux.libc.DescriptorCloser;
import io.machframe.core.platform.linux.libc.LibC;
import io.machframe.core.platform.linux.libc.NativeMemory;
import io.machframe.core.platform.linux.memory.FileIdentity;
import io.machframe.core.platform.linux.memory.MemoryFile;
import io.machframe.core.platform.linux.wire.DescriptorInspector;
import io.machframe.core.platform.linux.wire.FileBlock;
import io.machframe.core.platform.linux.wire.PacketReader;
import io.machframe.core.platform.linux.wire.SocketOptions;
import io.machframe.core.platform.linux.wire.Wire;
import io.machframe.core.platform.linux.wire.WireLayout;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Checks a packet that a peer sent, and turns its descriptors into rights. Every count, size and descriptor in it is
 * hostile until checked; a packet that is wrong anywhere is destroyed whole.
 */
public final class Arrival {
    /** The most bytes that a message can have out of line in its packet or file. */
    private static final int MAX_EXTRA =
            WireLayout.MAX_PACKET + MessageLimits.MAX_RIGHTS * MessageLayout.PORT_DESCRIPTOR_SIZE;

    private static final int SELF = LibC.getpid();

    private final PacketReader reader;
    private final SocketOptions sockets;
    private final Parcel parcel;
    private final Admission admission;
    private int nextFd;
    private int nextExtra;
    private int rights;
    private int overflow = -1;

    /** Which send-once rights there are. */
    public interface Admission {
        /** Uses one up. Returns whether there was one of that number. */
        boolean use(int onceId);

        /** Returns whether it was registered for a notification. */
        default boolean isRegistered(int onceId) {
            return false;
        }
    }

    /** A check of one packet. The parcel is as large as the message, which may be more than the buffer it was received into. */
    public Arrival(Wire wire, Parcel parcel, Admission admission) {
        this.reader = wire.reader();
        this.sockets = wire.sockets();
        this.parcel = parcel;
        this.admission = admission;
    }

    /**
     * Returns whether the packet is good; its rights and memory are then in the parcel, else released.
     *
     * @param received the bytes of the packet
     * @param buffer where its first bytes are, and how many of them at most
     */
    public boolean accept(int received, MessageBuffer buffer, int limit) {
        boolean good = !reader.isTruncated()
                && isFramed(reader, received)
                && load(buffer, limit)
                && findOverflow()
                && adoptRights()
                && nextFd == reader.fdCount()
                && nextExtra == parcel.extraSize()
                && admit();
        if (good) {
            reader.takeFds();
        } else {
            discard();
        }
        DescriptorCloser.close(overflow, !isOwn());
        return good;
    }

    /** Returns the size of the message that a packet of that many bytes announces, or 0 if it cannot be one. */
    public static int messageSize(PacketReader reader, int received) {
        return isFramed(reader, received) ? reader.prefix(WireLayout.MESSAGE_SIZE) : 0;
    }

    private static boolean isFramed(PacketReader reader, int received) {
        int size = reader.prefix(WireLayout.MESSAGE_SIZE);
        int extra = reader.prefix(WireLayout.EXTRA_SIZE);
        return received >= WireLayout.PREFIX_SIZE
                && reader.prefix(WireLayout.MAGIC) == WireLayout.MAGIC_VALUE
                && size >= MessageLayout.HEADER_SIZE
                && size <= MessageLimits.MAX_SIZE
                && (size & 3) == 0
                && extra >= 0
                && extra <= MAX_EXTRA
                && (reader.hasFlag(WireLayout.FLAG_FILE)
                        ? received == WireLayout.PREFIX_SIZE && isFiled(reader, size + extra)
                        : received == WireLayout.PREFIX_SIZE + size + extra);
    }

    /** A peer that makes the receiver reserve memory must own as much; and reading another kind of file might never end. */
    private static boolean isFiled(PacketReader reader, int bytes) {
        return reader.fdCount() > 0 && MemoryFile.isFilled(reader.fd(0), bytes);
    }

    /** Brings message and extra into one piece each. */
    private boolean load(MessageBuffer buffer, int limit) {
        int size = parcel.size();
        int extraSize = reader.prefix(WireLayout.EXTRA_SIZE);
        boolean filed = reader.hasFlag(WireLayout.FLAG_FILE);
        if (filed || parcel.buffer() != buffer) {
            if (!load(buffer, limit, 0, size, parcel.buffer())) {
                return false;
            }
        }
        if (extraSize > 0) {
            MessageBuffer extra =
                    parcel.buffer() == buffer ? reader.extra(extraSize) : NativeMemory.allocate(extraSize);
            if (!load(buffer, limit, size, extraSize, extra)) {
                return false;
            }
            parcel.extra(extra, extraSize);
        }
        if (filed) {
            LibC.close(reader.fd(nextFd++));
        }
        return true;
    }

    private boolean load(MessageBuffer buffer, int limit, int from, int count, MessageBuffer target) {
        if (reader.hasFlag(WireLayout.FLAG_FILE)) {
            return MemoryFile.read(reader.fd(0), from, target.address(), count);
        }
        int inBuffer = Math.max(0, Math.min(count, limit - from));
        if (inBuffer > 0) {
            target.bytes().put(0, buffer.bytes(), from, inBuffer);
        }
        if (count > inBuffer) {
            int inSpill = Math.max(0, from - limit);
            target.bytes().put(inBuffer, reader.spill().bytes(), inSpill, count - inBuffer);
        }
        return true;
    }

    private boolean findOverflow() {
        if (reader.hasFlag(WireLayout.FLAG_OVERFLOW)) {
            if (nextFd >= reader.fdCount() || !sockets.isQueueEnd(reader.fd(nextFd))) {
                return false;
            }
            overflow = reader.fd(nextFd++);
        }
        return true;
    }

    /** Returns whether there are so many more descriptors, if need be from the overflow socket. */
    private boolean haveFds(int count) {
        while (nextFd + count > reader.fdCount()) {
            if (overflow < 0 || !reader.receiveFds(overflow)) {
                return false;
            }
        }
        return true;
    }

    private boolean adoptRights() {
        ByteBuffer bytes = parcel.buffer().bytes();
        int bits = bytes.getInt(MessageLayout.BITS);
        if ((bits & ~MessageLayout.BITS_USER) != 0 || !adoptReply(bytes, bits)) {
            return false;
        }
        DescriptorCursor each = reader.descriptors().wrap(parcel.buffer(), parcel.size());
        while (each.next()) {
            boolean good =
                    switch (each.type()) {
                        case MessageLayout.TYPE_PORT -> adoptPort(each, bytes);
                        case MessageLayout.TYPE_OOL_PORTS -> adoptArray(each);
                        case MessageLayout.TYPE_OOL, MessageLayout.TYPE_OOL_VOLATILE -> findMemory(each);
                        default -> false;
                    };
            if (!good) {
                return false;
            }
        }
        return each.fault() == DescriptorCursor.Fault.NONE && adoptBlocks(each.rewind());
    }

    private boolean findMemory(DescriptorCursor memory) {
        int copy = memory.copyOption();
        long size = memory.size();
        memory.deallocates(copy == MACH_MSG_VIRTUAL_COPY);
        if (copy != MACH_MSG_VIRTUAL_COPY && copy != MACH_MSG_PHYSICAL_COPY) {
            return false;
        }
        if (memory.address() == Parcel.INLINE && size > 0 && size <= parcel.extraSize() - nextExtra) {
            nextExtra += (int) size;
            return true;
        }
        return memory.address() == (size == 0 ? 0 : Parcel.PRESENT);
    }

    private boolean adoptArray(DescriptorCursor array) {
        long count = array.size();
        int most = (parcel.extraSize() - nextExtra) / MessageLayout.PORT_DESCRIPTOR_SIZE;
        array.deallocates(true);
        array.copyOption(MACH_MSG_VIRTUAL_COPY);
        if (count > most || array.address() != (count == 0 ? 0 : Parcel.PRESENT)) {
            return false;
        }
        if (count == 0) {
            return true;
        }
        DescriptorCursor element = reader.elements().wrapArray(parcel.extra(), nextExtra, (int) count);
        nextExtra += (int) count * MessageLayout.PORT_DESCRIPTOR_SIZE;
        while (element.next()) {
            boolean good = element.type() == MessageLayout.TYPE_PORT
                    && element.disposition() == array.disposition()
                    && adoptPort(element, parcel.extra().bytes());
            if (!good) {
                return false;
            }
        }
        return element.fault() == DescriptorCursor.Fault.NONE;
    }

    private boolean adoptBlocks(DescriptorCursor each) {
        while (each.next()) {
            if (each.isMemory() && each.address() == Parcel.PRESENT) {
                if (!haveFds(1) || !MemoryFile.isFixed(reader.fd(nextFd), each.size())) {
                    return false;
                }
                parcel.add(FileBlock.arriving(reader.fd(nextFd++), each.size()));
            }
        }
        return true;
    }

    private boolean adoptReply(ByteBuffer bytes, int bits) {
        int disposition = MessageLayout.local(bits);
        int name = bytes.getInt(MessageLayout.LOCAL_PORT);
        if (name == Parcel.PRESENT) {
            return adopt(disposition, reader.prefix(WireLayout.REPLY_KIND), reader.prefix(WireLayout.REPLY_ONCE_ID));
        }
        return name == MACH_PORT_NULL || (name == MACH_PORT_DEAD && Mach.isMove(disposition));
    }

    private boolean adoptPort(DescriptorCursor port, ByteBuffer bytes) {
        if (Mach.isNullOrDead(port.name())) {
            return Mach.isMove(port.disposition());
        }
        int kind = bytes.getShort(port.position() + WireLayout.DESCRIPTOR_KIND);
        int onceId = bytes.getInt(port.position() + WireLayout.DESCRIPTOR_ONCE_ID);
        bytes.putShort(port.position() + WireLayout.DESCRIPTOR_KIND, (short) 0);
        bytes.putInt(port.position() + WireLayout.DESCRIPTOR_ONCE_ID, 0);
        return port.name() == Parcel.PRESENT && adopt(port.disposition(), kind, onceId);
    }

    private boolean adopt(int disposition, int kind, int onceId) {
        if (!Mach.isMove(disposition) || disposition != dispositionOf(kind)) {
            return false;
        }
        if (++rights > MessageLimits.MAX_RIGHTS + 1) {
            return false;
        }
        if (kind == WireLayout.KIND_SAME) {
            return adoptAgain(onceId);
        }
        int needed = fdsOf(kind);
        if (!haveFds(needed)) {
            return false;
        }
        PortEnd end = endOf(kind, onceId);
        if (end == null) {
            return false;
        }
        parcel.add(end);
        nextFd += needed;
        return true;
    }

    private boolean adoptAgain(int first) {
        boolean known = first >= 0
                && first < parcel.rightCount()
                && parcel.right(first) instanceof SendEnd
                && parcel.right(first).identity() != null;
        if (known) {
            parcel.add(((SendEnd) parcel.right(first)).retain());
        }
        return known;
    }

    private static int dispositionOf(int kind) {
        return switch (kind) {
            case WireLayout.KIND_ONCE -> MACH_MSG_TYPE_PORT_SEND_ONCE;
            case WireLayout.KIND_RECEIVE -> MACH_MSG_TYPE_PORT_RECEIVE;
            default -> MACH_MSG_TYPE_PORT_SEND;
        };
    }

    private static int fdsOf(int kind) {
        return switch (kind) {
            case WireLayout.KIND_MEMORY -> 1;
            case WireLayout.KIND_RECEIVE -> 4;
            default -> 2;
        };
    }

    private @Nullable PortEnd endOf(int kind, int onceId) {
        int first = reader.fd(nextFd);
        int second = fdsOf(kind) > 1 ? reader.fd(nextFd + 1) : -1;
        return switch (kind) {
            case WireLayout.KIND_PORT -> sendEnd(first, second);
            case WireLayout.KIND_ONCE ->
                sockets.isQueueEnd(first) && DescriptorInspector.isOncePipe(second)
                        ? new SocketOnceEnd(first, second, onceId, null, !isOwn())
                        : null;
            case WireLayout.KIND_MEMORY -> memoryEnd(first);
            case WireLayout.KIND_MEMORY_PAIR -> memoryEnd(first, second);
            case WireLayout.KIND_RECEIVE -> receiveEnd(first, second, reader.fd(nextFd + 2), reader.fd(nextFd + 3));
            default -> null;
        };
    }

    private @Nullable PortEnd sendEnd(int queue, int pipe) {
        long cookie = sockets.cookie(queue);
        return sockets.isQueueEnd(queue, cookie) ? new SocketSendEnd(queue, pipe, cookie, null, !isOwn()) : null;
    }

    private @Nullable PortEnd receiveEnd(int queue, int sendEnd, int pipe, int bundle) {
        if (!sockets.isQueueEnd(queue)
                || !sockets.isQueueEnd(sendEnd)
                || !DescriptorInspector.isCreditWriter(pipe)
                || !sockets.isQueueEnd(bundle)) {
            return null;
        }
        // A holder of the pipe's old description could make writes to it block.
        int own = Descriptor.reopen(pipe, LibC.O_WRONLY | LibC.O_NONBLOCK);
        if (own < 0) {
            return null;
        }
        LibC.close(pipe);
        sockets.set(queue, LibC.SO_PASSCRED, 1);
        return SocketReceiveEnd.arriving(queue, sendEnd, own, bundle, !isOwn());
    }

    /** What looks into the memory decides what the other descriptor, if there is one, must be. */
    private static @Nullable LinuxEnd memoryEnd(int... fds) {
        FileIdentity identity = FileIdentity.ofMemory(fds[0]);
        return identity == null ? null : new MemoryEnd(fds, identity);
    }

    /** A message through a send-once right is admitted once. */
    private boolean admit() {
        boolean once = reader.hasFlag(WireLayout.FLAG_ONCE);
        parcel.sentOnce(once);
        int id = reader.prefix(WireLayout.ONCE_ID);
        parcel.notice(once && reader.hasFlag(WireLayout.FLAG_NOTICE) && mayNotify(id));
        return !once || admission.use(id);
    }

    /**
     * Returns whether the sender may speak as a kernel. This process may. Of another, what a holder of a send-once right
     * can bring about anyhow: that the right is dropped, or a receive right given to its port. No senders, if the right
     * was registered for that. What is said of a name means nothing here if it comes from elsewhere.
     */
    private boolean mayNotify(int onceId) {
        int id = parcel.buffer().bytes().getInt(MessageLayout.ID);
        return switch (id) {
            case Mach.MACH_NOTIFY_SEND_ONCE -> true;
            case Mach.MACH_NOTIFY_PORT_DESTROYED ->
                parcel.rightCount() == 1 && parcel.right(0) instanceof SocketReceiveEnd;
            case Mach.MACH_NOTIFY_NO_SENDERS -> isOwn() || admission.isRegistered(onceId);
            default -> isOwn();
        };
    }

    private boolean isOwn() {
        return parcel.senderPid() == SELF;
    }

    /** What was adopted is in the parcel. */
    private void discard() {
        reader.discardFds(nextFd);
        parcel.discardContents();
    }
}
