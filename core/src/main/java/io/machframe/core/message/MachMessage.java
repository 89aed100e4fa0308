/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.message;

import io.machframe.core.error.InvalidMessageException;
import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;
import io.machframe.core.lifetime.Hold;
import io.machframe.core.memory.MemoryRegion;
import io.machframe.core.platform.Mach;
import io.machframe.core.platform.MachCalls;
import io.machframe.core.platform.MessageBuffer;
import io.machframe.core.platform.MessageLayout;
import io.machframe.core.port.MessageSource;
import io.machframe.core.port.PortName;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendOnceRight;
import io.machframe.core.port.SendRight;
import io.machframe.core.port.Task;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A Mach message: an id, some bytes, and rights. {@code mach_msg}
 *
 * <p><b>Ownership.</b> A message owns every right in it. Sending hands them to the kernel and spends the message; if the
 * send fails, the message is whole and owns everything as before, so it can be sent again or closed. A received message
 * gives its rights out by the {@code take} methods; what is left is released when it is closed.
 *
 * <p><b>Threads.</b> One thread at a time.
 */
public final class MachMessage implements AutoCloseable {
    private static final int NO_LIMIT = -1;
    private static final Duration LONGEST = Duration.ofMillis(Integer.MAX_VALUE);

    private final Contents contents;
    private final @Nullable Hold hold;
    private final int replyField;
    private boolean spent;

    private MachMessage(Contents contents, int replyField) {
        this.contents = contents;
        this.replyField = replyField;
        boolean hasRights = contents.rightCount() > 0
                || contents.deadName != Mach.MACH_PORT_NULL
                || contents.bytes().getInt(replyField) != Mach.MACH_PORT_NULL;
        // Without rights there is nothing that the garbage collector would not free, and a message shall cost little.
        this.hold = hasRights ? Hold.of(this, "message with rights", () -> contents.destroy(replyField)) : null;
    }

    /** Begins a message. */
    public static MessageBuilder builder() {
        return new MessageBuilder();
    }

    static MachMessage built(Contents contents) {
        return new MachMessage(contents, MessageLayout.LOCAL_PORT);
    }

    /**
     * Waits for the next message of a port's queue, or of a set's members.
     *
     * @throws io.machframe.core.error.PortClosedException if the right is closed meanwhile
     * @throws io.machframe.core.error.InterruptedCallException if the thread is interrupted
     * @throws InvalidMessageException if the peer's message makes no sense; it was destroyed
     * @throws IllegalStateException if the right was closed or moved before
     */
    public static MachMessage receiveFrom(MessageSource port) throws MachException {
        MachMessage message = receive(port, NO_LIMIT);
        if (message == null) {
            throw new IllegalStateException("a receive without a time-out timed out");
        }
        return message;
    }

    /**
     * Waits for the next message for at most some time; zero takes one that is there already.
     *
     * @return the message, or empty if none came
     * @throws MachException as {@link #receiveFrom}
     */
    public static Optional<MachMessage> tryReceiveFrom(MessageSource port, Duration limit) throws MachException {
        return Optional.ofNullable(receive(port, millis(limit)));
    }

