/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.port;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.error.DeadPortException;
import io.machframe.core.error.KernReturn;
import io.machframe.core.internal.PortAccess;
import io.machframe.core.message.Notification;
import io.machframe.core.message.OutgoingMessage;
import io.machframe.core.message.ReceivedMessage;
import io.machframe.core.platform.Mach;
import io.machframe.core.testing.EachTask;
import io.machframe.core.testing.RightsLedger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What can be asked and set of ports and names, on the system's own kernel and over queues in memory. */
@Timeout(60)
@ExtendWith(RightsLedger.class)
class PortTypesTest {
    private static final int UREFS_MAX = 65535;

    /** What a task holds under a name that no object here owns any more. */
    private static Set<RightType> typesOf(Task task, PortName name) {
        int[] type = new int[1];
        int code = task.calls().type(name.value(), type);
        return code == KernReturn.KERN_INVALID_NAME ? Set.of() : RightType.of(type[0]);
    }

    private static ReceivedMessage next(ReceiveRight port) throws Exception {
        return ReceivedMessage.tryReceiveFrom(port, Duration.ZERO).orElseThrow();
    }

    /** F18 */
    @EachTask
    void aPortIsMadeWithItsLimit(Task task) throws Exception {
        PortOptions options = PortOptions.defaults().withQueueLimit(16);
        ReceiveRight port = task.allocatePort(options);
        SendRight right = port.makeSend();
        assertEquals(1, right.references());
        assertTrue(right.isToSamePortAs(port));
        PortStatus status = port.status();
        assertEquals(new PortStatus(false, 0, 1, 16, 0, 0, true, false, false, true, false), status);
        port.destruct(right);
        assertFalse(right.isOpen());
        assertThrows(IllegalArgumentException.class, () -> options.withQueueLimit(1025));
        assertThrows(IllegalArgumentException.class, () -> options.withQueueLimit(-1));
        assertThrows(IllegalArgumentException.class, () -> options.withGuard(0));
    }

    /** F19: what is destructed with the port was never a dead name. */
    @EachTask
    void aPortIsDestructedWithItsSendRights(Task task) throws Exception {
        try (ReceiveRight inbox = task.allocatePort();
                ReceiveRight other = task.allocatePort();
                SendRight toOther = other.makeSend()) {
            ReceiveRight port = task.allocatePort();
            SendRight first = port.makeSend();
            SendRight second = port.makeSend();
            assertThrows(IllegalArgumentException.class, () -> port.destruct(first, toOther));
            assertThrows(IllegalStateException.class, () -> port.destruct(first, first));
            assertFalse(first.isOpen());
            assertTrue(port.isOpen());
            assertEquals(1, second.references());
            PortName name = port.name();
            second.requestDeadName(inbox);
            port.destruct(second);
            assertTrue(typesOf(task, name).isEmpty());
            try (ReceivedMessage told = next(inbox)) {
                assertEquals(
                        new Notification.PortDeleted(name),
                        told.takeNotification().orElseThrow());
            }
            assertThrows(IllegalStateException.class, port::destruct);
        }
    }

    /** F17: the wrong guard meets an exception, not the kernel's, which ends the process. */
    @EachTask
    void aGuardedRightIsAdoptedByWhoKnowsItsGuard(Task task) throws Exception {
        ReceiveRight port = task.allocatePort(PortOptions.defaults().withGuard(42));
        assertEquals(42, port.guard());
        assertEquals(42, port.context());
        assertThrows(IllegalStateException.class, () -> port.setContext(1));
        int name = port.relinquish();
        assertThrows(IllegalArgumentException.class, () -> ReceiveRight.adopt(task, name, 41));
        assertThrows(IllegalArgumentException.class, () -> ReceiveRight.adopt(task, 0, 42));
        try (ReceiveRight again = ReceiveRight.adopt(task, name, 42)) {
            assertTrue(again.status().guarded());
        }
        try (ReceiveRight strict = task.allocatePort(PortOptions.defaults().withStrictGuard(7))) {
            assertEquals(0, strict.context());
            assertTrue(strict.status().strictlyGuarded());
        }
    }

    /** F52 */
    @EachTask
    void aPortWithAContextHasNoGuardAndTheContextChanges(Task task) throws Exception {
        try (ReceiveRight port = task.allocatePort(PortOptions.defaults().withContext(0x1234_5678_9abc_def0L))) {
            assertEquals(0x1234_5678_9abc_def0L, port.context());
            assertFalse(port.status().guarded());
            assertEquals(0, port.guard());
            port.setContext(-2);
            assertEquals(-2, port.context());
        }
    }

