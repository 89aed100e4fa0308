/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.message;

import io.machframe.core.error.InvalidMessageException;
import java.util.NoSuchElementException;

/**
 * Reads a received message in the order in which it was built: each right and memory, then the body. It stays the message's part to
 * release what was not read when it is closed. For one thread.
 */
public final class MessageReader {
    private final MachMessage message;
    private int next;

    MessageReader(MachMessage message) {
        this.message = message;
    }

    /** Returns whether something is left; the body always is the last part, even if it is empty. */
    public boolean hasNext() {
        return next <= message.rightCount();
    }

    /**
     * Takes the next part.
     *
     * @throws InvalidMessageException if the body is not framed as {@link MachMessage#body} wants it
     * @throws NoSuchElementException if the body was read
     */
    public MessagePart next() throws InvalidMessageException {
        if (!hasNext()) {
            throw new NoSuchElementException("the message was read to its end");
        }
        int index = next++;
        if (index == message.rightCount()) {
            return new MessagePart.Body(message.body());
        }
        return switch (message.rightKind(index)) {
            case NULL -> new MessagePart.Nothing();
            case DEAD -> new MessagePart.Dead();
            case SEND -> new MessagePart.Send(message.takeSendRight(index));
            case SEND_ONCE -> new MessagePart.SendOnce(message.takeSendOnceRight(index));
            case RECEIVE -> new MessagePart.Receive(message.takeReceiveRight(index));
            case MEMORY -> new MessagePart.Memory(message.takeMemory(index));
            case RIGHTS -> new MessagePart.Rights(message.takeRights(index));
        };
    }
}