    private static @Nullable MachMessage receive(MessageSource port, int millis) throws MachException {
        Task task = port.task();
        Contents contents = new Contents(task, MessagePool.take(task, MessagePool.BUFFER_SIZE));
        int options = Mach.MACH_RCV_MSG
                | Mach.MACH_RCV_LARGE
                | Mach.MACH_RCV_INTERRUPT
                | Mach.MACH_RCV_TRAILER_AUDIT_BITS
                | (millis < 0 ? 0 : Mach.MACH_RCV_TIMEOUT);
        long end = millis < 0 ? 0 : System.nanoTime() + millis * 1_000_000L;
        int left = millis;
        while (true) {
            MessageBuffer buffer = contents.buffer;
            int code = task.calls()
                    .message(buffer, options, 0, buffer.capacity(), port.receiveName(), Math.max(left, 0), 0);
            if (code == KernReturn.KERN_SUCCESS) {
                contents.size = contents.bytes().getInt(MessageLayout.SIZE);
                return received(contents);
            }
            if (code == KernReturn.MACH_RCV_TOO_LARGE) {
                int needed = contents.bytes().getInt(MessageLayout.SIZE) + MessageLayout.MAX_TRAILER_SIZE;
                MessagePool.giveBack(task, contents.buffer);
                contents.buffer = task.calls().newBuffer(needed);
            } else if (isDelivered(code)) {
                contents.size = contents.bytes().getInt(MessageLayout.SIZE);
                received(contents).close();
                throw MachException.of("mach_msg", new KernReturn(code));
            } else if (code != KernReturn.MACH_RCV_INTERRUPTED
                    || Thread.currentThread().isInterrupted()) {
                MessagePool.giveBack(task, contents.buffer);
                if (code == KernReturn.MACH_RCV_TIMED_OUT) {
                    return null;
                }
                throw receiveFailure(port, code);
            }
            left = remaining(end, millis);
        }
    }

    private static MachException receiveFailure(MessageSource port, int code) {
        // A right that was closed just before the call is as one that was closed just after.
        boolean closed = code == KernReturn.MACH_RCV_INVALID_NAME && !port.isOpen();
        return MachException.of("mach_msg", new KernReturn(closed ? KernReturn.MACH_RCV_PORT_CHANGED : code));
    }

    /** With these codes the message is there, but for want of room not all that was in it. */
    private static boolean isDelivered(int code) {
        int plain = new KernReturn(code).withoutSpecialBits().code();
        return plain == KernReturn.MACH_RCV_HEADER_ERROR || plain == KernReturn.MACH_RCV_BODY_ERROR;
    }

    private static MachMessage received(Contents contents) throws InvalidMessageException {
        String problem = MessageCheck.problem(contents);
        contents.deadName = NotificationReader.deadName(contents);
        MachMessage message = new MachMessage(contents, MessageLayout.REMOTE_PORT);
        if (problem != null) {
            message.close();
            throw new InvalidMessageException(problem);
        }
        return message;
    }

    /**
     * Sends this message, waiting as long as the queue is full.
     *
     * @throws io.machframe.core.error.DeadPortException if the destination is dead; the message is whole
     * @throws MachException for other reasons; the message is whole
     * @throws IllegalStateException if this message was sent or closed, or the right closed or moved
     */
    public void sendTo(SendRight destination) throws MachException {
        send(destination, NO_LIMIT);
    }

    /**
     * Sends this message if the queue has room within some time; zero does not wait.
     *
     * @return whether it was sent; if not, the message is whole
     * @throws MachException as {@link #sendTo(SendRight)}
     */
    public boolean trySendTo(SendRight destination, Duration limit) throws MachException {
        return send(destination, millis(limit));
    }

    /** Sends this message, at once whatever the queue holds, and spends the right even if that fails. */
    public void sendTo(SendOnceRight destination) throws MachException {
        requireSendable(destination.task());
        Task task = destination.task();
        int name = destination.relinquish();
        address(name, Mach.MACH_MSG_TYPE_MOVE_SEND_ONCE);
        int code = task.calls().message(contents.buffer, Mach.MACH_SEND_MSG, contents.size, 0, 0, 0, 0);
        if (code == KernReturn.KERN_SUCCESS) {
            sent();
            return;
        }
        if (isConsumed(code)) {
            sent();
        } else {
            task.calls().deallocate(contents.bytes().getInt(MessageLayout.REMOTE_PORT));
        }
        throw MachException.of("mach_msg", new KernReturn(code));
    }

