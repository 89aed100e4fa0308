/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.contract;

import io.machframe.core.error.KernReturn;
import io.machframe.core.platform.Mach;
import io.machframe.core.platform.MachCalls;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The kernel in Java, over sockets and pipes. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "ports made of sockets are Linux")
@RunsOn(LinuxTasks.class)
class LinuxMachCallsTest {
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

    /** XNU takes one, for a receiver that asks for such; nobody here does. */
    @Test
    void aGuardedPortDescriptorIsRefusedAndTheRightStays() {
        MachCalls calls = new LinuxTasks().newTask();
        int port = MachCallsContract.sendReceive(calls);
        RawMessage message = new RawMessage(calls)
                .to(port, Mach.MACH_MSG_TYPE_COPY_SEND)
                .guarded(port, Mach.MACH_MSG_TYPE_MOVE_RECEIVE, 3);
        MachCallsContract.answers(KernReturn.MACH_SEND_INVALID_TYPE, message.send());
        MachCallsContract.release(calls, port);
    }
}
