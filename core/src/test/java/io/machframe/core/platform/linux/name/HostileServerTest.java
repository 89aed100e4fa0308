/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.name;

import static io.machframe.core.error.KernReturn.BOOTSTRAP_UNKNOWN_SERVICE;
import static io.machframe.core.error.KernReturn.KERN_SUCCESS;
import static io.machframe.core.error.KernReturn.MACH_RCV_TIMED_OUT;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_PORT_SEND;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_PORT_SEND_ONCE;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.machframe.core.platform.Mach;
import io.machframe.core.platform.MessageBuffer;
import io.machframe.core.platform.MessageLayout;
import io.machframe.core.platform.kernel.MachKernel;
import io.machframe.core.platform.linux.libc.Descriptor;
import io.machframe.core.platform.linux.libc.LibC;
import io.machframe.core.platform.linux.libc.SocketAddress;
import io.machframe.core.platform.linux.port.HostileLibC;
import io.machframe.core.platform.linux.port.LinuxTransport;
import io.machframe.core.platform.linux.port.RawPacket;
import io.machframe.core.platform.linux.port.RawPeer;
import io.machframe.core.platform.linux.port.SocketSendEnd;
import io.machframe.core.platform.linux.port.StrangeDescriptor;
import io.machframe.core.platform.linux.wire.WireLayout;
import io.machframe.core.testing.RequiresCapability;
import io.machframe.core.testing.RightsLedger;
import io.machframe.core.testing.TestCapability;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A process of the same user that serves a name and answers look-ups with anything; and clients that misbehave. */
@RequiresCapability(TestCapability.LINUX)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@ExtendWith(RightsLedger.class)
class HostileServerTest {
    private static final AtomicInteger NAMES = new AtomicInteger();
    private static final int BODY = MessageLayout.DESCRIPTORS + MessageLayout.PORT_DESCRIPTOR_SIZE;

    private final String name = "hostile." + ProcessHandle.current().pid() + "." + NAMES.incrementAndGet();
    private final MachKernel kernel = new MachKernel(new LinuxTransport());
    private final LinuxBootstrapCalls bootstrap = new LinuxBootstrapCalls(kernel);
    private final int[] port = new int[1];
    private RuntimeDirectory directory;
    private int listener = -1;

    /** Kept open, so that the ports whose send ends are granted live. */
    private final List<Integer> receiveEnds = new ArrayList<>();

    @BeforeAll
    static void prepare() {
        StrangeDescriptor.prepare();
    }

    @BeforeEach
    void open() throws Exception {
        directory = RuntimeDirectory.open();
    }

    @AfterEach
    void close() {
        directory.remove(file());
        directory.close();
        receiveEnds.forEach(LibC::close);
        if (listener >= 0) {
            LibC.close(listener);
        }
    }

    private String file() {
        return ServiceFile.of(name) + ".sock";
    }

    /** Listens under the name without holding its lock, as anybody of the user may. */
    private void listen() {
        listener = LibC.socket(LibC.AF_UNIX, LibC.SOCK_SEQPACKET | LibC.SOCK_CLOEXEC, 0);
        assertEquals(0, new SocketAddress(directory.fd(), file()).bind(listener));
        assertEquals(0, LibC.listen(listener, 16));
    }

    /** Answers a look-up with a packet, or with the end of file if it is null. */
    private int answerWith(RawPacket packet) throws InterruptedException {
        Thread server = new Thread(() -> {
            for (int i = 0; i < (packet == null ? 6 : 1); i++) {
                int client = LibC.accept4(listener, 0, 0, LibC.SOCK_CLOEXEC);
                if (packet != null) {
                    assertEquals(0, new RawPeer(client).send(packet));
                }
                LibC.close(client);
            }
        });
        server.start();
        int code = bootstrap.lookUp(name, 60_000, port);
        server.join();
        if (packet != null) {
            packet.descriptors.forEach(LibC::close);
        }
        return code;
    }

