/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.machport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.error.DeadPortException;
import io.machframe.core.error.PortClosedException;
import io.machframe.core.message.OutgoingMessage;
import io.machframe.core.message.ReceivedMessage;
import io.machframe.core.port.PortName;
import io.machframe.core.port.PortSet;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendOnceRight;
import io.machframe.core.port.SendRight;
import io.machframe.core.port.Task;
import io.machframe.core.runloop.PortSource;
import io.machframe.core.runloop.RunLoop;
import io.machframe.core.runloop.RunLoopMode;
import io.machframe.core.runloop.RunResult;
import io.machframe.core.testing.LogCapture;
import io.machframe.core.testing.RightsLedger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The facts of CFMachPort, each by its number: m1 to m21. The tests run on the main thread, whose loop tells of deaths. */
@Timeout(60)
@ExtendWith(RightsLedger.class)
final class MachPortTest {
    private static final RunLoopMode MODE = new RunLoopMode("mach port test");
    private static final Duration LONG = Duration.ofSeconds(50);

    /** How many cycles the leak test makes; the count is 100000. */
    private static final int CYCLES = Integer.getInteger("machframe.test.cycles", 2_000);

    private final Task task = Task.self();
    private final List<String> seen = Collections.synchronizedList(new ArrayList<>());
    private final Listener listener = new Listener();

    private final class Listener implements MachPortListener {
        @Override
        public void received(MachPort port, ReceivedMessage message) {
            seen.add("received " + message.id());
        }

        @Override
        public void retained() {
            seen.add("retained");
        }

        @Override
        public void released() {
            seen.add("released");
        }
    }

    private static MachPortListener ignoring() {
        return (port, message) -> {};
    }

    private static int type(PortName name) {
        int[] type = new int[1];
        Task.self().calls().type(name.value(), type);
        return type[0];
    }

    private static int sendReferences(PortName name) {
        int[] references = new int[1];
        Task.self().calls().getRefs(name.value(), 0, references);
        return references[0];
    }

    private static void runMainUntil(java.util.function.BooleanSupplier done) throws Exception {
        assertSame(RunLoop.main(), RunLoop.current());
        while (!done.getAsBoolean()) {
            RunLoop.current().runInMode(RunLoopMode.DEFAULT, Duration.ofMillis(1), false);
        }
    }

    @Test
    void m1_aCreatedPortHasAReceiveAndASendRightUnderOneName() throws Exception {
        try (MachPort port = MachPort.create(listener)) {
            assertEquals(0x30000, type(port.port()) & ~0x80000000);
            assertEquals(1, sendReferences(port.port()));
            assertSame(listener, port.listener().orElseThrow(), "it was taken");
            assertEquals(List.of("retained"), seen);
        }
    }

    @Test
    void m2_closingInvalidatesAndThenReleasesBothRights() throws Exception {
        MachPort port = MachPort.create(listener);
        port.setInvalidationListener(self -> seen.add("invalidated, with rights " + (type(self.port()) != 0)));
        port.close();
        port.close();
        assertEquals(List.of("retained", "invalidated, with rights true", "released"), seen);
        assertEquals(0, type(port.port()));
    }

    @Test
    void m3_aPortIsMadeOfASendASendOnceOrAReceiveRightOnly() throws Exception {
        try (ReceiveRight receive = task.allocatePort();
                SendRight send = receive.makeSend();
                SendOnceRight once = receive.makeSendOnce();
                PortSet set = task.allocateSet()) {
            for (var right : List.of(receive, once)) {
                try (MachPort port = MachPort.of(right, ignoring())) {
                    assertTrue(port.isValid());
                }
            }
            assertThrows(IllegalArgumentException.class, () -> MachPort.of(set, listener));
            receive.close();
            assertThrows(DeadPortException.class, () -> MachPort.of(send, listener));
            assertThrows(IllegalStateException.class, () -> MachPort.of(receive, listener));
            assertEquals(List.of(), seen, "the listener was not taken");
        }
    }

