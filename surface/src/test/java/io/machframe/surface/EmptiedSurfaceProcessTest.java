/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.bootstrap.Bootstrap;
import io.machframe.core.error.MachException;
import io.machframe.core.memory.MemoryAccess;
import io.machframe.core.memory.MemoryEntry;
import io.machframe.core.memory.MemoryRegion;
import io.machframe.core.message.OutgoingMessage;
import io.machframe.core.message.ReceivedMessage;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendRight;
import io.machframe.core.testing.ChildProcess;
import io.machframe.core.testing.MemoryGroup;
import io.machframe.core.testing.RequiresCapability;
import io.machframe.core.testing.TestCapability;
import io.machframe.surface.layout.SurfaceProperties;
import io.machframe.surface.property.PurgeState;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Issue 15, A4: bytes that somebody took out of shared memory, or never put in, cost whoever touches them. One that has
 * little memory is told so, not killed.
 */
@RequiresCapability({TestCapability.LINUX, TestCapability.MEMORY_GROUP})
@Timeout(120)
final class EmptiedSurfaceProcessTest {
    private static final long SIZE = 320 << 20;
    private static final long LIMIT = 256 << 20;
    private static final Duration LONG = Duration.ofSeconds(60);

    @Test
    void aReaderWithLittleMemoryIsToldWhatIsMissing() throws Exception {
        String name = "io.machframe.test." + UUID.randomUUID();
        try (MemoryGroup group = MemoryGroup.ofBytes(LIMIT)) {
            try (ChildProcess child = ChildProcess.start(group.prefix(), Reader.class, name);
                    IOSurface surface = IOSurface.create(SurfaceProperties.ofSize(SIZE))) {
                assertEquals("ready", child.readLine());
                try (SendRight reader = Bootstrap.lookUp(name, LONG)) {
                    send(reader, surface.createMachPort());
                    assertEquals("read", child.readLine());
                    surface.setPurgeable(PurgeState.EMPTY);
                    child.writeLine("it is empty");
                    String refusal = child.readLine();
                    assertTrue(
                            refusal.contains("cannot be locked") && refusal.contains("has not as many left"), refusal);
                    send(reader, surface.createMachPort());
                    assertEquals("KERN_RESOURCE_SHORTAGE", child.readLine());
                    try (MemoryRegion holes = MemoryRegion.allocate(SIZE);
                            MemoryEntry entry = MemoryEntry.of(holes, MemoryAccess.READ_WRITE)) {
                        send(reader, entry.right().copy());
                    }
                    assertEquals("KERN_RESOURCE_SHORTAGE", child.readLine());
                }
                assertEquals(0, child.waitFor());
            }
        }
    }

    private static void send(SendRight reader, SendRight right) throws Exception {
        OutgoingMessage.builder().move(right).build().sendTo(reader);
    }

    /** Has less memory than what it is sent. */
    static final class Reader {
        private Reader() {}

        public static void main(String[] arguments) throws Exception {
            BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            try (ReceiveRight port = Bootstrap.checkIn(arguments[0])) {
                System.out.println("ready");
                try (SendRight right = receive(port);
                        IOSurface surface = IOSurface.fromMachPort(right)) {
                    surface.lock(LockOption.READ_ONLY).close();
                    System.out.println("read");
                    input.readLine();
                    System.out.println(lock(surface));
                }
                try (SendRight right = receive(port)) {
                    System.out.println(reason(() -> IOSurface.fromMachPort(right)));
                }
                try (MemoryEntry entry = MemoryEntry.adopt(receive(port))) {
                    System.out.println(reason(() -> entry.map(SIZE, MemoryAccess.READ)));
                }
            }
        }

        private static SendRight receive(ReceiveRight port) throws Exception {
            try (ReceivedMessage message = ReceivedMessage.receiveFrom(port)) {
                return message.takeSendRight(0);
            }
        }

        private static String lock(IOSurface surface) {
            try (SurfaceLock lock = surface.lock(LockOption.READ_ONLY)) {
                return "locked " + lock.seed();
            } catch (IllegalStateException e) {
                return e.getMessage();
            }
        }

        private interface Step {
            AutoCloseable run() throws Exception;
        }

        private static String reason(Step step) throws Exception {
            try (AutoCloseable made = step.run()) {
                return "made " + made;
            } catch (MachException e) {
                return e.reason().name();
            }
        }
    }
}
