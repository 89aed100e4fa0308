/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.message;

import io.machframe.core.memory.MemoryRegion;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendOnceRight;
import io.machframe.core.port.SendRight;
import java.nio.ByteBuffer;

/** One step through a received message, {@link MessageReader}. A right or memory in it is the caller's. */
public sealed interface MessagePart {
    /** A right to send. */
    record Send(SendRight right) implements MessagePart {}

    /** A right to send one message. */
    record SendOnce(SendOnceRight right) implements MessagePart {}

    /** A right to receive, with the messages in its queue. */
    record Receive(ReceiveRight right) implements MessagePart {}

    /** Memory that was sent out of line. */
    record Memory(MemoryRegion region) implements MessagePart {}

    /** An array of rights that was sent out of line. */
    record Rights(RightArray array) implements MessagePart {}

    /** A place for a right that the sender left empty. */
    record Nothing() implements MessagePart {}

    /** A right whose port died on the way; there is nothing to release. */
    record Dead() implements MessagePart {}

    /** The bytes at the end, valid until the message is closed, as {@link MachMessage#body}. */
    record Body(ByteBuffer bytes) implements MessagePart {}
}
