/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.machport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.message.OutgoingMessage;
import io.machframe.core.message.ReceivedMessage;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendOnceRight;
import io.machframe.core.port.SendRight;
import io.machframe.core.runloop.PortSource;
import io.machframe.core.runloop.RunLoop;
import io.machframe.core.runloop.RunLoopMode;
import io.machframe.core.runloop.RunResult;
import io.machframe.core.testing.LogCapture;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** How a port becomes invalid, and who is notified: m6 to m13 are the facts of that number. */
final class MachPortInvalidationTest extends MachPortFixture {
    private static void runMainUntil(java.util.function.BooleanSupplier done) throws Exception {
        assertSame(RunLoop.main(), RunLoop.current());
        while (!done.getAsBoolean()) {
            RunLoop.current().runInMode(RunLoopMode.DEFAULT, Duration.ofMillis(1), false);
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
    void m9_theDeathOfAPeerIsReportedByTheMainLoop() throws Exception {
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
    void m9_invalidatingADeadPortDoesNotWaitForTheMainLoop() throws Exception {
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
    void m11_aListenerThatIsSetTooLateIsCalledAtOnce() throws Exception {
        MachPort port = MachPort.create(listener);
        port.close();
        port.setInvalidationListener(self -> seen.add("told, listener " + self.listener()));
        assertEquals(List.of("retained", "released", "told, listener Optional.empty"), seen);
    }

    @Test
    void m12_aListenerThatIsSetTooLateInAnothersPlaceIsRefused() throws Exception {
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
}
