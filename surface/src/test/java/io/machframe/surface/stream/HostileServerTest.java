/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.bootstrap.Bootstrap;
import io.machframe.core.error.InvalidMessageException;
import io.machframe.core.error.MachException;
import io.machframe.core.message.MachMessage;
import io.machframe.core.message.MessageBuilder;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendRight;
import io.machframe.surface.IOSurface;
import io.machframe.surface.SurfaceLock;
import io.machframe.surface.format.PixelFormat;
import io.machframe.surface.layout.SurfaceProperties;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
@Timeout(120)
final class HostileServerTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    private static final FrameFormat FORMAT = FrameFormat.of(64, 48, PixelFormat.BGRA);

    private final String name = "test-" + UUID.randomUUID();
    private final List<SendRight> clients = new ArrayList<>();
    private ReceiveRight service;

    /** What the server does with one request. */
    private interface Answer {
        void to(MachMessage request, SendRight client) throws MachException;
    }

    @BeforeEach
    void open() throws Exception {
        service = Bootstrap.checkIn(StreamName.service(name));
    }

    @AfterEach
    void close() {
        service.close();
        clients.forEach(SendRight::close);
    }

    @Test
    void anAnswerThatIsNoWelcomeIsSaidSo() throws Exception {
        for (int id : new int[] {0, Protocol.FRAME, Protocol.SURFACE, Protocol.SUBSCRIBE}) {
            assertRefused("id", (request, client) -> send(MachMessage.builder().id(id), client));
        }
    }

    @Test
    void aRefusalIsRepeatedWithoutItsControlCharacters() throws Exception {
        String reason = "no\nroom\u001b[31m".repeat(100);
        String message = assertRefused("refuses: no room", (request, client) -> send(Protocol.refusal(reason), client));
        assertTrue(message.length() < 500 && message.chars().noneMatch(Character::isISOControl), message);
    }

    @Test
    void welcomesThatMakeNoSenseAreSaidSo() throws Exception {
        assertRefused("short", (request, client) -> send(welcome(1, 64, 48), client));
        assertRefused("version 2", (request, client) -> send(welcome(2, 64, 48, 1, 3), client));
        assertRefused("0x48", (request, client) -> send(welcome(1, 0, 48, 1, 3), client));
        assertRefused("64x-1", (request, client) -> send(welcome(1, 64, -1, 1, 3), client));
        assertRefused("64x2147483647", (request, client) -> send(welcome(1, 64, Integer.MAX_VALUE, 1, 3), client));
        assertRefused("-3 surfaces", (request, client) -> send(welcome(1, 64, 48, 1, -3), client));
        assertRefused("1000000 surfaces", (request, client) -> send(welcome(1, 64, 48, 1, 1_000_000), client));
        assertRefused("no right", (request, client) -> send(welcome(1, 64, 48, 1, 3), client));
    }

    @Test
    void whatIsNoMailboxIsSaidSo() throws Exception {
        assertRefused(
                "something else",
                (request, client) -> send(welcome(1, 64, 48, 1, 3).makeSend(service), client));
        assertRefused("no mailbox", welcomeWith(SurfaceProperties.ofSize(4096)));
        assertRefused("no mailbox", welcomeWith(SurfaceProperties.of(64, 64, PixelFormat.BGRA)));
        assertRefused("too small", welcomeWith(SurfaceProperties.ofSize(4095)));
    }

    private static Answer welcomeWith(SurfaceProperties notAMailbox) {
        return (request, client) -> {
            try (IOSurface memory = IOSurface.create(notAMailbox)) {
                send(welcome(1, 64, 48, 1, 3).move(memory.createMachPort()), client);
            }
        };
    }

    @Test
    void surfacesOfAnotherFormatAreSaidSo() throws Exception {
        for (SurfaceProperties wrong : new SurfaceProperties[] {
            SurfaceProperties.of(64, 47, PixelFormat.BGRA),
            SurfaceProperties.of(65, 48, PixelFormat.BGRA),
            SurfaceProperties.of(64, 48, PixelFormat.NV12_VIDEO),
            SurfaceProperties.ofSize(64 * 48 * 4)
        }) {
            assertRefused("a surface is not 64x48 BGRA", withSurfaces((slot, client) -> {
                try (IOSurface surface = IOSurface.create(wrong)) {
                    send(Protocol.surface(slot, surface.createMachPort()), client);
                }
            }));
        }
    }

    @Test
    void whatIsNoSurfaceIsSaidSo() throws Exception {
        assertRefused(
                "something else",
                withSurfaces((slot, client) -> send(Protocol.surface(slot, service.makeSend()), client)));
        assertRefused(
                "no right",
                withSurfaces((slot, client) ->
                        send(MachMessage.builder().id(Protocol.SURFACE).body(Protocol.numbers(slot)), client)));
        assertRefused(
                "short",
                withSurfaces((slot, client) -> send(MachMessage.builder().id(Protocol.SURFACE), client)));
        assertRefused("refuses: not you", withSurfaces((slot, client) -> send(Protocol.refusal("not you"), client)));
    }

    private interface SurfaceAnswer {
        void to(int slot, SendRight client) throws MachException;
    }

    private static Answer withSurfaces(SurfaceAnswer answer) {
        return (request, client) -> {
            if (request.id() == Protocol.SURFACE_REQUEST) {
                answer.to(Protocol.number(request), client);
                return;
            }
            try (Mailbox mailbox = Mailbox.create()) {
                send(Protocol.welcome(FORMAT, 3, mailbox), client);
            }
        };
    }

    /** Such as the answer to a request that the client gave up. */
    @Test
    void answersAboutOtherSurfacesArePassedOver() throws Exception {
        try (IOSurface wrong = IOSurface.create(SurfaceProperties.of(9, 9, PixelFormat.BGRA));
                IOSurface right = IOSurface.create(SurfaceProperties.of(64, 48, PixelFormat.BGRA));
                Running running = new Running(withSurfaces((slot, client) -> {
                    send(Protocol.surface(slot + 1, wrong.createMachPort()), client);
                    send(Protocol.surface(slot, right.createMachPort()), client);
                }));
                FrameClient client = FrameClient.connect(name)) {
            assertEquals(FORMAT, client.format());
            assertEquals(Optional.empty(), client.receive(Duration.ZERO));
            assertFalse(wrong.isInUse());
        }
    }

    @Test
    void aServerThatEndsInsteadOfAnsweringIsSaidSo() throws Exception {
        long before = SharedDescriptors.count();
        try (Running running = new Running((request, client) -> service.close())) {
            String message = assertThrows(StreamEndedException.class, () -> FrameClient.connect(name))
                    .getMessage();
            assertTrue(message.contains(name) && message.contains("died"), message);
        }
        SharedDescriptors.requireAtMost(before - 1);
    }

    @Test
    void aServerThatDoesNotAnswerIsSaidSo() throws Exception {
        assertRefused("does not answer", Duration.ofMillis(50), (request, client) -> {});
    }

    /** Nobody receives: the queue fills up, then even asking is in vain. */
    @Test
    void aServerThatDoesNotReadIsSaidSo() throws Exception {
        long before = SharedDescriptors.count();
        try (SendRight own = service.makeSend()) {
            boolean room = true;
            while (room) {
                try (MachMessage message = MachMessage.builder().build()) {
                    room = message.trySendTo(own, Duration.ZERO);
                }
            }
        }
        String message = assertThrows(MachException.class, () -> FrameClient.connect(name, Duration.ofMillis(50)))
                .getMessage();
        assertTrue(message.contains("does not answer"), message);
        SharedDescriptors.requireAtMost(before);
    }

    @Test
    void aMailboxFullOfNonsenseIsAnErrorAndNoCrash() throws Exception {
        Random random = new Random(5);
        try (Mailbox mailbox = Mailbox.create();
                IOSurface surface = IOSurface.create(SurfaceProperties.of(64, 48, PixelFormat.BGRA));
                SendRight port = mailbox.createMachPort();
                IOSurface memory = IOSurface.fromMachPort(port);
                SurfaceLock lock = memory.lock();
                Running running = new Running((request, client) -> {
                    if (request.id() == Protocol.SUBSCRIBE) {
                        send(Protocol.welcome(FORMAT, 3, mailbox), client);
                    } else if (Protocol.number(request) < 3) {
                        send(Protocol.surface(Protocol.number(request), surface.createMachPort()), client);
                    } else {
                        send(Protocol.refusal("no such surface"), client);
                    }
                });
                FrameClient client = FrameClient.connect(name)) {
            for (int i = 0; i < 300; i++) {
                for (int at = 16; at < 4096; at += 8) {
                    lock.buffer().putLong(at, random.nextBoolean() ? random.nextLong() : random.nextInt(1024));
                }
                try {
                    client.receive(Duration.ZERO).ifPresent(Frame::close);
                } catch (InvalidMessageException e) {
                    assertTrue(e.getMessage().contains("surface "), e.getMessage());
                } catch (MachException e) {
                    assertTrue(e.getMessage().contains("no such surface"), e.getMessage());
                }
            }
            assertFalse(surface.isInUse());
        }
    }

    @Test
    void aServerThatTalksWithoutEndDoesNotKeepTheClientBeyondItsTime() throws Exception {
        try (IOSurface surface = IOSurface.create(SurfaceProperties.of(64, 48, PixelFormat.BGRA));
                Running running = new Running(withSurfaces(
                        (slot, client) -> send(Protocol.surface(slot, surface.createMachPort()), client)));
                FrameClient client = FrameClient.connect(name)) {
            Thread talk = new Thread(() -> {
                try {
                    while (true) {
                        send(Protocol.frame(), clients.get(0));
                    }
                } catch (MachException done) {
                    Thread.currentThread().interrupt();
                }
            });
            talk.start();
            for (int i = 0; i < 20; i++) {
                assertEquals(Optional.empty(), client.receive(Duration.ofMillis(i)));
            }
            client.close();
            talk.join();
        }
    }

    private static MessageBuilder welcome(int... numbers) {
        return MachMessage.builder().id(Protocol.WELCOME).body(Protocol.numbers(numbers));
    }

    private static void send(MessageBuilder message, SendRight client) throws MachException {
        send(message.build(), client);
    }

    private static void send(MachMessage message, SendRight client) throws MachException {
        try (message) {
            message.trySendTo(client, LONG);
        }
    }

    private String assertRefused(String part, Answer answer) throws Exception {
        return assertRefused(part, LONG, answer);
    }

    private String assertRefused(String part, Duration patience, Answer answer) throws Exception {
        long before = SharedDescriptors.count();
        String message;
        try (Running running = new Running(answer)) {
            message = assertThrows(MachException.class, () -> FrameClient.connect(name, patience))
                    .getMessage();
        }
        assertTrue(message.contains(part), message);
        assertFalse(message.contains("\n"), message);
        clients.forEach(SendRight::close);
        clients.clear();
        SharedDescriptors.requireAtMost(before);
        return message;
    }

    /** Answers what comes to the service, in its way, until it is closed. */
    private final class Running implements AutoCloseable {
        private final Thread thread = new Thread(this::run);
        private volatile boolean ended;

        Running(Answer answer) {
            this.answer = answer;
            thread.start();
        }

        private final Answer answer;

        private void run() {
            while (!ended) {
                try {
                    Optional<MachMessage> request = MachMessage.tryReceiveFrom(service, Duration.ofMillis(10));
                    if (request.isPresent()) {
                        answer(request.get());
                    }
                } catch (MachException | IllegalStateException e) {
                    return;
                }
            }
        }

        private void answer(MachMessage request) throws MachException {
            try (request) {
                SendRight client = request.takeReply();
                clients.add(client);
                answer.to(request, client);
            }
        }

        @Override
        public void close() throws InterruptedException {
            ended = true;
            thread.join();
        }
    }
}
