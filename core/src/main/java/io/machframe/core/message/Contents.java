/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.message;

import io.machframe.core.platform.Mach;
import io.machframe.core.platform.MachCalls;
import io.machframe.core.platform.MessageBuffer;
import io.machframe.core.platform.MessageLayout;
import io.machframe.core.port.Task;
import java.nio.ByteBuffer;

/** A message's bytes and the rights its names stand for, apart from the message so that its collection can free them. */
final class Contents {
    final Task task;
    MessageBuffer buffer;
    int size;

    /** A reference that a dead-name notification brought and nobody took; null if none. */
    int deadName;

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

    static int descriptor(int index) {
        return MessageLayout.DESCRIPTORS + index * MessageLayout.PORT_DESCRIPTOR_SIZE;
    }

    int body() {
        return isComplex() ? descriptor(rightCount()) : MessageLayout.HEADER_SIZE;
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
            int at = descriptor(i);
            release(bytes.getInt(at), bytes.get(at + MessageLayout.DESCRIPTOR_DISPOSITION));
        }
    }

    private void release(int name, int disposition) {
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
