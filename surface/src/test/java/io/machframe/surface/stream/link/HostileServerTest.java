/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.bootstrap.Bootstrap;
import io.machframe.core.error.DeadPortException;
import io.machframe.core.error.MachException;
import io.machframe.core.memory.MemoryAccess;
import io.machframe.core.memory.MemoryEntry;
import io.machframe.core.memory.MemoryRegion;
import io.machframe.core.message.MessageBuilder;
import io.machframe.core.message.OutgoingMessage;
import io.machframe.core.message.ReceivedMessage;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendRight;
import io.machframe.core.port.Task;
import io.machframe.surface.IOSurface;
import io.machframe.surface.format.PixelFormat;
import io.machframe.surface.layout.SurfaceProperties;
import io.machframe.surface.stream.Frame;
import io.machframe.surface.stream.FrameClient;
import io.machframe.surface.stream.SharedDescriptors;
import io.machframe.surface.stream.StreamEnd;
import io.machframe.surface.stream.TestFrames;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Servers that speak the protocol wrongly: the client says what is wrong and keeps nothing. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "counts Linux descriptors")
@Timeout(240)
final class HostileServerTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final int BGRA = PixelFormat.BGRA.code();

    private final String name = "test-" + UUID.randomUUID();
    private ReceiveRight service;
    private StreamPage stream;
    private ClientPage page;
    private ReceiveRight connection;
    private SendRight client;

    /** What the server does with one message to it. */
    private interface Answer {
        void to(ReceivedMessage request) throws Exception;
    }

    @BeforeEach
    void open() throws Exception {
        service = Bootstrap.checkIn("io.machframe.stream." + name);
        begin();
    }

    private void begin() throws Exception {
        stream = StreamPage.create();
        page = ClientPage.create(1);
        connection = Task.self().allocatePort();
    }

    @AfterEach
    void close() {
        service.close();
        end();
    }

    private void end() {
        stream.close();
        page.close();
        connection.close();
        if (client != null) {
            client.close();
            client = null;
        }
    }

    @Test
    void anAnswerThatIsNoWelcomeIsSaidSo() throws Exception {
        for (int id : new int[] {0, Protocol.SUBSCRIBE, Protocol.REQUEST}) {
            assertRefused("id", request -> send(OutgoingMessage.builder().id(id)));
        }
    }

    @Test
    void aRefusalIsRepeatedWithoutItsControlCharacters() throws Exception {
        String reason = "no\nspace\u001b[31m".repeat(100);
        String message = assertRefused("refuses: no space", request -> send(Protocol.refusal(reason)));
        assertTrue(message.length() < 500 && message.chars().noneMatch(Character::isISOControl), message);
    }

    @Test
    void welcomesThatMakeNoSenseAreSaidSo() throws Exception {
        assertRefused("short", request -> send(Protocol.of(Protocol.WELCOME, Protocol.VERSION, 64, 48)));
        assertRefused("version 1", request -> send(Protocol.of(Protocol.WELCOME, 1, 64, 48, BGRA)));
        assertRefused("0x48", request -> send(whole(Protocol.VERSION, 0, 48, BGRA)));
        assertRefused("64x-1", request -> send(whole(Protocol.VERSION, 64, -1, BGRA)));
        assertRefused("64x2147483647", request -> send(whole(Protocol.VERSION, 64, Integer.MAX_VALUE, BGRA)));
        assertRefused(
                "0 rights", request -> send(Protocol.of(Protocol.WELCOME, Protocol.VERSION, 64, 48, BGRA, 0, 0, 0)));
        assertRefused(
                "1 rights",
                request -> send(Protocol.of(Protocol.WELCOME, Protocol.VERSION, 64, 48, BGRA, 0, 0, 0)
                        .move(stream.right())));
        assertRefused(
                "2 rights",
                request -> send(Protocol.of(Protocol.WELCOME, Protocol.VERSION, 64, 48, BGRA, 0, 0, 0)
                        .move(stream.right())
                        .move(page.right())));
    }

    /** Issue 11, A6: whatever is sent for a page, the error is a MachException and nothing is left. */
    @Test
    void whatIsNoPageIsSaidSo() throws Exception {
        assertRefused("no page of a stream", request -> send(welcome(service.makeSend(), page.right())));
        assertRefused("no page of a client", request -> send(welcome(stream.right(), service.makeSend())));
        assertRefused("no page of a client", request -> send(welcome(stream.right(), stream.right())));
        assertRefused("no page of a stream", request -> send(welcome(page.right(), page.right())));
        for (int size : new int[] {1, 4096, 1 << 20}) {
            for (MemoryAccess access : MemoryAccess.values()) {
                try (MemoryRegion region = MemoryRegion.allocate(size);
                        MemoryEntry entry = MemoryEntry.of(region, access)) {
                    assertRefused(
                            "no page of a stream",
                            request -> send(welcome(entry.right().copy(), page.right())));
                    assertRefused(
                            "no page of a client",
                            request ->
                                    send(welcome(stream.right(), entry.right().copy())));
                }
            }
        }
        try (IOSurface surface = IOSurface.create(SurfaceProperties.of(512, 512, PixelFormat.BGRA))) {
            assertRefused("no page of a stream", request -> send(welcome(surface.createMachPort(), page.right())));
            assertRefused("no page of a client", request -> send(welcome(stream.right(), surface.createMachPort())));
        }
    }

    private MessageBuilder welcome(SendRight streamPage, SendRight clientPage) throws Exception {
        return Protocol.of(Protocol.WELCOME, Protocol.VERSION, 64, 48, BGRA, 0, 0, 0)
                .move(streamPage)
                .move(clientPage)
                .makeSend(connection);
    }

    private MessageBuilder whole(int... numbers) throws Exception {
        return Protocol.of(Protocol.WELCOME, Arrays.copyOf(numbers, 7))
                .move(stream.right())
                .move(page.right())
                .makeSend(connection);
    }

    private void welcome(ReceivedMessage request) throws Exception {
        if (request.id() == Protocol.SUBSCRIBE) {
            send(whole(Protocol.VERSION, 64, 48, BGRA));
        }
    }

    /** Describes a frame in a slot, and offers it as the first. */
    private void offer(int slot, int serial, long sequence) {
        FrameRecord record = stream.record(slot);
        record.sequence(sequence);
        record.surface(1, serial, 64, 48, BGRA);
        page.swap(0, ClientPage.ticket(sequence + 1, slot));
        stream.raise();
        stream.ring();
    }

    @Test
    void surfacesOfAnotherFormatAreSaidSo() throws Exception {
        for (SurfaceProperties wrong : new SurfaceProperties[] {
            SurfaceProperties.of(64, 47, PixelFormat.BGRA),
            SurfaceProperties.of(65, 48, PixelFormat.BGRA),
            SurfaceProperties.of(64, 48, PixelFormat.NV12_VIDEO),
            SurfaceProperties.ofSize(64 * 48 * 4)
        }) {
            assertFrameRefused("a surface is not 64x48 BGRA", request -> {
                try (IOSurface surface = IOSurface.create(wrong)) {
                    send(Protocol.surface(5, 1, surface.createMachPort()));
                }
            });
        }
    }

    @Test
    void whatIsNoSurfaceIsSaidSo() throws Exception {
        assertFrameRefused("something else", request -> send(Protocol.surface(5, 1, service.makeSend())));
        assertFrameRefused("0 rights", request -> send(Protocol.of(Protocol.SURFACE, 5, 1)));
        assertFrameRefused("short", request -> send(OutgoingMessage.builder().id(Protocol.SURFACE)));
        assertFrameRefused("refuses: not you", request -> send(Protocol.refusal("not you")));
    }

    private void assertFrameRefused(String part, Answer toRequest) throws Exception {
        long before = SharedDescriptors.count();
        begin(() -> {
            try (Running running = new Running(request -> {
                        welcome(request);
                        if (request.id() == Protocol.REQUEST) {
                            toRequest.to(request);
                        }
                    });
                    FrameClient receiver = FrameClient.connect(name)) {
                offer(5, 1, 0);
                String message = assertThrows(MachException.class, () -> receiver.tryReceive(LONG))
                        .getMessage();
                assertTrue(message.contains(part), message);
            }
        });
        SharedDescriptors.requireAtMost(before);
    }

    private interface Work {
        void run() throws Exception;
    }

    private void begin(Work work) throws Exception {
        work.run();
        end();
        begin();
    }

    /** Such as the answer to a request that the client gave up. */
    @Test
    void answersAboutOtherSurfacesArePassedOver() throws Exception {
        try (IOSurface wrong = IOSurface.create(SurfaceProperties.of(9, 9, PixelFormat.BGRA));
                IOSurface right = IOSurface.create(SurfaceProperties.of(64, 48, PixelFormat.BGRA));
                Running running = new Running(request -> {
                    welcome(request);
                    if (request.id() == Protocol.REQUEST) {
                        send(Protocol.surface(6, 1, wrong.createMachPort()));
                        Thread.onSpinWait();
                        send(Protocol.surface(5, 1, right.createMachPort()));
                    }
                });
                FrameClient receiver = FrameClient.connect(name)) {
            offer(5, 1, 0);
            try (Frame frame = TestFrames.receive(receiver)) {
                assertEquals(right.id(), frame.surface().id());
            }
            assertFalse(wrong.isInUse());
        }
    }

    @Test
    void aServerThatEndsInsteadOfAnsweringIsSaidSo() throws Exception {
        long before = SharedDescriptors.count();
        try (Running running = new Running(request -> {
            client.close();
            service.close();
        })) {
            String message = assertThrows(DeadPortException.class, () -> FrameClient.connect(name))
                    .getMessage();
            assertTrue(message.contains(name) && message.contains("died"), message);
        }
        SharedDescriptors.requireAtMost(before - 1);
    }

    @Test
    void aServerThatDoesNotAnswerIsSaidSo() throws Exception {
        assertRefused("does not answer", Duration.ofMillis(50), request -> {});
    }

    /** Nobody receives: the queue fills up, then even asking is in vain. */
    @Test
    void aServerThatDoesNotReadIsSaidSo() throws Exception {
        long before = SharedDescriptors.count();
        try (SendRight own = service.makeSend()) {
            boolean space = true;
            while (space) {
                try (OutgoingMessage message = OutgoingMessage.builder().build()) {
                    space = message.trySendTo(own, Duration.ZERO);
                }
            }
        }
        String message = assertThrows(MachException.class, () -> FrameClient.builder(name)
                        .timeout(Duration.ofMillis(50))
                        .connect())
                .getMessage();
        assertTrue(message.contains("does not answer"), message);
        SharedDescriptors.requireAtMost(before);
    }

    @Test
    void pagesFullOfNonsenseAreAnErrorAndNoCrash() throws Exception {
        Random random = new Random(5);
        try (IOSurface surface = IOSurface.create(SurfaceProperties.of(64, 48, PixelFormat.BGRA));
                Running running = new Running(request -> {
                    welcome(request);
                    if (request.id() == Protocol.REQUEST) {
                        int slot = request.body().getInt(0);
                        int serial = request.body().getInt(4);
                        send(
                                random.nextBoolean()
                                        ? Protocol.surface(slot, serial, surface.createMachPort())
                                        : Protocol.refusal("no such surface"));
                    }
                });
                FrameClient receiver = FrameClient.connect(name)) {
            long offer = 0;
            for (int i = 0; i < 500; i++) {
                int slot = random.nextInt(StreamPage.MAX_SLOTS);
                scribble(stream.record(slot), random);
                offer += random.nextInt(3);
                page.swap(0, random.nextBoolean() ? ClientPage.ticket(offer, slot) : random.nextLong());
                try (Frame frame = receiver.tryReceive()) {
                    if (frame != null) {
                        frame.info();
                        frame.damage();
                    }
                } catch (MachException e) {
                    assertTrue(e.getMessage() != null && !e.getMessage().contains("\n"), e.getMessage());
                }
            }
        }
    }

    private static void scribble(FrameRecord record, Random random) {
        record.sequence(random.nextInt(4) == 0 ? random.nextLong() : random.nextInt(1000));
        record.surface(
                random.nextInt(3),
                random.nextInt(3),
                random.nextInt(3) == 0 ? random.nextInt() : 64,
                random.nextInt(3) == 0 ? random.nextInt() : 48,
                random.nextInt(3) == 0 ? random.nextInt() : BGRA);
        record.crop(random.nextInt(), random.nextInt(), random.nextInt(), random.nextInt());
        record.orientation(random.nextInt(), random.nextInt());
        record.color(random.nextInt(), random.nextInt(), random.nextInt(), random.nextInt());
        record.areas(random.nextInt());
        byte[] keys = new byte[FrameRecord.MAX_KEYS_SIZE];
        random.nextBytes(keys);
        record.keys(keys);
    }

    @Test
    void aServerThatTalksWithoutEndDoesNotKeepTheClientBeyondItsTime() throws Exception {
        try (Running running = new Running(this::welcome);
                FrameClient receiver = FrameClient.connect(name)) {
            Thread talk = new Thread(() -> {
                try {
                    while (true) {
                        send(Protocol.signal(Protocol.FRAME));
                        stream.raise();
                        stream.ring();
                    }
                } catch (Exception done) {
                    Thread.currentThread().interrupt();
                }
            });
            talk.start();
            for (int i = 0; i < 20; i++) {
                assertNull(receiver.tryReceive(Duration.ofMillis(i)));
            }
            receiver.close();
            talk.join();
        }
    }

    @Test
    void aServerThatForgetsItsClientEndsTheStream() throws Exception {
        try (Running running = new Running(this::welcome);
                FrameClient receiver = FrameClient.connect(name)) {
            Thread later = new Thread(client::close);
            later.start();
            assertNull(receiver.receive());
            assertEquals(Optional.of(StreamEnd.PRODUCER_LOST), receiver.end());
            later.join();
        }
    }

    private void send(MessageBuilder message) throws Exception {
        send(message.build());
    }

    private void send(OutgoingMessage message) throws Exception {
        try (message) {
            message.trySendTo(client, LONG);
        }
    }

    private String assertRefused(String part, Answer answer) throws Exception {
        return assertRefused(part, LONG, answer);
    }

    private String assertRefused(String part, Duration timeout, Answer answer) throws Exception {
        long before = SharedDescriptors.count();
        String message;
        try (Running running = new Running(answer)) {
            message = assertThrows(
                            MachException.class,
                            () -> FrameClient.builder(name).timeout(timeout).connect())
                    .getMessage();
        }
        assertTrue(message.contains(part), message);
        assertFalse(message.contains("\n"), message);
        if (client != null) {
            client.close();
            client = null;
        }
        SharedDescriptors.requireAtMost(before);
        return message;
    }

    /** Answers what comes to the service and to the connection, in its way, until it is closed. */
    private final class Running implements AutoCloseable {
        private final Thread thread = new Thread(this::run);
        private final Answer answer;
        private volatile boolean ended;

        Running(Answer answer) {
            this.answer = answer;
            thread.start();
        }

        private void run() {
            while (!ended) {
                try {
                    answer(ReceivedMessage.tryReceiveFrom(service, Duration.ofMillis(5)));
                    answer(ReceivedMessage.tryReceiveFrom(connection, Duration.ofMillis(5)));
                } catch (Exception e) {
                    return;
                }
            }
        }

        private void answer(Optional<ReceivedMessage> received) throws Exception {
            if (received.isEmpty()) {
                return;
            }
            try (ReceivedMessage request = received.get()) {
                if (request.id() == Protocol.SUBSCRIBE) {
                    client = request.takeReply();
                }
                answer.to(request);
            }
        }

        @Override
        public void close() throws InterruptedException {
            ended = true;
            thread.join();
        }
    }
}
