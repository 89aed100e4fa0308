/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import static io.machframe.surface.stream.TestFrames.LONG;
import static io.machframe.surface.stream.TestFrames.await;
import static io.machframe.surface.stream.TestFrames.clients;
import static io.machframe.surface.stream.TestFrames.next;
import static io.machframe.surface.stream.TestFrames.pixel;
import static io.machframe.surface.stream.TestFrames.publish;
import static io.machframe.surface.stream.TestFrames.receive;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.error.ServiceActiveException;
import io.machframe.core.error.UnknownServiceException;
import io.machframe.surface.SurfaceLock;
import io.machframe.surface.format.PixelFormat;
import io.machframe.surface.property.AlphaMode;
import io.machframe.surface.property.FrameColor;
import io.machframe.surface.property.HdrMetadata;
import io.machframe.surface.property.Orientation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class FrameStreamTest {
    private static final FrameFormat FORMAT = FrameFormat.of(64, 48, PixelFormat.BGRA);

    private final String name = "test-" + UUID.randomUUID();

    @Test
    void aFrameArrivesWithItsPixelsAndTimes() throws Exception {
        try (FrameServer server = FrameServer.open(name, FORMAT);
                FrameClient client = FrameClient.connect(name)) {
            assertEquals(FORMAT, client.format());
            publish(server, 0x11223344, 40);
            try (Frame frame = receive(client)) {
                assertEquals(0, frame.sequence());
                assertEquals(40, frame.timestampNanos());
                assertTrue(frame.publishedNanos() <= frame.receivedNanos());
                assertEquals(0x11223344, pixel(frame));
                assertEquals(FORMAT, frame.format());
                assertEquals(FrameInfo.DEFAULT, frame.info());
                assertEquals(List.of(new FrameArea(0, 0, 64, 48)), frame.damage());
            }
        }
    }

    @Test
    void aFrameIsStampedWithTheTimeSinceTheStreamBegan() throws Exception {
        long before = System.nanoTime();
        try (FrameServer server = FrameServer.open(name, FORMAT);
                FrameClient client = FrameClient.connect(name)) {
            try (FrameDraft draft = server.acquire()) {
                draft.publish();
            }
            try (Frame frame = receive(client)) {
                assertTrue(frame.timestampNanos() >= 0);
                assertTrue(frame.timestampNanos() <= System.nanoTime() - before);
            }
        }
    }

    @Test
    void severalDraftsAreDrawnAtATimeAndPublishedInAnyOrder() throws Exception {
        try (FrameServer server = FrameServer.open(name, FORMAT);
                FrameClient client =
                        FrameClient.builder(name).delivery(Delivery.queue(4)).connect()) {
            FrameDraft first = server.acquire();
            FrameDraft second = server.acquire();
            FrameDraft third = Objects.requireNonNull(server.tryAcquire());
            assertNotEquals(first.surface().id(), second.surface().id());
            TestFrames.fill(first, 1);
            TestFrames.fill(second, 2);
            second.publish(2);
            third.close();
            first.publish(1);
            assertEquals(2, next(client));
            assertEquals(1, next(client));
            assertThrows(IllegalStateException.class, () -> first.publish(9));
            assertThrows(IllegalStateException.class, () -> third.publish(9));
            first.close();
            second.close();
        }
    }

    /** The publisher's own drafts are all that can make it wait. */
    @Test
    void draftsAreBoundedByThePool() throws Exception {
        try (FrameServer server =
                FrameServer.builder(name).format(FORMAT).pool(1, 2).open()) {
            FrameDraft one = server.acquire();
            FrameDraft two = server.acquire();
            assertNull(server.tryAcquire());
            assertNull(server.tryAcquire(Duration.ofMillis(20)));
            Thread later = new Thread(two::close);
            later.start();
            server.acquire().close();
            later.join();
            one.close();
        }
    }

    @Test
    void aClientThatComesLateGetsTheCurrentFrame() throws Exception {
        try (FrameServer server = FrameServer.open(name, FORMAT)) {
            publish(server, 7);
            publish(server, 8);
            try (FrameClient client = FrameClient.connect(name)) {
                assertEquals(8, next(client));
                assertEquals(0, client.statistics().skipped());
            }
        }
    }

    @Test
    void severalClientsGetTheSameFrame() throws Exception {
        try (FrameServer server = FrameServer.open(name, FORMAT);
                FrameClient one = FrameClient.connect(name);
                FrameClient two = FrameClient.connect(name)) {
            publish(server, 3);
            try (Frame ofOne = receive(one);
                    Frame ofTwo = receive(two)) {
                assertEquals(ofOne.surface().id(), ofTwo.surface().id());
                assertEquals(2, clients(server));
            }
        }
    }

    @Test
    void clientsCanOnlyRead() throws Exception {
        try (FrameServer server = FrameServer.open(name, FORMAT);
                FrameClient client = FrameClient.connect(name)) {
            publish(server, 3);
            try (Frame frame = receive(client);
                    SurfaceLock lock = frame.lock()) {
                assertTrue(frame.surface().isReadOnly());
                assertTrue(lock.plane(0).bytes().isReadOnly());
            }
            publish(server, 4); // which the publisher still may write
            assertEquals(4, next(client));
        }
    }

    @Test
    void theEndOfTheStreamComesAfterItsLastFrame() throws Exception {
        FrameServer server = FrameServer.open(name, FORMAT);
        try (FrameClient client = FrameClient.connect(name)) {
            publish(server, 3);
            server.close();
            assertEquals(Optional.empty(), client.end());
            assertEquals(3, next(client));
            assertNull(client.receive());
            assertEquals(Optional.of(StreamEnd.ENDED), client.end());
            assertNull(client.tryReceive());
        }
        assertThrows(IllegalStateException.class, server::acquire);
    }

    @Test
    void aFrameOutlivesItsClientAndItsServer() throws Exception {
        FrameServer server = FrameServer.open(name, FORMAT);
        FrameClient client = FrameClient.connect(name);
        publish(server, 9);
        Frame frame = receive(client);
        client.close();
        for (int i = 10; i < 30; i++) {
            publish(server, i);
        }
        assertEquals(9, pixel(frame));
        server.close();
        assertEquals(9, pixel(frame));
        frame.close();
        assertThrows(IllegalStateException.class, () -> pixel(frame));
    }

    @Test
    void aClientThatLeftCostsTheServerNothing() throws Exception {
        try (FrameServer server = FrameServer.open(name, FORMAT)) {
            assertFalse(server.hasClients());
            FrameClient client = FrameClient.connect(name);
            assertTrue(server.hasClients());
            client.close();
            await(() -> !server.hasClients());
            for (int i = 0; i < 20; i++) {
                publish(server, i);
            }
            assertEquals(0, clients(server));
            assertTrue(server.statistics().surfaces() <= 3);
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
    void surfacesOfAnEarlierFormatMakeRoomForNewOnes() throws Exception {
        FrameFormat larger = FrameFormat.of(128, 72, PixelFormat.BGRA);
        try (FrameServer server =
                FrameServer.builder(name).format(FORMAT).pool(1, 2).open()) {
            FrameDraft one = server.acquire();
            FrameDraft two = server.acquire();
            server.format(larger);
            one.close();
            two.close();
            try (FrameDraft draft = server.tryAcquire()) {
                assertEquals(larger, Objects.requireNonNull(draft).format());
                assertEquals(1, server.statistics().surfaces());
            }
        }
    }

    @Test
    void aNameThatIsTakenIsRefusedOrReplaced() throws Exception {
        FrameServer.Builder settings = FrameServer.builder(name).format(FORMAT);
        try (FrameServer first = settings.open()) {
            assertThrows(ServiceActiveException.class, settings::open);
            settings.renameIfTaken();
            try (FrameServer second = settings.open();
                    FrameServer third = settings.open();
                    FrameClient client = FrameClient.connect(name + " 3")) {
                assertEquals(
                        List.of(name, name + " 2", name + " 3"), List.of(first.name(), second.name(), third.name()));
                TestFrames.publish(third, 3);
                assertEquals(3, TestFrames.next(client));
            }
        }
        String longest = "x".repeat(64) + UUID.randomUUID();
        FrameServer.Builder full = FrameServer.builder(longest).format(FORMAT).renameIfTaken();
        try (FrameServer only = full.open()) {
            assertEquals(100, only.name().length());
            assertThrows(ServiceActiveException.class, full::open); // there is no space for a number
        }
    }

    @Test
    void theDirectoryListsWhatIsPublished() throws Exception {
        String odd = "Kamera 1/\u00e4\u65e5\u672c " + UUID.randomUUID();
        String program = "Schnitt \u65e5=\\ #";
        long pid = ProcessHandle.current().pid();
        try (FrameServer server =
                FrameServer.builder(odd).format(FORMAT).application(program).open()) {
            assertTrue(StreamDirectory.list().contains(new StreamDescription(odd, program, pid, FORMAT)));
            FrameFormat larger = FrameFormat.of(128, 72, PixelFormat.BGRA);
            server.format(larger);
            assertTrue(StreamDirectory.list().contains(new StreamDescription(odd, program, pid, larger)));
            assertFalse(StreamDirectory.list().contains(new StreamDescription(odd, program, pid, FORMAT)));
        }
        assertFalse(
                StreamDirectory.list().stream().anyMatch(stream -> stream.name().equals(odd)));
    }

    /** G.4 48. */
    @Test
    void theFormatChangesInMidStreamAndHeldFramesStay() throws Exception {
        FrameFormat larger = FrameFormat.of(128, 72, PixelFormat.BGRA);
        try (FrameServer server = FrameServer.open(name, FORMAT);
                FrameClient client = FrameClient.connect(name)) {
            publish(server, 1);
            Frame old = receive(client);
            for (int i = 0; i < 50; i++) {
                FrameFormat wanted = i % 2 == 0 ? larger : FORMAT;
                server.format(wanted);
                publish(server, 100 + i);
                try (Frame frame = receive(client)) {
                    assertEquals(wanted, frame.format());
                    assertEquals(wanted.width(), frame.surface().width());
                    assertEquals(i + 2, frame.generation());
                    assertEquals(100 + i, pixel(frame));
                }
            }
            assertEquals(FORMAT, old.format());
            assertEquals(1, pixel(old));
            assertTrue(server.statistics().surfaces() <= 4, () -> server.statistics()
                    .toString());
            old.close();
        }
    }

    /** G.4 55, in one process; all of it crosses the same pages as to another. */
    @Test
    void whatIsSaidOfAFrameArrives() throws Exception {
        FrameInfo info = FrameInfo.DEFAULT
                .withCrop(new FrameArea(8, 8, 40, 30))
                .withOrientation(Orientation.DOWN_MIRRORED)
                .withAlpha(AlphaMode.PREMULTIPLIED)
                .withColor(new FrameColor(9, 16, 9, FrameColor.Range.LIMITED))
                .withHdr(
                        new HdrMetadata(35400, 14600, 8500, 39850, 6550, 2300, 15635, 16450, 10_000_000, 50, 1000, 400))
                .withKey("camera", "\u00e4\u65e5\u672c")
                .withKey("empty", "");
        try (FrameServer server = FrameServer.open(name, FORMAT);
                FrameClient client = FrameClient.connect(name)) {
            try (FrameDraft draft = server.acquire()) {
                draft.info(info);
                draft.duration(16_666_667);
                draft.captured(12345);
                draft.discontinuity();
                draft.damage(1, 2, 3, 4);
                draft.damage(10, 20, 5, 6);
                draft.publish(77);
            }
            try (Frame frame = receive(client)) {
                assertEquals(info, frame.info());
                assertEquals(77, frame.timestampNanos());
                assertEquals(16_666_667, frame.durationNanos());
                assertEquals(12345, frame.capturedNanos());
                assertTrue(frame.hasDiscontinuity());
                assertEquals(List.of(new FrameArea(1, 2, 3, 4), new FrameArea(10, 20, 5, 6)), frame.damage());
            }
            publish(server, 1);
            try (Frame frame = receive(client)) {
                assertEquals(FrameInfo.DEFAULT, frame.info());
                assertEquals(0, frame.durationNanos());
                assertFalse(frame.hasDiscontinuity());
            }
        }
        assertThrows(
                IllegalArgumentException.class,
                () -> FrameInfo.DEFAULT.withKey("long", "x".repeat(FrameInfo.MAX_KEYS_BYTES)));
    }

    /** A program that knows only the surface sees what the frame says: alpha, colours, light. */
    @Test
    void whatIsAttachedToASurfaceFollowsItsFrame() throws Exception {
        FrameInfo told = FrameInfo.DEFAULT
                .withAlpha(AlphaMode.STRAIGHT)
                .withColor(new FrameColor(9, 16, 9, FrameColor.Range.UNSPECIFIED))
                .withHdr(new HdrMetadata(
                        35400, 14600, 8500, 39850, 6550, 2300, 15635, 16450, 10_000_000, 50, 1000, 400));
        try (FrameServer server =
                        FrameServer.builder(name).format(FORMAT).pool(2, 4).open();
                FrameClient client = FrameClient.connect(name)) {
            for (FrameInfo info : List.of(FrameInfo.DEFAULT, told, FrameInfo.DEFAULT.withAlpha(AlphaMode.STRAIGHT))) {
                for (int i = 0; i < 6; i++) {
                    try (FrameDraft draft = server.acquire()) {
                        draft.surface().attachments().set("theirs", "kept");
                        draft.info(info);
                        draft.publish();
                    }
                    try (Frame frame = receive(client)) {
                        assertEquals(info, FrameInfo.of(frame.surface()));
                        assertEquals(
                                Optional.of("kept"),
                                frame.surface().attachments().find("theirs"));
                    }
                }
            }
        }
    }

    /** Row B13 of the faults: what a publisher may open, a client can receive, and nobody can ask for more. */
    @Test
    void theLargestFramesAreTheSameForBothSides() throws Exception {
        int most = FrameFormat.MAX_SIDE;
        for (FrameFormat largest :
                List.of(FrameFormat.of(most, 1, PixelFormat.BGRA), FrameFormat.of(1, most, PixelFormat.BGRA))) {
            try (FrameServer server = FrameServer.open(name, FORMAT);
                    FrameClient client = FrameClient.connect(name)) {
                server.format(largest);
                publish(server, 7);
                try (Frame frame = receive(client)) {
                    assertEquals(largest, frame.format());
                    assertEquals(7, pixel(frame));
                }
            }
            try (FrameServer server = FrameServer.open(name, largest);
                    FrameClient client = FrameClient.connect(name)) {
                assertEquals(largest, client.format());
                assertEquals(1, server.statistics().clients().size());
            }
        }
        IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> FrameFormat.of(most + 1, 1, PixelFormat.BGRA));
        assertEquals("a frame has 1 to 65536 pixels each way, not 65537x1", refusal.getMessage());
        assertThrows(IllegalArgumentException.class, () -> FrameFormat.of(1, most + 1, PixelFormat.BGRA));
        assertThrows(IllegalArgumentException.class, () -> FrameFormat.of(1, 0, PixelFormat.BGRA));
    }

    @Test
    void aCropThatLiesOutsideIsCutOff() {
        FrameInfo info = FrameInfo.DEFAULT.withCrop(new FrameArea(10, 20, 50, 60));
        assertEquals(new FrameArea(10, 20, 50, 60), info.visible(100, 100));
        assertEquals(new FrameArea(10, 20, 2, 1), info.visible(12, 21));
        assertEquals(new FrameArea(0, 0, 10, 100), info.visible(10, 100));
        assertEquals(new FrameArea(0, 0, 10, 100), FrameInfo.DEFAULT.visible(10, 100));
    }

    /** G.4 52. */
    @Test
    void aSurfaceTellsWhatItMissed() throws Exception {
        try (FrameServer server = FrameServer.open(name, FORMAT)) {
            for (int i = 0; i < 2; i++) {
                try (FrameDraft draft = server.acquire()) {
                    assertEquals(Optional.empty(), draft.missed());
                    draft.damage(i, i, 1, 1);
                    draft.publish(i);
                }
            }
            try (FrameDraft draft = server.acquire()) { // in the surface of frame 0
                assertEquals(Optional.of(new FrameArea(1, 1, 1, 1)), draft.missed());
                draft.damage(5, 5, 2, 2);
                draft.publish(2);
            }
            try (FrameDraft draft = server.acquire()) { // in that of frame 1
                assertEquals(Optional.of(new FrameArea(5, 5, 2, 2)), draft.missed());
                draft.publish(3); // which does not say what it changed
            }
            try (FrameDraft draft = server.acquire()) {
                assertEquals(Optional.empty(), draft.missed());
            }
        }
    }

    @Test
    void thePublisherIsToldOfItsClientsInOrder() throws Exception {
        BlockingQueue<String> news = new LinkedBlockingQueue<>();
        ClientListener listener = new ClientListener() {
            @Override
            public void connected(StreamClient client) {
                news.add("connected " + client.id());
            }

            @Override
            public void ready(StreamClient client) {
                news.add("ready " + client.id());
            }

            @Override
            public void left(StreamClient client) {
                news.add("left " + client.id() + " " + client.offered());
            }

            @Override
            public void message(StreamClient client, byte[] message) {
                news.add("message " + client.id() + " " + message.length);
            }
        };
        try (FrameServer server = FrameServer.builder(name)
                        .format(FORMAT)
                        .clients(Runnable::run, listener)
                        .open();
                FrameClient client = FrameClient.connect(name)) {
            assertEquals("connected 1", news.poll(30, TimeUnit.SECONDS));
            assertNull(client.tryReceive());
            assertEquals("ready 1", news.poll(30, TimeUnit.SECONDS));
            publish(server, 1);
            assertTrue(client.trySend(new byte[] {1, 2, 3}));
            assertEquals("message 1 3", news.poll(30, TimeUnit.SECONDS));
            client.close();
            assertEquals("left 1 1", news.poll(30, TimeUnit.SECONDS));
        }
    }

    /** Issue 11, C20: a stream of one picture that ends at once. */
    @Test
    void aPublisherThatFinishesWaitsForItsClientsToHaveTheLastFrame() throws Exception {
        FrameServer server = FrameServer.open(name, FORMAT);
        FrameClient client = FrameClient.connect(name);
        publish(server, 5);
        List<Integer> seen = new ArrayList<>();
        Thread receiver = new Thread(() -> {
            try {
                Thread.sleep(100);
                seen.add(next(client));
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        receiver.start();
        server.finish(LONG);
        receiver.join();
        assertEquals(List.of(5), seen);
        assertNull(client.receive());
        assertEquals(Optional.of(StreamEnd.ENDED), client.end());
        client.close();
    }

    @Test
    void userKeysOfADescriptionAreKeptInTheirOrder() {
        FrameInfo info = FrameInfo.DEFAULT.withKey("b", "1").withKey("a", "2");
        assertArrayEquals(new Object[] {"b", "a"}, info.keys().keySet().toArray());
    }
}
