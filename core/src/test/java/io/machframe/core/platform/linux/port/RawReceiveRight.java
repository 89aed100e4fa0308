/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.port;

import io.machframe.core.platform.Mach;
import io.machframe.core.platform.MessageBuffer;
import io.machframe.core.platform.linux.libc.LibC;
import io.machframe.core.platform.linux.libc.NativeMemory;
import io.machframe.core.platform.linux.wire.ControlPacket;
import io.machframe.core.platform.linux.wire.WireLayout;
import java.util.Random;

/**
 * A receive right as a peer makes it up: two ends of a queue, a pipe, and a {@link ReceiveBundle} in the
 * words of {@link #bundle}. A new one is good but for the bundle, which is empty; a test then spoils it.
 */
final class RawReceiveRight implements AutoCloseable {
    /** Which of the ints of a bundle's first packet is which. */
    static final int MAGIC = 0;

    static final int ONCES = 2;
    static final int FLAGS = 3;
    static final int REGISTERED = 6;
    static final int INTS = 7;

    static final int MAGIC_VALUE = 0x3152464d;
    static final int NO_SENDERS = 1;
    static final int PORT_DESTROYED = 2;
    static final int KEPT = 8;
    static final int KEPT_CREDITED = 16;

    /** What it is made of, in the order it travels in: a peer may put anything there. */
    final int[] descriptors = new int[4];

    /** Writes into the bundle. */
    final RawPeer bundle;

    RawReceiveRight() {
        MessageBuffer pair = NativeMemory.allocate(24);
        LibC.socketpair(LibC.AF_UNIX, LibC.SOCK_SEQPACKET | LibC.SOCK_CLOEXEC, 0, pair.address());
        LibC.pipe2(pair.address() + 8, LibC.O_CLOEXEC | LibC.O_NONBLOCK);
        LibC.socketpair(LibC.AF_UNIX, LibC.SOCK_SEQPACKET | LibC.SOCK_CLOEXEC, 0, pair.address() + 16);
        descriptors[0] = pair.bytes().getInt(4);
        descriptors[1] = pair.bytes().getInt(0);
        LibC.close(pair.bytes().getInt(8));
        descriptors[SocketReceiveEnd.PIPE] = pair.bytes().getInt(12);
        descriptors[3] = pair.bytes().getInt(20);
        bundle = new RawPeer(pair.bytes().getInt(16));
    }

    /** Returns the ints of a good first packet for a port without requests, send-once rights or a kept message. */
    static int[] state() {
        return new int[] {MAGIC_VALUE, Mach.MACH_PORT_QLIMIT_DEFAULT, 0, 0, 0, 0, 0};
    }

    /** Returns such ints with one of them another. */
    static int[] state(int index, int value) {
        int[] state = state();
        state[index] = value;
        return state;
    }

    RawReceiveRight packet(int[] ints, int... fds) {
        ControlPacket packet = new ControlPacket();
        for (int value : ints) {
            packet.putInt(value);
        }
        for (int fd : fds) {
            packet.putFd(fd);
        }
        packet.send(bundle.queue());
        for (int fd : fds) {
            LibC.close(fd);
        }
        return this;
    }

    RawReceiveRight kept(RawPacket message) {
        bundle.send(message);
        message.descriptors.forEach(LibC::close);
        return this;
    }

    /** Puts something else in the place of one of the four. */
    RawReceiveRight replace(int index, int fd) {
        LibC.close(descriptors[index]);
        descriptors[index] = fd;
        return this;
    }

    /** Says that a packet carries this right; its descriptors have to be added, by {@link RawPacket#descriptors}. */
    RawPacket in(RawPacket packet) {
        packet.right(WireLayout.KIND_RECEIVE, Mach.MACH_MSG_TYPE_PORT_RECEIVE, 0);
        for (int fd : descriptors) {
            packet.descriptors(LibC.fcntl(fd, LibC.F_DUPFD_CLOEXEC, 0));
        }
        return packet;
    }

    /** Makes one up, nearly always good. */
    static RawReceiveRight any(Random random) {
        RawReceiveRight right = new RawReceiveRight();
        int[] state = state();
        int onces = random.nextInt(4);
        boolean kept = random.nextInt(4) == 0;
        state[ONCES] = onces;
        state[FLAGS] = kept ? KEPT | random.nextInt(2) * KEPT_CREDITED : 0;
        state[REGISTERED] = random.nextInt(2);
        if (random.nextInt(3) == 0) {
            state[random.nextInt(INTS)] = random.nextInt(7) - 3;
        }
        right.packet(state);
        for (int i = 0; i < onces; i++) {
            StrangeDescriptor pipe =
                    random.nextInt(5) == 0 ? StrangeDescriptor.any(random.nextInt()) : StrangeDescriptor.PIPE_READ;
            right.packet(new int[] {random.nextInt(5)}, pipe.open());
        }
        if (kept) {
            RawPacket message = new RawPacket().id(random.nextInt());
            message.size(24 + 4 * random.nextInt(random.nextInt(10) == 0 ? 50_000 : 20));
            right.kept(message.flags(random.nextInt(8)));
        }
        if (random.nextInt(10) == 0) {
            right.replace(
                    random.nextInt(4), StrangeDescriptor.any(random.nextInt()).open());
        }
        return right;
    }

    @Override
    public void close() {
        for (int fd : descriptors) {
            LibC.close(fd);
        }
        bundle.close();
    }
}