    @Test
    void m4_theSameNameGivesTheSameObjectAndTheSecondListenerIsIgnored() throws Exception {
        try (ReceiveRight receive = task.allocatePort();
                MachPort first = MachPort.of(receive, ignoring())) {
            MachPort second = MachPort.of(receive, listener);
            assertSame(first, second);
            assertNotSame(listener, second.listener().orElseThrow(), "the caller keeps it");
            assertEquals(List.of(), seen);
            first.invalidate();
            try (MachPort third = MachPort.of(receive, listener)) {
                assertNotSame(first, third);
                assertSame(listener, third.listener().orElseThrow());
            }
        }
    }

    @Test
    void m5_closingAPortOfARightLeavesTheRight() throws Exception {
        try (ReceiveRight receive = task.allocatePort();
                SendRight send = receive.makeSend()) {
            MachPort.of(send, listener).close();
            assertTrue(receive.isOpen());
            assertTrue(send.isOpen());
            assertEquals(1, send.references());
        }
    }

    @Test
    void m6_aPortIsInvalidAsSoonAsItsRightIsDeadOrClosed() throws Exception {
        ReceiveRight receive = task.allocatePort();
        SendRight send = receive.makeSend();
        SendOnceRight once = receive.makeSendOnce();
        try (MachPort dying = MachPort.of(send, ignoring());
                MachPort onceDying = MachPort.of(once, ignoring())) {
            assertTrue(dying.isValid());
            assertTrue(onceDying.isValid());
            receive.close();
            assertFalse(dying.isValid());
            assertFalse(onceDying.isValid());
        }
        send.close();
        once.close();
        ReceiveRight other = task.allocatePort();
        try (MachPort freed = MachPort.of(other, ignoring())) {
            assertTrue(freed.isValid());
            other.close();
            assertFalse(freed.isValid());
        }
    }

    @Test
    void m7_invalidationComesInOrderAndLeavesThePort() throws Exception {
        try (ReceiveRight receive = task.allocatePort()) {
            MachPort port = MachPort.of(receive, listener);
            PortSource source = port.runLoopSource(0);
            RunLoop.current().add(source, MODE);
            port.setInvalidationListener(self -> seen.add("invalidated: valid " + self.isValid() + ", source "
                    + source.isValid() + ", listener " + self.listener().isPresent()));
            port.invalidate();
            assertEquals(List.of("retained", "invalidated: valid false, source true, listener true", "released"), seen);
            assertFalse(source.isValid());
            assertFalse(RunLoop.current().contains(source, MODE));
            assertEquals(Optional.empty(), port.listener());
            assertTrue(receive.isOpen());
            assertEquals(0x20000, type(port.port()));
        }
    }

    @Test
    void m8_aSecondInvalidationDoesNothing() throws Exception {
        try (MachPort port = MachPort.create(listener)) {
            port.setInvalidationListener(self -> {
                seen.add("invalidated");
                self.invalidate();
            });
            port.invalidate();
            port.invalidate();
            assertEquals(List.of("retained", "invalidated", "released"), seen);
        }
    }

    @Test
    void m9_theDeathOfAPeerIsToldByTheMainLoop() throws Exception {
        ReceiveRight receive = task.allocatePort();
        try (SendRight send = receive.makeSend();
                MachPort port = MachPort.of(send, listener)) {
            port.setInvalidationListener(self -> seen.add(
                    "invalidated on main " + (RunLoop.current() == RunLoop.main()) + ", valid " + self.isValid()));
            receive.close();
            assertFalse(port.isValid(), "before anybody is told");
            assertEquals(List.of("retained"), seen);
            runMainUntil(() -> seen.contains("released"));
            assertEquals(List.of("retained", "invalidated on main true, valid false", "released"), seen);
        }
    }

    /** Not as CoreFoundation, where such a port waits for the main loop for ever. */
    @Test
    void m9_whoInvalidatesADeadPortDoesNotWaitForTheMainLoop() throws Exception {
        ReceiveRight receive = task.allocatePort();
        try (SendRight send = receive.makeSend()) {
            MachPort port = MachPort.of(send, listener);
            port.setInvalidationListener(self -> seen.add("invalidated"));
            receive.close();
            CompletableFuture.runAsync(port::close).get();
            assertEquals(List.of("retained", "invalidated", "released"), seen);
            RunLoop.main().runInMode(RunLoopMode.DEFAULT, Duration.ofMillis(20), false);
            assertEquals(3, seen.size());
        }
    }

