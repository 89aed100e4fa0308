/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.bootstrap.Bootstrap;
import io.machframe.core.memory.MemoryRegion;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendRight;
import io.machframe.core.port.Task;
import io.machframe.core.testing.ChildProcess;
import io.machframe.core.testing.RightsLedger;
import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Memory and arrays of rights to another process and back. The largest piece has {@code machframe.ool.largest} bytes,
 * 64 MiB if not set; a sender is killed {@code machframe.death.rounds} times, 3 if not set.
 */
@Timeout(120)
@ExtendWith(RightsLedger.class)
final class OutOfLineProcessTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int LARGEST = Integer.getInteger("machframe.ool.largest", 64 << 20);

    private static final int ROUNDS = Integer.getInteger("machframe.death.rounds", 3);

    private ReceiveRight inbox;
    private ReceiveRight service;
    private ChildProcess child;
    private SendRight peer;

    /** The other process: changes each first byte, and sends all back as it came. */
    public static final class Echo {
        public static void main(String[] arguments) throws Exception {
            ReceiveRight port = Task.self().allocatePort();
            try (SendRight parent = Bootstrap.lookUp(arguments[0], PATIENCE)) {
                OutgoingMessage.builder().makeSend(port).build().sendTo(parent);
            }
            while (true) {
                try (ReceivedMessage message = ReceivedMessage.receiveFrom(port)) {
                    MessageBuilder answer = OutgoingMessage.builder();
                    for (int i = 0; i < message.descriptorCount(); i++) {
                        if (message.descriptorKind(i) == DescriptorKind.RIGHTS) {
                            answer.move(message.takeRights(i));
                        } else {
                            MemoryRegion memory = message.takeMemory(i);
                            if (memory.size() > 0) {
                                memory.bytes().put(0, (byte) 99);
                            }
                            answer.move(memory);
                        }
                    }
                    answer.body(message.body()).build().sendTo(message.takeReplyOnce());
                }
            }
        }
    }

    @BeforeEach
    void start() throws Exception {
        String name = "ool-test-" + ProcessHandle.current().pid();
        service = Bootstrap.checkIn(name);
        inbox = Task.self().allocatePort();
        child = ChildProcess.start(Echo.class, name);
        try (ReceivedMessage hello = ReceivedMessage.receiveFrom(service)) {
            peer = hello.takeSendRight(0);
        }
    }

    @AfterEach
    void end() {
        peer.close();
        child.close();
        service.close();
        inbox.close();
    }

    private ReceivedMessage echo(MessageBuilder message) throws Exception {
        message.replyOnceTo(inbox).build().sendTo(peer);
        return ReceivedMessage.tryReceiveFrom(inbox, PATIENCE).orElseThrow();
    }

    private static MemoryRegion filled(int size) throws Exception {
        MemoryRegion memory = MemoryRegion.allocate(size);
        LongBuffer longs = memory.bytes().asLongBuffer();
        for (int i = 0; i < longs.capacity(); i++) {
            longs.put(i, i * 0x9e3779b97f4a7c15L);
        }
        for (int i = longs.capacity() * 8; i < size; i++) {
            memory.bytes().put(i, (byte) i);
        }
        return memory;
    }

    private static void isEchoed(MemoryRegion sent, MemoryRegion got) {
        assertEquals(sent.size(), got.size());
        if (sent.size() > 0) {
            assertEquals(99, got.bytes().get(0));
            ByteBuffer rest = got.bytes().position(1);
            assertEquals(-1, sent.bytes().position(1).mismatch(rest));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4095, 4096, 4097, 10 << 20})
    void memoryOfAnySizeGoesThereAndBack(int size) throws Exception {
        try (MemoryRegion sent = filled(size);
                ReceivedMessage answer =
                        echo(OutgoingMessage.builder().outOfLine(sent.bytes()).move(filled(size)));
                MemoryRegion borrowed = answer.takeMemory(0);
                MemoryRegion moved = answer.takeMemory(1)) {
            isEchoed(sent, borrowed);
            isEchoed(sent, moved);
        }
    }

    @Test
    void theLargestMemoryGoesThereAndBack() throws Exception {
        try (MemoryRegion sent = filled(LARGEST);
                ReceivedMessage answer = echo(OutgoingMessage.builder().outOfLine(sent.bytes()));
                MemoryRegion got = answer.takeMemory(0)) {
            isEchoed(sent, got);
        }
    }

    @Test
    void aThousandRightsGoThereAndBackInOrder() throws Exception {
        List<ReceiveRight> ports = new ArrayList<>();
        List<SendRight> rights = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            ports.add(Task.self().allocatePort());
            rights.add(ports.get(i).makeSend());
        }
        try (ReceivedMessage answer = echo(OutgoingMessage.builder().move(RightArray.move(rights)));
                RightArray array = answer.takeRights(0)) {
            assertEquals(1000, array.size());
            for (int i = 0; i < 1000; i++) {
                try (SendRight right = array.takeSendRight(i)) {
                    assertEquals(ports.get(i).name(), right.name());
                }
            }
        }
        ports.forEach(ReceiveRight::close);
    }

    @Test
    void aBodyOfMegabytesGoesThereAndBack() throws Exception {
        byte[] body = new byte[5_000_001];
        body[5_000_000] = 7;
        try (ReceivedMessage answer = echo(OutgoingMessage.builder().body(body))) {
            assertEquals(ByteBuffer.wrap(body), answer.body());
        }
    }

    @Test
    void memoryOnItsWayToAKilledProcessIsReleased() throws Exception {
        child.stop();
        for (int i = 0; i < 3; i++) {
            OutgoingMessage.builder()
                    .move(filled(1 << 20))
                    .move(RightArray.copy(List.of(peer)))
                    .build()
                    .sendTo(peer);
        }
        child.kill();
        assertTrue(peer.isDead());
    }

    /** Sends what takes many steps to send, again and again, until it is killed. */
    public static final class Flooder {
        static final int RIGHTS = 200;
        static final int MEMORY = 300_000;
        static final int BODY = 150_000;

        public static void main(String[] arguments) throws Exception {
            List<SendRight> rights = new ArrayList<>();
            for (int i = 0; i < RIGHTS; i++) {
                rights.add(Task.self().allocatePort().makeSend());
            }
            SendRight parent = Bootstrap.lookUp(arguments[0], PATIENCE);
            System.out.println("ready");
            while (true) {
                OutgoingMessage.builder()
                        .move(RightArray.copy(rights))
                        .move(filled(MEMORY))
                        .body(new byte[BODY])
                        .build()
                        .sendTo(parent);
            }
        }
    }

    /** A sender is killed at any moment: what it sent is there whole or not at all, and the port goes on. */
    @Test
    void aKilledSenderLeavesWholeMessagesAndOthersTheirs() throws Exception {
        String name = "ool-flood-" + ProcessHandle.current().pid();
        try (ReceiveRight port = Bootstrap.checkIn(name);
                SendRight right = port.makeSend()) {
            for (int round = 0; round < ROUNDS; round++) {
                try (ChildProcess flooder = ChildProcess.start(Flooder.class, name)) {
                    flooder.readLine();
                    for (int i = 0; i < 5 + round; i++) {
                        isWhole(port);
                    }
                    CompletableFuture<Void> kill = CompletableFuture.runAsync(flooder::kill);
                    OutgoingMessage mine = OutgoingMessage.builder().id(1).build();
                    while (!mine.trySendTo(right, Duration.ZERO)) {
                        isMine(port);
                    }
                    while (!isMine(port)) {}
                    kill.get();
                }
            }
        }
    }

    private static void isWhole(ReceiveRight port) throws Exception {
        try (ReceivedMessage message =
                ReceivedMessage.tryReceiveFrom(port, PATIENCE).orElseThrow()) {
            isWhole(message);
        }
    }

    private static void isWhole(ReceivedMessage message) throws Exception {
        try (RightArray rights = message.takeRights(0);
                MemoryRegion memory = message.takeMemory(1);
                MemoryRegion expected = filled(Flooder.MEMORY)) {
            assertEquals(Flooder.RIGHTS, rights.size());
            assertEquals(expected.bytes(), memory.bytes());
            assertEquals(Flooder.BODY, message.body().remaining());
        }
    }

    private static boolean isMine(ReceiveRight port) throws Exception {
        Optional<ReceivedMessage> next = ReceivedMessage.tryReceiveFrom(port, Duration.ofMillis(50));
        if (next.isEmpty()) {
            return false;
        }
        try (ReceivedMessage message = next.get()) {
            if (message.id() == 0) {
                isWhole(message);
            }
            return message.id() == 1;
        }
    }
}
