/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.port;

import static io.machframe.core.error.KernReturn.KERN_SUCCESS;
import static io.machframe.core.error.KernReturn.MACH_SEND_INTERRUPTED;
import static io.machframe.core.error.KernReturn.MACH_SEND_TIMED_OUT;

import io.machframe.core.platform.kernel.Notice;
import io.machframe.core.platform.kernel.Parcel;
import io.machframe.core.platform.linux.libc.Deadline;
import io.machframe.core.platform.linux.libc.LibC;
import io.machframe.core.platform.linux.libc.NativeMemory;
import io.machframe.core.platform.linux.wire.Wire;
import io.machframe.core.platform.linux.wire.WireLayout;
import org.jspecify.annotations.Nullable;

/**
 * A send-once right: the send end of the queue, the number by which the receiver admits it once, and the write end of a
 * pipe of its own, whose hang-up tells the receiver that the right is gone ({@link OnceRights}).
 */
final class SocketOnceEnd extends LinuxEnd {
    private final int queue;
    private final int pipe;
    private final int id;

    /** Admits what comes through this right, if that is in this process. */
    private final @Nullable OnceRights admission;

    /** There is nothing left to tell: it was used, or went on its way in a packet. */
    private volatile boolean spent;

    /** Takes over both descriptors of a right that was made elsewhere. */
    SocketOnceEnd(int queue, int pipe, int id) {
        this(queue, pipe, id, null);
    }

    SocketOnceEnd(int queue, int pipe, int id, @Nullable OnceRights admission) {
        this.queue = queue;
        this.pipe = pipe;
        this.id = id;
        this.admission = admission;
    }

    @Override
    public void registered() {
        if (admission != null) {
            admission.registered(id);
        }
    }

    /** Returns the book of the port that this right is to, if it was made in this process. */
    @Nullable
    OnceRights admission() {
        return admission;
    }

    @Override
    public @Nullable Object identity() {
        return null;
    }

    @Override
    public boolean hasRoom() {
        return true;
    }

    @Override
    public boolean isDead() {
        return Wire.current().hungUp(queue);
    }

    /** Passes the queue limit by; only the system's own buffer can make it wait. A dead port swallows the message. */
    @Override
    public int send(Parcel parcel, int timeoutMillis, boolean interruptible) {
        Wire wire = Wire.current();
        Deadline deadline = Deadline.after(timeoutMillis);
        int flags = WireLayout.FLAG_ONCE | (parcel.isNotice() ? WireLayout.FLAG_NOTICE : 0);
        int pause = 1;
        while (true) {
            int errno = wire.send(queue, parcel, flags, id);
            if (errno == 0 || Wire.isDeath(errno)) {
                spent = true;
                return KERN_SUCCESS;
            }
            if (errno != LibC.EAGAIN) {
                return Wire.sendCode(errno);
            }
            int left = deadline.remainingMillis();
            if (left == 0) {
                return MACH_SEND_TIMED_OUT;
            }
            if (wire.await(-1, left < 0 ? pause : Math.min(left, pause), interruptible) == Wire.INTERRUPTED) {
                return MACH_SEND_INTERRUPTED;
            }
            pause = Math.min(2 * pause, 20);
        }
    }

    @Override
    public void transferred() {
        spent = true;
    }

    /** Dropped unused: says so behind what its holder sent before. If that fails, the hang-up says it. */
    @Override
    void beforeClose() {
        if (!spent) {
            Parcel notice = new Parcel();
            Notice.sendOnce(notice, NativeMemory.allocate(Notice.MAX_SIZE));
            Wire.current().send(queue, notice, WireLayout.FLAG_ONCE | WireLayout.FLAG_NOTICE, id);
        }
    }

    @Override
    public int kind() {
        return WireLayout.KIND_ONCE;
    }

    @Override
    public int onceId() {
        return id;
    }

    @Override
    public int fdCount() {
        return 2;
    }

    @Override
    public int fd(int index) {
        return index == 0 ? queue : pipe;
    }
}
