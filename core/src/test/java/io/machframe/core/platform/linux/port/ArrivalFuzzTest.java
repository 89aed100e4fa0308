/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.port;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.machframe.core.error.InvalidMessageException;
import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;
import io.machframe.core.internal.PortAccess;
import io.machframe.core.memory.MemoryRegion;
import io.machframe.core.message.DescriptorKind;
import io.machframe.core.message.OutgoingMessage;
import io.machframe.core.message.ReceivedMessage;
import io.machframe.core.platform.MessageBuffer;
import io.machframe.core.platform.MessageLayout;
import io.machframe.core.platform.kernel.MachKernel;
import io.machframe.core.platform.kernel.Parcel;
import io.machframe.core.platform.linux.libc.LibC;
import io.machframe.core.platform.linux.libc.NativeMemory;
import io.machframe.core.platform.linux.memory.HostileMemory;
import io.machframe.core.platform.linux.memory.MemoryFile;
import io.machframe.core.platform.linux.wire.WireLayout;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendRight;
import io.machframe.core.port.Task;
import io.machframe.core.testing.LogCapture;
import io.machframe.core.testing.RequiresCapability;
import io.machframe.core.testing.RightsLedger;
import io.machframe.core.testing.TestCapability;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Packets made by the grammar of good ones, with some of their parts spoiled: whatever comes, the receiver takes it or
 * destroys it whole, holds no descriptor of what it destroyed, and gets the next good message.
 *
 * <p>{@code -Dmachframe.fuzz.count} says how many, {@code -Dmachframe.fuzz.seed} which.
 */
