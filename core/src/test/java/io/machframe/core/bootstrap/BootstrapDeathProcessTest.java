/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.bootstrap;

import static io.machframe.core.bootstrap.ServicePeer.ask;
import static io.machframe.core.bootstrap.ServicePeer.newName;
import static io.machframe.core.bootstrap.ServicePeer.tell;
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
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Names of servers that are killed, stopped or overrun. */
@Timeout(120)
@ExtendWith(RightsLedger.class)
class BootstrapDeathProcessTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

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
