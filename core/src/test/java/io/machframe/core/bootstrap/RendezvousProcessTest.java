/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.error.MachException;
import io.machframe.core.message.Notification;
import io.machframe.core.message.OutgoingMessage;
import io.machframe.core.message.ReceivedMessage;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendRight;
import io.machframe.core.port.Task;
import io.machframe.core.testing.ChildProcess;
import io.machframe.core.testing.RightsLedger;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;

/** F106: what a parent hands to the child it starts is claimed once and by nobody else. */
@Timeout(120)
@ExtendWith(RightsLedger.class)
class RendezvousProcessTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Task task = Task.self();

    /** Claims when it is told to and says what came of it; then sends the number of each line through the right. */
    static final class Child {
        public static void main(String[] arguments) throws Exception {
            BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            SendRight right = null;
            for (String line = input.readLine(); line != null; line = input.readLine()) {
                if (line.equals("claim")) {
                    try (ReceivedMessage offer = Rendezvous.claim(LIMIT)) {
                        right = offer.takeSendRight(0);
                        System.out.println("claimed " + offer.id());
                    } catch (MachException | IllegalStateException e) {
                        System.out.println(e.getClass().getSimpleName());
                    }
                } else {
                    OutgoingMessage.builder().id(Integer.parseInt(line)).build().sendTo(right);
                    System.out.println("sent");
                }
            }
        }
    }

    private static String ask(ChildProcess child, String line) throws IOException {
        child.writeLine(line);
        return child.readLine();
    }

    private Rendezvous offer(ReceiveRight port) throws IOException {
        OutgoingMessage offer = OutgoingMessage.builder().id(77).makeSend(port).build();
        return Rendezvous.start(
                ChildProcess.builder(Child.class).redirectError(ProcessBuilder.Redirect.INHERIT), offer);
    }

    @Test
    void theChildClaimsWhatItsParentOffersOnce() throws Exception {
        try (ReceiveRight port = task.allocatePort();
                Rendezvous rendezvous = offer(port);
                ChildProcess child = ChildProcess.of(rendezvous.process())) {
            assertFalse(rendezvous.isClaimed());
            assertEquals("claimed 77", ask(child, "claim"));
            assertTrue(rendezvous.isClaimed());
            assertEquals("UnknownServiceException", ask(child, "claim"));
            assertEquals("sent", ask(child, "5"));
            try (ReceivedMessage message = ReceivedMessage.receiveFrom(port)) {
                assertEquals(5, message.id());
                assertEquals(child.pid(), message.sender().pid());
            }
        }
    }

    /** A process that knows all that the child knows, but is another one. */
    @Test
    @EnabledOnOs(OS.LINUX) // where it can read the child's environment
    void aStrangerClaimsNothingAndTakesNothingFromTheChild() throws Exception {
        try (ReceiveRight port = task.allocatePort();
                Rendezvous rendezvous = offer(port);
                ChildProcess child = ChildProcess.of(rendezvous.process())) {
            ProcessBuilder builder = ChildProcess.builder(Child.class);
            builder.environment().put(Rendezvous.VARIABLE, variableOf(child.pid()));
            try (ChildProcess stranger = ChildProcess.of(builder.start())) {
                for (int i = 0; i < 3; i++) {
                    assertEquals("NoReplyException", ask(stranger, "claim"));
                }
                assertFalse(rendezvous.isClaimed());
                assertEquals("claimed 77", ask(child, "claim"));
                assertEquals("UnknownServiceException", ask(stranger, "claim"));
            }
        }
    }

    /** A process that pretends to be the parent. */
    @Test
    void aChildTakesNothingFromAnybodyButItsParent() throws Exception {
        String name = "machframe.rendezvous.impostor." + ProcessHandle.current().pid();
        ProcessBuilder builder = ChildProcess.builder(Child.class);
        builder.environment().put(Rendezvous.VARIABLE, "1:" + name);
        try (ReceiveRight port = task.allocatePort();
                ReceiveRight impostor = Bootstrap.checkIn(name);
                ChildProcess child = ChildProcess.of(builder.start())) {
            child.writeLine("claim");
            try (ReceivedMessage claim = ReceivedMessage.receiveFrom(impostor)) {
                OutgoingMessage.builder().makeSend(port).build().sendTo(claim.takeReplyOnce());
            }
            assertEquals("InvalidMessageException", child.readLine());
            port.requestNoSenders(port);
            assertEquals(new Notification.NoSenders(1), told(port));
        }
    }

    @Test
    void aChildIsToldAtOnceThatTheOfferCanNoLongerBeSent() throws Exception {
        try (ReceiveRight port = task.allocatePort();
                OutgoingMessage offer = OutgoingMessage.builder().makeSend(port).build();
                Rendezvous rendezvous = Rendezvous.start(ChildProcess.builder(Child.class), offer);
                ChildProcess child = ChildProcess.of(rendezvous.process())) {
            offer.close();
            assertEquals("NoReplyException", ask(child, "claim"));
        }
    }

    @Test
    void whatIsNotClaimedIsReleasedWhenTheChildEnds() throws Exception {
        try (ReceiveRight port = task.allocatePort();
                Rendezvous rendezvous = offer(port)) {
            port.requestNoSenders(port);
            ChildProcess.of(rendezvous.process()).kill();
            assertEquals(new Notification.NoSenders(1), told(port));
        }
    }

    @Test
    void aWithdrawnOfferCannotBeClaimed() throws Exception {
        try (ReceiveRight port = task.allocatePort();
                Rendezvous rendezvous = offer(port);
                ChildProcess child = ChildProcess.of(rendezvous.process())) {
            rendezvous.close();
            rendezvous.close();
            assertFalse(port.status().hasSendRights());
            assertEquals("UnknownServiceException", ask(child, "claim"));
        }
    }

    @Test
    void aProgramThatCannotBeStartedReleasesTheOffer() throws Exception {
        try (ReceiveRight port = task.allocatePort()) {
            ProcessBuilder builder = new ProcessBuilder("/nowhere/to/be/found");
            OutgoingMessage offer = OutgoingMessage.builder().makeSend(port).build();
            assertThrows(IOException.class, () -> Rendezvous.start(builder, offer));
            assertFalse(port.status().hasSendRights());
            assertFalse(builder.environment().containsKey(Rendezvous.VARIABLE));
            assertThrows(IllegalStateException.class, () -> Rendezvous.claim(LIMIT));
        }
    }

    private static Notification told(ReceiveRight port) throws Exception {
        try (ReceivedMessage message = ReceivedMessage.receiveFrom(port)) {
            return message.takeNotification().orElseThrow();
        }
    }

    private static String variableOf(long pid) throws IOException {
        String environment = Files.readString(Path.of("/proc/" + pid + "/environ"));
        return Arrays.stream(environment.split("\0", -1))
                .filter(each -> each.startsWith(Rendezvous.VARIABLE + "="))
                .map(each -> each.substring(Rendezvous.VARIABLE.length() + 1))
                .findAny()
                .orElseThrow();
    }
}
