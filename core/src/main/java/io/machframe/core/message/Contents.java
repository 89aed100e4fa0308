/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.message;

import io.machframe.core.internal.PortAccess;
import io.machframe.core.lifetime.Hold;
import io.machframe.core.platform.DescriptorCursor;
import io.machframe.core.platform.Mach;
import io.machframe.core.platform.MachCalls;
import io.machframe.core.platform.MemoryCalls;
import io.machframe.core.platform.MessageBuffer;
import io.machframe.core.platform.MessageLayout;
import io.machframe.core.port.Task;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * A message's bytes and the rights its names stand for: owned by a message until they are sent or closed, and apart from
 * it so that its collection can free them.
 */
final class Contents {
    private static final PortAccess ACCESS = PortAccess.get();
    private static final AtomicReferenceFieldUpdater<Contents, State> STATE =
            AtomicReferenceFieldUpdater.newUpdater(Contents.class, State.class, "state");

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

    /** Where the name of the right to reply is. */
    private final int replyField;

    /** Whether the buffer is the pool's. */
    private final boolean pooled;

    private boolean hasRights;

    private volatile State state = State.WHOLE;

    private enum State {
        WHOLE,
        IN_USE,
        SPENT
    }

    private Contents(Task task, MessageBuffer buffer, int replyField, boolean pooled) {
        this.task = task;
        this.buffer = buffer;
        this.replyField = replyField;
        this.pooled = pooled;
    }

    /** Returns the contents of a message that is being built, of {@code size} bytes. */
    static Contents toSend(Task task, int size) {
        Contents contents = new Contents(task, MessagePool.take(task, size), MessageLayout.LOCAL_PORT, true);
        contents.size = size;
        return contents;
    }

    /** Returns contents to receive a message into. */
    static Contents toReceive(Task task) {
        MessageBuffer buffer = MessagePool.take(task, MessagePool.BUFFER_SIZE);
        return new Contents(task, buffer, MessageLayout.REMOTE_PORT, true);
    }

    /** Returns contents to receive one message after the other into. */
    static Contents toReceive(Task task, int capacity) {
        return new Contents(task, ACCESS.calls(task).newBuffer(capacity), MessageLayout.REMOTE_PORT, false);
    }

    /** Returns contents to receive into the buffer of this message, which was sent. */
    Contents toReceiveAnswer() {
        return new Contents(task, buffer, MessageLayout.REMOTE_PORT, pooled);
    }

    /**
     * Begins to be owned by {@code message}, whose collection releases what is in it. Without rights there is nothing
     * that the garbage collector would not free, and a message should cost little.
     *
     * @return the message's hold on what is in it, null if there is nothing; the message keeps it, because what the
     *     collector runs refers to the contents
     */
    @Nullable
    Hold own(Object message) {
        hasRights = descriptorCount() > 0
                || deadName != Mach.MACH_PORT_NULL
                || bytes().getInt(replyField) != Mach.MACH_PORT_NULL;
        Hold hold = hasRights ? Hold.of(message, "message with rights", this::destroy) : null;
        state = State.WHOLE;
        return hold;
    }

    /** Returns whether there is anything in the message that belongs to one task. */
    boolean hasRights() {
        return hasRights;
    }

    void requireWhole() {
        if (state == State.SPENT) {
            throw new IllegalStateException("the message was sent or closed");
        }
    }

    /** Begins a call that reads or spends the contents; no other thread can begin one, or close, before {@link #endUse}. */
    void beginUse() {
        if (!STATE.compareAndSet(this, State.WHOLE, State.IN_USE)) {
            requireWhole();
            throw inUse();
        }
    }

    /** Ends the call, and returns whether it spent the contents; else they are whole again. */
    boolean endUse() {
        return !STATE.compareAndSet(this, State.IN_USE, State.WHOLE);
    }

    private static IllegalStateException inUse() {
        return new IllegalStateException("another thread is using the message");
    }

    /** What is in the message is the kernel's from now on; so is not the buffer. */
    void spend() {
        state = State.SPENT;
    }

    /** Releases what is in the message by its hold, unless it was sent. Idempotent. */
    void close(@Nullable Hold hold) {
        if (STATE.compareAndSet(this, State.WHOLE, State.SPENT)) {
            if (hold != null) {
                hold.close();
            }
            giveBack();
        } else if (state == State.IN_USE) {
            throw inUse();
        }
    }

    /** A message was received into the buffer. */
    void received() {
        size = bytes().getInt(MessageLayout.SIZE);
    }

    /** Exchanges the buffer, in which nothing is, for a larger one. */
    void grow(int capacity) {
        giveBack();
        buffer = ACCESS.calls(task).newBuffer(capacity);
    }

    /** The buffer is not needed any more. */
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

    int descriptorCount() {
        return isComplex() ? bytes().getInt(MessageLayout.DESCRIPTOR_COUNT) : 0;
    }

    private boolean isReceived() {
        return replyField == MessageLayout.REMOTE_PORT;
    }

    private int replyDisposition() {
        int bits = bytes().getInt(MessageLayout.BITS);
        return isReceived() ? MessageLayout.remote(bits) : MessageLayout.local(bits);
    }

    DescriptorKind replyKind() {
        return DescriptorKind.of(bytes().getInt(replyField), replyDisposition());
    }

    int takeReply() {
        int name = bytes().getInt(replyField);
        bytes().putInt(replyField, Mach.MACH_PORT_NULL);
        return name;
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
        MemoryCalls memory = ACCESS.calls(task).memory();
        RightArray rights =
                RightArray.adopt(task, memory.view(address, count * Integer.BYTES), count, array.disposition());
        if (count > 0) {
            memory.deallocate(address, (long) count * Integer.BYTES);
        }
        array.clear();
        return rights;
    }

    /**
     * Releases all that is still in the message, {@code mach_msg_destroy}. The buffer stays: when the collector found the
     * message, views of its body may still be in use.
     */
    private void destroy() {
        release(bytes().getInt(replyField), replyDisposition());
        release(deadName, Mach.MACH_MSG_TYPE_PORT_SEND);
        for (DescriptorCursor each = descriptors(); each.next(); ) {
            switch (each.type()) {
                case MessageLayout.TYPE_PORT, MessageLayout.TYPE_GUARDED_PORT ->
                    release(each.name(), each.disposition());
                case MessageLayout.TYPE_OOL_PORTS -> takeRights(each.index()).close();
                default -> releaseMemory(each);
            }
        }
    }

    /** What is received is always the receiver's, although the kernel does not say so of a physical copy. */
    private void releaseMemory(DescriptorCursor memory) {
        if ((isReceived() || memory.deallocates()) && memory.size() > 0) {
            ACCESS.calls(task).memory().deallocate(memory.address(), memory.size());
        }
    }

    private void release(int name, int disposition) {
        release(task, name, disposition);
    }

    /** Releases one right, if the name stands for one. */
    static void release(Task task, int name, int disposition) {
        if (Mach.isNullOrDead(name)) {
            return;
        }
        MachCalls calls = ACCESS.calls(task);
        if (disposition == Mach.MACH_MSG_TYPE_MOVE_RECEIVE) {
            calls.modRefs(name, Mach.MACH_PORT_RIGHT_RECEIVE, -1);
        } else {
            calls.deallocate(name);
        }
    }
}
