/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.port;

import static io.machframe.core.error.KernReturn.KERN_SUCCESS;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.machframe.core.platform.MessageBuffer;
import io.machframe.core.platform.kernel.MachKernel;
import io.machframe.core.testing.LogCapture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** A kernel with one port, and a peer with a right to it that keeps to no rule. */
abstract class HostileTest {
    final MachKernel victim = new MachKernel(new LinuxTransport());
    final LogCapture log = new LogCapture(SocketReceiveEnd.class);
    final MessageBuffer buffer;
    int port;
    SocketReceiveEnd end;
    RawPeer peer;

    HostileTest(int bufferSize) {
        buffer = victim.newBuffer(bufferSize);
    }

    @BeforeAll
    static void prepare() {
        StrangeDescriptor.prepare();
    }

    @BeforeEach
    void connect() throws Exception {
        int[] name = new int[1];
        assertEquals(KERN_SUCCESS, victim.construct(0, 0, 0, name));
        port = name[0];
        end = (SocketReceiveEnd) victim.receiveEnd(port);
        peer = new RawPeer(end.makeSend());
    }

    @AfterEach
    void disconnect() {
        peer.close();
        assertEquals(KERN_SUCCESS, victim.destruct(port, 0, 0));
        log.close();
    }
}
