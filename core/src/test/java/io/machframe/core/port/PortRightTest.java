/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.port;

import static io.machframe.core.testing.Eventually.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;
import io.machframe.core.error.OwnershipError;
import io.machframe.core.internal.PortAccess;
import io.machframe.core.lifetime.LeakDetector;
import io.machframe.core.message.OutgoingMessage;
import io.machframe.core.message.ReceivedMessage;
import io.machframe.core.testing.CountedCalls;
import io.machframe.core.testing.FakeKernel;
import io.machframe.core.testing.LogCapture;
import io.machframe.core.testing.ProcessResources;
import io.machframe.core.testing.RightsLedger;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.function.Executable;

/** Who owns a right, and what becomes of it; over queues in memory that fail the test when an end is mishandled. */
@Timeout(60)
@ExtendWith(RightsLedger.class)
class PortRightTest {
    private final FakeKernel kernel = new FakeKernel();
    private final CountedCalls counted = new CountedCalls(kernel.newTask());
    private final Task task = new Task(counted.calls());

    @AfterEach
    void nothingIsLeft() {
        assertEquals(List.of(), kernel.open());
    }

    /** F1, F18 */
    @Test
    void aNewPortHasAnEmptyQueueAndNoSenders() throws Exception {
        try (ReceiveRight port = task.allocatePort();
                ReceiveRight small = task.allocatePort(1)) {
            assertEquals(new PortStatus(false, 0, 0, 5, 0, 0, false, false, false, true, false), port.status());
            assertEquals(5, port.queueLimit());
            assertEquals(1, small.queueLimit());
            assertNotEquals(port.name(), small.name());
        }
        assertThrows(IllegalArgumentException.class, () -> task.allocatePort(-1));
        assertThrows(IllegalArgumentException.class, () -> task.allocatePort(1025));
    }

    /** F2, F3, F5, F6 */
    @Test
    void sendRightsShareThePortsNameAndAreCounted() throws Exception {
        ReceiveRight port = task.allocatePort();
        SendRight first = port.makeSend();
        SendRight second = port.makeSend();
        SendRight third = first.copy();
        assertEquals(port.name(), first.name());
        assertEquals(port.name(), third.name());
        assertEquals(3, second.references());
        assertEquals(new PortStatus(false, 0, 2, 5, 0, 0, true, false, false, true, false), port.status());
        second.close();
        assertEquals(2, first.references());
        port.close();
        assertTrue(first.isDead());
        first.close();
        third.close();
    }

    /** F4 */
    @Test
    void sendOnceRightsHaveNamesOfTheirOwn() throws Exception {
        try (ReceiveRight port = task.allocatePort();
                SendOnceRight first = port.makeSendOnce();
                SendOnceRight second = port.makeSendOnce()) {
            assertNotEquals(first.name(), second.name());
            assertNotEquals(port.name(), first.name());
            assertFalse(port.status().hasSendRights());
        }
    }

    /** F8: names are used again, so a call with a closed right's name could meet a stranger's port. */
    @Test
    void aClosedRightRefusesEveryCallAndNoneReachesTheKernel() throws Exception {
        ReceiveRight port = task.allocatePort();
        SendRight send = port.makeSend();
        SendOnceRight once = port.makeSendOnce();
        once.close();
        send.close();
        port.close();
        OutgoingMessage message = OutgoingMessage.builder().build();
        int before = counted.total();
        List<Executable> calls = List.of(
                send::copy,
                send::isDead,
                send::references,
                send::relinquish,
                send::pin,
                once::relinquish,
                port::makeSend,
                port::makeSendOnce,
                port::status,
                port::queueLimit,
                () -> port.setQueueLimit(3),
                () -> port.setMakeSendCount(3),
                () -> port.setSequenceNumber(3),
                () -> port.setContext(3),
                port::context,
                port::types,
                port::destruct,
                () -> send.isToSamePortAs(port),
                send::types,
                once::isDead,
                () -> PortAccess.get().receiveName(port),
                port::relinquish,
                () -> message.sendTo(send),
                () -> message.sendTo(once),
                () -> ReceivedMessage.receiveFrom(port),
                () -> OutgoingMessage.builder().move(send),
                () -> OutgoingMessage.builder().copy(send),
                () -> OutgoingMessage.builder().makeSend(port),
                () -> OutgoingMessage.builder().replyOnceTo(port));
        for (int i = 0; i < 50; i++) {
            for (Executable call : calls) {
                assertTrue(assertThrows(IllegalStateException.class, call)
                        .getMessage()
                        .contains("is closed"));
            }
            send.close();
            once.close();
            port.close();
        }
        // Only buffers for messages were made.
        assertEquals(before, counted.total() - counted.count("newBuffer"));
        message.close();
    }

    /** F9 */
    @Test
    void twoThreadsThatCloseARightReleaseItOnce() throws Exception {
        try (ReceiveRight port = task.allocatePort();
                SendRight kept = port.makeSend()) {
            for (int round = 0; round < 300; round++) {
                SendRight right = kept.copy();
                CyclicBarrier start = new CyclicBarrier(2);
                CompletableFuture<Void> other = CompletableFuture.runAsync(() -> {
                    meet(start);
                    right.close();
                });
                meet(start);
                right.close();
                other.get();
                assertEquals(1, kept.references());
            }
            assertEquals(300, counted.count("deallocate"));
        }
    }

