/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.bootstrap.Bootstrap;
import io.machframe.core.message.OutgoingMessage;
import io.machframe.core.message.ReceivedMessage;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendRight;
import io.machframe.core.testing.ChildProcess;
import io.machframe.surface.format.PixelFormat;
import io.machframe.surface.layout.SurfaceProperties;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Attachments while another process writes them without pause, and dies doing so. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "not run on a Mac yet")
@Timeout(120)
final class AttachmentsProcessTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long SEED = 20250106;
    private static final int KILLS = 5;

    private final String service = "attachments-test-" + ProcessHandle.current().pid();

    @Test
    void aWriterKilledAtAnyMomentLeavesTheOldValuesOrTheNew() throws Exception {
        Random random = new Random(SEED);
        try (ReceiveRight door = Bootstrap.checkIn(service);
                IOSurface surface = IOSurface.create(SurfaceProperties.of(64, 64, PixelFormat.BGRA))) {
            for (int i = 0; i < KILLS; i++) {
                try (ChildProcess child = ChildProcess.start(Writer.class, service)) {
                    give(surface, door);
                    assertEquals("writing", child.readLine());
                    long deadline = System.nanoTime() + random.nextInt(50_000_000);
                    do {
                        assertWhole(surface.attachments().all());
                    } while (System.nanoTime() < deadline);
                    child.kill();
                }
                assertWhole(surface.attachments().all());
                surface.attachments().set("round", i);
                assertEquals((long) i, surface.attachments().find("round").orElseThrow());
            }
        }
    }

    private static void give(IOSurface surface, ReceiveRight door) throws Exception {
        try (ReceivedMessage hello =
                        ReceivedMessage.tryReceiveFrom(door, PATIENCE).orElseThrow();
                SendRight inbox = hello.takeSendRight(0);
                OutgoingMessage message =
                        OutgoingMessage.builder().move(surface.createMachPort()).build()) {
            message.sendTo(inbox);
        }
    }

    /** All values of one write say the same number. */
    private static void assertWhole(Map<String, Object> values) {
        Object number = values.get("number");
        assertTrue(number instanceof Long, values::toString);
        assertEquals(text((Long) number), values.get("text"));
        assertEquals(number, values.get("again"));
    }

    private static String text(long number) {
        return Long.toString(number).repeat((int) (1 + number % 3000));
    }

    /** Writes values that belong together, for ever. */
    static final class Writer {
        private Writer() {}

        public static void main(String[] arguments) throws Exception {
            try (ReceiveRight inbox = io.machframe.core.port.Task.self().allocatePort()) {
                try (SendRight door = Bootstrap.lookUp(arguments[0], PATIENCE);
                        OutgoingMessage hello =
                                OutgoingMessage.builder().makeSend(inbox).build()) {
                    hello.sendTo(door);
                }
                try (ReceivedMessage message =
                                ReceivedMessage.tryReceiveFrom(inbox, PATIENCE).orElseThrow();
                        SendRight port = message.takeSendRight(0);
                        IOSurface surface = IOSurface.fromMachPort(port)) {
                    write(surface.attachments());
                }
            }
        }

        private static void write(Attachments attachments) throws Exception {
            for (long number = 0; ; number++) {
                attachments.setAll(Map.of("number", number, "text", text(number), "again", number));
                if (number == 0) {
                    System.out.println("writing");
                }
            }
        }
    }
}
