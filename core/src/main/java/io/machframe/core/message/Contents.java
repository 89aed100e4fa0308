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

    Contents(Task task, MessageBuffer buffer) {
        this.task = task;
        this.buffer = buffer;
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