    private RawPacket grant(String service) {
        byte[] text = service.getBytes(StandardCharsets.UTF_8);
        RawPacket packet = new RawPacket().right(WireLayout.KIND_PORT, MACH_MSG_TYPE_PORT_SEND, 0);
        packet.bytes.put(RawPacket.at(BODY), text);
        return packet.size(MessageLayout.round(BODY + text.length)).id(text.length);
    }

    private RawPacket liveGrant(String service) {
        int[] queue = Descriptor.socketPair();
        receiveEnds.add(queue[1]);
        return grant(service).descriptors(queue[0], StrangeDescriptor.LIVE_PIPE_READ.open());
    }

    @Test
    void aGrantAsThisLibraryWritesItIsTaken() throws Exception {
        listen();
        assertEquals(KERN_SUCCESS, answerWith(liveGrant(name)));
        assertEquals(KERN_SUCCESS, kernel.deallocate(port[0]));
    }

    @Test
    void aServerThatHangsUpServesNobody() throws Exception {
        listen();
        assertEquals(BOOTSTRAP_UNKNOWN_SERVICE, answerWith(null));
    }

    @Test
    void aServerThatSaysNothingTimesTheLookUpOut() {
        listen();
        assertEquals(MACH_RCV_TIMED_OUT, bootstrap.lookUp(name, 30, port));
        assertEquals(MACH_RCV_TIMED_OUT, bootstrap.lookUp(name, 0, port));
    }

    @Test
    void aSocketThatNobodyListensAtServesNobody() {
        listener = LibC.socket(LibC.AF_UNIX, LibC.SOCK_SEQPACKET | LibC.SOCK_CLOEXEC, 0);
        assertEquals(0, new SocketAddress(directory.fd(), file()).bind(listener));
        assertEquals(BOOTSTRAP_UNKNOWN_SERVICE, bootstrap.lookUp(name, 60_000, port));
    }

    @Test
    void aFileOrADirectoryInASocketsPlaceServesNobody() {
        int file = LibC.openat(directory.fd(), file(), LibC.O_RDWR | LibC.O_CREAT | LibC.O_CLOEXEC, 0600);
        LibC.close(file);
        assertEquals(BOOTSTRAP_UNKNOWN_SERVICE, bootstrap.lookUp(name, 60_000, port));
    }

    @Test
    void anotherServicesGrantIsRefused() throws Exception {
        listen();
        for (String other : List.of("", name + "x", name.substring(1), "\0" + name, name + "\0")) {
            assertEquals(BOOTSTRAP_UNKNOWN_SERVICE, answerWith(liveGrant(other)));
        }
        for (int length : new int[] {-1, 1000, Integer.MAX_VALUE, Integer.MIN_VALUE, name.length() - 1}) {
            assertEquals(BOOTSTRAP_UNKNOWN_SERVICE, answerWith(liveGrant(name).id(length)));
        }
    }

    @Test
    void aGrantOfSomethingElseIsRefused() throws Exception {
        listen();
        List<RawPacket> wrong = new ArrayList<>();
        wrong.add(grant(name));
        wrong.add(liveGrant(name).put(WireLayout.MAGIC, 0));
        wrong.add(liveGrant(name).once(0));
        wrong.add(liveGrant(name).once(77));
        wrong.add(liveGrant(name).descriptors(StrangeDescriptor.FILE.open()));
        wrong.add(liveGrant(name).bits(MACH_MSG_TYPE_PORT_SEND));
        wrong.add(new RawPacket());
        wrong.add(new RawPacket().size(4096));
        wrong.add(new RawPacket().size(200_000));
        wrong.add(new RawPacket()
                .right(WireLayout.KIND_MEMORY, MACH_MSG_TYPE_PORT_SEND, 0)
                .size(200)
                .descriptors(StrangeDescriptor.MEMORY.open()));
        wrong.add(new RawPacket()
                .right(WireLayout.KIND_ONCE, MACH_MSG_TYPE_PORT_SEND_ONCE, 5)
                .size(200)
                .descriptors(StrangeDescriptor.LIVE_SEQUENCED.open()));
        RawPacket two = new RawPacket()
                .right(WireLayout.KIND_MEMORY, MACH_MSG_TYPE_PORT_SEND, 0)
                .right(WireLayout.KIND_MEMORY, MACH_MSG_TYPE_PORT_SEND, 0);
        wrong.add(two.size(200).descriptors(StrangeDescriptor.MEMORY.open(), StrangeDescriptor.MEMORY.open()));
        RawPacket none = new RawPacket().right(0, MACH_MSG_TYPE_PORT_SEND, 0);
        wrong.add(none.put(RawPacket.at(MessageLayout.DESCRIPTORS), -1).size(200));
        for (RawPacket packet : wrong) {
            assertEquals(BOOTSTRAP_UNKNOWN_SERVICE, answerWith(packet));
        }
    }