@RequiresCapability(TestCapability.LINUX)
@Timeout(value = 3600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@ExtendWith(RightsLedger.class)
class ArrivalFuzzTest {
    @BeforeAll
    static void prepare() {
        StrangeDescriptor.prepare();
    }

    private static final int COUNT = Integer.getInteger("machframe.fuzz.count", 10_000);
    private static final long SEED = Long.getLong("machframe.fuzz.seed", 20260101);
    private static final int GOOD = 0x600d;
    private static final int[] EDGES = {
        0, 1, -1, 2, 3, 4, 16, 17, 18, 24, 28, 255, 65535, 1 << 16, Integer.MAX_VALUE, 1 << 31
    };

    private final Random random = new Random(SEED);
    private final MachKernel kernel = new MachKernel(new LinuxTransport());
    private final Task victim = PortAccess.get().taskOn(kernel);
    private int onceId;

    @Test
    void whateverArrivesTheReceiverStaysWhole() throws Exception {
        int taken = 0;
        try (LogCapture log = new LogCapture(SocketReceiveEnd.class);
                ReceiveRight port = victim.allocatePort()) {
            SocketReceiveEnd end = end(port);
            SocketOnceEnd once = (SocketOnceEnd) end.makeSendOnce();
            onceId = once.onceId();
            try (RawPeer peer = new RawPeer(end.makeSend())) {
                for (int i = 0; i < COUNT; i++) {
                    RawPacket packet = packet();
                    int sent = peer.send(packet);
                    packet.descriptors.forEach(LibC::close);
                    taken += sent == 0 ? receive(port, i) : 0;
                    if (end.sendOnceRights() == 0) {
                        once.close();
                        once = (SocketOnceEnd) end.makeSendOnce();
                        onceId = once.onceId();
                    }
                    if (i % 50 == 0) {
                        assertEquals(0, peer.send(new RawPacket().id(GOOD)));
                        try (ReceivedMessage good = ReceivedMessage.receiveFrom(port)) {
                            assertEquals(GOOD, good.id());
                        }
                    }
                }
            }
            once.close();
            assertEquals(1, log.messages().size());
        }
        System.out.println("ArrivalFuzzTest: " + COUNT + " packets of seed " + SEED + ", " + taken + " of them good");
    }

    private SocketReceiveEnd end(ReceiveRight port) {
        return (SocketReceiveEnd) kernel.receiveEnd(port.name().value());
    }

    /** Reads a message that came as an application would, and returns whether one came. */
    private int receive(ReceiveRight port, int number) throws Exception {
        try {
            Optional<ReceivedMessage> arrived = ReceivedMessage.tryReceiveFrom(port, Duration.ZERO);
            if (arrived.isEmpty()) {
                return 0;
            }
            try (ReceivedMessage message = arrived.get()) {
                read(message);
            }
            return 1;
        } catch (InvalidMessageException e) {
            return 0;
        } catch (MachException e) {
            // Two receive rights to what seems one port: the second is refused, and the message with it.
            assertEquals(
                    KernReturn.MACH_RCV_BODY_ERROR,
                    e.reason().withoutSpecialBits().code(),
                    () -> "packet " + number + " of seed " + SEED);
            return 0;
        } catch (RuntimeException | Error e) {
            throw new AssertionError("packet " + number + " of seed " + SEED, e);
        }
    }

    private static void read(ReceivedMessage message) throws Exception {
        message.rawBody().get(new byte[message.rawBody().remaining()]);
        for (int i = 0; i < message.descriptorCount(); i += 2) {
            if (message.descriptorKind(i) == DescriptorKind.SEND) {
                message.takeSendRight(i).close();
            } else if (message.descriptorKind(i) == DescriptorKind.RECEIVE) {
                try (ReceiveRight right = message.takeReceiveRight(i)) {
                    use(right);
                }
            } else if (message.descriptorKind(i) == DescriptorKind.RIGHTS) {
                message.takeRights(i).close();
            } else if (message.descriptorKind(i) == DescriptorKind.MEMORY) {
                try (MemoryRegion memory = message.takeMemory(i)) {
                    memory.bytes().get(new byte[(int) memory.size()]);
                }
            }
        }
        try {
            message.body();
        } catch (InvalidMessageException notFramed) {
            // a peer may have a layout of its own
        }
    }

    /** A port that a peer made up may be dead, or hold a message that is no good. */
    private static void use(ReceiveRight right) throws Exception {
        right.status();
        try (SendRight own = right.makeSend()) {
            OutgoingMessage.builder().build().trySendTo(own, Duration.ZERO);
            ReceivedMessage.tryReceiveFrom(right, Duration.ZERO).ifPresent(ReceivedMessage::close);
        } catch (MachException e) {
            assertNotEquals(KernReturn.MACH_RCV_INVALID_NAME, e.reason().code());
        }
    }

    /** message = prefix header [count descriptor*] body extra; then each part may be spoiled. */
    private RawPacket packet() {
        RawPacket packet = new RawPacket().id(random.nextInt());
        if (chance(20)) {
            packet.once(chance(30) ? onceId : random.nextInt());
            if (chance(50)) {
                packet.flags(WireLayout.FLAG_ONCE | WireLayout.FLAG_NOTICE).id(64 + random.nextInt(10));
            }
        } else if (chance(50)) {
            packet.flags(WireLayout.FLAG_CREDITED);
        }
        if (chance(30)) {
            int kind = kind();
            packet.reply(kind, disposition(kind), random.nextInt());
            packet.descriptors.addAll(descriptors(kind));
        }
        int rights = chance(50) ? 0 : chance(95) ? random.nextInt(5) : random.nextInt(80);
        for (int i = 0; i < rights; i++) {
            addRight(packet);
        }
        int extra = chance(70) ? 0 : addMemory(packet);
        if (chance(50)) {
            packet.size(packet.size - WireLayout.PREFIX_SIZE + 4 * random.nextInt(chance(95) ? 50 : 20_000));
        }
        packet.extra(extra);
        if (chance(10)) {
            packInto(packet);
        }
        if (chance(10)) {
            carry(packet);
        }
        for (int spoiled = chance(40) ? 0 : 1 + random.nextInt(3); spoiled > 0; spoiled--) {
            spoil(packet);
        }
        return packet;
    }

    /** Adds descriptors of memory and arrays, and returns how many bytes they have out of line. */
    private int addMemory(RawPacket packet) {
        int extra = 0;
        List<Integer> files = new ArrayList<>();
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            int size = random.nextInt(chance(95) ? 5000 : 60_000);
            if (chance(30)) {
                int count = random.nextInt(3);
                packet.array(count == 0 ? 0 : Parcel.PRESENT, count);
                extra += count * MessageLayout.PORT_DESCRIPTOR_SIZE;
            } else if (chance(50)) {
                packet.memory(size == 0 ? 0 : Parcel.INLINE, size);
                extra += size;
            } else {
                packet.memory(Parcel.PRESENT, size + 1);
                int seals = chance(90) ? 15 : random.nextInt(32);
                files.add(HostileMemory.memfd(chance(90) ? size + 1 : random.nextInt(5000), seals));
            }
        }
        packet.descriptors.addAll(files);
        return extra;
    }

    /** Puts message and extra into a file. */
    private void packInto(RawPacket packet) {
        MessageBuffer bytes = NativeMemory.allocate(packet.size);
        bytes.bytes().put(0, packet.bytes, 0, packet.size);
        int file = HostileMemory.memfd(0, 0);
        MemoryFile.write(file, bytes.address() + WireLayout.PREFIX_SIZE, packet.size - WireLayout.PREFIX_SIZE);
        packet.descriptors.add(0, file);
        packet.flags(packet.bytes.getInt(WireLayout.FLAGS) | WireLayout.FLAG_FILE);
        packet.size = WireLayout.PREFIX_SIZE;
    }

    /** Puts the descriptors into a socket, all but that of a file. */
    private void carry(RawPacket packet) {
        int flags = packet.bytes.getInt(WireLayout.FLAGS);
        int first = (flags & WireLayout.FLAG_FILE) != 0 ? 1 : 0;
        List<Integer> carried = packet.descriptors.subList(first, packet.descriptors.size());
        int[] fds =
                carried.stream().limit(WireLayout.MAX_FDS).mapToInt(fd -> fd).toArray();
        int carrier = HostileOutOfLineTest.carrier(fds);
        carried.stream().skip(WireLayout.MAX_FDS).forEach(LibC::close);
        carried.clear();
        packet.descriptors(carrier);
        packet.flags(flags | WireLayout.FLAG_OVERFLOW);
    }

    private void addRight(RawPacket packet) {
        int kind = kind();
        packet.right(kind, disposition(kind), random.nextInt());
        if (chance(80)) {
            packet.descriptors.addAll(descriptors(kind));
        } else {
            int name = packet.size - MessageLayout.PORT_DESCRIPTOR_SIZE;
            packet.put(name, chance(50) ? 0 : -1);
        }
    }

    private int kind() {
        return chance(97) ? random.nextInt(chance(50) ? 4 : 3) : chance(50) ? WireLayout.KIND_SAME : random.nextInt();
    }

    private int disposition(int kind) {
        return !chance(97)
                ? random.nextInt(24)
                : kind == WireLayout.KIND_RECEIVE ? 16 : kind == WireLayout.KIND_ONCE ? 18 : 17;
    }

    /** Returns what a right of a kind is made of, nearly always. */
    private List<Integer> descriptors(int kind) {
        List<Integer> fds = new ArrayList<>();
        if (!chance(97)) {
            fds.add(StrangeDescriptor.any(random.nextInt()).open());
            return fds;
        }
        if (kind == WireLayout.KIND_MEMORY) {
            fds.add(StrangeDescriptor.MEMORY.open());
            return fds;
        }
        if (kind == WireLayout.KIND_RECEIVE) {
            try (RawReceiveRight right = RawReceiveRight.any(random)) {
                fds.addAll(right.in(new RawPacket()).descriptors);
            }
            return fds;
        }
        fds.add((chance(50) ? StrangeDescriptor.SEQUENCED : StrangeDescriptor.LIVE_SEQUENCED).open());
        if (kind == WireLayout.KIND_ONCE) {
            fds.add(StrangeDescriptor.PIPE_WRITE.open());
        }
        if (kind == WireLayout.KIND_PORT) {
            fds.add((chance(50) ? StrangeDescriptor.FREE_PIPE_READ : StrangeDescriptor.LIVE_PIPE_READ).open());
        }
        return fds;
    }

    private void spoil(RawPacket packet) {
        switch (random.nextInt(8)) {
            case 0 -> packet.put(4 * random.nextInt(WireLayout.PREFIX_SIZE / 4), value());
            case 1 -> packet.put(RawPacket.at(4 * random.nextInt(6)), value());
            case 2 -> packet.bytes.put(random.nextInt(Math.max(1, packet.size)), (byte) random.nextInt());
            case 3 -> packet.size = Math.max(0, Math.min(packet.size + random.nextInt(41) - 20, 200_000));
            case 4 -> packet.put(RawPacket.at(MessageLayout.DESCRIPTOR_COUNT), value());
            case 5 -> spoilDescriptors(packet);
            case 6 -> packet.size = random.nextInt(200);
            default -> packet.put(4 * random.nextInt(packet.size / 4 + 1), value());
        }
    }

    private void spoilDescriptors(RawPacket packet) {
        if (packet.descriptors.isEmpty() || chance(50)) {
            packet.descriptors(StrangeDescriptor.any(random.nextInt()).open());
        } else if (chance(50)) {
            LibC.close(packet.descriptors.remove(random.nextInt(packet.descriptors.size())));
        } else {
            Collections.shuffle(packet.descriptors, random);
        }
    }

    private int value() {
        return chance(70) ? EDGES[random.nextInt(EDGES.length)] : random.nextInt();
    }

    private boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }
}
