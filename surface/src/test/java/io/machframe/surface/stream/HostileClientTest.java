/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.bootstrap.Bootstrap;
import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;
import io.machframe.core.message.MachMessage;
import io.machframe.core.message.MessageBuilder;
import io.machframe.core.platform.Mach;
import io.machframe.core.platform.MessageBuffer;
import io.machframe.core.platform.MessageLayout;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendRight;
import io.machframe.core.port.Task;
import io.machframe.surface.IOSurface;
import io.machframe.surface.SurfaceLock;
import io.machframe.surface.format.PixelFormat;
import io.machframe.surface.layout.SurfaceProperties;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
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
@Timeout(120)
final class HostileClientTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final FrameFormat FORMAT = FrameFormat.of(64, 48, PixelFormat.BGRA);

    private final String name = "test-" + UUID.randomUUID();
    private FrameServer server;
    private FrameClient honest;
    private SendRight service;
    private ReceiveRight inbox;
    private long sequence;

    @BeforeEach
    void open() throws Exception {
        server = FrameServer.open(name, FORMAT);
        honest = FrameClient.connect(name);
        service = Bootstrap.lookUp(StreamName.service(name), LONG);
        inbox = Task.self().allocatePort();
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
        for (int id :
                new int[] {0, -1, Protocol.SUBSCRIBE, Protocol.WELCOME, Protocol.FRAME, Protocol.SURFACE_REQUEST}) {
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
            MachMessage message = MachMessage.builder()
                    .id(Protocol.SUBSCRIBE)
                    .rawBody(ByteBuffer.wrap(body))
                    .replyTo(inbox)
                    .build();
            assertTrue(refusal(message).contains("invalid"));
        }
        requireThatOthersAreServed();
    }

    @Test
    void anotherVersionIsNamedInTheRefusal() throws Exception {
        for (int version : new int[] {0, 2, -1, Integer.MAX_VALUE}) {
            String reason = refusal(request(Protocol.SUBSCRIBE).body(Protocol.numbers(version)));
            assertTrue(reason.contains("version " + version), reason);
        }
    }

    @Test
    void requestsWithoutAnyoneToAnswerLeaveNothing() throws Exception {
        long before = descriptors();
        for (int i = 0; i < 200; i++) {
            send(MachMessage.builder().id(Protocol.SUBSCRIBE).body(Protocol.numbers(Protocol.VERSION)));
            send(MachMessage.builder()
                    .id(Protocol.SUBSCRIBE)
                    .body(Protocol.numbers(Protocol.VERSION))
                    .replyOnceTo(inbox));
            send(MachMessage.builder().id(Protocol.SURFACE_REQUEST).body(Protocol.numbers(0)));
            send(MachMessage.builder()
                    .id(Protocol.SURFACE_REQUEST)
                    .body(Protocol.numbers(0))
                    .replyOnceTo(inbox));
        }
        requireThatOthersAreServed();
        readNotices(400);
        SharedDescriptors.requireAtMost(before);
        awaitSubscribers(1);
    }

    /** Each right to reply that the server dropped is told, and costs a descriptor until that is read. */
    private void readNotices(int count) throws Exception {
        for (int i = 0; i < count; i++) {
            MachMessage.receiveFrom(inbox).close();
        }
    }

    @Test
    void slotsThatAreNotThereAreRefused() throws Exception {
        for (int slot : new int[] {-1, 3, 15, 16, 255, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            String reason = refusal(request(Protocol.SURFACE_REQUEST).body(Protocol.numbers(slot)));
            assertTrue(reason.contains("no surface " + slot), reason);
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
        awaitSubscribers(1);
    }

    @Test
    void theServersOwnPortIsNoInbox() throws Exception {
        subscribeAt(service);
        requireThatOthersAreServed();
        awaitSubscribers(1);
    }

    @Test
    void unwantedRightsInARequestAreReleased() throws Exception {
        long before = descriptors();
        for (int i = 0; i < 50; i++) {
            MessageBuilder builder = request(Protocol.SURFACE_REQUEST).body(Protocol.numbers(99));
            for (int j = 0; j < 20; j++) {
                builder.makeSend(inbox);
            }
            refusal(builder);
        }
        requireThatOthersAreServed();
        SharedDescriptors.requireAtMost(before);
    }

    @Test
    void aClientThatNeverReadsHoldsUpNobody() throws Exception {
        List<ReceiveRight> deaf = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            // Full by its own limit, or by the bytes that the system takes.
            ReceiveRight port = Task.self().allocatePort(i % 2 == 0 ? 5 : 1024);
            deaf.add(port);
            fill(port, i % 2 == 0 ? 0 : 100_000);
            send(to(port, Protocol.SUBSCRIBE, Protocol.VERSION));
            for (int slot = 0; slot < 3; slot++) {
                send(to(port, Protocol.SURFACE_REQUEST, slot));
            }
        }
        requireThatOthersAreServed();
        assertTrue(server.statistics().surfaces() <= 6, server.statistics().toString());
        deaf.forEach(ReceiveRight::close);
    }

    /** Its queue takes all answers, and none is ever read. */
    @Test
    void aClientThatReadsNothingAfterItsWelcomeHoldsUpNobody() throws Exception {
        try (ReceiveRight deaf = Task.self().allocatePort(1024)) {
            send(to(deaf, Protocol.SUBSCRIBE, Protocol.VERSION));
            for (int i = 0; i < 200; i++) {
                publish();
            }
            requireThatOthersAreServed();
            awaitSubscribers(2);
        }
        requireThatOthersAreServed();
        awaitSubscribers(1);
        assertTrue(server.statistics().surfaces() <= 6, server.statistics().toString());
    }

    @Test
    void clientsThatDieBeforeTheyAreWelcomedLeaveNothing() throws Exception {
        long before = descriptors();
        for (int i = 0; i < 300; i++) {
            try (ReceiveRight shortLived = Task.self().allocatePort()) {
                send(to(shortLived, Protocol.SUBSCRIBE, Protocol.VERSION));
            }
        }
        requireThatOthersAreServed();
        SharedDescriptors.requireAtMost(before);
    }

    @Test
    void oneProcessCannotTakeAllPlaces() throws Exception {
        List<ReceiveRight> inboxes = new ArrayList<>();
        int welcomed = 0;
        String reason = "";
        for (int i = 0; i < 2 * FrameServer.MAX_CLIENTS_OF_PROCESS; i++) {
            ReceiveRight port = Task.self().allocatePort();
            inboxes.add(port);
            send(to(port, Protocol.SUBSCRIBE, Protocol.VERSION));
            try (MachMessage answer = MachMessage.tryReceiveFrom(port, LONG).orElseThrow()) {
                if (answer.id() == Protocol.WELCOME) {
                    welcomed++;
                } else {
                    reason = why(answer);
                }
            }
        }
        assertEquals(FrameServer.MAX_CLIENTS_OF_PROCESS - 1, welcomed);
        assertTrue(reason.contains("no room for one more"), reason);
        String same = assertThrows(MachException.class, () -> FrameClient.connect(name))
                .getMessage();
        assertTrue(same.contains("refuses") && same.contains("no room"), same);
        try (StreamPeer other = StreamPeer.start()) {
            assertEquals("done", other.ask("connect " + name));
            publish();
            assertEquals("took " + (sequence - 1), other.ask("take"));
        }
        inboxes.forEach(ReceiveRight::close);
        FrameClient.connect(name).close();
        requireThatOthersAreServed();
    }

    @Test
    void manyClientsThatComeAndGoAreAllWelcome() throws Exception {
        for (int i = 0; i < 5 * FrameServer.MAX_CLIENTS_OF_PROCESS; i++) {
            FrameClient.connect(name).close();
        }
        requireThatOthersAreServed();
    }

    /** Only the client that does it gets to see nonsense. */
    @Test
    void scribblingInTheMailboxHarmsNobodyElse() throws Exception {
        Random random = new Random(3);
        for (int round = 0; round < 30; round++) {
            try (ReceiveRight scribbler = Task.self().allocatePort()) {
                send(to(scribbler, Protocol.SUBSCRIBE, Protocol.VERSION));
                try (MachMessage welcome =
                                MachMessage.tryReceiveFrom(scribbler, LONG).orElseThrow();
                        SendRight port = welcome.takeSendRight(0);
                        IOSurface mailbox = IOSurface.fromMachPort(port);
                        SurfaceLock lock = mailbox.lock()) {
                    for (int i = 0; i < 20; i++) {
                        for (int at = 0; at < 512; at += 8) {
                            lock.buffer().putLong(at, nonsense(random));
                        }
                        requireThatOthersAreServed();
                    }
                }
            }
        }
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

    @Test
    void aFloodOfRequestsKeepsTheServerFromNothing() throws Exception {
        FrameClient.connect(name).close(); // to be noticed as gone during the flood
        Thread flood = new Thread(() -> {
            try (ReceiveRight port = Task.self().allocatePort()) {
                while (!Thread.currentThread().isInterrupted()) {
                    send(to(port, Protocol.SURFACE_REQUEST, 77));
                    MachMessage.tryReceiveFrom(port, Duration.ZERO).ifPresent(MachMessage::close);
                }
            } catch (MachException interrupted) {
                Thread.currentThread().interrupt();
            }
        });
        flood.start();
        FrameClient.connect(name).close();
        awaitSubscribers(1);
        requireThatOthersAreServed();
        flood.interrupt();
        flood.join();
    }

    private void publish() throws Exception {
        try (FrameDraft draft = server.acquire(LONG).orElseThrow()) {
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
        try (Frame frame = client.receive(LONG).orElseThrow()) {
            assertEquals(sequence - 1, frame.sequence());
            assertEquals("", FramePattern.problem(frame.surface(), frame.sequence()));
        }
    }

    private void awaitSubscribers(int count) throws InterruptedException {
        while (server.statistics().subscribers() != count) {
            Thread.sleep(10);
        }
    }

    /** Returns how many descriptors there are, once those who left are noticed. */
    private long descriptors() throws InterruptedException {
        awaitSubscribers(1);
        return SharedDescriptors.count();
    }

    private MessageBuilder request(int id) throws MachException {
        return MachMessage.builder().id(id).replyTo(inbox);
    }

    private static MessageBuilder to(ReceiveRight inbox, int id, int number) throws MachException {
        return MachMessage.builder().id(id).body(Protocol.numbers(number)).replyTo(inbox);
    }

    private void send(MessageBuilder builder) throws MachException {
        try (MachMessage message = builder.build()) {
            assertTrue(message.trySendTo(service, LONG));
        }
    }

    /** Subscribes with any right for an inbox, which the builder of messages does not offer. */
    private void subscribeAt(SendRight notAnInbox) {
        MessageBuffer buffer = Task.self().calls().newBuffer(MessageLayout.HEADER_SIZE + 8);
        ByteBuffer bytes = buffer.bytes();
        bytes.putInt(MessageLayout.BITS, Mach.MACH_MSG_TYPE_COPY_SEND << 8 | Mach.MACH_MSG_TYPE_COPY_SEND);
        bytes.putInt(MessageLayout.SIZE, buffer.capacity());
        bytes.putInt(MessageLayout.REMOTE_PORT, service.name().value());
        bytes.putInt(MessageLayout.LOCAL_PORT, notAnInbox.name().value());
        bytes.putInt(MessageLayout.ID, Protocol.SUBSCRIBE);
        bytes.putInt(MessageLayout.HEADER_SIZE, 4);
        bytes.putInt(MessageLayout.HEADER_SIZE + 4, Protocol.VERSION);
        assertEquals(
                KernReturn.KERN_SUCCESS,
                Task.self().calls().message(buffer, Mach.MACH_SEND_MSG, buffer.capacity(), 0, 0, 0, 0));
    }

    private String refusal(MessageBuilder builder) throws MachException {
        return refusal(builder.build());
    }

    private String refusal(MachMessage message) throws MachException {
        try (message) {
            assertTrue(message.trySendTo(service, LONG));
        }
        try (MachMessage answer = MachMessage.tryReceiveFrom(inbox, LONG).orElseThrow()) {
            assertEquals(Protocol.REFUSED, answer.id());
            return why(answer);
        }
    }

    private static String why(MachMessage refusal) throws MachException {
        return StandardCharsets.UTF_8.decode(refusal.body()).toString();
    }

    private static void fill(ReceiveRight port, int size) throws MachException {
        try (SendRight send = port.makeSend()) {
            boolean room = true;
            while (room) {
                try (MachMessage message =
                        MachMessage.builder().body(new byte[size]).build()) {
                    room = message.trySendTo(send, Duration.ZERO);
                }
            }
        }
    }
}
