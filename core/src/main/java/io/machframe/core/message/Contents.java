/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.message;

import io.machframe.core.platform.DescriptorCursor;
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

    private final DescriptorCursor descriptors = new DescriptorCursor();

    /** Where the body begins, behind the descriptors. */
    private int body;

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

    /** Walks the descriptors, from the first. */
    DescriptorCursor descriptors() {
        return descriptors.wrap(buffer, size);
    }

    /** Returns one descriptor, valid until the next is asked for. */
    DescriptorCursor descriptor(int index) {
        return descriptors.seek(index);
    }

    /** The descriptors were walked, or written, to their end, behind which the body is. */
    void endDescriptors() {
        body = descriptors.end();
    }

    int body() {
        return body;
    }

    /** Takes an array of rights out of the memory it came in, which is given back. */
    RightArray takeRights(int index) {
        DescriptorCursor array = descriptor(index);
        long address = array.address();
        int count = (int) array.size();
        MemoryCalls memory = task.calls().memory();
        RightArray rights =
                RightArray.adopt(task, memory.view(address, count * Integer.BYTES), count, array.disposition());
        if (count > 0) {
            memory.deallocate(address, (long) count * Integer.BYTES);
        }
        array.clear();
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
        for (DescriptorCursor each = descriptors(); each.next(); ) {
            switch (each.type()) {
                case MessageLayout.TYPE_PORT, MessageLayout.TYPE_GUARDED_PORT ->
                    release(each.name(), each.disposition());
                case MessageLayout.TYPE_OOL_PORTS -> takeRights(each.index()).close();
                default -> releaseMemory(each, remote);
            }
        }
    }

    /** What is received is always the receiver's, although the kernel does not say so of a physical copy. */
    private void releaseMemory(DescriptorCursor memory, boolean received) {
        if ((received || memory.deallocates()) && memory.size() > 0) {
            task.calls().memory().deallocate(memory.address(), memory.size());
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
