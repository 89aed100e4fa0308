/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.message;

import io.machframe.core.error.InvalidMessageException;
import io.machframe.core.error.MachException;
import io.machframe.core.internal.PortAccess;
import io.machframe.core.lifetime.Hold;
import io.machframe.core.memory.MemoryRegion;
import io.machframe.core.platform.DescriptorCursor;
import io.machframe.core.platform.Mach;
import io.machframe.core.platform.MessageBuffer;
import io.machframe.core.platform.MessageLayout;
import io.machframe.core.port.MessageSource;
import io.machframe.core.port.PortName;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendOnceRight;
import io.machframe.core.port.SendRight;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A Mach message that was received: an id, some bytes, rights and memory, and what the kernel says of its sender.
 *
 * <p><b>Ownership.</b> The message owns the rights and the memory in it. The {@code take} methods move them out; what is
 * left is released when the message is closed. To pass a message on, build another one from its parts.
 *
 * <p><b>Threads.</b> Confine to one thread. What is taken and what a close releases is disjoint all the same, whichever
 * threads do so.
 */
public final class ReceivedMessage implements AutoCloseable {
    private static final PortAccess ACCESS = PortAccess.get();

    // Taking and closing are synchronized for the garbage collector too: the collection of a message closes it.
    private final Contents contents;
    private @Nullable Hold hold;

    /** What {@link #body} answered last; a message whose object is used again answers it again. */
    private @Nullable ByteBuffer view;

    private @Nullable MessageBuffer viewed;
    private int viewStart;

    private ReceivedMessage(Contents contents) {
        this.contents = contents;
    }

    /**
     * Waits for the next message of a port's queue, or of a port set's members, {@code mach_msg}.
     *
     * <p>{@link ReceiveBuffer} does the same into memory that is used again; {@link OutgoingMessage#sendAndReceive} sends
     * a message first, in the same call.
     *
     * @throws io.machframe.core.error.PortClosedException if the right is closed or moved while this call waits
     * @throws InterruptedException if the thread is interrupted before a message comes
     * @throws InvalidMessageException if the message is malformed; it was destroyed
     * @throws IllegalStateException if the right was closed or moved before
     */
    public static ReceivedMessage receiveFrom(MessageSource port) throws MachException, InterruptedException {
        ReceivedMessage message = receive(port, ReceiveCall.NO_LIMIT);
        if (message == null) {
            throw new IllegalStateException("a receive without a time-out timed out");
        }
        return message;
    }

    /**
     * Takes the next message if one is queued; never waits.
     *
     * @return the message, or empty if there is none
     * @throws MachException as {@link #receiveFrom}
     */
    public static Optional<ReceivedMessage> tryReceiveFrom(MessageSource port) throws MachException {
        return Optional.ofNullable(poll(port));
    }

    /**
     * Waits for the next message for at most some time.
     *
     * @return the message, or empty if none came
     * @throws MachException as {@link #receiveFrom}
     */
    public static Optional<ReceivedMessage> tryReceiveFrom(MessageSource port, Duration timeout)
            throws MachException, InterruptedException {
        return Optional.ofNullable(receive(port, ReceiveCall.millis(timeout)));
    }

    private static @Nullable ReceivedMessage poll(MessageSource port) throws MachException {
        try {
            return receive(port, ReceiveCall.NO_WAIT);
        } catch (InterruptedException e) {
            throw ReceiveCall.impossible(e);
        }
    }

    static @Nullable ReceivedMessage receive(MessageSource port, int millis)
            throws MachException, InterruptedException {
        Contents contents = Contents.toReceive(port.task());
        boolean came = false;
        try {
            came = ReceiveCall.run(contents, port, millis, OversizePolicy.GROW);
        } finally {
            if (!came) {
                contents.giveBack();
            }
        }
        return came ? of(contents) : null;
    }

    /** Makes a message of what was received. */
    static ReceivedMessage of(Contents contents) throws InvalidMessageException {
        ReceivedMessage message = new ReceivedMessage(contents);
        message.begin();
        return message;
    }

    /** Begins to own what was received into the contents, perhaps once more; what was there before was closed. */
    void begin() throws InvalidMessageException {
        String problem = MessageCheck.problem(contents);
        contents.deadName = NotificationReader.deadName(contents);
        hold = contents.own(this);
        if (problem != null) {
            close();
            throw new InvalidMessageException(problem);
        }
    }

    /** Returns the id that the sender chose, {@code msgh_id}. */
    public int id() {
        contents.requireWhole();
        return contents.bytes().getInt(MessageLayout.ID);
    }

