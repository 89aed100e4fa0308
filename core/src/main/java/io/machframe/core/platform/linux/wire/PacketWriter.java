/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.wire;

import static io.machframe.core.error.KernReturn.KERN_INVALID_ADDRESS;

import io.machframe.core.platform.DescriptorCursor;
import io.machframe.core.platform.MessageLayout;
import io.machframe.core.platform.kernel.KernelException;
import io.machframe.core.platform.kernel.Parcel;
import io.machframe.core.platform.linux.libc.LibC;
import java.nio.ByteBuffer;
import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;

/** Sends packets. Not thread-safe: {@link Wire} has one for each thread. */
public final class PacketWriter {
    /** Fewer fit in a packet, whatever they are. */
    private static final int MANY_RIGHTS = WireLayout.MAX_FDS / 4;

    private final NativeScratch scratch;
    private final SocketOptions sockets;
    private final DescriptorCursor descriptors = new DescriptorCursor();
    private final DescriptorCursor elements = new DescriptorCursor();

    /** Of each right of the parcel at hand, where it is before; null if that was not looked for. */
    private int @Nullable [] repeats;

    PacketWriter(NativeScratch scratch, SocketOptions sockets) {
        this.scratch = scratch;
        this.sockets = sockets;
    }

    /** Sends a parcel as one packet without waiting. Returns 0 or the errno. */
    public int send(int socket, Parcel parcel, int flags, int onceId) {
        int errno = prepare(parcel);
        if (errno != 0) {
            return errno;
        }
        int fdsNeeded = findRepeats(parcel) + parcel.blockCount();
        putPrefix(flags, parcel.size(), parcel.extraSize(), onceId);
        describeRights(parcel);
        boolean oversize = fdsNeeded > WireLayout.MAX_FDS || parcel.size() + parcel.extraSize() > WireLayout.MAX_PACKET;
        errno = oversize ? sendOversize(socket, parcel, flags, fdsNeeded) : sendWhole(socket, parcel);
        for (int i = 0; errno == 0 && i < parcel.rightCount(); i++) {
            ((Transferable) parcel.right(i)).transferred();
        }
        return errno;
    }

    private static int prepare(Parcel parcel) {
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
            return 0;
        } catch (KernelException e) {
            return e.code() == KERN_INVALID_ADDRESS ? LibC.EFAULT : LibC.ENOMEM;
        }
    }

    private int sendWhole(int socket, Parcel parcel) {
        int count = 0;
        for (int i = 0; i < parcel.rightCount(); i++) {
            Transferable right = (Transferable) parcel.right(i);
            for (int j = 0; firstOf(i) < 0 && j < right.fdCount(); j++) {
                AncillaryData.putFd(scratch.memory, NativeScratch.CONTROL, count++, right.fd(j));
            }
        }
        for (int i = 0; i < parcel.blockCount(); i++) {
            AncillaryData.putFd(scratch.memory, NativeScratch.CONTROL, count++, ((FileBlock) parcel.block(i)).fd());
        }
        return scratch.send(socket, putBytes(parcel), AncillaryData.end(scratch.memory, NativeScratch.CONTROL, count));
    }

    private int sendOversize(int socket, Parcel parcel, int flags, int fdsNeeded) {
        OversizeAttachment attachment = OversizeAttachment.of(parcel, this, sockets, fdsNeeded);
        if (attachment == null) {
            return LibC.ENOBUFS;
        }
        scratch.memory.putInt(NativeScratch.PREFIX + WireLayout.FLAGS, flags | attachment.flags());
        int[] fds = attachment.fds(parcel, this, fdsNeeded);
        return scratch.send(socket, attachment.hasFile() ? 1 : putBytes(parcel), putFds(fds, 0, fds.length));
    }

    /**
     * Has the receiver look for leaked credits, if its queue is empty: else credits will be returned as it is read. So no
     * more than one such packet of each sender is ever in a queue.
     */
    public void requestReconcile(int socket) {
        if (sockets.unread(socket) == 0) {
            putPrefix(WireLayout.FLAG_RECONCILE, 0, 0, 0);
            scratch.send(socket, 1, 0);
        }
    }

    /** Sends descriptors alone. Returns whether the socket had space for them. */
    public boolean sendFds(int socket, int[] fds, int from, int count) {
        return scratch.send(socket, 1, putFds(fds, from, count)) == 0; // the prefix, of which nothing is read
    }

    private int putFds(int[] fds, int from, int count) {
        for (int i = 0; i < count; i++) {
            AncillaryData.putFd(scratch.memory, NativeScratch.CONTROL, i, fds[from + i]);
        }
        return AncillaryData.end(scratch.memory, NativeScratch.CONTROL, count);
    }

    /** Lays out the packet's bytes behind the prefix. Returns in how many pieces all are. */
    private int putBytes(Parcel parcel) {
        scratch.iov(1, parcel.buffer().address(), parcel.size());
        if (parcel.extraSize() == 0) {
            return 2;
        }
        scratch.iov(2, parcel.extra().address(), parcel.extraSize());
        return 3;
    }

    private void putPrefix(int flags, int size, int extraSize, int onceId) {
        ByteBuffer memory = scratch.memory;
        memory.putInt(NativeScratch.PREFIX + WireLayout.MAGIC, WireLayout.MAGIC_VALUE);
        memory.putInt(NativeScratch.PREFIX + WireLayout.FLAGS, flags);
        memory.putInt(NativeScratch.PREFIX + WireLayout.MESSAGE_SIZE, size);
        memory.putInt(NativeScratch.PREFIX + WireLayout.ONCE_ID, onceId);
        memory.putLong(NativeScratch.PREFIX + WireLayout.REPLY_KIND, 0);
        memory.putInt(NativeScratch.PREFIX + WireLayout.EXTRA_SIZE, extraSize);
        memory.putInt(NativeScratch.PREFIX + WireLayout.RESERVED, 0);
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
            scratch.memory.putInt(NativeScratch.PREFIX + WireLayout.REPLY_KIND, reply.kind());
            scratch.memory.putInt(NativeScratch.PREFIX + WireLayout.REPLY_ONCE_ID, reply.onceId());
        }
        int extra = 0;
        for (descriptors.wrap(parcel.buffer(), parcel.size()); descriptors.next() && next < parcel.rightCount(); ) {
            if (descriptors.isPort()) {
                next = describe(parcel, next, bytes, descriptors);
            } else if (descriptors.type() == MessageLayout.TYPE_OOL_PORTS) {
                int count = (int) descriptors.size();
                if (count > 0) {
                    for (elements.wrapArray(parcel.extra(), extra, count); elements.next(); ) {
                        next = describe(parcel, next, parcel.extra().bytes(), elements);
                    }
                }
                extra += count * MessageLayout.PORT_DESCRIPTOR_SIZE;
            } else if (descriptors.address() == Parcel.INLINE) {
                extra += (int) descriptors.size();
            }
        }
    }

    private int describe(Parcel parcel, int next, ByteBuffer bytes, DescriptorCursor port) {
        if (port.name() != Parcel.PRESENT) {
            return next;
        }
        Transferable right = (Transferable) parcel.right(next);
        int first = firstOf(next);
        int at = port.position();
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
}
