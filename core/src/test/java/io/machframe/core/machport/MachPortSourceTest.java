/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.machport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.machframe.core.error.PortClosedException;
import io.machframe.core.message.OutgoingMessage;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendRight;
import io.machframe.core.runloop.PortSource;
import io.machframe.core.runloop.RunLoop;
import io.machframe.core.runloop.RunResult;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The messages of a port: m14 to m17 are the facts of that number. */
final class MachPortSourceTest extends MachPortFixture {
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
}
