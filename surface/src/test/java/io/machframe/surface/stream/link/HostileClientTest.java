/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.bootstrap.Bootstrap;
import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;
import io.machframe.core.internal.PortAccess;
import io.machframe.core.memory.MemoryAccess;
import io.machframe.core.memory.MemoryEntry;
import io.machframe.core.message.MessageBuilder;
import io.machframe.core.message.OutgoingMessage;
import io.machframe.core.message.ReceivedMessage;
import io.machframe.core.platform.Mach;
import io.machframe.core.platform.MessageBuffer;
import io.machframe.core.platform.MessageLayout;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendRight;
import io.machframe.core.port.Task;
import io.machframe.surface.IOSurface;
import io.machframe.surface.format.PixelFormat;
import io.machframe.surface.layout.SurfaceProperties;
import io.machframe.surface.stream.Delivery;
import io.machframe.surface.stream.Frame;
import io.machframe.surface.stream.FrameClient;
import io.machframe.surface.stream.FrameDraft;
import io.machframe.surface.stream.FrameFormat;
import io.machframe.surface.stream.FramePattern;
import io.machframe.surface.stream.FrameServer;
import io.machframe.surface.stream.SharedDescriptors;
import io.machframe.surface.stream.StreamPeer;
import io.machframe.surface.stream.TestFrames;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Clients that speak the protocol wrongly get a reason or nothing; the stream goes on for others and keeps nothing. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "counts Linux descriptors")
@Timeout(240)
final class HostileClientTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final FrameFormat FORMAT = FrameFormat.of(64, 48, PixelFormat.BGRA);
    private static final Hello HELLO = new Hello(0, false, new int[0]);
    private static final Terms USUAL = new Terms(1, Terms.DROP_OLDEST, 0, 2);
    private static final int MOST_OF_PROCESS = 64;

    private final String name = "test-" + UUID.randomUUID();
    private FrameServer server;
    private FrameClient honest;
    private SendRight service;
    private ReceiveRight inbox;
    private long sequence;

    /** A client that was let in, and says what it likes. */
    private final class Raw implements AutoCloseable {
        final ReceiveRight port;
        final SendRight connection;
        final SendRight stream;
        final ClientPage page;

        Raw(Terms terms) throws Exception {
            port = Task.self().allocatePort(1024);
            HostileClientTest.this.send(Protocol.subscribe(terms, HELLO, port));
            try (ReceivedMessage welcome =
                    ReceivedMessage.tryReceiveFrom(port, LONG).orElseThrow()) {
                assertEquals(Protocol.WELCOME, welcome.id());
                stream = welcome.takeSendRight(0);
                page = ClientPage.open(welcome.takeSendRight(1), terms.capacity());
                connection = welcome.takeSendRight(2);
            }
        }

        void say(MessageBuilder builder) throws Exception {
            try (OutgoingMessage message = builder.build()) {
                message.trySendTo(connection, LONG);
            }
        }

        String refusal(MessageBuilder builder) throws Exception {
            say(builder);
            return why(port);
        }

        @Override
        public void close() {
            connection.close();
            stream.close();
            page.close();
            port.close();
        }
    }

    @BeforeEach
    void open() throws Exception {
        server = FrameServer.open(name, FORMAT);
        honest = FrameClient.builder(name).delivery(Delivery.queue(2)).connect();
        service = Bootstrap.lookUp("io.machframe.stream." + name, LONG);
        inbox = Task.self().allocatePort(1024);
        for (int i = 0; i < 5; i++) {
            requireThatOthersAreServed(); // the first use of each surface takes a descriptor
        }
    }

    @AfterEach
    void close() {
        inbox.close();
        service.close();
        honest.close();
        server.close();
    }

    @Test
    void garbageIsRefusedWithAReason() throws Exception {
        long before = descriptors();
        Random random = new Random(1);
        for (int id : new int[] {0, -1, Protocol.SUBSCRIBE, Protocol.WELCOME, Protocol.FRAME, Protocol.REQUEST}) {
            for (int size : new int[] {0, 1, 3, 4, 17, 4000, 100_000}) {
                byte[] body = new byte[size];
                random.nextBytes(body);
                assertTrue(refusal(request(id).body(body)).length() > 10);
            }
        }
        requireThatOthersAreServed();
        SharedDescriptors.requireAtMost(before);
    }

    @Test
    void bodiesWithoutFramesAreRefused() throws Exception {
        for (int size : new int[] {0, 4, 8, 400}) {
            byte[] body = new byte[size];
            new Random(size).nextBytes(body);
            send(OutgoingMessage.builder()
                    .id(Protocol.SUBSCRIBE)
                    .rawBody(ByteBuffer.wrap(body))
                    .replyTo(inbox)
                    .build());
            assertTrue(why(inbox).contains("invalid"));
        }
        requireThatOthersAreServed();
    }

    @Test
    void anotherVersionIsNamedInTheRefusal() throws Exception {
        for (int version : new int[] {0, 1, Protocol.VERSION - 1, Protocol.VERSION + 1, -1, Integer.MAX_VALUE}) {
            String reason = refusal(request(Protocol.SUBSCRIBE).body(Protocol.numbers(version, 1, 0, 1, 0, 0)));
            assertTrue(reason.contains("version " + version), reason);
        }
    }

    @Test
    void termsThatMakeNoSenseAreRefused() throws Exception {
        for (int[] terms : new int[][] {
            {0, 0, 1, 0, 0},
            {65, 0, 1, 0, 0},
            {-1, 0, 1, 0, 0},
            {1, 4, 1, 0, 0},
            {1, -1, 1, 0, 0},
            {1, 0, 0, 0, 0},
            {1, 0, 33, 0, 0},
            {1, 0, 1, 5, 0},
            {1, 2, 1, 0, -1}
        }) {
            String reason = refusal(request(Protocol.SUBSCRIBE)
                    .body(Protocol.numbers(Protocol.VERSION, terms[0], terms[1], terms[2], terms[3], terms[4])));
            assertTrue(reason.contains("asks"), reason);
        }
        assertTrue(refusal(request(Protocol.SUBSCRIBE).body(Protocol.numbers(Protocol.VERSION, 1, 0, 1)))
                .contains("short"));
    }

    @Test
    void helloesThatMakeNoSenseAreRefused() throws Exception {
        for (int[] hello : new int[][] {
            {}, {0, 0, 0}, {0, 0, 0, -1}, {0, 0, 0, 1}, {0, 0, 0, 33}, {0, 0, 0, 3, 1, 2}, {0, 0, 0, Integer.MAX_VALUE}
        }) {
            int[] body = Arrays.copyOf(new int[] {Protocol.VERSION, 1, 0, 1, 0, 0}, 6 + hello.length);
            System.arraycopy(hello, 0, body, 6, hello.length);
            String reason = refusal(request(Protocol.SUBSCRIBE).body(Protocol.numbers(body)));
            assertTrue(reason.contains("formats"), reason);
        }
        String reason = refusal(request(Protocol.SUBSCRIBE)
                .body(Protocol.numbers(
                        Protocol.VERSION,
                        1,
                        0,
                        1,
                        0,
                        0,
                        0,
                        0,
                        0,
                        1,
                        PixelFormat.of("420v").code())));
        assertTrue(reason.contains("takes only"), reason);
        requireThatOthersAreServed();
    }

    @Test
    void requestsWithoutAnyoneToAnswerLeaveNothing() throws Exception {
        long before = descriptors();
        ByteBuffer body = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
        body.putInt(Protocol.VERSION).putInt(1).putInt(0).putInt(1).putLong(0).flip();
        for (int i = 0; i < 200; i++) {
            send(OutgoingMessage.builder()
                    .id(Protocol.SUBSCRIBE)
                    .body(body.duplicate())
                    .build());
            send(OutgoingMessage.builder()
                    .id(Protocol.SUBSCRIBE)
                    .body(body.duplicate())
                    .replyOnceTo(inbox)
                    .build());
        }
        requireThatOthersAreServed();
        for (int i = 0; i < 200; i++) {
            ReceivedMessage.receiveFrom(inbox).close(); // each right to reply that the server dropped is reported
        }
        SharedDescriptors.requireAtMost(before);
        awaitClients(1);
    }

    @Test
    void surfacesThatAreNotThereAreRefused() throws Exception {
        try (Raw client = new Raw(USUAL)) {
            for (int slot : new int[] {-1, 3, 15, 127, 128, 255, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
                String reason = client.refusal(Protocol.of(Protocol.REQUEST, slot, 1));
                assertTrue(reason.contains("slot " + slot), reason);
            }
            String reason = client.refusal(Protocol.of(Protocol.REQUEST, 0, 99));
            assertTrue(reason.contains("no surface 99"), reason);
            assertTrue(client.refusal(Protocol.of(Protocol.REQUEST, 0)).contains("short"));
            assertTrue(client.refusal(Protocol.of(Protocol.SURFACE, 0, 0)).contains("id"));
        }
        requireThatOthersAreServed();
    }

    @Test
    void aReplyRightThatIsMemoryIsNoInbox() throws Exception {
        try (IOSurface memory = IOSurface.create(SurfaceProperties.ofSize(64))) {
            for (int i = 0; i < 20; i++) {
                try (SendRight port = memory.createMachPort()) {
                    subscribeAt(port);
                }
            }
        }
        requireThatOthersAreServed();
        awaitClients(1);
    }

    @Test
    void theServersOwnPortIsNoInbox() throws Exception {
        subscribeAt(service);
        requireThatOthersAreServed();
        awaitClients(1);
    }

    @Test
    void unwantedRightsInARequestAreReleased() throws Exception {
        long before = descriptors();
        for (int i = 0; i < 50; i++) {
            MessageBuilder builder = request(Protocol.REQUEST).body(Protocol.numbers(99));
            for (int j = 0; j < 20; j++) {
                builder.makeSend(inbox);
            }
            refusal(builder);
        }
        requireThatOthersAreServed();
        SharedDescriptors.requireAtMost(before);
    }

    @Test
    void aClientThatNeverReadsHoldsUpNoOther() throws Exception {
        List<ReceiveRight> deaf = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            // Full by its own limit, or by the bytes that the system takes.
            ReceiveRight port = Task.self().allocatePort(i % 2 == 0 ? 5 : 1024);
            deaf.add(port);
            fill(port, i % 2 == 0 ? 0 : 100_000);
            send(Protocol.subscribe(USUAL, HELLO, port));
        }
        requireThatOthersAreServed();
        assertTrue(server.statistics().surfaces() <= 6, server.statistics().toString());
        deaf.forEach(ReceiveRight::close);
    }

    /** Its queue takes all answers, and none is ever read. */
    @Test
    void aClientThatReadsNothingAfterItsWelcomeHoldsUpNoOther() throws Exception {
        try (Raw deaf = new Raw(USUAL)) {
            for (int i = 0; i < 200; i++) {
                deaf.page.wants(ClientPage.BY_MESSAGE);
                deaf.say(Protocol.of(Protocol.REQUEST, 0, 1));
                publish();
                requireGood(honest);
            }
            requireThatOthersAreServed();
            awaitClients(2);
        }
        requireThatOthersAreServed();
        awaitClients(1);
        assertTrue(server.statistics().surfaces() <= 6, server.statistics().toString());
    }

    @Test
    void clientsThatDieBeforeTheyAreWelcomedLeaveNothing() throws Exception {
        long before = descriptors();
        for (int i = 0; i < 300; i++) {
            try (ReceiveRight shortLived = Task.self().allocatePort()) {
                send(Protocol.subscribe(USUAL, HELLO, shortLived));
            }
        }
        requireThatOthersAreServed();
        SharedDescriptors.requireAtMost(before);
    }

    @Test
    void oneProcessCannotTakeAllCapacity() throws Exception {
        List<Raw> clients = new ArrayList<>();
        for (int i = 0; i < MOST_OF_PROCESS - 1; i++) {
            clients.add(new Raw(USUAL));
        }
        send(Protocol.subscribe(USUAL, HELLO, inbox));
        String reason = why(inbox);
        assertTrue(reason.contains("no capacity for one more"), reason);
        String same = assertThrows(MachException.class, () -> FrameClient.connect(name))
                .getMessage();
        assertTrue(same.contains("refuses") && same.contains("no capacity"), same);
        try (StreamPeer other = StreamPeer.start()) {
            assertEquals("done", other.ask("connect " + name));
            publish();
            assertEquals("took " + (sequence - 1), other.ask("take"));
        }
        clients.forEach(Raw::close);
        awaitClients(1);
        requireGood(honest);
        requireThatOthersAreServed();
    }

    @Test
    void manyClientsThatComeAndGoAreAllWelcome() throws Exception {
        for (int i = 0; i < 5 * MOST_OF_PROCESS; i++) {
            FrameClient.connect(name).close();
        }
        requireThatOthersAreServed();
    }

    /** Only the client that does it gets to see nonsense. */
    @Test
    void scribblingInItsPageHarmsNoOther() throws Exception {
        Random random = new Random(3);
        for (int round = 0; round < 30; round++) {
            Terms terms = new Terms(1 + random.nextInt(4), random.nextInt(2), 0, 2);
            try (Raw scribbler = new Raw(terms)) {
                for (int i = 0; i < 20; i++) {
                    for (int entry = 0; entry < terms.capacity(); entry++) {
                        scribbler.page.swap(entry, nonsense(random));
                    }
                    scribbler.page.wants(random.nextInt());
                    scribbler.page.notifies(random.nextBoolean());
                    for (int slot = 0; slot < StreamPage.MAX_SLOTS; slot++) {
                        scribbler.page.release((nonsense(random) & ~0xffL) | slot);
                    }
                    requireThatOthersAreServed();
                }
            }
        }
        awaitClients(1);
        assertTrue(server.statistics().surfaces() <= 8, server.statistics().toString());
    }

    private static long nonsense(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> 0;
            case 1 -> random.nextLong();
            case 2 -> Long.MIN_VALUE | random.nextInt(256);
            default -> (long) random.nextInt(300) << 8 | random.nextInt(256);
        };
    }

    /** It takes all it is offered and releases nothing. */
    @Test
    void aClientThatTakesMoreThanItMayIsDisconnectedAndOthersLoseNothing() throws Exception {
        for (int capacity : new int[] {1, 3}) {
            try (Raw hoarder = new Raw(new Terms(capacity, Terms.DROP_OLDEST, 0, 2))) {
                for (int i = 0; i < 20; i++) {
                    publish();
                    for (int entry = 0; entry < capacity; entry++) {
                        hoarder.page.swap(entry, 0);
                    }
                    requireGood(honest);
                }
                awaitClients(1);
            }
        }
        assertEquals(0, honest.statistics().skipped());
        assertTrue(server.statistics().mostSurfaces() <= 12, server.statistics().toString());
    }

    @Test
    void thePageOfTheStreamCanOnlyBeRead() throws Exception {
        try (Raw client = new Raw(USUAL);
                MemoryEntry entry = MemoryEntry.adopt(client.stream.copy())) {
            entry.map(4096, MemoryAccess.READ).close();
            assertThrows(MachException.class, () -> entry.map(4096, MemoryAccess.READ_WRITE));
        }
    }

    @Test
    void aFloodOfRequestsKeepsTheServerFromNothing() throws Exception {
        try (Raw client = new Raw(USUAL)) {
            Thread flood = new Thread(() -> {
                try {
                    while (!Thread.currentThread().isInterrupted()) {
                        client.say(Protocol.of(Protocol.REQUEST, 77, 77));
                        client.say(OutgoingMessage.builder().id(Protocol.USER).body(new byte[10_000]));
                        client.say(OutgoingMessage.builder().id(Protocol.READY));
                        client.say(OutgoingMessage.builder().id(Protocol.PROGRESS));
                        send(Protocol.of(Protocol.REQUEST, 77, 77)
                                .replyTo(inbox)
                                .build());
                        ReceivedMessage.tryReceiveFrom(client.port, Duration.ZERO)
                                .ifPresent(ReceivedMessage::close);
                        ReceivedMessage.tryReceiveFrom(inbox, Duration.ZERO).ifPresent(ReceivedMessage::close);
                    }
                } catch (Exception interrupted) {
                    Thread.currentThread().interrupt();
                }
            });
            flood.start();
            FrameClient.connect(name).close();
            awaitClients(2);
            requireThatOthersAreServed();
            flood.interrupt();
            flood.join();
        }
    }

    private void publish() throws Exception {
        FrameDraft draft = server.tryAcquire(LONG);
        assertNotNull(draft);
        try (draft) {
            FramePattern.draw(draft.surface(), sequence);
            draft.publish(sequence);
            sequence++;
        }
    }

    private void requireThatOthersAreServed() throws Exception {
        publish();
        requireGood(honest);
        try (FrameClient late = FrameClient.connect(name)) {
            requireGood(late);
        }
    }

    private void requireGood(FrameClient client) throws Exception {
        try (Frame frame = TestFrames.receive(client)) {
            assertEquals(sequence - 1, frame.sequence());
            assertEquals("", FramePattern.problem(frame.surface(), frame.sequence()));
        }
    }

    private void awaitClients(int count) throws InterruptedException {
        TestFrames.await(() -> server.statistics().clients().size() == count);
    }

    /** Returns how many descriptors there are, once those who left are noticed. */
    private long descriptors() throws InterruptedException {
        awaitClients(1);
        return SharedDescriptors.count();
    }

    private MessageBuilder request(int id) throws Exception {
        return OutgoingMessage.builder().id(id).replyTo(inbox);
    }

    private void send(OutgoingMessage request) throws Exception {
        try (request) {
            assertTrue(request.trySendTo(service, LONG));
        }
    }

    /** Subscribes with any right for an inbox, which the builder of messages does not offer. */
    private void subscribeAt(SendRight notAnInbox) {
        int body = 24;
        MessageBuffer buffer = PortAccess.get().calls(Task.self()).newBuffer(MessageLayout.HEADER_SIZE + 4 + body);
        ByteBuffer bytes = buffer.bytes();
        bytes.putInt(MessageLayout.BITS, Mach.MACH_MSG_TYPE_COPY_SEND << 8 | Mach.MACH_MSG_TYPE_COPY_SEND);
        bytes.putInt(MessageLayout.SIZE, buffer.capacity());
        bytes.putInt(MessageLayout.REMOTE_PORT, service.name().value());
        bytes.putInt(MessageLayout.LOCAL_PORT, notAnInbox.name().value());
        bytes.putInt(MessageLayout.ID, Protocol.SUBSCRIBE);
        bytes.putInt(MessageLayout.HEADER_SIZE, body);
        bytes.put(MessageLayout.HEADER_SIZE + 4, Protocol.numbers(Protocol.VERSION, 1, 0, 1, 0, 0), 0, body);
        assertEquals(
                KernReturn.KERN_SUCCESS,
                PortAccess.get().calls(Task.self()).message(buffer, Mach.MACH_SEND_MSG, buffer.capacity(), 0, 0, 0));
    }

    private String refusal(MessageBuilder builder) throws Exception {
        send(builder.build());
        return why(inbox);
    }

    private static String why(ReceiveRight port) throws Exception {
        try (ReceivedMessage answer = ReceivedMessage.tryReceiveFrom(port, LONG).orElseThrow()) {
            assertEquals(Protocol.REFUSED, answer.id());
            return StandardCharsets.UTF_8.decode(answer.body()).toString();
        }
    }

    private static void fill(ReceiveRight port, int size) throws Exception {
        try (SendRight send = port.makeSend()) {
            boolean space = true;
            while (space) {
                try (OutgoingMessage message =
                        OutgoingMessage.builder().body(new byte[size]).build()) {
                    space = message.trySendTo(send, Duration.ZERO);
                }
            }
        }
    }
}