    /** Not in CoreFoundation: for programs whose main loop does not run. */
    @Test
    void m9_theListenerMayInvalidateADeadPortAtOnce() throws Exception {
        CompletableFuture<RunLoop> where = new CompletableFuture<>();
        MachPortListener hasty = new MachPortListener() {
            @Override
            public void received(MachPort port, ReceivedMessage message) {}

            @Override
            public void died(MachPort port) {
                seen.add("died, valid " + port.isValid());
                port.invalidate();
            }

            @Override
            public void released() {
                where.complete(RunLoop.current());
            }
        };
        ReceiveRight receive = task.allocatePort();
        try (SendRight send = receive.makeSend();
                MachPort port = MachPort.of(send, hasty)) {
            receive.close();
            assertSame(RunLoop.background(), where.get());
            assertEquals(List.of("died, valid false"), seen);
            assertFalse(port.isValid());
        }
    }

    @Test
    void m10_aPortWithoutASendRightIsNotWatched() throws Exception {
        try (LogCapture log = new LogCapture(MachPort.class);
                ReceiveRight receive = task.allocatePort();
                MachPort port = MachPort.of(receive, listener)) {
            port.setInvalidationListener(self -> seen.add("invalidated"));
            assertEquals(1, log.messages().size());
            assertTrue(
                    log.messages().get(0).contains(port.toString()),
                    log.messages().toString());
            receive.close();
            assertFalse(port.isValid());
            assertEquals(List.of("retained"), seen);
        }
        assertEquals(List.of("retained", "invalidated", "released"), seen);
    }

    @Test
    void m11_whoAsksTooLateIsToldAtOnce() throws Exception {
        MachPort port = MachPort.create(listener);
        port.close();
        port.setInvalidationListener(self -> seen.add("told, listener " + self.listener()));
        assertEquals(List.of("retained", "released", "told, listener Optional.empty"), seen);
    }

    @Test
    void m12_whoAsksTooLateInAnothersPlaceIsRefused() throws Exception {
        try (LogCapture log = new LogCapture(MachPort.class)) {
            MachPort port = MachPort.create(listener);
            port.setInvalidationListener(self -> seen.add("first"));
            port.close();
            port.setInvalidationListener(self -> seen.add("second"));
            assertEquals(List.of("retained", "first", "released"), seen);
            assertEquals(1, log.messages().size());
        }
    }

    @Test
    void m13_anInvalidationListenerCanAlwaysBeTakenAway() throws Exception {
        MachPort port = MachPort.create(listener);
        port.setInvalidationListener(self -> seen.add("first"));
        assertTrue(port.invalidationListener().isPresent());
        port.removeInvalidationListener();
        port.close();
        port.removeInvalidationListener();
        assertEquals(Optional.empty(), port.invalidationListener());
        assertEquals(List.of("retained", "released"), seen);
    }

    @Test
    void m14_anInvalidPortHasNoSource() throws Exception {
        MachPort port = MachPort.create(listener);
        port.close();
        assertThrows(PortClosedException.class, () -> port.runLoopSource(0));
    }

    @Test
    void m15_thereIsOneSourceUntilItIsInvalidated() throws Exception {
        try (MachPort port = MachPort.create(listener)) {
            PortSource source = port.runLoopSource(3);
            assertSame(source, port.runLoopSource(9));
            assertEquals(3, source.order());
            source.invalidate();
            assertNotSame(source, port.runLoopSource(9));
            assertEquals(9, port.runLoopSource(0).order());
        }
    }

    @Test
    void m16_messagesComeOnTheLoopsThreadAndRightsLeftInThemAreReleased() throws Exception {
        try (MachPort port = MachPort.create(listener);
                ReceiveRight receive = task.allocatePort()) {
            RunLoop.current().add(port.runLoopSource(0), MODE);
            send(port, OutgoingMessage.builder().id(4).makeSend(receive).build());
            assertEquals(RunResult.HANDLED_SOURCE, RunLoop.current().runInMode(MODE, LONG, true));
            assertEquals(List.of("retained", "received 4"), seen);
            assertFalse(receive.status().hasSendRights());
        }
    }

