/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.bootstrap;

import static io.machframe.core.bootstrap.ServicePeer.ask;
import static io.machframe.core.bootstrap.ServicePeer.newName;
import static io.machframe.core.bootstrap.ServicePeer.tell;
import static io.machframe.core.testing.Eventually.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Names between processes that share nothing else. */
@Timeout(120)
@ExtendWith(RightsLedger.class)
class BootstrapProcessTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

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
}
