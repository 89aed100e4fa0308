/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.message;

import io.machframe.core.error.InvalidMessageException;
import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;
import io.machframe.core.lifetime.Hold;
import io.machframe.core.memory.MemoryRegion;
import io.machframe.core.platform.DescriptorCursor;
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
    /** What the codes of a sending {@code mach_msg} have in common; those of a receiving one begin at 0x10004000. */
    private static final int SEND_CODES = 0x10000000;

    private final Contents contents;
    private final int replyField;
    private @Nullable Hold hold;
    private boolean spent;

    /** What {@link #body} answered last; a message whose object is used again answers it again. */
    private @Nullable ByteBuffer view;

    private @Nullable MessageBuffer viewed;
    private int viewStart;

    private MachMessage(Contents contents, int replyField) {
        this.contents = contents;
        this.replyField = replyField;
        this.hold = holdRights();
    }

    /** Without rights there is nothing that the garbage collector would not free, and a message shall cost little. */
    private @Nullable Hold holdRights() {
        Contents held = contents;
        int field = replyField;
        boolean hasRights = held.rightCount() > 0
                || held.deadName != Mach.MACH_PORT_NULL
                || held.bytes().getInt(field) != Mach.MACH_PORT_NULL;
        return hasRights ? Hold.of(this, "message with rights", () -> held.destroy(field)) : null;
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
        MachMessage message = receive(port, ReceiveCall.NO_LIMIT);
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
        return Optional.ofNullable(receive(port, ReceiveCall.millis(limit)));
    }

    private static @Nullable MachMessage receive(MessageSource port, int millis) throws MachException {
        Task task = port.task();
        Contents contents = new Contents(task, MessagePool.take(task, MessagePool.BUFFER_SIZE));
        boolean came = false;
        try {
            came = ReceiveCall.run(contents, port, millis, WhenTooLarge.GROW);
        } finally {
            if (!came) {
                contents.giveBack();
            }
        }
        return came ? received(contents) : null;
    }

    /** Makes a message of what was received. */
    static MachMessage received(Contents contents) throws InvalidMessageException {
        String problem = check(contents);
        return new MachMessage(contents, MessageLayout.REMOTE_PORT).orInvalid(problem);
    }

    /** Begins a message object anew, for what was received into the same contents; it was closed. */
    void receivedAgain() throws InvalidMessageException {
        String problem = check(contents);
        hold = holdRights();
        spent = false;
        orInvalid(problem);
    }

    private static @Nullable String check(Contents contents) {
        String problem = MessageCheck.problem(contents);
        contents.deadName = NotificationReader.deadName(contents);
        return problem;
    }

    private MachMessage orInvalid(@Nullable String problem) throws InvalidMessageException {
        if (problem != null) {
            close();
            throw new InvalidMessageException(problem);
        }
        return this;
    }

    /**
     * Sends this message, waiting as long as the queue is full.
     *
     * @throws io.machframe.core.error.DeadPortException if the destination is dead; the message is whole
     * @throws MachException for other reasons; the message is whole
     * @throws IllegalStateException if this message was sent or closed, or the right closed or moved
     */
    public void sendTo(SendRight destination) throws MachException {
        send(destination, ReceiveCall.NO_LIMIT, 0);
    }

    /**
     * Sends this message if the queue has room within some time; zero does not wait.
     *
     * @return whether it was sent; if not, the message is whole
     * @throws MachException as {@link #sendTo(SendRight)}
     */
    public boolean trySendTo(SendRight destination, Duration limit) throws MachException {
        return send(destination, ReceiveCall.millis(limit), 0);
    }

    /**
     * Sends this message if the queue has room now, and if not, lets the request that was made by
     * {@link SendRight#requestSendPossibleAfterRefusal} tell when it has, {@code MACH_SEND_NOTIFY}.
     *
     * @return whether it was sent; if not, the message is whole
     * @throws MachException as {@link #sendTo(SendRight)}
     */
    public boolean trySendOrNotify(SendRight destination) throws MachException {
        return send(destination, 0, Mach.MACH_SEND_NOTIFY);
    }

    /**
     * Sends this message and waits for the next message of a port's queue, or of a set's members, in one call.
     *
     * @return the message received, which may be any that was in the queue; {@link RequestPort} sorts that out
     * @throws MachException as {@link #sendTo(SendRight)}, with the message whole and nothing received; or, the message
     *     being sent, as {@link #receiveFrom}
     */
    public MachMessage sendAndReceive(SendRight destination, MessageSource port) throws MachException {
        return received(sendAndReceiveInto(destination, port));
    }

    /**
     * As {@link #sendAndReceive(SendRight, MessageSource)} within some time, the wait for room in the destination's queue
     * included.
     *
     * @return the message received, or empty if none came
     * @throws MachException {@code MACH_SEND_TIMED_OUT} if there was no room all the time; the message is whole
     */
    public Optional<MachMessage> sendAndReceive(SendRight destination, MessageSource port, Duration limit)
            throws MachException {
        int millis = ReceiveCall.millis(limit);
        long end = ReceiveCall.end(millis);
        if (!send(destination, millis, 0)) {
            throw new MachException("mach_msg", new KernReturn(KernReturn.MACH_SEND_TIMED_OUT));
        }
        return Optional.ofNullable(receive(port, ReceiveCall.remaining(end, millis)));
    }

    private Contents sendAndReceiveInto(SendRight destination, MessageSource port) throws MachException {
        Task task = destination.task();
        requireSendable(task);
        if (port.task() != task) {
            throw new IllegalArgumentException("the port to receive from belongs to another task than the destination");
        }
        int name = destination.pin();
        try {
            int code = sendAndReceive(task.calls(), name, port.receiveName());
            if (isSendCode(code)) {
                throw sendFailure(code);
            }
            spend(); // the buffer is the answer's now
            return answered(port, code);
        } finally {
            destination.unpin();
        }
    }

    private int sendAndReceive(MachCalls calls, int name, int receiveName) {
        int options = Mach.MACH_SEND_MSG | Mach.MACH_SEND_INTERRUPT | ReceiveCall.options(WhenTooLarge.GROW);
        MessageBuffer buffer = contents.buffer;
        while (true) {
            address(name, Mach.MACH_MSG_TYPE_COPY_SEND);
            int code = calls.message(buffer, options, contents.size, buffer.capacity(), receiveName, 0, 0);
            releaseGivenBack(calls, code);
            if (code != KernReturn.MACH_SEND_INTERRUPTED
                    || Thread.currentThread().isInterrupted()) {
                return code;
            }
        }
    }

    private Contents answered(MessageSource port, int code) throws MachException {
        Contents answer = contents.after(port.task());
        boolean came = false;
        try {
            ReceiveCall.goOn(answer, port, code);
            came = true;
            return answer;
        } finally {
            if (!came) {
                answer.giveBack();
            }
        }
    }

    /** Returns whether it is the sending half that answered: its codes are those below the receiving half's. */
    private static boolean isSendCode(int code) {
        return (code & ~0xff) == SEND_CODES;
    }

    /**
     * Sends this message, at once whatever the queue holds, and spends the right even if that fails. If the port died and
     * nobody noticed yet, the message is destroyed and that is no failure.
     *
     * @throws io.machframe.core.error.DeadPortException if the right is known to be dead; the message is whole
     * @throws MachException for other reasons; the message is whole
     * @throws IllegalStateException if this message was sent or closed, or the right closed or moved
     */
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

    private boolean send(SendRight destination, int millis, int option) throws MachException {
        requireSendable(destination.task());
        int name = destination.pin();
        try {
            int code = send(destination.task().calls(), name, millis, option);
            if (code == KernReturn.KERN_SUCCESS) {
                sent();
                return true;
            }
            if (code == KernReturn.MACH_SEND_TIMED_OUT) {
                return false;
            }
            throw sendFailure(code);
        } finally {
            destination.unpin();
        }
    }

    private MachException sendFailure(int code) {
        if (isConsumed(code)) {
            sent();
        }
        return MachException.of("mach_msg", new KernReturn(code));
    }

    private int send(MachCalls calls, int name, int millis, int option) {
        int options =
                Mach.MACH_SEND_MSG | Mach.MACH_SEND_INTERRUPT | option | (millis < 0 ? 0 : Mach.MACH_SEND_TIMEOUT);
        long end = ReceiveCall.end(millis);
        int left = millis;
        while (true) {
            address(name, Mach.MACH_MSG_TYPE_COPY_SEND);
            int code = calls.message(contents.buffer, options, contents.size, 0, 0, Math.max(left, 0), 0);
            releaseGivenBack(calls, code);
            if (code != KernReturn.MACH_SEND_INTERRUPTED
                    || Thread.currentThread().isInterrupted()) {
                return code;
            }
            left = ReceiveCall.remaining(end, millis);
        }
    }

    /** A wrong right or address deep in the message: the kernel has destroyed those before it, and none may be released again. */
    private static boolean isConsumed(int code) {
        return code == KernReturn.MACH_SEND_INVALID_RIGHT
                || code == KernReturn.MACH_SEND_INVALID_TYPE
                || code == KernReturn.MACH_SEND_INVALID_MEMORY;
    }

    /** A message that came back as if received brings one more reference to its destination, or none if that died. */
    private void releaseGivenBack(MachCalls calls, int code) {
        if (isGivenBack(code)) {
            calls.deallocate(contents.bytes().getInt(MessageLayout.REMOTE_PORT));
        }
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
        spend();
        contents.giveBack();
    }

    /** What was in this message is the kernel's. */
    private void spend() {
        spent = true;
        if (hold != null) {
            hold.move();
        }
    }

    /** Returns the id that the sender chose, {@code msgh_id}. */
    public int id() {
        requireWhole();
        return contents.bytes().getInt(MessageLayout.ID);
    }

    /**
     * Returns the bytes that the sender gave {@link MessageBuilder#body}: exactly those, little-endian, read-only, valid
     * until this message is closed or sent. It may be the very buffer that the last call returned, rewound.
     *
     * @throws InvalidMessageException if the sender framed its body otherwise; {@link #rawBody} has it
     */
    public ByteBuffer body() throws InvalidMessageException {
        requireWhole();
        int start = contents.body();
        int room = contents.size - start;
        if (room == 0) {
            return view(start, 0);
        }
        int length = room < 4 ? -1 : contents.bytes().getInt(start);
        if (length < 0 || length > room - 4) {
            throw new InvalidMessageException("its body says it has " + length + " bytes but brings " + room);
        }
        return view(start + 4, length);
    }

    /** Returns all bytes after the header and the rights, a multiple of 4; as {@link #body} otherwise. */
    public ByteBuffer rawBody() {
        requireWhole();
        int start = contents.body();
        return view(start, contents.size - start);
    }

    private ByteBuffer view(int start, int length) {
        ByteBuffer last = view;
        if (last == null || viewed != contents.buffer || viewStart != start || last.capacity() != length) {
            last = contents.bytes().slice(start, length).asReadOnlyBuffer();
            view = last;
            viewed = contents.buffer;
            viewStart = start;
        }
        return last.clear().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Reads the message part by part. */
    public MessageReader reader() {
        requireWhole();
        return new MessageReader(this);
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
        DescriptorCursor descriptor = contents.descriptor(index);
        return switch (descriptor.type()) {
            case MessageLayout.TYPE_PORT, MessageLayout.TYPE_GUARDED_PORT ->
                RightKind.of(descriptor.name(), descriptor.disposition());
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
        DescriptorCursor descriptor = requireKind(index, RightKind.MEMORY);
        MemoryRegion memory = MemoryRegion.adopt(contents.task, descriptor.address(), descriptor.size());
        descriptor.clear();
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
        return SendRight.adopt(contents.task, takeName(requireKind(index, RightKind.SEND)));
    }

    /** Takes a send-once right out, as {@link #takeSendRight}. */
    public SendOnceRight takeSendOnceRight(int index) throws InvalidMessageException {
        return SendOnceRight.adopt(contents.task, takeName(requireKind(index, RightKind.SEND_ONCE)));
    }

    /** Takes a receive right out, with the messages in its queue, as {@link #takeSendRight}. */
    public ReceiveRight takeReceiveRight(int index) throws InvalidMessageException {
        return ReceiveRight.adopt(contents.task, takeName(requireKind(index, RightKind.RECEIVE)), 0);
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

    /** Returns whether the kernel tells by this message that a send-once right was destroyed unused. */
    boolean isSendOnceNotice() {
        return id() == Mach.MACH_NOTIFY_SEND_ONCE && NotificationReader.isFromKernel(contents);
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

    /** Returns all that the kernel says of the sender, from the trailer. */
    public AuditToken auditToken() {
        return AuditToken.read(trailer(), MessageLayout.TRAILER_AUDIT);
    }

    /** Returns for whom the sender acted, from the trailer. */
    public SecurityToken securityToken() {
        ByteBuffer trailer = trailer();
        return new SecurityToken(trailer.getInt(MessageLayout.TRAILER_UID), trailer.getInt(MessageLayout.TRAILER_GID));
    }

    /** Returns the context of the port it came to, when it was received, {@link ReceiveRight#context}; from the trailer. */
    public long context() {
        return trailer().getLong(MessageLayout.TRAILER_CONTEXT);
    }

    /**
     * Returns how many messages the receive right had given before this one, since it was made or moved here, or from
     * what {@link ReceiveRight#setSequenceNumber} said on; from the trailer.
     */
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
        contents.giveBack();
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

    private static int takeName(DescriptorCursor descriptor) {
        int name = descriptor.name();
        descriptor.clear();
        return name;
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

    private DescriptorCursor requireKind(int index, RightKind wanted) throws InvalidMessageException {
        if (rightKind(index) != wanted) {
            throw new InvalidMessageException("right " + index + " is " + rightKind(index) + ", not " + wanted);
        }
        return contents.descriptor(index);
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
}
