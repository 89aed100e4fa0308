/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.messageport;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.bootstrap.Bootstrap;
import io.machframe.core.error.UnknownServiceException;
import io.machframe.core.runloop.PortSource;
import io.machframe.core.runloop.RunLoop;
import io.machframe.core.runloop.RunLoopMode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How a port becomes invalid, and who is notified: p30 to p34 are the facts of that number. */
final class MessagePortInvalidationTest extends MessagePortFixture {
    /** How many cycles the leak test makes; the count is 100000. */
    private static final int CYCLES = Integer.getInteger("machframe.test.cycles", 1_000);

    @Test
    void p30_invalidationComesInOrder() throws Exception {
        LocalMessagePort port = local();
        PortSource source = port.runLoopSource(0);
        port.setInvalidationListener(self -> seen.add("invalidated: valid " + self.isValid() + ", listener "
                + port.listener().isPresent() + ", source " + source.isValid() + ", port "
                + port.port().orElseThrow().isOpen() + ", same name "
                + assertDoesNotThrow(() -> port.setName(name))));
        port.invalidate();
        assertEquals(
                List.of(
                        "retained",
                        "invalidated: valid false, listener false, source true, port true, same name false",
                        "released"),
                seen);
        assertFalse(source.isValid());
        assertFalse(port.port().orElseThrow().isOpen());
    }

    @Test
    void p31_aSecondInvalidationDoesNothing() throws Exception {
        LocalMessagePort port = local();
        port.setInvalidationListener(self -> {
            seen.add("invalidated");
            self.invalidate();
        });
        port.invalidate();
        port.invalidate();
        port.close();
        assertEquals(List.of("retained", "invalidated", "released"), seen);
    }

    @Test
    void p32_aLocalPortThatIsInvalidatedIsGoneForAll() throws Exception {
        LocalMessagePort port = local();
        RemoteMessagePort remote = remote();
        port.invalidate();
        assertFalse(remote.isValid());
        assertThrows(UnknownServiceException.class, () -> Bootstrap.lookUp(name, LONG));
    }

    @Test
    void p33_aListenerThatIsSetTooLateIsCalledAtOnce() throws Exception {
        LocalMessagePort port = local();
        port.close();
        port.setInvalidationListener(self -> seen.add("told " + port.listener().isPresent()));
        assertEquals(List.of("retained", "released", "told false"), seen);
        assertTrue(port.invalidationListener().isPresent());
        port.removeInvalidationListener();
        assertEquals(Optional.empty(), port.invalidationListener());
    }

    @Test
    void p34_askingWhetherAPortIsValidFindsItsDeath() throws Exception {
        LocalMessagePort port = local();
        RemoteMessagePort remote = remote();
        remote.setInvalidationListener(self -> seen.add("remote told"));
        port.close();
        assertFalse(remote.isValid());
        assertEquals(List.of("retained", "released", "remote told"), seen);
    }

    @Test
    void p34_theMainLoopReportsADeathThatNoCallFinds() throws Exception {
        assertSame(RunLoop.main(), RunLoop.current(), "these tests run on the main thread");
        LocalMessagePort port = local();
        remote().setInvalidationListener(self -> seen.add("remote told"));
        port.close();
        while (!seen.contains("remote told")) {
            RunLoop.main().runInMode(RunLoopMode.DEFAULT, Duration.ofMillis(1), false);
        }
    }

    /** {@code -Dmachframe.test.cycles} sets how many. */
    @Test
    @Timeout(900)
    void manyPortsThatAreMadeAndInvalidatedLeaveNothing() throws Exception {
        for (int i = 0; i < CYCLES; i++) {
            try (LocalMessagePort port = LocalMessagePort.create(name, (self, id, data) -> Optional.of(data));
                    RemoteMessagePort remote = RemoteMessagePort.connect(name)) {
                if (i % 2 == 0) {
                    RunLoop.current().add(port.runLoopSource(0), MODE);
                    assertTrue(remote.request(1, bytes("x"), LONG, LONG, MODE).isSuccess());
                } else {
                    port.setExecutor(Runnable::run);
                    assertTrue(remote.request(1, bytes("x"), LONG, LONG).isSuccess());
                }
            }
        }
    }
}
