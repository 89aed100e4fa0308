/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.message;

import io.machframe.core.platform.Mach;
import io.machframe.core.platform.MachCalls;
import io.machframe.core.platform.MemoryCalls;
import io.machframe.core.platform.MessageBuffer;
import io.machframe.core.platform.MessageLayout;
import io.machframe.core.port.Task;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A message's bytes and the rights its names stand for, apart from the message so that its collection can free them. */
final class Contents {
    final Task task;
    MessageBuffer buffer;
    int size;

    /** Where each descriptor is, and the body; null if all are of ports and so of one size. */
    private int @Nullable [] positions;

    /** A reference that a dead-name notification brought and nobody took; null if none. */
    int deadName;

    /** What the message was built from, where it still needs it. */
    @Nullable
    Object borrowed;

    /** Whether the buffer is the pool's. */
    private final boolean pooled;

    /** With a buffer of the pool. */
    Contents(Task task, MessageBuffer buffer) {
        this(task, buffer, true);
    }

    Contents(Task task, MessageBuffer buffer, boolean pooled) {
        this.task = task;
        this.buffer = buffer;
        this.pooled = pooled;
    }

    /** Returns the contents of the next message in the buffer of this one, which was sent. */
    Contents after(Task receiver) {
        return new Contents(receiver, buffer, pooled);
    }

    /** A message was received into the buffer. */
    void received() {
        positions = null;
        size = bytes().getInt(MessageLayout.SIZE);
    }

    /** Exchanges the buffer, in which nothing is, for a larger one. */
    void grow(int capacity) {
        giveBack();
        buffer = task.calls().newBuffer(capacity);
    }

    /** Nobody needs the buffer any more. */
    void giveBack() {
        if (pooled) {
            MessagePool.giveBack(task, buffer);
        }
    }

    ByteBuffer bytes() {
        return buffer.bytes();
    }

    boolean isComplex() {
        return (bytes().getInt(MessageLayout.BITS) & MessageLayout.BITS_COMPLEX) != 0;
    }

    int rightCount() {
        return isComplex() ? bytes().getInt(MessageLayout.DESCRIPTOR_COUNT) : 0;
    }

    int type(int index) {
        return bytes().get(descriptor(index) + MessageLayout.DESCRIPTOR_TYPE);
    }

    /** Returns where a descriptor is, and for their count where the body begins. */
    int descriptor(int index) {
        return positions == null
                ? MessageLayout.DESCRIPTORS + index * MessageLayout.PORT_DESCRIPTOR_SIZE
                : positions[index];
    }

    /** Finds the descriptors of a message that has not only port descriptors; all of them are known to be there. */
    void findDescriptors() {
        int[] found = new int[rightCount() + 1];
        found[0] = MessageLayout.DESCRIPTORS;
        for (int i = 0; i < rightCount(); i++) {
            int type = bytes().get(found[i] + MessageLayout.DESCRIPTOR_TYPE);
            found[i + 1] = found[i] + MessageLayout.descriptorSize(type);
        }
        positions = found;
    }

    int body() {
        return isComplex() ? descriptor(rightCount()) : MessageLayout.HEADER_SIZE;
    }

    /** Returns where the name of a descriptor of a port is. */
    int nameField(int index) {
        int guarded = type(index) == MessageLayout.TYPE_GUARDED_PORT ? MessageLayout.GUARDED_NAME : 0;
        return descriptor(index) + guarded;
    }

    int disposition(int index) {
        return bytes().get(descriptor(index) + MessageLayout.DESCRIPTOR_DISPOSITION);
    }

    long address(int index) {
        return bytes().getLong(descriptor(index));
    }

    /** Returns the bytes of memory, or how many names an array has. */
    long outOfLineSize(int index) {
        return Integer.toUnsignedLong(bytes().getInt(descriptor(index) + MessageLayout.OOL_SIZE));
    }

    /** Leaves nothing at the place of memory or an array: a descriptor of the same size, of no port. */
    void clear(int index) {
        bytes().put(descriptor(index) + MessageLayout.DESCRIPTOR_TYPE, (byte) MessageLayout.TYPE_GUARDED_PORT);
        bytes().putInt(nameField(index), Mach.MACH_PORT_NULL);
    }

    /** Takes an array of rights out of the memory it came in, which is given back. */
    RightArray takeRights(int index) {
        long address = address(index);
        int count = (int) outOfLineSize(index);
        MemoryCalls memory = task.calls().memory();
        RightArray rights =
                RightArray.adopt(task, memory.view(address, count * Integer.BYTES), count, disposition(index));
        if (count > 0) {
            memory.deallocate(address, (long) count * Integer.BYTES);
        }
        clear(index);
        return rights;
    }

    /**
     * Releases every right that is still in the message. {@code mach_msg_destroy} The buffer stays: when the collector
     * found the message, views of its body may still be in use.
     */
    void destroy(int replyField) {
        ByteBuffer bytes = bytes();
        int bits = bytes.getInt(MessageLayout.BITS);
        boolean remote = replyField == MessageLayout.REMOTE_PORT;
        release(bytes.getInt(replyField), remote ? MessageLayout.remote(bits) : MessageLayout.local(bits));
        release(deadName, Mach.MACH_MSG_TYPE_PORT_SEND);
        for (int i = 0; i < rightCount(); i++) {
            switch (type(i)) {
                case MessageLayout.TYPE_PORT, MessageLayout.TYPE_GUARDED_PORT ->
                    release(bytes.getInt(nameField(i)), disposition(i));
                case MessageLayout.TYPE_OOL_PORTS -> takeRights(i).close();
                default -> releaseMemory(i, remote);
            }
        }
    }

    /** What is received is always the receiver's, although the kernel does not say so of a physical copy. */
    private void releaseMemory(int index, boolean received) {
        boolean own = received || bytes().get(descriptor(index) + MessageLayout.OOL_DEALLOCATE) != 0;
        if (own && outOfLineSize(index) > 0) {
            task.calls().memory().deallocate(address(index), outOfLineSize(index));
        }
    }

    private void release(int name, int disposition) {
        release(task, name, disposition);
    }

    static void release(Task task, int name, int disposition) {
        if (name == Mach.MACH_PORT_NULL || name == Mach.MACH_PORT_DEAD) {
            return;
        }
        MachCalls calls = task.calls();
        if (disposition == Mach.MACH_MSG_TYPE_MOVE_RECEIVE) {
            calls.modRefs(name, Mach.MACH_PORT_RIGHT_RECEIVE, -1);
        } else {
            calls.deallocate(name);
        }
    }
}
