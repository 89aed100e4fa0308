/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.machport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.error.DeadPortException;
import io.machframe.core.internal.PortAccess;
import io.machframe.core.port.PortName;
import io.machframe.core.port.PortSet;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendOnceRight;
import io.machframe.core.port.SendRight;
import io.machframe.core.port.Task;
import io.machframe.core.runloop.RunLoop;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a port is made of, owns and equals: m1 to m5 and m18 to m21 are the facts of that number. */
final class MachPortTest extends MachPortFixture {
    /** How many cycles the leak test makes; the count is 100000. */
    private static final int CYCLES = Integer.getInteger("machframe.test.cycles", 2_000);

    private static int sendReferences(PortName name) {
        int[] references = new int[1];
        PortAccess.get().calls(Task.self()).getRefs(name.value(), 0, references);
        return references[0];
    }

    @Test
    void m1_aCreatedPortHasAReceiveAndASendRightUnderOneName() throws Exception {
        try (MachPort port = MachPort.create(listener)) {
            assertEquals(0x30000, type(port.port()) & ~0x80000000);
            assertEquals(1, sendReferences(port.port()));
            assertSame(listener, port.listener().orElseThrow(), "it was taken");
            assertEquals(List.of("retained"), seen);
        }
    }

    @Test
    void m2_closingInvalidatesAndThenReleasesBothRights() throws Exception {
        MachPort port = MachPort.create(listener);
        port.setInvalidationListener(self -> seen.add("invalidated, with rights " + (type(self.port()) != 0)));
        port.close();
        port.close();
        assertEquals(List.of("retained", "invalidated, with rights true", "released"), seen);
        assertEquals(0, type(port.port()));
    }

    @Test
    void m3_aPortIsMadeOfASendASendOnceOrAReceiveRightOnly() throws Exception {
        try (ReceiveRight receive = task.allocatePort();
                SendRight send = receive.makeSend();
                SendOnceRight once = receive.makeSendOnce();
                PortSet set = task.allocateSet()) {
            for (var right : List.of(receive, once)) {
                try (MachPort port = MachPort.of(right, ignoring())) {
                    assertTrue(port.isValid());
                }
            }
            assertThrows(IllegalArgumentException.class, () -> MachPort.of(set, listener));
            receive.close();
            assertThrows(DeadPortException.class, () -> MachPort.of(send, listener));
            assertThrows(IllegalStateException.class, () -> MachPort.of(receive, listener));
            assertEquals(List.of(), seen, "the listener was not taken");
        }
    }

    @Test
    void m4_theSameNameGivesTheSameObjectAndTheSecondListenerIsIgnored() throws Exception {
        try (ReceiveRight receive = task.allocatePort();
                MachPort first = MachPort.of(receive, ignoring())) {
            MachPort second = MachPort.of(receive, listener);
            assertSame(first, second);
            assertNotSame(listener, second.listener().orElseThrow(), "the caller keeps it");
            assertEquals(List.of(), seen);
            first.invalidate();
            try (MachPort third = MachPort.of(receive, listener)) {
                assertNotSame(first, third);
                assertSame(listener, third.listener().orElseThrow());
            }
        }
    }

    @Test
    void m5_closingAPortOfARightLeavesTheRight() throws Exception {
        try (ReceiveRight receive = task.allocatePort();
                SendRight send = receive.makeSend()) {
            MachPort.of(send, listener).close();
            assertTrue(receive.isOpen());
            assertTrue(send.isOpen());
            assertEquals(1, send.references());
        }
    }

    @Test
    void m18_portsAreEqualByTheirNames() throws Exception {
        try (ReceiveRight receive = task.allocatePort();
                MachPort other = MachPort.create(ignoring())) {
            MachPort first = MachPort.of(receive, ignoring());
            first.invalidate();
            try (MachPort second = MachPort.of(receive, ignoring())) {
                assertEquals(first, second);
                assertEquals(first.hashCode(), second.hashCode());
                assertNotEquals(second, other);
            }
        }
    }

    /** A context without a version has nothing to get wrong. */
    @Test
    void m19_theListenerIsAllOfTheContext() throws Exception {
        try (MachPort port = MachPort.create(listener)) {
            assertSame(listener, port.listener().orElseThrow());
        }
    }

    /** A JVM does not go on in a forked child: what m20 says has no case here; a child process has its own names. */
    @Test
    void m21_aPortKeepsItsNameAfterItIsInvalid() throws Exception {
        MachPort port = MachPort.create(listener);
        PortName name = port.port();
        port.close();
        assertEquals(name, port.port());
    }

    /** {@code -Dmachframe.test.cycles} sets how many. */
    @Test
    @Timeout(900)
    void manyPortsThatAreMadeAndInvalidatedLeaveNothing() throws Exception {
        for (int i = 0; i < CYCLES; i++) {
            try (MachPort port = MachPort.create(ignoring())) {
                if (i % 2 == 0) {
                    RunLoop.current().add(port.runLoopSource(0), MODE);
                }
                port.setInvalidationListener(self -> {});
            }
        }
    }
}