    /**
     * Returns the bytes that the sender gave {@link MessageBuilder#body}: exactly those, little-endian, read-only, valid
     * until this message is closed. It may be the same buffer that the last call returned, rewound.
     *
     * @throws InvalidMessageException if the sender framed its body otherwise; {@link #rawBody} has it
     */
    public ByteBuffer body() throws InvalidMessageException {
        contents.requireWhole();
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
        contents.requireWhole();
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

    /** Returns how many descriptors the message has, of rights and of memory; the reply right is not one of them. */
    public int descriptorCount() {
        contents.requireWhole();
        return contents.descriptorCount();
    }

    /** Returns what a descriptor holds now; what was taken leaves null behind. */
    public DescriptorKind descriptorKind(int index) {
        contents.requireWhole();
        if (index < 0 || index >= contents.descriptorCount()) {
            throw new IndexOutOfBoundsException("descriptor " + index + " of " + contents.descriptorCount());
        }
        return DescriptorKind.of(contents.descriptor(index));
    }

    /**
     * Takes memory out that the sender sent out of line; the caller owns it. It is this process's alone, and may be
     * written.
     *
     * @throws InvalidMessageException if something else stands there
     */
    public synchronized MemoryRegion takeMemory(int index) throws InvalidMessageException {
        DescriptorCursor descriptor = requireKind(index, DescriptorKind.MEMORY);
        MemoryRegion memory = MemoryRegion.adopt(contents.task, descriptor.address(), descriptor.size());
        descriptor.clear();
        return memory;
    }

    /**
     * Takes an array of rights out; the caller owns it.
     *
     * @throws InvalidMessageException if something else stands there
     */
    public synchronized RightArray takeRights(int index) throws InvalidMessageException {
        requireKind(index, DescriptorKind.RIGHTS);
        return contents.takeRights(index);
    }

    /**
     * Takes a send right out; the caller owns it.
     *
     * @throws InvalidMessageException if something else stands there
     */
    public synchronized SendRight takeSendRight(int index) throws InvalidMessageException {
        return ACCESS.adoptSend(contents.task, takeName(requireKind(index, DescriptorKind.SEND)));
    }

    /** Takes a send-once right out, as {@link #takeSendRight}. */
    public synchronized SendOnceRight takeSendOnceRight(int index) throws InvalidMessageException {
        return ACCESS.adoptSendOnce(contents.task, takeName(requireKind(index, DescriptorKind.SEND_ONCE)));
    }

    /** Takes a receive right out, with the messages in its queue, as {@link #takeSendRight}. */
    public synchronized ReceiveRight takeReceiveRight(int index) throws InvalidMessageException {
        return ACCESS.adoptReceive(contents.task, takeName(requireKind(index, DescriptorKind.RECEIVE)), 0);
    }

    /** Returns the port the message came to, also if it was received from a set. */
    public PortName port() {
        contents.requireWhole();
        return new PortName(contents.bytes().getInt(MessageLayout.LOCAL_PORT));
    }

    /**
     * Returns what the kernel tells by this message, or empty if it is not from the kernel, whatever its id. A right in
     * the answer is the caller's.
     */
    public synchronized Optional<Notification> takeNotification() throws InvalidMessageException {
        contents.requireWhole();
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
        return ACCESS.adoptSend(contents.task, name);
    }

    /** Returns what kind of right the sender gave for replies; {@link DescriptorKind#NULL} if none. */
    public DescriptorKind replyKind() {
        contents.requireWhole();
        return contents.replyKind();
    }

    /**
     * Takes the reply right out, for one reply; the caller owns it.
     *
     * @throws InvalidMessageException if the reply right is of another kind, or there is none
     */
    public synchronized SendOnceRight takeReplyOnce() throws InvalidMessageException {
        requireReply(DescriptorKind.SEND_ONCE);
        return ACCESS.adoptSendOnce(contents.task, contents.takeReply());
    }

    /**
     * Takes the reply right out, for any number of replies; the caller owns it.
     *
     * @throws InvalidMessageException if the reply right is of another kind, or there is none
     */
    public synchronized SendRight takeReply() throws InvalidMessageException {
        requireReply(DescriptorKind.SEND);
        return ACCESS.adoptSend(contents.task, contents.takeReply());
    }

    /** Returns who sent the message, from the trailer that the kernel wrote. */
    public AuditToken sender() {
        return AuditToken.read(contents.bytes(), trailer() + MessageLayout.TRAILER_AUDIT);
    }

    /** Returns the context of the port it came to, when it was received, {@link ReceiveRight#context}; from the trailer. */
    public long context() {
        return contents.bytes().getLong(trailer() + MessageLayout.TRAILER_CONTEXT);
    }

    /**
     * Returns how many messages the receive right had given before this one, since it was made or moved here, or from
     * what {@link ReceiveRight#setSequenceNumber} said on; from the trailer.
     */
    public int sequenceNumber() {
        return contents.bytes().getInt(trailer() + MessageLayout.TRAILER_SEQNO);
    }

    /** Releases what was not taken. Idempotent. */
    @Override
    public synchronized void close() {
        contents.close(hold);
    }

    /** Returns where the trailer begins. */
    private int trailer() {
        contents.requireWhole();
        return MessageLayout.round(contents.size);
    }

    private static int takeName(DescriptorCursor descriptor) {
        int name = descriptor.name();
        descriptor.clear();
        return name;
    }

    private DescriptorCursor requireKind(int index, DescriptorKind wanted) throws InvalidMessageException {
        DescriptorKind kind = descriptorKind(index);
        if (kind != wanted) {
            throw new InvalidMessageException("descriptor " + index + " is " + kind + ", not " + wanted);
        }
        return contents.descriptor(index);
    }

    private void requireReply(DescriptorKind wanted) throws InvalidMessageException {
        DescriptorKind kind = replyKind();
        if (kind != wanted) {
            throw new InvalidMessageException("its reply right is " + kind + ", not " + wanted);
        }
    }
}
