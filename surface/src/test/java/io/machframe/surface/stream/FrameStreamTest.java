/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.error.ServiceActiveException;
import io.machframe.core.error.UnknownServiceException;
import io.machframe.surface.LockOption;
import io.machframe.surface.SurfaceLock;
import io.machframe.surface.format.PixelFormat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FrameStreamTest {
    private static final Duration LONG = Duration.ofSeconds(10);
    private static final FrameFormat FORMAT = FrameFormat.of(64, 48, PixelFormat.BGRA);

    private final String name = "test-" + UUID.randomUUID();

    @Test
    void aFrameArrivesWithItsPixelsAndTimes() throws Exception {
        try (FrameServer server = FrameServer.open(name, FORMAT);
                FrameClient client = FrameClient.connect(name)) {
            assertEquals(FORMAT, client.format());
            publish(server, 0x11223344, 40);
            try (Frame frame = client.receive(LONG).orElseThrow()) {
                assertEquals(0, frame.sequence());
                assertEquals(40, frame.ptsNanos());
                assertTrue(frame.publishedNanos() <= frame.receivedNanos());
                assertEquals(0x11223344, pixel(frame));
            }
        }
    }

    @Test
    void aClientThatDoesNotReceiveGetsTheNewestLater() throws Exception {
        try (FrameServer server = FrameServer.open(name, FORMAT);
                FrameClient client = FrameClient.connect(name)) {
            publish(server, 100, 0);
            client.receive(LONG).orElseThrow().close();
            for (int i = 1; i < 6; i++) {
                publish(server, 100 + i, i);
            }
            try (Frame frame = client.receive(LONG).orElseThrow()) {
                assertEquals(5, frame.sequence());
                assertEquals(105, pixel(frame));
            }
            assertEquals(Optional.empty(), client.receive(Duration.ZERO));
            assertEquals(new ClientStatistics(2, 4), client.statistics());
        }
    }

    @Test
    void aClientThatComesLateGetsTheCurrentFrame() throws Exception {
        try (FrameServer server = FrameServer.open(name, FORMAT)) {
            publish(server, 7, 0);
            try (FrameClient client = FrameClient.connect(name);
                    Frame frame = client.receive(LONG).orElseThrow()) {
                assertEquals(7, pixel(frame));
            }
        }
    }

    @Test
    void framesThatAreHeldAreNotDrawnOver() throws Exception {
        try (FrameServer server = FrameServer.open(name, FORMAT);
                FrameClient client = FrameClient.connect(name)) {
            List<Frame> held = new ArrayList<>();
            for (int i = 0; i < FrameServer.MAX_SURFACES - 2; i++) {
                publish(server, i, i);
                held.add(client.receive(LONG).orElseThrow());
            }
            for (int i = 0; i < 50; i++) {
                publish(server, 1000 + i, i);
            }
            for (int i = 0; i < held.size(); i++) {
                assertEquals(i, pixel(held.get(i)));
            }
            held.forEach(Frame::close);
        }
    }

    @Test
    void aServerWhoseSurfacesAreAllHeldSaysSoAndGoesOnLater() throws Exception {
        try (FrameServer server = FrameServer.open(name, FORMAT);
                FrameClient client = FrameClient.connect(name)) {
            List<Frame> held = new ArrayList<>();
            for (int i = 0; i < FrameServer.MAX_SURFACES; i++) {
                publish(server, i, i);
                held.add(client.receive(LONG).orElseThrow());
            }
            assertEquals(Optional.empty(), server.acquire(Duration.ofMillis(20)));
            held.forEach(Frame::close);
            publish(server, 5, 5);
        }
    }

    @Test
    void severalClientsGetTheSameFrame() throws Exception {
        try (FrameServer server = FrameServer.open(name, FORMAT);
                FrameClient one = FrameClient.connect(name);
                FrameClient two = FrameClient.connect(name)) {
            publish(server, 3, 0);
            try (Frame a = one.receive(LONG).orElseThrow();
                    Frame b = two.receive(LONG).orElseThrow()) {
                assertEquals(a.surface().id(), b.surface().id());
                assertEquals(2, server.statistics().subscribers());
            }
        }
    }

    @Test
    void theEndOfTheStreamComesAfterItsLastFrame() throws Exception {
        FrameServer server = FrameServer.open(name, FORMAT);
        try (FrameClient client = FrameClient.connect(name)) {
            publish(server, 3, 0);
            server.close();
            try (Frame frame = client.receive(LONG).orElseThrow()) {
                assertEquals(3, pixel(frame));
            }
            assertTrue(assertThrows(StreamEndedException.class, () -> client.receive(LONG))
                    .wasClosed());
        }
        assertThrows(IllegalStateException.class, server::acquire);
    }

    @Test
    void aFrameOutlivesItsClientAndItsServer() throws Exception {
        FrameServer server = FrameServer.open(name, FORMAT);
        FrameClient client = FrameClient.connect(name);
        publish(server, 9, 0);
        Frame frame = client.receive(LONG).orElseThrow();
        client.close();
        server.close();
        assertEquals(9, pixel(frame));
        frame.close();
        assertThrows(IllegalStateException.class, () -> pixel(frame));
    }

    @Test
    void aClientThatLeftCostsTheServerNothing() throws Exception {
        try (FrameServer server = FrameServer.open(name, FORMAT)) {
            FrameClient.connect(name).close();
            for (int i = 0; i < 20; i++) {
                publish(server, i, i);
            }
            assertEquals(0, server.statistics().subscribers());
            assertEquals(3, server.statistics().surfaces());
        }
    }

    @Test
    void aNameIsPublishedOnce() throws Exception {
        try (FrameServer server = FrameServer.open(name, FORMAT)) {
            String message = assertThrows(ServiceActiveException.class, () -> FrameServer.open(name, FORMAT))
                    .getMessage();
            assertTrue(message.contains(name), message);
            assertEquals(name, server.name());
        }
        FrameServer.open(name, FORMAT).close();
    }

    @Test
    void anUnknownNameIsNamedInTheError() {
        String message = assertThrows(UnknownServiceException.class, () -> FrameClient.connect(name))
                .getMessage();
        assertTrue(message.contains(name), message);
    }

    @Test
    void badNamesAreRefused() {
        for (String bad : new String[] {"", "x".repeat(101), "a\0b", "line\nbreak"}) {
            assertThrows(IllegalArgumentException.class, () -> FrameServer.open(bad, FORMAT));
            assertThrows(IllegalArgumentException.class, () -> FrameClient.connect(bad));
        }
    }

    @Test
    void theDirectoryListsWhatIsPublished() throws Exception {
        String odd = "Kamera 1/\u00e4\u65e5\u672c " + UUID.randomUUID();
        try (FrameServer server = FrameServer.open(odd, FORMAT)) {
            StreamDescription expected =
                    new StreamDescription(odd, ProcessHandle.current().pid(), FORMAT);
            assertTrue(StreamDirectory.list().contains(expected));
            assertEquals(FORMAT, server.format());
        }
        assertFalse(
                StreamDirectory.list().stream().anyMatch(stream -> stream.name().equals(odd)));
    }

    private static void publish(FrameServer server, int pixel, long pts) throws Exception {
        try (FrameDraft draft = server.acquire()) {
            try (SurfaceLock lock = draft.surface().lock()) {
                for (int i = 0; i < lock.buffer().capacity(); i += 4) {
                    lock.buffer().putInt(i, pixel);
                }
            }
            draft.publish(pts);
        }
    }

    private static int pixel(Frame frame) {
        try (SurfaceLock lock = frame.surface().lock(LockOption.READ_ONLY)) {
            return lock.plane(0).bytes().getInt(0);
        }
    }
}
