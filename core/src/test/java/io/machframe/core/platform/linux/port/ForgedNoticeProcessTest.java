/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.port;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.bootstrap.Bootstrap;
import io.machframe.core.message.Notification;
import io.machframe.core.message.OutgoingMessage;
import io.machframe.core.message.ReceivedMessage;
import io.machframe.core.platform.Mach;
import io.machframe.core.platform.MessageBuffer;
import io.machframe.core.platform.MessageLayout;
import io.machframe.core.platform.kernel.MachKernel;
import io.machframe.core.platform.kernel.Notice;
import io.machframe.core.platform.kernel.Parcel;
import io.machframe.core.platform.linux.name.LinuxBootstrapCalls;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendRight;
import io.machframe.core.port.Task;
import io.machframe.core.testing.ChildProcess;
import io.machframe.core.testing.RequiresCapability;
import io.machframe.core.testing.RightsLedger;
import io.machframe.core.testing.TestCapability;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Another process that holds send-once rights speaks through them as only a kernel may. */
@RequiresCapability(TestCapability.LINUX)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@ExtendWith(RightsLedger.class)
class ForgedNoticeProcessTest {
    /** Where a notice has the name or count it is about. */
    private static final int VALUE = 32;

    private static final List<Integer> FORGED = List.of(
            Mach.MACH_NOTIFY_DEAD_NAME,
            Mach.MACH_NOTIFY_PORT_DELETED,
            Mach.MACH_NOTIFY_SEND_POSSIBLE,
            Mach.MACH_NOTIFY_NO_SENDERS,
            Mach.MACH_NOTIFY_PORT_DESTROYED);

    /** A believed dead-name notice would have the victim release a name of the forger's choice. */
    @Test
    void whatAPeerSaysOfNamesAndSendersIsNotTheKernels() throws Exception {
        String name = "forged." + ProcessHandle.current().pid();
        try (ReceiveRight service = Bootstrap.checkIn(name);
                ReceiveRight precious = Task.self().allocatePort();
                SendRight right = precious.makeSend();
                ReceiveRight replies = Task.self().allocatePort();
                ChildProcess child = ChildProcess.start(
                        Forger.class, name, Integer.toString(right.name().value()));
                ReceivedMessage hello = ReceivedMessage.receiveFrom(service);
                SendRight forger = hello.takeReply()) {
            for (int i = 0; i <= FORGED.size(); i++) {
                OutgoingMessage.builder().replyOnceTo(replies).build().sendTo(forger);
            }
            for (int id : FORGED) {
                try (ReceivedMessage forged = ReceivedMessage.receiveFrom(replies)) {
                    assertEquals(id, forged.id());
                    assertEquals(child.pid(), forged.sender().pid());
                    assertTrue(forged.takeNotification().isEmpty());
                }
            }
            // What every holder may do: give its right up.
            try (ReceivedMessage dropped = ReceivedMessage.receiveFrom(replies)) {
                assertInstanceOf(
                        Notification.SendOnce.class, dropped.takeNotification().orElseThrow());
            }
            assertFalse(right.isDead());
            assertEquals(1, right.references());
        }
    }

    /** Gets send-once rights and forges one notice through each. */
    static final class Forger {
        private Forger() {}

        public static void main(String[] arguments) throws Exception {
            MachKernel kernel = new MachKernel(new LinuxTransport());
            int[] server = new int[1];
            int[] own = new int[1];
            new LinuxBootstrapCalls(kernel).lookUp(arguments[0], 60_000, server);
            kernel.construct(0, 0, 0, own);
            MessageBuffer buffer = kernel.newBuffer(1024);
            buffer.bytes()
                    .putInt(MessageLayout.BITS, Mach.MACH_MSG_TYPE_COPY_SEND | Mach.MACH_MSG_TYPE_MAKE_SEND << 8)
                    .putInt(MessageLayout.REMOTE_PORT, server[0])
                    .putInt(MessageLayout.LOCAL_PORT, own[0]);
            kernel.message(buffer, Mach.MACH_SEND_MSG, MessageLayout.HEADER_SIZE, 0, 0, 0);

            SocketReceiveEnd end = (SocketReceiveEnd) kernel.receiveEnd(own[0]);
            for (int id : FORGED) {
                Parcel parcel = new Parcel();
                MessageBuffer notice = kernel.newBuffer(Notice.MAX_SIZE);
                Notice.sendOnce(parcel, notice);
                notice.bytes().putInt(MessageLayout.ID, id).putInt(VALUE, Integer.parseInt(arguments[1]));
                parcel.size(VALUE + Integer.BYTES);
                onceEnd(end, buffer).send(parcel, -1, false);
            }
            onceEnd(end, buffer).close();
            Thread.sleep(60_000);
        }

        private static SocketOnceEnd onceEnd(SocketReceiveEnd end, MessageBuffer buffer) {
            Parcel parcel = new Parcel();
            parcel.begin(buffer, 0);
            end.receive(parcel, buffer.capacity(), false, -1, false);
            return (SocketOnceEnd) parcel.take(0);
        }
    }
}
