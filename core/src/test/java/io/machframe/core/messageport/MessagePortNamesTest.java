/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.messageport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.bootstrap.Bootstrap;
import io.machframe.core.error.DeadPortException;
import io.machframe.core.error.PortClosedException;
import io.machframe.core.error.UnknownServiceException;
import io.machframe.core.message.OutgoingMessage;
import io.machframe.core.message.ReceivedMessage;
import io.machframe.core.port.SendRight;
import io.machframe.core.runloop.PortSource;
import io.machframe.core.runloop.RunLoop;
import io.machframe.core.runloop.RunResult;
import io.machframe.core.testing.LogCapture;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Names: taking, finding and changing them. p1 to p15 are the facts of that number; p4 needs another process. */
final class MessagePortNamesTest extends MessagePortFixture {
    @Test
    void p1_aNewNameIsTakenFromTheBootstrapServer() throws Exception {
        LocalMessagePort port = local();
        assertEquals(List.of("retained"), seen);
        assertTrue(port.isValid());
        Bootstrap.lookUp(name, LONG).close();
        port.close();
        assertThrows(UnknownServiceException.class, () -> Bootstrap.lookUp(name, LONG));
    }

    /** What a bootstrap server that lets nobody check in would lead to. */
    @Test
    void p1_aPortOfOurOwnCanBeRegisteredInstead() throws Exception {
        try (Service service = Service.register(name);
                SendRight right = Bootstrap.lookUp(name, LONG)) {
            OutgoingMessage.builder().id(3).build().sendTo(right);
            try (ReceivedMessage message = ReceivedMessage.receiveFrom(service.port())) {
                assertEquals(3, message.id());
            }
        }
        assertThrows(UnknownServiceException.class, () -> Bootstrap.lookUp(name, LONG));
    }

    @Test
    void p2_theSameNameGivesTheSameObjectWithItsFirstListener() throws Exception {
        LocalMessagePort first = local();
        LocalMessagePort second = LocalMessagePort.create(name, new Listener("second "));
        assertSame(first, second);
        assertSame(listener, second.listener().orElseThrow());
        assertEquals(List.of("retained"), seen);
    }

    @Test
    void p3_aNameWhosePortDiedIsRefusedOnceAndThenTakenAnew() throws Exception {
        LocalMessagePort first = local();
        first.port().orElseThrow().close();
        assertThrows(PortClosedException.class, () -> LocalMessagePort.create(name, new Listener("second ")));
        assertFalse(first.isMarkedValid());
        assertNotSame(first, local());
        assertEquals(List.of("retained", "released", "retained"), seen);
    }

    @Test
    void p5_aPortWithoutANameIsValidAndDoesNothing() throws Exception {
        LocalMessagePort port = closing(LocalMessagePort.createUnnamed(listener));
        assertTrue(port.isValid());
        assertEquals(Optional.empty(), port.name());
        try (LogCapture log = new LogCapture(LocalMessagePort.class)) {
            PortSource source = port.runLoopSource(0);
            assertEquals(1, log.messages().size());
            assertEquals(Optional.empty(), source.port());
            RunLoop.current().add(source, MODE);
            assertTrue(port.setName(name));
            assertSame(RunResult.FINISHED, RunLoop.current().runInMode(MODE, SHORT, false), "that source is of no use");
        }
        RunLoop.current().add(port.runLoopSource(0), MODE);
        assertEquals(SendResult.SUCCESS, remote().send(3, bytes("late"), LONG));
        RunLoop.current().runInMode(MODE, LONG, true);
        assertEquals(List.of("retained", "received 3 late"), seen);
    }

    @Test
    void p6_aNameWithAZeroIsNone() throws Exception {
        String zero = name + "\0tail";
        LocalMessagePort port = closing(LocalMessagePort.create(zero, listener));
        assertTrue(port.isValid());
        assertEquals(Optional.empty(), port.name());
        assertThrows(IllegalArgumentException.class, () -> RemoteMessagePort.connect(zero));
        assertFalse(port.setName(zero));
        assertThrows(IllegalArgumentException.class, () -> LocalMessagePort.create("", listener));
    }

