/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.contract;

import org.junit.jupiter.api.Nested;

/** The kernel in Java, over queues in memory that are strict about their use. */
@RunsOn(FakeTasks.class)
class FakeMachCallsTest {
    @Nested
    class Name extends NameContract {}

    @Nested
    class ReferenceCount extends ReferenceCountContract {}

    @Nested
    class PeggedCount extends PeggedCountContract {}

    @Nested
    class InsertRight extends InsertRightContract {}

    @Nested
    class ExtractRight extends ExtractRightContract {}

    @Nested
    class Attribute extends AttributeContract {}

    @Nested
    class Construct extends ConstructContract {}

    @Nested
    class Coalescing extends CoalescingContract {}

    @Nested
    class SenderCount extends SenderCountContract {}

    @Nested
    class MessageForm extends MessageFormContract {}

    @Nested
    class Destination extends DestinationContract {}

    @Nested
    class Reply extends ReplyContract {}

    @Nested
    class Descriptor extends DescriptorContract {}

    @Nested
    class Receive extends ReceiveContract {}

    @Nested
    class Trailer extends TrailerContract {}

    @Nested
    class QueueLimit extends QueueLimitContract {}

    @Nested
    class TimedOutSend extends TimedOutSendContract {}

    @Nested
    class Wait extends WaitContract {}

    @Nested
    class Interruption extends InterruptionContract {}

    @Nested
    class QueuedReceiveRight extends QueuedReceiveRightContract {}

    @Nested
    class MemoryInMessage extends MemoryInMessageContract {}

    @Nested
    class RightArray extends RightArrayContract {}

    @Nested
    class MemoryCalls extends MemoryCallsContract {}

    @Nested
    class Notification extends NotificationContract {}
}
