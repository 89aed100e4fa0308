/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.darwin;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import io.machframe.core.error.KernReturn;
import io.machframe.core.platform.MachCalls;
import io.machframe.core.platform.MemoryCalls;
import io.machframe.core.platform.MessageBuffer;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * The Mach calls as macOS's own kernel answers them: each method is one function of {@link LibSystem}.
 *
 * <p>Not run on a Mac yet. What is known of it: its declarations agree with the ABI table, and its calls were made into
 * a library compiled from that table, on Linux.
 */
final class DarwinMachCalls implements MachCalls {
    /** The most ints of a flavor that the kernel's interface carries, {@code MACH_PORT_INFO_EXT_COUNT}. */
    static final int MAX_INFO = 17;

    /** Places in the thread's scratch memory. */
    private static final int OUT = 0;

    private static final int SECOND_OUT = 4;
    private static final int OPTIONS = 8;
    private static final int INFO = 8;
    private static final int MEMBERS = 0;
    private static final int MEMBERS_COUNT = 8;

    private final int task;
    private final MemoryCalls memory;

    /** @param task the name of this task's own port, {@code mach_task_self()} */
    DarwinMachCalls(int task, MemoryCalls memory) {
        this.task = task;
        this.memory = memory;
    }

    @Override
    public MemoryCalls memory() {
        return memory;
    }

    @Override
    public MessageBuffer newBuffer(int capacity) {
        ByteBuffer bytes = ByteBuffer.allocateDirect(capacity);
        return new MessageBuffer(bytes, Pointer.nativeValue(Native.getDirectBufferPointer(bytes)));
    }

    @Override
    public int allocate(int right, int[] name) {
        Scratch scratch = Scratch.ofThread();
        int code = LibSystem.mach_port_allocate(task, right, scratch.at(OUT));
        return out(code, scratch, name);
    }

    @Override
    public int construct(int flags, int queueLimit, long context, int[] name) {
        Scratch scratch = Scratch.ofThread();
        scratch.putInt(OPTIONS + PortOptionsLayout.FLAGS, flags);
        scratch.putInt(OPTIONS + PortOptionsLayout.QUEUE_LIMIT, queueLimit);
        scratch.putLong(OPTIONS + PortOptionsLayout.RESERVED, 0);
        scratch.putLong(OPTIONS + PortOptionsLayout.RESERVED + Long.BYTES, 0);
        int code = LibSystem.mach_port_construct(task, scratch.at(OPTIONS), context, scratch.at(OUT));
        return out(code, scratch, name);
    }

    @Override
    public int destruct(int name, int sendDelta, long guard) {
        return LibSystem.mach_port_destruct(task, name, sendDelta, guard);
    }

    @Override
    public int deallocate(int name) {
        return LibSystem.mach_port_deallocate(task, name);
    }

    @Override
    public int modRefs(int name, int right, int delta) {
        return LibSystem.mach_port_mod_refs(task, name, right, delta);
    }

    @Override
    public int getRefs(int name, int right, int[] refs) {
        Scratch scratch = Scratch.ofThread();
        int code = LibSystem.mach_port_get_refs(task, name, right, scratch.at(OUT));
        return out(code, scratch, refs);
    }

    @Override
    public int type(int name, int[] type) {
        Scratch scratch = Scratch.ofThread();
        int code = LibSystem.mach_port_type(task, name, scratch.at(OUT));
        return out(code, scratch, type);
    }

    @Override
    public int insertRight(int name, int right, int disposition) {
        return LibSystem.mach_port_insert_right(task, name, right, disposition);
    }

    @Override
    public int extractRight(int name, int disposition, int[] out) {
        Scratch scratch = Scratch.ofThread();
        int code = LibSystem.mach_port_extract_right(task, name, disposition, scratch.at(OUT), scratch.at(SECOND_OUT));
        if (code == KernReturn.KERN_SUCCESS) {
            out[0] = scratch.getInt(OUT);
            out[1] = scratch.getInt(SECOND_OUT);
        }
        return code;
    }