    /** F12: on both systems a dead right's copy is dead, and is no error. */
    @Test
    void theCopyOfADeadRightIsDead() throws Exception {
        ReceiveRight port = task.allocatePort();
        try (SendRight send = port.makeSend()) {
            port.close();
            try (SendRight copy = send.copy()) {
                assertTrue(copy.isDead());
                assertEquals(send.name(), copy.name());
            }
            assertTrue(send.isDead());
        }
    }

    /** F13 */
    @Test
    void theNullAndTheDeadNameCannotBeAdopted() {
        for (int name : new int[] {0, -1}) {
            assertThrows(IllegalArgumentException.class, () -> PortAccess.get().adoptSend(task, name));
            assertThrows(IllegalArgumentException.class, () -> PortAccess.get().adoptSendOnce(task, name));
        }
    }

    /** F17, F20 */
    @Test
    void aRightThatIsGivenOutAndAdoptedAgainIsTheSame() throws Exception {
        ReceiveRight port = task.allocatePort();
        SendRight send = port.makeSend();
        int name = send.relinquish();
        send.close();
        assertEquals(
                "send right 0x" + Integer.toHexString(name) + " was moved away",
                assertThrows(IllegalStateException.class, send::isDead).getMessage());
        long guard = port.guard();
        int receive = port.relinquish();
        port.close();
        assertEquals(receive, name);

        try (ReceiveRight again = ReceiveRight.adopt(task, receive, guard);
                SendRight sendAgain = PortAccess.get().adoptSend(task, name)) {
            assertEquals(1, sendAgain.references());
            assertEquals(5, again.queueLimit());
        }
    }

    /** A right that is not there any more: somebody released a name that was not theirs. */
    @Test
    void releasingWhatIsNotOwnedIsAnError() throws Exception {
        ReceiveRight port = task.allocatePort();
        SendRight send = port.makeSend();
        assertEquals(0, task.calls().deallocate(send.name().value()));
        assertThrows(OwnershipError.class, send::close);
        int name = port.relinquish();
        ReceiveRight.adopt(task, name, port.guard()).close();
        assertThrows(OwnershipError.class, ReceiveRight.adopt(task, name, 0)::close);
    }

    @Test
    void aRightThatACallUsesIsReleasedWhenTheCallEnds() throws Exception {
        try (ReceiveRight port = task.allocatePort(0)) {
            SendRight send = port.makeSend();
            CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> {
                try {
                    OutgoingMessage.builder().id(5).build().sendTo(send);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            await("the send waits", () -> Thread.getAllStackTraces().values().stream()
                    .anyMatch(stack -> List.of(stack).toString().contains("FakeWait")));
            assertThrows(IllegalStateException.class, send::relinquish);
            send.close();
            assertThrows(IllegalStateException.class, send::isDead);
            assertTrue(port.status().hasSendRights());
            port.setQueueLimit(1);
            sending.get();
            try (ReceivedMessage message = ReceivedMessage.receiveFrom(port)) {
                assertEquals(5, message.id());
            }
            assertFalse(port.status().hasSendRights());
        }
    }

    @Test
    void aForgottenRightIsReleasedAndReported() throws Exception {
        long before = LeakDetector.leaked();
        try (LogCapture log = new LogCapture(LeakDetector.class);
                ReceiveRight port = task.allocatePort()) {
            forgetSendRight(port);
            assertEquals(0, ProcessResources.collectUntil(() -> before + 1 - LeakDetector.leaked(), 0));
            assertFalse(port.status().hasSendRights());
            assertEquals(1, log.messages().size());
            assertTrue(log.messages().get(0).matches("send right 0x[0-9a-f]+ was forgotten, not closed"));
        }
    }

    private static void forgetSendRight(ReceiveRight port) throws Exception {
        assertTrue(port.makeSend().isOpen());
    }

    @Test
    void whatIsOpenIsListedWithThePlaceItWasMadeAt() throws Exception {
        try (ReceiveRight port = task.allocatePort()) {
            String line = "receive right 0x" + Integer.toHexString(port.name().value());
            assertTrue(LeakDetector.open().stream().anyMatch(each -> each.startsWith(line)));
        }
    }

    @Test
    void noRoomForAPortIsAnException() {
        kernel.failNextMake(KernReturn.KERN_NO_SPACE);
        MachException failure = assertThrows(MachException.class, task::allocatePort);
        assertEquals(KernReturn.KERN_NO_SPACE, failure.reason().code());
        assertEquals("mach_port_construct", failure.call());
        assertTrue(failure.getMessage().contains("KERN_NO_SPACE"));
    }

    @Test
    void aQueueLimitOutOfRangeIsRefused() throws Exception {
        try (ReceiveRight port = task.allocatePort()) {
            assertThrows(IllegalArgumentException.class, () -> port.setQueueLimit(-1));
            assertThrows(IllegalArgumentException.class, () -> port.setQueueLimit(1025));
            port.setQueueLimit(1024);
            assertEquals(1024, port.queueLimit());
        }
    }

    private static void meet(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
