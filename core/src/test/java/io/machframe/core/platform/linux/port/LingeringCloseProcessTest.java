/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.port;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.machframe.core.bootstrap.Bootstrap;
import io.machframe.core.message.OutgoingMessage;
import io.machframe.core.message.ReceivedMessage;
import io.machframe.core.platform.Mach;
import io.machframe.core.platform.kernel.MachKernel;
import io.machframe.core.platform.linux.libc.Descriptor;
import io.machframe.core.platform.linux.libc.LibC;
import io.machframe.core.platform.linux.name.LinuxBootstrapCalls;
import io.machframe.core.platform.linux.wire.Wire;
import io.machframe.core.platform.linux.wire.WireLayout;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendRight;
import io.machframe.core.testing.ChildProcess;
import io.machframe.core.testing.RequiresCapability;
import io.machframe.core.testing.TestCapability;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A descriptor from a peer whose close waits for an hour keeps no thread of the receiver waiting. */
@RequiresCapability(TestCapability.LINUX)
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LingeringCloseProcessTest {
    private static final int AFTERWARDS = 5;

    /** Where the peer puts it. */
    enum Place {
        PIPE_OF_A_SEND_RIGHT,
        QUEUE_OF_A_SEND_RIGHT,
        BESIDE_GARBAGE,
        OVERFLOW_SOCKET,
        IN_AN_UNREAD_QUEUE
    }

    @ParameterizedTest
    @EnumSource
    void theReceiverGoesOn(Place place) throws Exception {
        String name = "lingering." + place + "." + ProcessHandle.current().pid();
        ReceiveRight service = Bootstrap.checkIn(name);
        try (ChildProcess child = ChildProcess.start(Peer.class, name, place.name())) {
            assertEquals("sent", child.readLine());
            if (place == Place.IN_AN_UNREAD_QUEUE) {
                service.close();
            } else {
                // What is refused is destroyed before the good message behind it; what is accepted is closed here.
                int id;
                do {
                    try (ReceivedMessage message = ReceivedMessage.receiveFrom(service)) {
                        id = message.id();
                    }
                } while (id != Peer.GOOD);
                service.close();
            }
            try (ReceiveRight again = Bootstrap.checkIn(name);
                    SendRight right = Bootstrap.lookUp(name, Duration.ofSeconds(60))) {
                OutgoingMessage.builder().id(AFTERWARDS).build().sendTo(right);
                try (ReceivedMessage message = ReceivedMessage.receiveFrom(again)) {
                    assertEquals(AFTERWARDS, message.id());
                }
            }
        }
    }

    /** Sends the descriptor, closes its own and lives on. */
    static final class Peer {
        static final int GOOD = 77;

        private Peer() {}

        public static void main(String[] arguments) throws Exception {
            MachKernel kernel = new MachKernel(new LinuxTransport());
            int[] server = new int[1];
            new LinuxBootstrapCalls(kernel).lookUp(arguments[0], 60_000, server);
            RawPeer peer = new RawPeer(kernel.object(server[0]));
            for (RawPacket packet : packets(Place.valueOf(arguments[1]))) {
                assertEquals(0, peer.send(packet));
                packet.descriptors.forEach(LibC::close);
            }
            System.out.println("sent");
            Thread.sleep(600_000);
        }

        private static List<RawPacket> packets(Place place) {
            RawPacket good = new RawPacket().id(GOOD);
            int lingering = LingeringDescriptor.open();
            RawPacket right = new RawPacket().right(WireLayout.KIND_PORT, Mach.MACH_MSG_TYPE_PORT_SEND, 0);
            return switch (place) {
                case PIPE_OF_A_SEND_RIGHT -> {
                    int[] queue = Descriptor.socketPair();
                    yield List.of(right.descriptors(queue[0], lingering), good);
                }
                case QUEUE_OF_A_SEND_RIGHT -> {
                    int[] queue = Descriptor.socketPair();
                    Wire.current().writer().sendFds(queue[1], new int[] {lingering}, 0, 1);
                    LibC.close(lingering);
                    LibC.close(queue[1]);
                    int[] pipe = Descriptor.pipe(LibC.O_NONBLOCK);
                    LibC.close(pipe[1]);
                    yield List.of(right.descriptors(queue[0], pipe[0]), good);
                }
                case BESIDE_GARBAGE -> List.of(new RawPacket().descriptors(lingering), good);
                case OVERFLOW_SOCKET -> {
                    int[] overflow = Descriptor.socketPair();
                    Wire.current().writer().sendFds(overflow[1], new int[] {lingering}, 0, 1);
                    LibC.close(lingering);
                    LibC.close(overflow[1]);
                    yield List.of(
                            new RawPacket().flags(WireLayout.FLAG_OVERFLOW).descriptors(overflow[0]), good);
                }
                case IN_AN_UNREAD_QUEUE -> List.of(new RawPacket().descriptors(lingering));
            };
        }
    }
}
