/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.wire;

/**
 * One thread's means to send and receive packets and to wait for them: four parts over one native memory, made once for
 * each thread.
 */
public final class Wire {
    private static final ThreadLocal<Wire> CURRENT = ThreadLocal.withInitial(Wire::new);

    private final SocketOptions sockets;
    private final Poller poller;
    private final PacketWriter writer;
    private final PacketReader reader;

    private Wire() {
        NativeScratch scratch = new NativeScratch();
        sockets = new SocketOptions(scratch);
        poller = new Poller(scratch);
        writer = new PacketWriter(scratch, sockets);
        reader = new PacketReader(scratch);
    }

    public static Wire current() {
        return CURRENT.get();
    }

    public SocketOptions sockets() {
        return sockets;
    }

    public Poller poller() {
        return poller;
    }

    public PacketWriter writer() {
        return writer;
    }

    public PacketReader reader() {
        return reader;
    }
}