    @EachTask
    void theCountsOfAPortCanBeSet(Task task) throws Exception {
        try (ReceiveRight port = task.allocatePort();
                SendRight right = port.makeSend();
                SendOnceRight once = port.makeSendOnce();
                PortSet set = task.allocateSet()) {
            set.add(port);
            port.setMakeSendCount(7);
            port.setSequenceNumber(100);
            OutgoingMessage.builder().build().sendTo(right);
            port.requestNoSenders(port);
            PortStatus status = port.status();
            assertEquals(
                    new PortStatus(true, 100, 7, 5, 1, status.sendOnceRights(), true, false, true, true, false),
                    status);
            assertTrue(once.isOpen());
            try (ReceivedMessage message = next(port)) {
                assertEquals(100, message.sequenceNumber());
            }
            assertEquals(101, port.status().sequenceNumber());
            port.cancelNoSenders().orElseThrow().close();
            next(port).close();
        }
    }

    @EachTask
    void aNameTellsWhatIsHeldUnderIt(Task task) throws Exception {
        ReceiveRight port = task.allocatePort();
        SendRight right = port.makeSend();
        assertEquals(EnumSet.of(RightType.SEND, RightType.RECEIVE), port.types());
        assertEquals(port.types(), right.types());
        port.close();
        assertEquals(EnumSet.of(RightType.DEAD_NAME), right.types());
        assertEquals(1, right.references());
        PortName name = right.name();
        right.close();
        assertTrue(typesOf(task, name).isEmpty());
        try (PortSet set = task.allocateSet();
                ReceiveRight other = task.allocatePort();
                SendOnceRight once = other.makeSendOnce()) {
            assertEquals(EnumSet.of(RightType.PORT_SET), set.types());
            assertEquals(EnumSet.of(RightType.SEND_ONCE), once.types());
            assertFalse(once.isToSamePortAs(other));
            other.close();
            assertTrue(once.isDead());
        }
    }

    /** F16 */
    @EachTask
    void aDeadNameCountsItsReferencesAndCannotBeSentTo(Task task) throws Exception {
        int[] name = new int[1];
        KernReturn.check("", task.calls().allocate(Mach.MACH_PORT_RIGHT_DEAD_NAME, name));
        try (SendRight right = PortAccess.get().adoptSend(task, name[0])) {
            assertEquals(EnumSet.of(RightType.DEAD_NAME), right.types());
            assertTrue(right.isDead());
            try (SendRight copy = right.copy()) {
                assertEquals(2, copy.references());
                assertTrue(copy.isDead());
            }
            assertEquals(1, right.references());
            assertThrows(
                    DeadPortException.class,
                    () -> OutgoingMessage.builder().build().sendTo(right));
        }
    }

    /** F10 and pegging: a count at its maximum counts no more, in either direction, and nothing else goes wrong. */
    @EachTask
    void aCountThatReachedItsMaximumStaysThere(Task task) throws Exception {
        try (ReceiveRight port = task.allocatePort()) {
            SendRight right = port.makeSend();
            KernReturn.check("", task.calls().modRefs(right.name().value(), Mach.MACH_PORT_RIGHT_SEND, UREFS_MAX - 2));
            List<SendRight> copies = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                copies.add(right.copy());
                assertEquals(UREFS_MAX, right.references());
                OutgoingMessage.builder().copy(right).build().sendTo(right);
                try (ReceivedMessage message = next(port)) {
                    copies.add(message.takeSendRight(0));
                }
            }
            copies.forEach(SendRight::close);
            assertEquals(UREFS_MAX, right.references());
            int name = right.relinquish();
            KernReturn.check("", task.calls().modRefs(name, Mach.MACH_PORT_RIGHT_SEND, -UREFS_MAX));
            assertFalse(port.status().hasSendRights());
        }
    }

    /** F10: in whichever order its rights arrive, a port has one name. */
    @EachTask
    void rightsCoalesceInWhateverOrderTheyArrive(Task task) throws Exception {
        try (ReceiveRight inbox = task.allocatePort();
                SendRight toInbox = inbox.makeSend()) {
            for (int receiveAt = 0; receiveAt < 3; receiveAt++) {
                ReceiveRight port = task.allocatePort();
                SendRight first = port.makeSend();
                SendRight second = port.makeSend();
                for (int i = 0; i < 3; i++) {
                    SendRight send = i == (receiveAt == 0 ? 1 : 0) ? first : second;
                    try (OutgoingMessage message = i == receiveAt
                            ? OutgoingMessage.builder().move(port).build()
                            : OutgoingMessage.builder().move(send).build()) {
                        message.sendTo(toInbox);
                    }
                }
                ReceiveRight receive = null;
                List<SendRight> sends = new ArrayList<>();
                for (int i = 0; i < 3; i++) {
                    try (ReceivedMessage message = next(inbox)) {
                        if (i == receiveAt) {
                            receive = message.takeReceiveRight(0);
                        } else {
                            sends.add(message.takeSendRight(0));
                        }
                    }
                }
                assertTrue(sends.get(0).isToSamePortAs(sends.get(1)));
                assertEquals(2, sends.get(0).references());
                assertEquals(receive.name(), sends.get(0).name());
                assertNotEquals(inbox.name(), receive.name());
                receive.destruct(sends.get(0), sends.get(1));
            }
        }
    }
}