    private boolean send(SendRight destination, int millis) throws MachException {
        requireSendable(destination.task());
        int name = destination.pin();
        try {
            int code = send(destination.task().calls(), name, millis);
            if (code == KernReturn.KERN_SUCCESS) {
                sent();
                return true;
            }
            if (code == KernReturn.MACH_SEND_TIMED_OUT) {
                return false;
            }
            if (isConsumed(code)) {
                sent();
            }
            throw MachException.of("mach_msg", new KernReturn(code));
        } finally {
            destination.unpin();
        }
    }

    private int send(MachCalls calls, int name, int millis) {
        int options = Mach.MACH_SEND_MSG | Mach.MACH_SEND_INTERRUPT | (millis < 0 ? 0 : Mach.MACH_SEND_TIMEOUT);
        long end = millis < 0 ? 0 : System.nanoTime() + millis * 1_000_000L;
        int left = millis;
        while (true) {
            address(name, Mach.MACH_MSG_TYPE_COPY_SEND);
            int code = calls.message(contents.buffer, options, contents.size, 0, 0, Math.max(left, 0), 0);
            if (isGivenBack(code)) {
                // The message came back as if received, with one more reference to its destination, or none if that
                // died.
                calls.deallocate(contents.bytes().getInt(MessageLayout.REMOTE_PORT));
            }
            if (code != KernReturn.MACH_SEND_INTERRUPTED
                    || Thread.currentThread().isInterrupted()) {
                return code;
            }
            left = remaining(end, millis);
        }
    }

    /** A wrong right or address deep in the message: the kernel has destroyed those before it, and none may be released again. */
    private static boolean isConsumed(int code) {
        return code == KernReturn.MACH_SEND_INVALID_RIGHT
                || code == KernReturn.MACH_SEND_INVALID_TYPE
                || code == KernReturn.MACH_SEND_INVALID_MEMORY;
    }

    private boolean isGivenBack(int code) {
        return (code == KernReturn.MACH_SEND_TIMED_OUT
                        || code == KernReturn.MACH_SEND_INTERRUPTED
                        || code == KernReturn.MACH_SEND_NO_BUFFER)
                && MessageLayout.remote(contents.bytes().getInt(MessageLayout.BITS)) == Mach.MACH_MSG_TYPE_MOVE_SEND;
    }

    private void address(int name, int disposition) {
        ByteBuffer bytes = contents.bytes();
        int bits = bytes.getInt(MessageLayout.BITS);
        bytes.putInt(MessageLayout.BITS, (bits & ~MessageLayout.BITS_REMOTE_MASK) | disposition);
        bytes.putInt(MessageLayout.REMOTE_PORT, name);
    }

    private void sent() {
        spent = true;
        if (hold != null) {
            hold.move();
        }
        MessagePool.giveBack(contents.task, contents.buffer);
    }

    /** Returns the id that the sender chose, {@code msgh_id}. */
    public int id() {
        requireWhole();
        return contents.bytes().getInt(MessageLayout.ID);
    }