    @Test
    void p7_aLongNameIsCutWhereACharacterEnds() throws Exception {
        String wide = name + "-" + "\u20ac".repeat(60);
        LocalMessagePort port = closing(LocalMessagePort.create(wide, listener));
        String cut = port.name().orElseThrow();
        int size = cut.getBytes(StandardCharsets.UTF_8).length;
        assertTrue(size > 125 && size <= 128, "it has " + size + " bytes");
        assertTrue(wide.startsWith(cut));
        assertSame(port, LocalMessagePort.create(cut, listener));
        port.setExecutor(Runnable::run);
        RemoteMessagePort remote = closing(RemoteMessagePort.connect(wide + "whatever"));
        assertEquals(cut, remote.name().orElseThrow());
        assertTrue(remote.request(1, bytes("x"), LONG, LONG).isSuccess());

        String ascii = (name + "-" + "a".repeat(200)).substring(0, 128);
        LocalMessagePort whole = closing(LocalMessagePort.create(ascii + "bcd", listener));
        assertEquals(ascii, whole.name().orElseThrow());
    }

    @Test
    void p8_aNameThatIsNotServedIsRefused() {
        assertThrows(UnknownServiceException.class, () -> RemoteMessagePort.connect(name));
    }

    @Test
    void p9_aProcessHasOneRemotePortOfAName() throws Exception {
        LocalMessagePort port = local();
        RemoteMessagePort first = remote();
        assertSame(first, RemoteMessagePort.connect(name));
        port.close();
        LocalMessagePort next = closing(LocalMessagePort.create(name, listener));
        assertThrows(DeadPortException.class, () -> RemoteMessagePort.connect(name));
        assertNotSame(first, remote());
        assertTrue(next.isValid());
    }

    /** That a right is dead already shows when it is looked up: nobody serves the name. */
    @Test
    void p10_aPortThatDiedIsNotFound() throws Exception {
        local().close();
        assertThrows(UnknownServiceException.class, () -> RemoteMessagePort.connect(name));
    }

    @Test
    void p11_aPortOfTheSameProcessCanBeAsked() throws Exception {
        LocalMessagePort port = served();
        RemoteMessagePort remote = remote();
        assertEquals("hello", text(remote.request(1, bytes("hello"), LONG, LONG).data()));
        CountDownLatch told = new CountDownLatch(1);
        remote.setInvalidationListenerOn(Runnable::run, self -> told.countDown());
        port.close();
        assertTrue(told.await(50, TimeUnit.SECONDS));
    }

    /** Not as CoreFoundation, where the two share what is inside. */
    @Test
    void p11_invalidatingTheRemotePortLeavesTheLocalOne() throws Exception {
        LocalMessagePort port = served();
        remote().close();
        assertTrue(port.isValid());
        assertTrue(remote().request(1, bytes("x"), LONG, LONG).isSuccess());
    }

    @Test
    void p12_aPortKnowsItsKindAndName() throws Exception {
        assertFalse(local().isRemote());
        assertTrue(remote().isRemote());
        assertEquals(Optional.of(name), remote().name());
        assertEquals(Optional.of(name), local().name());
    }

    /** A remote port has no {@code setName} to call: what p13 says is a matter of types here. */
    @Test
    void p14_aNameInThisProcessIsRefused() throws Exception {
        LocalMessagePort port = local();
        LocalMessagePort other = closing(LocalMessagePort.create(name + "-other", listener));
        assertFalse(port.setName(name), "its own");
        assertFalse(port.setName(name + "-other"));
        assertEquals(Optional.of(name), port.name());
        assertTrue(other.isValid());
    }

    @Test
    void p15_aNewNameIsServedAndTheOldOneDies() throws Exception {
        LocalMessagePort port = local();
        PortSource source = port.runLoopSource(0);
        RemoteMessagePort old = remote();
        assertTrue(port.setName(name + "-new"));
        assertEquals(Optional.of(name + "-new"), port.name());
        assertFalse(source.isValid());
        assertFalse(old.isValid());
        assertThrows(UnknownServiceException.class, () -> RemoteMessagePort.connect(name));
        RunLoop.current().add(port.runLoopSource(0), MODE);
        RemoteMessagePort renamed = closing(RemoteMessagePort.connect(name + "-new"));
        assertEquals(SendResult.SUCCESS, renamed.send(4, bytes("x"), LONG));
        RunLoop.current().runInMode(MODE, LONG, true);
        assertEquals(List.of("retained", "received 4 x"), seen);
        assertTrue(port.setName(name), "the old name is free");
    }

    @Test
    void p15_deliveriesOnAnExecutorGoOnUnderTheNewName() throws Exception {
        LocalMessagePort port = served();
        assertTrue(port.setName(name + "-new"));
        RemoteMessagePort renamed = closing(RemoteMessagePort.connect(name + "-new"));
        assertEquals("x", text(renamed.request(4, bytes("x"), LONG, LONG).data()));
    }
}
