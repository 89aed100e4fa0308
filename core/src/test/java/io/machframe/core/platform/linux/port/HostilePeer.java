/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.port;

import static io.machframe.core.error.KernReturn.KERN_SUCCESS;
import static io.machframe.core.error.KernReturn.MACH_RCV_TIMED_OUT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.platform.Mach;
import io.machframe.core.platform.MessageLayout;
import io.machframe.core.platform.linux.libc.LibC;

/**
 * A malicious peer with a receiver that goes on: what is wrong is destroyed with all that came with it, and the next good
 * message arrives.
 */
abstract class HostilePeer extends HostileTest {
    static final int GOOD = 0x600d;

    HostilePeer() {
        super(64 * 1024);
    }

    final int receive(int options, int size, int timeout) {
        return victim.message(buffer, Mach.MACH_RCV_MSG | options, 0, size, port, timeout);
    }

    final int receive() {
        return receive(Mach.MACH_RCV_TIMEOUT, buffer.capacity(), 0);
    }

    final int id() {
        return buffer.bytes().getInt(MessageLayout.ID);
    }

    /** The packet does not arrive, and the next good one does. */
    final void isDestroyed(RawPacket packet) {
        assertEquals(0, peer.send(packet));
        packet.descriptors.forEach(LibC::close);
        goodArrives();
    }

    final void goodArrives() {
        assertEquals(0, peer.send(new RawPacket().id(GOOD)));
        assertEquals(KERN_SUCCESS, receive());
        assertEquals(GOOD, id());
        assertEquals(MACH_RCV_TIMED_OUT, receive());
    }

    final void takePlaces(int count) throws Exception {
        try (CreditPage places = CreditPage.find(peer.queue())) {
            for (int i = 0; i < count; i++) {
                assertTrue(places.take());
            }
        }
    }
}
