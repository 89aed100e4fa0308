/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.messageport;

import static io.machframe.core.testing.Eventually.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.bootstrap.Bootstrap;
import io.machframe.core.error.PortClosedException;
import io.machframe.core.message.OutgoingMessage;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendRight;
import io.machframe.core.runloop.PortSource;
import io.machframe.core.runloop.RunLoop;
import io.machframe.core.testing.LogCapture;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;

/** The end that serves: p29 and p35 to p37 are the facts of that number. */
final class LocalMessagePortTest extends MessagePortFixture {
    @Test
    void p29_aMalformedMessageIsDestroyedAndLoggedOnce() throws Exception {
        LocalMessagePort port = local();
        RunLoop.current().add(port.runLoopSource(0), MODE);
        try (LogCapture log = new LogCapture(LocalMessagePort.class);
                SendRight raw = Bootstrap.lookUp(name, LONG);
                ReceiveRight carried = io.machframe.core.port.Task.self().allocatePort()) {
            for (int i = 0; i < 3; i++) {
                OutgoingMessage.builder()
                        .makeSend(carried)
                        .body(new byte[100])
                        .build()
                        .sendTo(raw);
                RunLoop.current().runInMode(MODE, LONG, true);
            }
            assertEquals(1, log.messages().size(), log.messages().toString());
            assertTrue(log.messages().get(0).contains(name), log.messages().toString());
            assertFalse(carried.status().hasSendRights());
        }
        assertEquals(List.of("retained"), seen);
        assertTrue(port.isValid());
    }

    @Test
    void p35_aSourceIsMadeOnceAndNotForAPortThatCannotUseIt() throws Exception {
        LocalMessagePort port = local();
        PortSource source = port.runLoopSource(4);
        assertSame(source, port.runLoopSource(0));
        assertEquals(4, source.order());
        source.invalidate();
        assertNotSame(source, port.runLoopSource(0));
        port.runLoopSource(0).invalidate();
        port.setExecutor(Runnable::run);
        assertThrows(IllegalStateException.class, () -> port.runLoopSource(0));
        port.close();
        assertThrows(PortClosedException.class, () -> port.runLoopSource(0));
    }

    @Test
    void p36_requestsComeOnTheExecutor() throws Exception {
        LinkedBlockingQueue<Runnable> first = new LinkedBlockingQueue<>();
        LinkedBlockingQueue<Runnable> second = new LinkedBlockingQueue<>();
        LocalMessagePort port = local();
        port.setExecutor(first::add);
        RemoteMessagePort remote = remote();
        remote.send(1, bytes("one"), LONG);
        first.take().run();
        assertEquals(List.of("retained", "received 1 one"), seen);
        port.setExecutor(second::add);
        remote.send(2, bytes("two"), LONG);
        second.take().run();
        assertEquals("received 2 two", seen.get(2));
        port.removeExecutor();
        remote.send(3, bytes("three"), LONG);
        RunLoop.current().add(port.runLoopSource(0), MODE);
        RunLoop.current().runInMode(MODE, LONG, true);
        assertEquals("received 3 three", seen.get(3));
        assertTrue(first.isEmpty() && second.isEmpty());
    }

    @Test
    void p36_anExecutorIsRefusedWhereItIsOfNoUse() throws Exception {
        try (LogCapture log = new LogCapture(LocalMessagePort.class)) {
            LocalMessagePort port = local();
            port.runLoopSource(0);
            port.setExecutor(Runnable::run);
            assertTrue(
                    log.messages().get(0).contains("it has a run loop source"),
                    log.messages().toString());
            port.close();
            port.setExecutor(Runnable::run);
            assertTrue(
                    log.messages().get(1).contains("it is not valid"),
                    log.messages().toString());
            closing(LocalMessagePort.createUnnamed(listener)).setExecutor(Runnable::run);
            assertTrue(
                    log.messages().get(2).contains("it has no name"),
                    log.messages().toString());
        }
    }

    @Test
    void p36_aSlowListenerDelaysItsSenders() throws Exception {
        LinkedBlockingQueue<Runnable> executor = new LinkedBlockingQueue<>();
        LocalMessagePort port = local();
        port.setExecutor(executor::add);
        RemoteMessagePort remote = remote();
        int sent = 10; // five are on their way to the executor and five in the queue
        for (int i = 0; i < sent; i++) {
            assertEquals(SendResult.SUCCESS, remote.send(i, bytes("x"), LONG));
        }
        assertEquals(SendResult.SEND_TIMED_OUT, remote.send(sent, bytes("x"), SHORT));
        for (int i = 0; i <= sent; i++) {
            if (i == 0) {
                assertEquals(1, executor.size(), "one is delivered at a time");
                executor.take().run();
                remote.send(sent, bytes("x"), LONG);
            } else {
                executor.take().run();
            }
        }
        List<String> expected = new ArrayList<>(List.of("retained"));
        for (int i = 0; i <= sent; i++) {
            expected.add("received " + i + " x");
        }
        assertEquals(expected, seen);
    }

    @Test
    void p36_anExecutorThatRefusesCostsItsRequestsTheirAnswers() throws Exception {
        try (LogCapture log = new LogCapture(LocalMessagePort.class)) {
            LocalMessagePort port = local();
            port.setExecutor(action -> {
                throw new java.util.concurrent.RejectedExecutionException();
            });
            assertEquals(
                    SendResult.RECEIVE_TIMED_OUT,
                    remote().request(1, bytes("x"), LONG, SHORT).result());
            await("a line of the log", () -> !log.messages().isEmpty());
            port.setExecutor(Runnable::run);
            assertTrue(remote().request(1, bytes("x"), LONG, LONG).isSuccess());
            assertEquals(1, log.messages().size());
        }
    }

    @Test
    void p37_aListenerThatWasNotTakenIsNeitherRetainedNorReleased() throws Exception {
        local();
        Listener second = new Listener("second ");
        assertNotSame(second, LocalMessagePort.create(name, second).listener().orElseThrow());
        local().close();
        assertEquals(List.of("retained", "released"), seen);
    }

    @Test
    void aListenerThatThrowsIsLoggedAndTheRequestGetsNoAnswer() throws Exception {
        LocalMessagePort port = closing(LocalMessagePort.create(name, (self, id, data) -> {
            if (id == 0) {
                throw new IllegalStateException("thrown by a test");
            }
            return Optional.of(data);
        }));
        try (LogCapture log = new LogCapture(LocalMessagePort.class)) {
            port.setExecutor(Runnable::run);
            assertEquals(
                    SendResult.RECEIVE_TIMED_OUT,
                    remote().request(0, bytes("x"), LONG, SHORT).result());
            assertTrue(remote().request(1, bytes("x"), LONG, LONG).isSuccess());
            assertEquals(1, log.messages().size());
        }
    }

    @Test
    void aPortMayBeInvalidatedInItsCallback() throws Exception {
        LocalMessagePort port = closing(LocalMessagePort.create(name, (self, id, data) -> {
            self.close();
            return Optional.of(bytes("last words"));
        }));
        RunLoop.current().add(port.runLoopSource(0), MODE);
        Reply reply = remote().request(1, bytes("x"), LONG, LONG, MODE);
        assertEquals("last words", text(reply.data()));
        assertFalse(port.isValid());
    }
}
