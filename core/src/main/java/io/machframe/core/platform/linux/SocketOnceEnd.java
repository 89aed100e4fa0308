/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux;

import static io.machframe.core.error.KernReturn.KERN_SUCCESS;
import static io.machframe.core.error.KernReturn.MACH_SEND_INTERRUPTED;
import static io.machframe.core.error.KernReturn.MACH_SEND_INVALID_DEST;
import static io.machframe.core.error.KernReturn.MACH_SEND_TIMED_OUT;

import io.machframe.core.platform.kernel.Parcel;
import org.jspecify.annotations.Nullable;

/** A send-once right: the send end of the queue, and the id by which the receiver knows that it is used only once. */
final class SocketOnceEnd extends LinuxEnd {
    private final int queue;
    private final int id;

    /** Takes over the descriptor. */
    SocketOnceEnd(int queue, int id) {
        this.queue = queue;
        this.id = id;
    }

    @Override
    public @Nullable Object identity() {
        return null;
    }

    @Override
    public boolean isDead() {
        return Wire.current().hungUp(queue);
    }

    /** Passes the queue limit by; only the system's own buffer can make it wait. */
    @Override
    public int send(Parcel parcel, int timeoutMillis, boolean interruptible) {
        Wire wire = Wire.current();
        Deadline deadline = Deadline.after(timeoutMillis);
        int pause = 1;
        while (true) {
            int errno = wire.send(queue, parcel, WireLayout.FLAG_ONCE, id);
            if (errno == 0) {
                return KERN_SUCCESS;
            }
            if (errno != LibC.EAGAIN) {
                return Wire.isDeath(errno) ? MACH_SEND_INVALID_DEST : Wire.sendCode(errno);
            }
            int left = deadline.remainingMillis();
            if (left == 0) {
                return MACH_SEND_TIMED_OUT;
            }
            if (wire.await(-1, left < 0 ? pause : Math.min(left, pause), interruptible)) {
                return MACH_SEND_INTERRUPTED;
            }
            pause = Math.min(2 * pause, 20);
        }
    }

    @Override
    int kind() {
        return WireLayout.KIND_ONCE;
    }

    @Override
    int onceId() {
        return id;
    }

    @Override
    int fdCount() {
        return 1;
    }

    @Override
    int fd(int index) {
        return queue;
    }
}