    /**
     * Returns the bytes that the sender gave {@link MessageBuilder#body}: exactly those, little-endian, read-only, valid
     * until this message is closed or sent.
     *
     * @throws InvalidMessageException if the sender framed its body otherwise; {@link #rawBody} has it
     */
    public ByteBuffer body() throws InvalidMessageException {
        ByteBuffer raw = rawBody();
        if (!raw.hasRemaining()) {
            return raw;
        }
        int length = raw.remaining() < 4 ? -1 : raw.getInt();
        if (length < 0 || length > raw.remaining()) {
            throw new InvalidMessageException(
                    "its body says it has " + length + " bytes but brings " + raw.remaining());
        }
        return raw.slice(raw.position(), length).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Returns all bytes after the header and the rights, a multiple of 4; as {@link #body} otherwise. */
    public ByteBuffer rawBody() {
        requireWhole();
        int start = contents.body();
        return contents.bytes()
                .slice(start, contents.size - start)
                .asReadOnlyBuffer()
                .order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Returns how many places for rights and memory the message has beside the reply right. */
    public int rightCount() {
        requireWhole();
        return contents.rightCount();
    }

    /** Returns what is at the place {@code index} now; what was taken leaves null behind. */
    public RightKind rightKind(int index) {
        requireWhole();
        requirePlace(index);
        return switch (contents.type(index)) {
            case MessageLayout.TYPE_PORT, MessageLayout.TYPE_GUARDED_PORT ->
                RightKind.of(contents.bytes().getInt(contents.nameField(index)), contents.disposition(index));
            case MessageLayout.TYPE_OOL_PORTS -> RightKind.RIGHTS;
            default -> RightKind.MEMORY;
        };
    }

    /**
     * Takes memory out that the sender sent out of line; the caller owns it. It is this process's alone, and may be
     * written.
     *
     * @throws InvalidMessageException if something else stands there
     */
    public MemoryRegion takeMemory(int index) throws InvalidMessageException {
        requireKind(index, RightKind.MEMORY);
        MemoryRegion memory = MemoryRegion.adopt(contents.task, contents.address(index), contents.outOfLineSize(index));
        contents.clear(index);
        return memory;
    }

    /**
     * Takes an array of rights out; the caller owns it.
     *
     * @throws InvalidMessageException if something else stands there
     */
    public RightArray takeRights(int index) throws InvalidMessageException {
        requireKind(index, RightKind.RIGHTS);
        return contents.takeRights(index);
    }

    /**
     * Takes a send right out; the caller owns it.
     *
     * @throws InvalidMessageException if something else stands there
     */
    public SendRight takeSendRight(int index) throws InvalidMessageException {
        requireKind(index, RightKind.SEND);
        return SendRight.adopt(contents.task, takeName(contents.nameField(index)));
    }

    /** Takes a send-once right out, as {@link #takeSendRight}. */
    public SendOnceRight takeSendOnceRight(int index) throws InvalidMessageException {
        requireKind(index, RightKind.SEND_ONCE);
        return SendOnceRight.adopt(contents.task, takeName(contents.nameField(index)));
    }

    /** Takes a receive right out, with the messages in its queue, as {@link #takeSendRight}. */
    public ReceiveRight takeReceiveRight(int index) throws InvalidMessageException {
        requireKind(index, RightKind.RECEIVE);
        return ReceiveRight.adopt(contents.task, takeName(contents.nameField(index)), 0);
    }

    /** Returns the port the message came to, also if it was received from a set. */
    public PortName port() {
        trailer();
        return new PortName(contents.bytes().getInt(MessageLayout.LOCAL_PORT));
    }

    /**
     * Returns what the kernel tells by this message, or empty if it is not from the kernel, whatever its id. A right in
     * the answer is the caller's.
     */
    public Optional<Notification> takeNotification() throws InvalidMessageException {
        trailer();
        if (!NotificationReader.isFromKernel(contents)) {
            return Optional.empty();
        }
        ByteBuffer bytes = contents.bytes();
        return switch (id()) {
            case Mach.MACH_NOTIFY_PORT_DESTROYED -> Optional.of(new Notification.PortDestroyed(takeReceiveRight(0)));
            case Mach.MACH_NOTIFY_DEAD_NAME -> Optional.of(new Notification.DeadName(takeDeadName()));
            default -> NotificationReader.read(bytes, contents.size);
        };
    }

    private SendRight takeDeadName() throws InvalidMessageException {
        int name = contents.deadName;
        if (name == Mach.MACH_PORT_NULL) {
            throw new InvalidMessageException("its dead name was taken already");
        }
        contents.deadName = Mach.MACH_PORT_NULL;
        return SendRight.adopt(contents.task, name);
    }

    /** Returns what kind of right the sender gave for replies; {@link RightKind#NULL} if none. */
    public RightKind replyKind() {
        requireWhole();
        ByteBuffer bytes = contents.bytes();
        int bits = bytes.getInt(MessageLayout.BITS);
        boolean received = replyField == MessageLayout.REMOTE_PORT;
        return RightKind.of(
                bytes.getInt(replyField), received ? MessageLayout.remote(bits) : MessageLayout.local(bits));
    }

    /** Takes the reply right out, for one reply; the caller owns it. */
    public SendOnceRight takeReplyOnce() throws InvalidMessageException {
        requireReply(RightKind.SEND_ONCE);
        return SendOnceRight.adopt(contents.task, takeName(replyField));
    }

    /** Takes the reply right out, for many replies; the caller owns it. */
    public SendRight takeReply() throws InvalidMessageException {
        requireReply(RightKind.SEND);
        return SendRight.adopt(contents.task, takeName(replyField));
    }

    /** Returns who sent the message, from the trailer that the kernel wrote. */
    public Sender sender() {
        ByteBuffer trailer = trailer();
        return new Sender(
                trailer.getInt(MessageLayout.TRAILER_AUDIT + MessageLayout.AUDIT_PID),
                trailer.getInt(MessageLayout.TRAILER_AUDIT + MessageLayout.AUDIT_EUID),
                trailer.getInt(MessageLayout.TRAILER_AUDIT + MessageLayout.AUDIT_EGID));
    }

    /** Returns how many messages the receive right had given before this one. */
    public int sequenceNumber() {
        return trailer().getInt(MessageLayout.TRAILER_SEQNO);
    }

    /** Releases the rights that were not taken. Idempotent. */
    @Override
    public void close() {
        if (spent) {
            return;
        }
        spent = true;
        if (hold != null) {
            hold.close();
        }
        MessagePool.giveBack(contents.task, contents.buffer);
    }

    private ByteBuffer trailer() {
        requireWhole();
        if (replyField != MessageLayout.REMOTE_PORT) {
            throw new IllegalStateException("the message was not received");
        }
        int start = MessageLayout.round(contents.size);
        return contents.bytes()
                .slice(start, contents.bytes().capacity() - start)
                .order(ByteOrder.LITTLE_ENDIAN);
    }

    private int takeName(int field) {
        int name = contents.bytes().getInt(field);
        contents.bytes().putInt(field, Mach.MACH_PORT_NULL);
        return name;
    }

    private void requirePlace(int index) {
        if (index < 0 || index >= contents.rightCount()) {
            throw new IndexOutOfBoundsException("right " + index + " of " + contents.rightCount());
        }
    }

    private void requireKind(int index, RightKind wanted) throws InvalidMessageException {
        if (rightKind(index) != wanted) {
            throw new InvalidMessageException("right " + index + " is " + rightKind(index) + ", not " + wanted);
        }
    }

    private void requireReply(RightKind wanted) throws InvalidMessageException {
        if (replyKind() != wanted) {
            throw new InvalidMessageException("its reply right is " + replyKind() + ", not " + wanted);
        }
    }

    private void requireWhole() {
        if (spent) {
            throw new IllegalStateException("the message was sent or closed");
        }
    }

    private void requireSendable(Task task) {
        requireWhole();
        if (replyField == MessageLayout.REMOTE_PORT) {
            throw new IllegalStateException("a received message cannot be sent on; build one from its parts");
        }
        if (hold != null && task != contents.task) {
            throw new IllegalArgumentException("the rights in the message belong to another task than its destination");
        }
    }

    private static int millis(Duration limit) {
        if (limit.isNegative()) {
            throw new IllegalArgumentException("a time limit is not negative: " + limit);
        }
        if (limit.compareTo(LONGEST) >= 0) {
            return Integer.MAX_VALUE;
        }
        return (int) limit.plusNanos(999_999).toMillis();
    }

    private static int remaining(long end, int millis) {
        return millis < 0 ? millis : (int) Math.max(0, (end - System.nanoTime() + 999_999) / 1_000_000);
    }
}
