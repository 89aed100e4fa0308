/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.port;

import io.machframe.core.platform.kernel.Notice;
import io.machframe.core.platform.kernel.Parcel;
import io.machframe.core.platform.kernel.SendEnd;
import io.machframe.core.platform.linux.libc.Descriptor;
import io.machframe.core.platform.linux.libc.LibC;
import io.machframe.core.platform.linux.libc.NativeMemory;

/**
 * How a receive right comes back to the process that asked for it with a port-destroyed request: a live holder that closes
 * it sends it to the request's target; for a holder that is killed, the target's process kept a copy when it sent the right
 * away.
 */
final class Escrow {
    private Escrow() {}

    /** Leaves copies of a right that is being sent away, if the target of its port-destroyed request is in this process. */
    static void deposit(SocketReceiveEnd right, SendOnceRegistry onces, int limit) {
        if (!(right.requests().portDestroyed() instanceof SocketOnceEnd request) || request.admission() == null) {
            return;
        }
        int[] copies = new int[3];
        boolean whole = true;
        for (int i = 0; i < copies.length; i++) {
            copies[i] = Descriptor.duplicate(right.fd(i));
            whole &= copies[i] >= 0;
        }
        if (!whole) { // for want of descriptors the port dies with its holder
            for (int copy : copies) {
                LibC.close(copy);
            }
            return;
        }
        SocketReceiveEnd copy =
                SocketReceiveEnd.copy(copies[0], copies[1], copies[SocketReceiveEnd.PIPE], limit, onces);
        request.admission().putInEscrow(request.onceId(), copy);
    }

    /** Sends a right to the target of its port-destroyed request; it dies if it cannot be sent there. */
    static void handOver(SocketReceiveEnd right, SendEnd target) {
        Parcel notice = new Parcel();
        Notice.portDestroyed(notice, NativeMemory.allocate(Notice.MAX_SIZE), right);
        target.send(notice, 0, false);
        target.close();
        notice.clear();
    }

    /** Returns the notice that takes the place of a lost right's message: with what is in escrow for it, if anything is. */
    static StashedMessage noticeOf(SendOnceRegistry onces, int lost) {
        SocketReceiveEnd back = onces.takeFromEscrow(lost);
        Parcel notice = new Parcel();
        if (back == null) {
            Notice.sendOnce(notice, NativeMemory.allocate(Notice.MAX_SIZE));
        } else {
            Notice.portDestroyed(notice, NativeMemory.allocate(Notice.MAX_SIZE), back);
        }
        return new StashedMessage(notice, false);
    }
}
