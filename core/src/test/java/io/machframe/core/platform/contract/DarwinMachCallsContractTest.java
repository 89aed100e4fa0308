/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.contract;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Apple's kernel. Never run yet: whoever has a Mac can tell whether the contract says the truth. */
@EnabledOnOs(value = OS.MAC, disabledReason = "needs the Mach kernel of macOS")
@RunsOn(DarwinTasks.class)
class DarwinMachCallsContractTest {
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
