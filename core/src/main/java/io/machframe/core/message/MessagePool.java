/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.message;

import io.machframe.core.internal.PortAccess;
import io.machframe.core.platform.MessageBuffer;
import io.machframe.core.port.Task;
import java.util.ArrayDeque;

/** Buffers of closed messages, kept for the next ones: native memory is dear to make. Safe from any thread. */
final class MessagePool {
    private static final PortAccess ACCESS = PortAccess.get();
    static final int BUFFER_SIZE = 4096;

    private static final int MAX_POOLED = 32;
    private static final ArrayDeque<MessageBuffer> FREE = new ArrayDeque<>();

    private MessagePool() {}

    static MessageBuffer take(Task task, int size) {
        if (size <= BUFFER_SIZE && task == Task.self()) {
            synchronized (FREE) {
                MessageBuffer buffer = FREE.pollLast();
                if (buffer != null) {
                    return buffer;
                }
            }
        }
        return ACCESS.calls(task).newBuffer(Math.max(size, BUFFER_SIZE));
    }

    static void giveBack(Task task, MessageBuffer buffer) {
        if (buffer.capacity() == BUFFER_SIZE && task == Task.self()) {
            synchronized (FREE) {
                if (FREE.size() < MAX_POOLED) {
                    FREE.addLast(buffer);
                }
            }
        }
    }
}
