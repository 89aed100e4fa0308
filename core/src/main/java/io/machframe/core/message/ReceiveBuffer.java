/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.message;

import io.machframe.core.error.MachException;
import io.machframe.core.platform.MessageLayout;
import io.machframe.core.port.MessageSource;
import io.machframe.core.port.Task;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Memory to receive messages into, one after the other. A message without rights received this way leaves no garbage.
 *
 * <p><b>Ownership.</b> Each receive returns the same {@link ReceivedMessage} object with other contents, and closes what the
 * one before left in it. Rights that were taken are the caller's as always. Closing the buffer closes its message.
 *
 * <p><b>Threads.</b> Not thread-safe (confine to one thread).
 */
public final class ReceiveBuffer implements AutoCloseable {
    private final Contents contents;
    private final OversizePolicy whenTooLarge;
    private @Nullable ReceivedMessage message;
    private boolean closed;

    private ReceiveBuffer(Contents contents, OversizePolicy whenTooLarge) {
        this.contents = contents;
        this.whenTooLarge = whenTooLarge;
    }

    /** Makes a buffer for this process's ports that grows when a message does not fit. */
    public static ReceiveBuffer ofSize(int messageSize) {
        return ofSize(Task.self(), messageSize, OversizePolicy.GROW);
    }

    /**
     * Makes a buffer.
     *
     * @param task whose ports it will receive from
     * @param messageSize of the messages to expect, in bytes: the header's 24, 12 for each right and 4 for their number,
     *     and the body's with the 4 of its length; space for the trailer is added
     * @param whenTooLarge what becomes of larger ones
     */
    public static ReceiveBuffer ofSize(Task task, int messageSize, OversizePolicy whenTooLarge) {
        if (messageSize < MessageLayout.HEADER_SIZE) {
            throw new IllegalArgumentException("a message has at least 24 bytes, not " + messageSize);
        }
        int capacity = Math.addExact(messageSize, MessageLayout.MAX_TRAILER_SIZE);
        return new ReceiveBuffer(Contents.toReceive(task, capacity), whenTooLarge);
    }

    /** Returns how many bytes it has now, those for the trailer included. */
    public int capacity() {
        return contents.buffer.capacity();
    }

    /**
     * Makes space for larger messages; what was received last is closed.
     *
     * @param capacity in bytes, as {@link io.machframe.core.error.MessageTooLargeException#needed} tells
     */
    public void grow(int capacity) {
        begin(contents.task);
        if (capacity > capacity()) {
            contents.grow(capacity);
        }
    }

    /**
     * Waits for the next message, as {@link ReceivedMessage#receiveFrom}.
     *
     * @return the message, valid until the next call of this object
     * @throws io.machframe.core.error.MessageTooLargeException if it does not fit and the buffer does not grow
     */
    public ReceivedMessage receiveFrom(MessageSource port) throws MachException, InterruptedException {
        begin(port.task());
        ReceiveCall.run(contents, port, ReceiveCall.NO_LIMIT, whenTooLarge);
        return received();
    }

    /**
     * Takes the next message if one is queued; never waits.
     *
     * @return the message, as {@link #receiveFrom}, or null if there is none
     */
    @SuppressWarnings("exports") // an annotation that callers need not read
    public @Nullable ReceivedMessage tryReceiveFrom(MessageSource port) throws MachException {
        try {
            return receive(port, ReceiveCall.NO_WAIT);
        } catch (InterruptedException e) {
            throw ReceiveCall.impossible(e);
        }
    }

    /**
     * Waits for the next message for at most some time.
     *
     * @return the message, as {@link #receiveFrom}, or null if none came
     */
    @SuppressWarnings("exports")
    public @Nullable ReceivedMessage tryReceiveFrom(MessageSource port, Duration timeout)
            throws MachException, InterruptedException {
        return receive(port, ReceiveCall.millis(timeout));
    }

    private @Nullable ReceivedMessage receive(MessageSource port, int millis)
            throws MachException, InterruptedException {
        begin(port.task());
        return ReceiveCall.run(contents, port, millis, whenTooLarge) ? received() : null;
    }

    private void begin(Task task) {
        if (closed) {
            throw new IllegalStateException("the receive buffer is closed");
        }
        if (task != contents.task) {
            throw new IllegalArgumentException("the port belongs to another task than the buffer");
        }
        if (message != null) {
            message.close();
        }
    }

    private ReceivedMessage received() throws MachException {
        ReceivedMessage known = message;
        if (known == null) {
            known = ReceivedMessage.of(contents);
            message = known;
        } else {
            known.begin();
        }
        return known;
    }

    /** Closes the message that was received last. Closing again does nothing. */
    @Override
    public void close() {
        closed = true;
        if (message != null) {
            message.close();
        }
    }
}
