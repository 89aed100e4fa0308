/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.port;

import static io.machframe.core.error.KernReturn.KERN_SUCCESS;
import static io.machframe.core.error.KernReturn.MACH_SEND_INTERRUPTED;
import static io.machframe.core.error.KernReturn.MACH_SEND_TIMED_OUT;

import io.machframe.core.platform.kernel.Notice;
import io.machframe.core.platform.kernel.Parcel;
import io.machframe.core.platform.linux.libc.Deadline;
import io.machframe.core.platform.linux.libc.DescriptorCloser;
import io.machframe.core.platform.linux.libc.Errno;
import io.machframe.core.platform.linux.libc.LibC;
import io.machframe.core.platform.linux.libc.NativeMemory;
import io.machframe.core.platform.linux.wire.Poller;
import io.machframe.core.platform.linux.wire.Wire;
import io.machframe.core.platform.linux.wire.WireLayout;
import org.jspecify.annotations.Nullable;

/**
 * A send-once right: the send end of the queue, the number by which the receiver admits it once, and the write end of a
 * pipe of its own, whose hang-up tells the receiver that the right is gone ({@link SendOnceRegistry}).
 */
final class SocketOnceEnd extends LinuxEnd {
    private final int queue;
    private final int pipe;
    private final int id;

    /** Admits what comes through this right, if that is in this process. */
    private final @Nullable SendOnceRegistry admission;

    /** Another process sent it: what the socket holds, and so how long closing it takes, is that process's choice. */
    private final boolean foreign;

    /** There is nothing left to report: it was used, or sent in a packet. */
    private volatile boolean spent;

    /** Takes ownership of both descriptors. */
    SocketOnceEnd(int queue, int pipe, int id, @Nullable SendOnceRegistry admission, boolean foreign) {
        this.queue = queue;
        this.pipe = pipe;
        this.id = id;
        this.admission = admission;
        this.foreign = foreign;
    }

    @Override
    public void registered() {
        if (admission != null) {
            admission.registered(id);
        }
    }

    /** Returns the registry of the port that this right is to, if it was made in this process. */
    @Nullable
    SendOnceRegistry admission() {
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
        return Wire.current().poller().hungUp(queue);
    }

    /** Needs no credit; only the system's own buffer can make it wait. A dead port swallows the message. */
    @Override
    public int send(Parcel parcel, int timeoutMillis, boolean interruptible) {
        Wire wire = Wire.current();
        Deadline deadline = Deadline.after(timeoutMillis);
        int flags = WireLayout.FLAG_ONCE | (parcel.isNotice() ? WireLayout.FLAG_NOTICE : 0);
        int pause = 1;
        while (true) {
            int errno = wire.writer().send(queue, parcel, flags, id);
            if (errno == 0 || Errno.isDeath(errno)) {
                spent = true;
                return KERN_SUCCESS;
            }
            if (errno != LibC.EAGAIN) {
                return Errno.sendCode(errno);
            }
            int left = deadline.remainingMillis();
            if (left == 0) {
                return MACH_SEND_TIMED_OUT;
            }
            if (wire.poller().await(-1, Deadline.earlier(left, pause), interruptible) == Poller.Outcome.INTERRUPTED) {
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
    void closeDescriptors() {
        if (!spent) {
            Parcel notice = new Parcel();
            Notice.sendOnce(notice, NativeMemory.allocate(Notice.MAX_SIZE));
            Wire.current().writer().send(queue, notice, WireLayout.FLAG_ONCE | WireLayout.FLAG_NOTICE, id);
        }
        DescriptorCloser.close(queue, foreign);
        LibC.close(pipe);
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