    /** Not as CoreFoundation, which leaks what is in such a message. */
    @Test
    void m16_aMessageForAPortThatBecameInvalidIsDestroyed() throws Exception {
        try (MachPort port = MachPort.create(listener);
                ReceiveRight receive = task.allocatePort();
                ReceiveRight first = task.allocatePort();
                SendRight toFirst = first.makeSend()) {
            PortSource source = port.runLoopSource(0);
            RunLoop.current().add(source, MODE);
            send(port, OutgoingMessage.builder().id(4).makeSend(receive).build());
            RunLoop.current().perform(MODE, port::invalidate);
            OutgoingMessage.builder().build().sendTo(toFirst);
            RunLoop.current().runInMode(MODE, Duration.ZERO, false);
            port.close();
            assertEquals(List.of("retained", "released"), seen);
            assertFalse(receive.status().hasSendRights());
        }
    }

    private void send(MachPort port, OutgoingMessage message) throws Exception {
        task.calls().modRefs(port.port().value(), 0, 1);
        try (SendRight right = SendRight.adopt(task, port.port().value())) {
            message.sendTo(right);
        }
    }

    @Test
    void m17_theQueuedMessagesAreCounted() throws Exception {
        MachPort port = MachPort.create(listener);
        assertEquals(0, port.queuedMessageCount());
        send(port, OutgoingMessage.builder().build());
        send(port, OutgoingMessage.builder().build());
        assertEquals(2, port.queuedMessageCount());
        port.close();
        assertEquals(0, port.queuedMessageCount());
    }

    @Test
    void m18_portsAreEqualByTheirNames() throws Exception {
        try (ReceiveRight receive = task.allocatePort();
                MachPort other = MachPort.create(ignoring())) {
            MachPort first = MachPort.of(receive, ignoring());
            first.invalidate();
            try (MachPort second = MachPort.of(receive, ignoring())) {
                assertEquals(first, second);
                assertEquals(first.hashCode(), second.hashCode());
                assertNotEquals(second, other);
            }
        }
    }

    /** A context without a version has nothing to get wrong. */
    @Test
    void m19_theListenerIsAllOfTheContext() throws Exception {
        try (MachPort port = MachPort.create(listener)) {
            assertSame(listener, port.listener().orElseThrow());
        }
    }

    /** A JVM does not go on in a forked child: what m20 says has no case here; a child process has its own names. */
    @Test
    void m21_aPortKeepsItsNameAfterItIsInvalid() throws Exception {
        MachPort port = MachPort.create(listener);
        PortName name = port.port();
        port.close();
        assertEquals(name, port.port());
    }

    @Test
    void aPortMayBeInvalidatedInItsCallback() throws Exception {
        MachPort port = MachPort.create(new MachPortListener() {
            @Override
            public void received(MachPort self, ReceivedMessage message) {
                seen.add("received");
                self.close();
                seen.add("closed");
            }

            @Override
            public void released() {
                seen.add("released");
            }
        });
        RunLoop.current().add(port.runLoopSource(0), MODE);
        send(port, OutgoingMessage.builder().build());
        assertEquals(RunResult.HANDLED_SOURCE, RunLoop.current().runInMode(MODE, LONG, true));
        assertEquals(List.of("received", "released", "closed"), seen);
    }

    @Test
    void aPortMayBeInvalidatedByAnotherThreadWhileItsLoopSleeps() throws Exception {
        try (MachPort port = MachPort.create(listener)) {
            RunLoop loop = RunLoop.current();
            loop.add(port.runLoopSource(0), MODE);
            CompletableFuture<Void> other = CompletableFuture.runAsync(() -> {
                while (!loop.isWaiting()) {
                    Thread.onSpinWait();
                }
                port.invalidate();
            });
            assertEquals(RunResult.FINISHED, loop.runInMode(MODE, LONG, false));
            other.get();
        }
    }

    /** {@code -Dmachframe.test.cycles} sets how many. */
    @Test
    @Timeout(900)
    void manyPortsThatAreMadeAndInvalidatedLeaveNothing() throws Exception {
        for (int i = 0; i < CYCLES; i++) {
            try (MachPort port = MachPort.create(ignoring())) {
                if (i % 2 == 0) {
                    RunLoop.current().add(port.runLoopSource(0), MODE);
                }
                port.setInvalidationListener(self -> {});
            }
        }
    }
}