    @Test
    void garbageInAnyLengthIsRefused() throws Exception {
        listen();
        Random random = new Random(7);
        for (int length : new int[] {1, 31, 32, 56, 72, 100, 255, 288, 289, 1000, 100_000}) {
            RawPacket packet = new RawPacket();
            byte[] bytes = new byte[length];
            random.nextBytes(bytes);
            packet.bytes.put(0, bytes);
            packet.size = length;
            packet.descriptors(StrangeDescriptor.PIPE_READ.open(), StrangeDescriptor.ZERO.open());
            assertEquals(BOOTSTRAP_UNKNOWN_SERVICE, answerWith(packet));
        }
    }

    /** Clients that connect and go, say something, or stay: the service answers those that behave. */
    @Test
    void clientsThatMisbehaveKeepNobodyFromBeingAnswered() {
        int[] service = new int[1];
        assertEquals(KERN_SUCCESS, bootstrap.checkIn(name, service));
        List<Integer> stay = new ArrayList<>();
        SocketAddress address = new SocketAddress(directory.fd(), file());
        for (int i = 0; i < 300; i++) {
            int client = LibC.socket(LibC.AF_UNIX, LibC.SOCK_SEQPACKET | LibC.SOCK_CLOEXEC, 0);
            assertEquals(0, address.connect(client));
            RawPeer peer = new RawPeer(client);
            if (i % 3 == 0) {
                peer.send(new RawPacket().id(i));
            }
            if (i % 3 == 1) {
                stay.add(client);
            } else {
                LibC.close(client);
            }
        }
        for (int i = 0; i < 10; i++) {
            assertEquals(KERN_SUCCESS, bootstrap.lookUp(name, 60_000, port));
            assertEquals(service[0], port[0]);
            assertEquals(KERN_SUCCESS, kernel.deallocate(port[0]));
        }
        stay.forEach(LibC::close);
        assertEquals(KERN_SUCCESS, kernel.destruct(service[0], 0, 0));
    }

    /** A service whose socket a peer shut down is given up, and its name is free. */
    @Test
    void aServiceThatAPeerShutDownGivesItsNameUp() {
        int[] service = new int[1];
        assertEquals(KERN_SUCCESS, bootstrap.checkIn(name, service));
        assertEquals(KERN_SUCCESS, bootstrap.lookUp(name, 60_000, port));
        SocketSendEnd right = (SocketSendEnd) kernel.object(port[0]);
        assertEquals(0, HostileLibC.shutdown(right.fd(0), HostileLibC.SHUT_RDWR));
        right.close();
        MessageBuffer buffer = kernel.newBuffer(256);
        kernel.message(buffer, Mach.MACH_RCV_MSG, 0, 256, service[0], 0);
        assertEquals(BOOTSTRAP_UNKNOWN_SERVICE, bootstrap.lookUp(name, 60_000, port));
        int[] again = new int[1];
        assertEquals(KERN_SUCCESS, bootstrap.checkIn(name, again));
        assertEquals(KERN_SUCCESS, kernel.destruct(again[0], 0, 0));
        assertEquals(KERN_SUCCESS, kernel.destruct(service[0], -1, 0));
    }
}
