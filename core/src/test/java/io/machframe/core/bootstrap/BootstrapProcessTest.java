/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.bootstrap;

import static io.machframe.core.testing.Eventually.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.error.DeadPortException;
import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;
import io.machframe.core.error.ServiceActiveException;
import io.machframe.core.error.UnknownServiceException;
import io.machframe.core.message.OutgoingMessage;
import io.machframe.core.message.ReceivedMessage;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendRight;
import io.machframe.core.testing.ChildProcess;
import io.machframe.core.testing.RightsLedger;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Names between processes that share nothing else. */
@Timeout(120)
@ExtendWith(RightsLedger.class)
class BootstrapProcessTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final AtomicInteger NAMES = new AtomicInteger();

    /** A name that no other test, in this process or another, has. */
    private static String newName(String part) {
        return part + "." + ProcessHandle.current().pid() + "." + NAMES.incrementAndGet();
    }

    private static String ask(ChildProcess child, String command, String name, Object... arguments) throws IOException {
        tell(child, command, name, arguments);
        return child.readLine();
    }

    private static void tell(ChildProcess child, String command, String name, Object... arguments) throws IOException {
        StringBuilder line = new StringBuilder(command).append(' ').append(ServicePeer.spell(name));
        for (Object argument : arguments) {
            line.append(' ').append(argument);
        }
        child.writeLine(line.toString());
    }

    /** F101, F50 */
    @Test
    void aClientFindsAServerInAnotherProcessAndIsAnswered() throws Exception {
        String name = newName("answer");
        try (ChildProcess server = ChildProcess.start(ServicePeer.class);
                ChildProcess client = ChildProcess.start(ServicePeer.class)) {
            assertEquals("ok", ask(server, "checkIn", name));
            assertEquals("ok", ask(client, "lookUp", name, LIMIT.toMillis()));
            for (int i = 0; i < 10; i++) {
                tell(server, "serve", name);
                assertEquals("answered " + (i + 1) + " by " + server.pid(), ask(client, "request", name, i));
                assertTrue(server.readLine().startsWith("served " + client.pid() + " "));
            }
        }
    }

    /** F105: the queue is there from the check-in on, whether anybody receives or not. */
    @Test
    void messagesSentBeforeTheServerListensAreKept() throws Exception {
        String name = newName("kept");
        try (ReceiveRight port = Bootstrap.checkIn(name);
                ChildProcess client = ChildProcess.start(ServicePeer.class)) {
            assertEquals("ok", ask(client, "lookUp", name, LIMIT.toMillis()));
            for (int i = 0; i < 5; i++) {
                assertEquals("ok", ask(client, "send", name, i));
            }
            client.kill();
            for (int i = 0; i < 5; i++) {
                try (ReceivedMessage message = ReceivedMessage.receiveFrom(port)) {
                    assertEquals(i, message.id());
                    assertEquals(client.pid(), message.sender().pid());
                }
            }
            await("the last sender is gone", () -> !port.status().hasSendRights());
        }
    }

    /** F102 */
    @Test
    void aNameInUseIsRefusedToEverybody() throws Exception {
        String name = newName("used");
        try (ReceiveRight port = Bootstrap.checkIn(name);
                ChildProcess other = ChildProcess.start(ServicePeer.class)) {
            assertTrue(port.isOpen());
            ServiceActiveException mine = assertThrows(ServiceActiveException.class, () -> Bootstrap.checkIn(name));
            assertTrue(mine.getMessage().contains(name));
            String answer = ask(other, "checkIn", name);
            assertTrue(answer.startsWith("ServiceActiveException: "), answer);
        }
    }

    /** F102 */
    @Test
    void aNameThatNobodyServesIsUnknown() throws Exception {
        String name = newName("nobody");
        UnknownServiceException failure =
                assertThrows(UnknownServiceException.class, () -> Bootstrap.lookUp(name, LIMIT));
        assertEquals("nobody serves the name \"" + name + "\"", failure.getMessage());
        assertEquals(KernReturn.BOOTSTRAP_UNKNOWN_SERVICE, failure.reason().code());
        Bootstrap.checkIn(name).close();
        assertThrows(UnknownServiceException.class, () -> Bootstrap.lookUp(name, LIMIT));
    }

    @Test
    void aNameIsFreeTheMomentItIsClosed() throws Exception {
        String name = newName("free");
        for (int i = 0; i < 100; i++) {
            ReceiveRight port = Bootstrap.checkIn(name);
            SendRight right = Bootstrap.lookUp(name, LIMIT);
            OutgoingMessage.builder().id(i).build().sendTo(right);
            ReceivedMessage.receiveFrom(port).close();
            port.close();
            assertTrue(right.isDead());
            assertThrows(UnknownServiceException.class, () -> Bootstrap.lookUp(name, LIMIT));
            right.close();
        }
    }

    /** The name belongs to whoever registered it, the port may be another's. */
    @Test
    void aRegisteredNameLeadsToAPortOfAnotherProcess() throws Exception {
        String owned = newName("owned");
        String given = newName("given");
        try (ChildProcess owner = ChildProcess.start(ServicePeer.class);
                ChildProcess client = ChildProcess.start(ServicePeer.class)) {
            assertEquals("ok", ask(owner, "checkIn", owned));
            try (SendRight right = Bootstrap.lookUp(owned, LIMIT);
                    Registration registration = Bootstrap.register(given, right)) {
                assertEquals(given, registration.name());
                assertThrows(ServiceActiveException.class, () -> Bootstrap.register(given, right));
                assertThrows(ServiceActiveException.class, () -> Bootstrap.checkIn(given));
                right.close();
                assertEquals("ok", ask(client, "lookUp", given, LIMIT.toMillis()));
                tell(owner, "serve", owned);
                assertEquals("answered 8 by " + owner.pid(), ask(client, "request", given, 7));
                owner.readLine();
                owner.kill();
                awaitFree(given);
            }
        }
    }

    /** Until somebody who takes the name gets it. */
    private static void awaitFree(String name) throws Exception {
        while (true) {
            try {
                Bootstrap.checkIn(name).close();
                return;
            } catch (ServiceActiveException stillServed) {
                Thread.sleep(1);
            }
        }
    }

    @Test
    void aRegistrationThatIsClosedFreesItsNameAndNoOther() throws Exception {
        String name = newName("registered");
        for (int i = 0; i < 50; i++) {
            ReceiveRight port = Bootstrap.checkIn(newName("port"));
            SendRight right = port.makeSend();
            Registration registration = Bootstrap.register(name, right);
            try (SendRight found = Bootstrap.lookUp(name, LIMIT)) {
                assertEquals(port.name(), found.name());
            }
            if (i % 2 == 0) {
                registration.close();
                port.close();
            } else {
                port.close();
                awaitFree(name);
            }
            try (ReceiveRight mine = Bootstrap.checkIn(name)) {
                registration.close();
                Bootstrap.lookUp(name, LIMIT).close();
                assertTrue(mine.isOpen());
            }
            assertThrows(UnknownServiceException.class, () -> Bootstrap.lookUp(name, LIMIT));
            MachException dead = assertThrows(MachException.class, () -> Bootstrap.register(name, right));
            assertEquals(KernReturn.KERN_INVALID_CAPABILITY, dead.reason().code());
            right.close();
        }
    }

    /** F104 */
    @Test
    void aNameHas1To127BytesOfText() throws Exception {
        String unique = newName("");
        String longest = "x".repeat(127 - unique.length()) + unique;
        Bootstrap.checkIn(longest).close();
        for (String wrong : List.of("", longest + "y", "ü".repeat(64), "zero\0", "half \ud83d", "\udf00")) {
            assertThrows(IllegalArgumentException.class, () -> Bootstrap.checkIn(wrong));
            assertThrows(IllegalArgumentException.class, () -> Bootstrap.lookUp(wrong, LIMIT));
        }
    }

    @Test
    void everyNameIsItsOwn() throws Exception {
        String unique = newName("");
        String prefix = "a.very.long.name.that.is.cut.somewhere." + "x".repeat(60);
        List<String> names = List.of(
                "plain" + unique,
                "PLAIN" + unique,
                "with/slash" + unique,
                "../../etc" + unique,
                "..",
                ".",
                "/",
                "%2E",
                "%2e",
                " space " + unique,
                "line\nbreak\ttab" + unique,
                "größe-日本-🎥" + unique,
                "gro\u0308ße" + unique,
                prefix + "1" + unique,
                prefix + "2" + unique,
                "-" + unique,
                "~" + unique,
                ("ü".repeat(60) + unique).substring(0, 60),
                "a:b*c?d\"e<f>g|h\\" + unique);
        List<ReceiveRight> ports = new ArrayList<>();
        try (ChildProcess client = ChildProcess.start(ServicePeer.class)) {
            for (String name : names) {
                ports.add(Bootstrap.checkIn(name));
            }
            for (int i = 0; i < names.size(); i++) {
                assertEquals("ok", ask(client, "lookUp", names.get(i), LIMIT.toMillis()), names.get(i));
                assertEquals("ok", ask(client, "send", names.get(i), i));
            }
            for (int i = 0; i < names.size(); i++) {
                try (ReceivedMessage message = ReceivedMessage.receiveFrom(ports.get(i))) {
                    assertEquals(i, message.id(), names.get(i));
                }
                assertEquals(0, ports.get(i).status().messageCount());
            }
        } finally {
            ports.forEach(ReceiveRight::close);
        }
    }

    /** F103 */
    @Test
    void theNameOfAKilledProcessIsFreeAtOnceAndItsRightsAreDead() throws Exception {
        String name = newName("killed");
        for (int round = 0; round < 3; round++) {
            try (ChildProcess server = ChildProcess.start(ServicePeer.class)) {
                assertEquals("ok", ask(server, "checkIn", name));
                try (SendRight right = Bootstrap.lookUp(name, LIMIT)) {
                    assertFalse(right.isDead());
                    server.kill();
                    assertThrows(UnknownServiceException.class, () -> Bootstrap.lookUp(name, LIMIT));
                    try (ReceiveRight mine = Bootstrap.checkIn(name);
                            SendRight again = Bootstrap.lookUp(name, LIMIT)) {
                        assertEquals(mine.name(), again.name());
                        assertTrue(right.isDead());
                        assertThrows(
                                DeadPortException.class,
                                () -> OutgoingMessage.builder().build().sendTo(right));
                    }
                }
            }
        }
    }

    /** Many want a name whose holder dies: one gets it each time, and that is the one that is found. */
    @Test
    void oneOfManyTakesAFreedNameOver() throws Exception {
        String name = newName("contested");
        List<ChildProcess> peers = new ArrayList<>();
        try (ReceiveRight first = Bootstrap.checkIn(name)) {
            for (int i = 0; i < 5; i++) {
                ChildProcess peer = ChildProcess.start(ServicePeer.class);
                peers.add(peer);
                tell(peer, "takeOver", name);
            }
            first.close();
            while (!peers.isEmpty()) {
                ChildProcess holder = holder(name, peers);
                assertEquals("ok", holder.readLine());
                holder.kill();
                peers.remove(holder);
            }
            assertThrows(UnknownServiceException.class, () -> Bootstrap.lookUp(name, LIMIT));
        } finally {
            peers.forEach(ChildProcess::close);
        }
    }

    /** Asks whoever serves the name who it is. */
    private static ChildProcess holder(String name, List<ChildProcess> peers) throws Exception {
        while (true) {
            try (SendRight right = Bootstrap.lookUp(name, LIMIT);
                    ReceiveRight replies = right.task().allocatePort()) {
                OutgoingMessage.builder().id(1).replyOnceTo(replies).build().sendTo(right);
                for (ChildProcess peer : peers) {
                    tell(peer, "serve", name);
                }
                try (ReceivedMessage reply = ReceivedMessage.receiveFrom(replies)) {
                    return peers.stream()
                            .filter(peer -> peer.pid() == reply.sender().pid())
                            .findFirst()
                            .orElseThrow();
                }
            } catch (UnknownServiceException nobodyYet) {
                Thread.sleep(1);
            }
        }
    }

    @Test
    void aStoppedServerTimesALookUpOutAndIsFoundWhenItGoesOn() throws Exception {
        String name = newName("stopped");
        try (ChildProcess server = ChildProcess.start(ServicePeer.class)) {
            assertEquals("ok", ask(server, "checkIn", name));
            server.stop();
            long begin = System.nanoTime();
            MachException late =
                    assertThrows(MachException.class, () -> Bootstrap.lookUp(name, Duration.ofMillis(150)));
            assertTrue(System.nanoTime() - begin >= 150_000_000);
            assertEquals(KernReturn.MACH_RCV_TIMED_OUT, late.reason().code());
            assertEquals("the server of the name \"" + name + "\" does not answer", late.getMessage());
            assertThrows(ServiceActiveException.class, () -> Bootstrap.checkIn(name));

            CompletableFuture<SendRight> patient = lookUpInThread(name, new Thread[1]);
            Thread.sleep(50);
            assertFalse(patient.isDone());
            server.goOn();
            patient.get().close();
            Bootstrap.lookUp(name, LIMIT).close();
        }
    }

    @Test
    void interruptingEndsALookUpThatWaits() throws Exception {
        String name = newName("interrupted");
        try (ChildProcess server = ChildProcess.start(ServicePeer.class)) {
            assertEquals("ok", ask(server, "checkIn", name));
            server.stop();
            Thread[] thread = new Thread[1];
            CompletableFuture<SendRight> waiting = lookUpInThread(name, thread);
            thread[0].interrupt();
            ExecutionException failure = assertThrows(ExecutionException.class, waiting::get);
            assertEquals(InterruptedException.class, failure.getCause().getClass());
        }
    }

    /** A stopped server answers nobody, and its backlog fills; whoever then wants it waits, and is answered later. */
    @Test
    void moreLookUpsThanAServersBacklogAreAllAnswered() throws Exception {
        String name = newName("backlog");
        try (ChildProcess server = ChildProcess.start(ServicePeer.class)) {
            assertEquals("ok", ask(server, "checkIn", name));
            server.stop();
            List<CompletableFuture<SendRight>> waiting = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                waiting.add(lookUpInThread(name, new Thread[1]));
            }
            Thread.sleep(50);
            server.goOn();
            for (CompletableFuture<SendRight> each : waiting) {
                each.get().close();
            }
        }
    }

    /** Looking a name up that changes hands all the time ends in one of its servers, or in nobody; never in an error. */
    @Test
    void lookUpsDuringTakeOversFindAServerOrNobody() throws Exception {
        String name = newName("moving");
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        assertTrue(text.length < 128);
        CompletableFuture<Integer> found = CompletableFuture.supplyAsync(() -> countLookUps(name, 300));
        int takeOvers = 0;
        while (!found.isDone() || takeOvers < 20) {
            Bootstrap.checkIn(name).close();
            takeOvers++;
        }
        assertTrue(found.get() >= 0);
    }

    private static int countLookUps(String name, int tries) {
        int found = 0;
        for (int i = 0; i < tries; i++) {
            try {
                Bootstrap.lookUp(name, LIMIT).close();
                found++;
            } catch (UnknownServiceException nobody) {
                // between two servers
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
        return found;
    }

    private static CompletableFuture<SendRight> lookUpInThread(String name, Thread[] thread) {
        CompletableFuture<SendRight> result = new CompletableFuture<>();
        thread[0] = new Thread(() -> {
            try {
                result.complete(Bootstrap.lookUp(name, LIMIT));
            } catch (Exception e) {
                result.completeExceptionally(e);
            }
        });
        thread[0].start();
        return result;
    }
}
