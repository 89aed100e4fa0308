/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.message;

import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;
import io.machframe.core.lifetime.Hold;
import io.machframe.core.platform.MessageLayout;
import io.machframe.core.port.MessageSource;
import io.machframe.core.port.SendOnceRight;
import io.machframe.core.port.SendRight;
import io.machframe.core.port.Task;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A Mach message to be sent: an id, some bytes, rights and memory, as a {@link MessageBuilder} put them together.
 *
 * <p><b>Ownership.</b> The message owns the rights and the memory in it. Sending hands them to the kernel and spends the
 * message; if the send fails, the message is whole and owns everything as before, so it can be sent again or closed.
 *
 * <p><b>Threads.</b> Confine to one thread. A message is sent once all the same: of two threads that send or close it at
 * the same time, one gets an {@link IllegalStateException}.
 */
public final class OutgoingMessage implements AutoCloseable {
    private final Contents contents;
    private final @Nullable Hold hold;

    OutgoingMessage(Contents contents) {
        this.contents = contents;
        this.hold = contents.own(this);
    }

    /** Begins a message. */
    public static MessageBuilder builder() {
        return new MessageBuilder();
    }

    /**
     * Sends this message, {@code mach_msg}; waits as long as the queue is full.
     *
     * @throws io.machframe.core.error.DeadPortException if the destination is dead; the message is whole
     * @throws MachException for other reasons; the message is whole
     * @throws InterruptedException if the thread is interrupted while the queue is full; the message is whole
     * @throws IllegalStateException if this message was sent or closed, or the right closed or moved
     */
    public void sendTo(SendRight destination) throws MachException, InterruptedException {
        send(destination, ReceiveCall.NO_LIMIT);
    }

    /**
     * Sends this message if the queue has space now; never waits. If it has none, a request made by
     * {@link SendRight#requestSendPossibleAfterRefusal} notifies its port when there is, {@code MACH_SEND_NOTIFY}.
     *
     * @return whether it was sent; if not, the message is whole
     * @throws MachException as {@link #sendTo(SendRight)}
     */
    public boolean trySendTo(SendRight destination) throws MachException {
        try {
            return send(destination, ReceiveCall.NO_WAIT);
        } catch (InterruptedException e) {
            throw ReceiveCall.impossible(e);
        }
    }

    /**
     * Sends this message if the queue has space within some time.
     *
     * @return whether it was sent; if not, the message is whole
     * @throws MachException as {@link #sendTo(SendRight)}
     */
    public boolean trySendTo(SendRight destination, Duration timeout) throws MachException, InterruptedException {
        return send(destination, ReceiveCall.millis(timeout));
    }

    private boolean send(SendRight destination, int millis) throws MachException, InterruptedException {
        beginSending(destination.task());
        try {
            return SendCall.run(contents, destination, millis);
        } finally {
            endSending();
        }
    }

    /**
     * Sends this message, at once whatever the queue holds, and spends the right even if that fails. If the port died and
     * this process was not notified yet, the message is destroyed and that is no failure.
     *
     * @throws io.machframe.core.error.DeadPortException if the right is known to be dead; the message is whole
     * @throws MachException for other reasons; the message is whole
     * @throws IllegalStateException if this message was sent or closed, or the right closed or moved
     */
    public void sendTo(SendOnceRight destination) throws MachException {
        beginSending(destination.task());
        try {
            SendCall.run(contents, destination);
        } finally {
            endSending();
        }
    }

    /**
     * Sends this message and waits for the next message of a port's queue, or of a port set's members, in one call.
     *
     * @return the message received, which may be any that was in the queue; {@link RequestPort} sorts that out
     * @throws MachException as {@link #sendTo(SendRight)}, with the message whole and nothing received; or, the message
     *     being sent, as {@link ReceivedMessage#receiveFrom}
     * @throws InterruptedException if the thread is interrupted while it waits for either
     */
    public ReceivedMessage sendAndReceive(SendRight destination, MessageSource port)
            throws MachException, InterruptedException {
        if (port.task() != destination.task()) {
            throw new IllegalArgumentException("the port to receive from belongs to another task than the destination");
        }
        beginSending(destination.task());
        try {
            return ReceivedMessage.of(SendCall.runAndReceive(contents, destination, port));
        } finally {
            endSending();
        }
    }

    /**
     * As {@link #sendAndReceive(SendRight, MessageSource)} within some time, the wait for space in the destination's queue
     * included.
     *
     * @return the message received, or empty if none came
     * @throws MachException {@code MACH_SEND_TIMED_OUT} if there was no space all the time; the message is whole
     */
    public Optional<ReceivedMessage> trySendAndReceive(SendRight destination, MessageSource port, Duration timeout)
            throws MachException, InterruptedException {
        int millis = ReceiveCall.millis(timeout);
        long end = ReceiveCall.end(millis);
        if (!send(destination, millis)) {
            throw new MachException("mach_msg", new KernReturn(KernReturn.MACH_SEND_TIMED_OUT));
        }
        return Optional.ofNullable(ReceivedMessage.receive(port, ReceiveCall.remaining(end, millis)));
    }

    /** Returns the id, {@code msgh_id}. */
    public int id() {
        contents.requireWhole();
        return contents.bytes().getInt(MessageLayout.ID);
    }

    /** Returns how many descriptors the message has, of rights and of memory; the reply right is not one of them. */
    public int descriptorCount() {
        contents.requireWhole();
        return contents.descriptorCount();
    }

    /** Returns what kind of right the receiver is given for replies; {@link DescriptorKind#NULL} if none. */
    public DescriptorKind replyKind() {
        contents.requireWhole();
        return contents.replyKind();
    }

    /**
     * Releases what is in the message, unless it was sent. Idempotent.
     *
     * @throws IllegalStateException if another thread is sending it
     */
    @Override
    public void close() {
        contents.close(hold);
    }

    private void beginSending(Task task) {
        contents.requireWhole();
        if (contents.hasRights() && task != contents.task) {
            throw new IllegalArgumentException("the rights in the message belong to another task than its destination");
        }
        contents.beginUse();
    }

    /** Until here the message is not forgotten, although only the call that sends it may know it. */
    private void endSending() {
        try {
            boolean spent = contents.endUse();
            if (hold != null && spent) {
                hold.move();
            }
        } finally {
            Reference.reachabilityFence(this);
        }
    }
}