    /**
     * {@inheritDoc}
     *
     * <p>The kernel may answer success with fewer ints than asked for; the rest of {@code info} stays as it was.
     */
    @Override
    public int getAttributes(int name, int flavor, int[] info) {
        Scratch scratch = Scratch.ofThread();
        int count = Math.min(info.length, MAX_INFO);
        scratch.putInt(OUT, count);
        int code = LibSystem.mach_port_get_attributes(task, name, flavor, scratch.at(INFO), scratch.at(OUT));
        if (code == KernReturn.KERN_SUCCESS) {
            int answered = Math.min(scratch.getInt(OUT), count);
            for (int i = 0; i < answered; i++) {
                info[i] = scratch.getInt(INFO + i * Integer.BYTES);
            }
        }
        return code;
    }

    @Override
    public int setAttributes(int name, int flavor, int[] info) {
        Scratch scratch = Scratch.ofThread();
        int count = Math.min(info.length, MAX_INFO);
        for (int i = 0; i < count; i++) {
            scratch.putInt(INFO + i * Integer.BYTES, info[i]);
        }
        return LibSystem.mach_port_set_attributes(task, name, flavor, scratch.at(INFO), count);
    }

    @Override
    public int setMakeSendCount(int name, int count) {
        return LibSystem.mach_port_set_mscount(task, name, count);
    }

    @Override
    public int setSequenceNumber(int name, int number) {
        return LibSystem.mach_port_set_seqno(task, name, number);
    }

    @Override
    public int getContext(int name, long[] context) {
        Scratch scratch = Scratch.ofThread();
        int code = LibSystem.mach_port_get_context(task, name, scratch.at(OUT));
        if (code == KernReturn.KERN_SUCCESS) {
            context[0] = scratch.getLong(OUT);
        }
        return code;
    }

    @Override
    public int setContext(int name, long context) {
        return LibSystem.mach_port_set_context(task, name, context);
    }

    @Override
    public int unguard(int name, long guard) {
        return LibSystem.mach_port_unguard(task, name, guard);
    }

    @Override
    public int insertMember(int name, int set) {
        return LibSystem.mach_port_insert_member(task, name, set);
    }

    @Override
    public int extractMember(int name, int set) {
        return LibSystem.mach_port_extract_member(task, name, set);
    }

    @Override
    public int moveMember(int name, int set) {
        return LibSystem.mach_port_move_member(task, name, set);
    }

    /**
     * {@inheritDoc}
     *
     * <p>The kernel answers with memory of its own making, which is copied and given back.
     */
    @Override
    public int getSetStatus(int name, int[][] members) {
        Scratch scratch = Scratch.ofThread();
        int code = LibSystem.mach_port_get_set_status(task, name, scratch.at(MEMBERS), scratch.at(MEMBERS_COUNT));
        if (code == KernReturn.KERN_SUCCESS) {
            long address = scratch.getLong(MEMBERS);
            int count = scratch.getInt(MEMBERS_COUNT);
            members[0] = count == 0 ? new int[0] : new Pointer(address).getIntArray(0, count);
            if (address != 0) {
                LibSystem.mach_vm_deallocate(task, address, (long) count * Integer.BYTES);
            }
        }
        return code;
    }

    @Override
    public int requestNotification(int name, int id, int sync, int notify, int disposition, int[] previous) {
        Scratch scratch = Scratch.ofThread();
        int code = LibSystem.mach_port_request_notification(task, name, id, sync, notify, disposition, scratch.at(OUT));
        return out(code, scratch, previous);
    }

    /**
     * {@inheritDoc}
     *
     * @throws IndexOutOfBoundsException if a size is negative or greater than the buffer: the kernel cannot know, and
     *     would read or write the memory behind it
     */
    @Override
    public int message(MessageBuffer buffer, int options, int sendSize, int receiveSize, int receiveName, int timeout) {
        Objects.checkFromIndexSize(0, sendSize, buffer.capacity());
        Objects.checkFromIndexSize(0, receiveSize, buffer.capacity());
        try {
            return LibSystem.mach_msg(buffer.address(), options, sendSize, receiveSize, receiveName, timeout, 0);
        } finally {
            // The address alone does not keep the memory: without this it may be freed while the kernel waits.
            Reference.reachabilityFence(buffer);
        }
    }

    private static int out(int code, Scratch scratch, int[] value) {
        if (code == KernReturn.KERN_SUCCESS) {
            value[0] = scratch.getInt(OUT);
        }
        return code;
    }
}
