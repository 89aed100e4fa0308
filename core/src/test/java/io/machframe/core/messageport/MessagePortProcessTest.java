/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.messageport;

import static io.machframe.core.testing.Eventually.await;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.error.ServiceActiveException;
import io.machframe.core.runloop.RunLoop;
import io.machframe.core.runloop.RunLoopMode;
import io.machframe.core.testing.ChildProcess;
import io.machframe.core.testing.LogCapture;
import io.machframe.core.testing.RightsLedger;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Message ports between processes, some of which are killed. */
@Timeout(120)
@ExtendWith(RightsLedger.class)
final class MessagePortProcessTest {
    private static final AtomicInteger NAMES = new AtomicInteger();
    private static final RunLoopMode MODE = new RunLoopMode("process test");
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int HALT = -99;
    private static final int CLIENTS = 10;

    /** How many requests the clients make together; the count is 100000. */
    private static final int REQUESTS = Integer.getInteger("machframe.test.requests", 2_000);

    private final String name = "port-process-" + ProcessHandle.current().pid() + "-" + NAMES.incrementAndGet();

    private static void tell(ChildProcess child, String command) throws IOException {
        child.writeLine(command);
        assertEquals("ok", child.readLine(), command);
    }

    private static ByteBuffer random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return ByteBuffer.wrap(bytes);
    }

    /** F110 */
    @ParameterizedTest
    @ValueSource(ints = {0, 10, 4000, 4001, 10 << 20})
    void p23_dataOfAnySizeAreAnswered(int size) throws Exception {
        for (String how : List.of("serve ", "loop ")) {
            try (ChildProcess server = ChildProcess.start(PortPeer.class)) {
                tell(server, how + name);
                try (RemoteMessagePort port = RemoteMessagePort.connect(name)) {
                    ByteBuffer data = random(size);
                    Reply reply = port.request(size, data, LONG, LONG);
                    assertEquals(SendResult.SUCCESS, reply.result());
                    assertEquals(data, reply.data());
                }
            }
        }
    }

    @Test
    void p4_aNameThatAnotherProcessServesIsRefused() throws Exception {
        try (ChildProcess server = ChildProcess.start(PortPeer.class);
                LocalMessagePort mine = LocalMessagePort.create(name + "-mine", (port, id, data) -> Optional.empty())) {
            tell(server, "hold " + name);
            ServiceActiveException e = assertThrows(
                    ServiceActiveException.class,
                    () -> LocalMessagePort.create(name, (port, id, data) -> Optional.empty()));
            assertTrue(e.getMessage().contains(name), e.getMessage());
            assertFalse(mine.setName(name), "p15");
            assertEquals(Optional.of(name + "-mine"), mine.name());
            assertTrue(mine.isValid());
        }
    }

    /** F113 */
    @Test
    void p24_p25_aServerThatDoesNotRunItsLoopIsWaitedForUntilItIsKilled() throws Exception {
        try (ChildProcess server = ChildProcess.start(PortPeer.class)) {
            tell(server, "hold " + name);
            try (RemoteMessagePort port = RemoteMessagePort.connect(name)) {
                assertEquals(
                        SendResult.RECEIVE_TIMED_OUT,
                        port.request(1, random(10), LONG, Duration.ofMillis(50)).result());
                CompletableFuture<RunLoop> loop = new CompletableFuture<>();
                CompletableFuture<SendResult> waiting = CompletableFuture.supplyAsync(() -> {
                    loop.complete(RunLoop.current());
                    return assertDoesNotThrow(() -> port.request(1, random(10), LONG, LONG, MODE))
                            .result();
                });
                await("the loop sleeps, its request is sent", () -> loop.get().isWaiting());
                assertFalse(waiting.isDone());
                server.kill();
                assertEquals(SendResult.BECAME_INVALID, waiting.get());
                assertEquals(SendResult.INVALID, port.send(1, random(10), LONG));
            }
        }
    }

    @Test
    void p25_aLoopThatWaitsForAnAnswerLearnsOfTheServersDeath() throws Exception {
        try (ChildProcess server = ChildProcess.start(PortPeer.class)) {
            tell(server, "hold " + name);
            try (RemoteMessagePort port = RemoteMessagePort.connect(name)) {
                RunLoop loop = RunLoop.current();
                CompletableFuture<Void> killing = CompletableFuture.runAsync(() -> {
                    await("the loop sleeps, its request is sent", loop::isWaiting);
                    server.kill();
                });
                assertEquals(
                        SendResult.BECAME_INVALID,
                        port.request(1, random(10), LONG, LONG, MODE).result());
                killing.get();
            }
        }
    }

    @Test
    void p17_aServerKilledBeforeTheRequest() throws Exception {
        try (ChildProcess server = ChildProcess.start(PortPeer.class)) {
            tell(server, "serve " + name);
            try (RemoteMessagePort port = RemoteMessagePort.connect(name)) {
                server.kill();
                assertEquals(
                        SendResult.TRANSPORT_ERROR,
                        port.request(1, random(10), LONG, LONG).result());
                assertEquals(
                        SendResult.INVALID,
                        port.request(1, random(10), LONG, LONG).result());
            }
        }
    }

    @Test
    void p25_aServerThatDiesInItsCallback() throws Exception {
        try (ChildProcess server = ChildProcess.start(PortPeer.class)) {
            tell(server, "serve " + name);
            try (RemoteMessagePort port = RemoteMessagePort.connect(name)) {
                assertEquals(
                        SendResult.BECAME_INVALID,
                        port.request(HALT, random(10), LONG, LONG).result());
            }
        }
    }

    @Test
    void aServerKilledAfterItsAnswerIsToldAndReplaced() throws Exception {
        CountDownLatch told = new CountDownLatch(1);
        try (ChildProcess server = ChildProcess.start(PortPeer.class);
                ChildProcess next = ChildProcess.start(PortPeer.class)) {
            tell(server, "serve " + name);
            try (RemoteMessagePort port = RemoteMessagePort.connect(name)) {
                port.setInvalidationListenerOn(Runnable::run, self -> told.countDown());
                assertTrue(port.request(1, random(10), LONG, LONG).isSuccess());
                server.kill();
                assertTrue(told.await(60, TimeUnit.SECONDS));
                assertFalse(port.isMarkedValid());
            }
            tell(next, "serve " + name);
            try (RemoteMessagePort port = RemoteMessagePort.connect(name)) {
                assertTrue(port.request(1, random(10), LONG, LONG).isSuccess());
            }
        }
    }

    @Test
    void aClientThatIsKilledDisturbsNobody() throws Exception {
        CountDownLatch served = new CountDownLatch(200);
        try (LogCapture log = new LogCapture(LocalMessagePort.class);
                LocalMessagePort port = LocalMessagePort.create(name, (self, id, data) -> {
                    served.countDown();
                    return Optional.of(data);
                })) {
            port.setExecutor(Runnable::run);
            try (ChildProcess client = ChildProcess.start(PortPeer.class);
                    ChildProcess other = ChildProcess.start(PortPeer.class)) {
                tell(client, "flood " + name);
                assertTrue(served.await(60, TimeUnit.SECONDS));
                client.kill();
                other.writeLine("ask " + name + " 100 50");
                assertEquals("good 100", other.readLine());
            }
            assertEquals(List.of(), log.messages());
        }
    }

    @Test
    void aServerThatIsStoppedIsWaitedFor() throws Exception {
        try (ChildProcess server = ChildProcess.start(PortPeer.class)) {
            tell(server, "loop " + name);
            try (RemoteMessagePort port = RemoteMessagePort.connect(name)) {
                server.stop();
                assertEquals(
                        SendResult.RECEIVE_TIMED_OUT,
                        port.request(1, random(10), LONG, Duration.ofMillis(50)).result());
                server.goOn();
                assertEquals(random(20), port.request(1, random(20), LONG, LONG).data());
            }
        }
    }

    @Test
    void p21_requestsFromWithinCallbacksGoToAndFro() throws Exception {
        AtomicInteger depth = new AtomicInteger();
        try (ChildProcess relay = ChildProcess.start(PortPeer.class)) {
            tell(relay, "relay " + name + "-relay " + name);
            try (RemoteMessagePort there = RemoteMessagePort.connect(name + "-relay");
                    LocalMessagePort here = LocalMessagePort.create(name, (port, id, data) -> {
                        depth.incrementAndGet();
                        return Optional.of(
                                id == 0
                                        ? data
                                        : assertDoesNotThrow(() -> there.request(id, data, LONG, LONG, MODE))
                                                .data());
                    })) {
                RunLoop.current().add(here.runLoopSource(0), MODE);
                assertEquals(
                        random(30),
                        there.request(5, random(30), LONG, LONG, MODE).data());
                assertEquals(5, depth.get());
            }
        }
    }

    /** {@code -Dmachframe.test.requests} sets how many. */
    @Test
    @Timeout(900)
    void tenClientsAskOneServer() throws Exception {
        AtomicInteger served = new AtomicInteger();
        List<ChildProcess> clients = new ArrayList<>();
        try (LocalMessagePort port = LocalMessagePort.create(name, (self, id, data) -> {
            served.incrementAndGet();
            return Optional.of(data);
        })) {
            port.setExecutor(Runnable::run);
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(ChildProcess.start(PortPeer.class));
            }
            int each = REQUESTS / CLIENTS;
            for (ChildProcess client : clients) {
                client.writeLine("ask " + name + " " + each + " 100");
            }
            for (ChildProcess client : clients) {
                assertEquals("good " + each, client.readLine());
            }
            assertEquals(each * CLIENTS, served.get());
        } finally {
            clients.forEach(ChildProcess::close);
        }
    }
}
