/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.wire;

import io.machframe.core.platform.DescriptorCursor;
import io.machframe.core.platform.MessageBuffer;
import io.machframe.core.platform.kernel.Parcel;
import io.machframe.core.platform.linux.libc.LibC;
import io.machframe.core.platform.linux.libc.NativeMemory;
import org.jspecify.annotations.Nullable;

/** Receives packets. What came in the last one is here until the next. Not thread-safe: {@link Wire} has one for each thread. */
public final class PacketReader {
    private final NativeScratch scratch;
    private final AncillaryData beside = new AncillaryData();
    private final DescriptorCursor descriptors = new DescriptorCursor();
    private final DescriptorCursor elements = new DescriptorCursor();
    private int lost;

    /** Where the rest of a packet goes that is larger than the caller's buffer; made when this thread first receives. */
    private @Nullable MessageBuffer spill;

    /** What the message at hand has out of line, in one piece. */
    private @Nullable MessageBuffer extra;

    PacketReader(NativeScratch scratch) {
        this.scratch = scratch;
    }

    /**
     * Receives one packet without waiting: its message goes to {@code buffer} as far as {@code limit} allows and the
     * rest to the spill. Descriptors that came with it are this object's until {@link #takeFds} or {@link #discardFds}.
     *
     * @return the bytes of the packet; 0 at end of file; the errno, negated, if nothing came
     */
    public int receive(int socket, MessageBuffer buffer, int limit, Parcel parcel) {
        scratch.iov(1, buffer.address(), limit);
        scratch.iov(2, spill().address(), spill().capacity());
        int size = scratch.receive(socket, 3);
        if (size >= 0) {
            beside.clear();
            lost = 0;
            readBeside(LibC.MSG_CTRUNC | LibC.MSG_TRUNC);
            parcel.sender(beside.pid(), beside.uid(), beside.gid());
        }
        return size;
    }

    /** Receives more descriptors behind those that there are. Returns whether any came, and all that were sent. */
    public boolean receiveFds(int socket) {
        int before = beside.count();
        if (scratch.receiveBeside(socket) < 0) {
            return false;
        }
        readBeside(LibC.MSG_CTRUNC);
        return beside.count() > before && lost == 0;
    }

    private void readBeside(int losses) {
        lost |= scratch.memory.getInt(NativeScratch.MSG_FLAGS) & losses;
        int size = (int) scratch.memory.getLong(NativeScratch.MSG_CONTROLLEN);
        beside.read(scratch.memory, NativeScratch.CONTROL, size);
    }

    /** Receives and destroys all that is in a queue to which nothing is added any more. */
    public void drain(int socket) {
        int self = LibC.getpid();
        int size;
        do {
            beside.clear();
            size = scratch.receiveBeside(socket);
            if (size >= 0) {
                readBeside(0);
                if (beside.pid() == self) {
                    beside.close(); // so that this thread sees at once what its own rights' end brings about
                } else {
                    beside.discard(0);
                }
            }
        } while (size > 0 || (size == 0 && beside.hasSender()));
        beside.clear();
    }

    /** Returns whether the last packet lost rights, for want of space, or bytes. */
    public boolean isTruncated() {
        return lost != 0;
    }

    /** Returns whether the last packet lost rights: this process had no descriptors for them. */
    public boolean lostRights() {
        return (lost & LibC.MSG_CTRUNC) != 0;
    }

    /** Returns whether the last packet came with its sender's credentials; the end of file comes without. */
    public boolean hasSender() {
        return beside.hasSender();
    }

    public int prefix(int field) {
        return scratch.memory.getInt(NativeScratch.PREFIX + field);
    }

    public boolean hasFlag(int flag) {
        return (prefix(WireLayout.FLAGS) & flag) != 0;
    }

    /** Returns whether the last packet is what {@link PacketWriter#requestReconcile} sends. */
    public boolean isReconcileRequest() {
        return prefix(WireLayout.MAGIC) == WireLayout.MAGIC_VALUE
                && prefix(WireLayout.FLAGS) == WireLayout.FLAG_RECONCILE;
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

    /** Returns this thread's cursor over the descriptors of an arriving message. */
    public DescriptorCursor descriptors() {
        return descriptors;
    }

    /** Returns this thread's cursor over the rights of an array in an arriving message. */
    public DescriptorCursor elements() {
        return elements;
    }

    public int fdCount() {
        return beside.count();
    }

    public int fd(int index) {
        return beside.fd(index);
    }

    /** Forgets the received descriptors: they have an owner now. */
    public void takeFds() {
        beside.clear();
    }

    /** Closes the received descriptors from an index on, and forgets all. */
    public void discardFds(int from) {
        beside.discard(from);
    }
}
