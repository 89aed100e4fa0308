/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.testing;

import io.machframe.core.error.KernReturn;
import io.machframe.core.platform.kernel.KernelException;
import io.machframe.core.platform.kernel.Parcel;
import io.machframe.core.platform.kernel.ReceiveEnd;
import io.machframe.core.platform.kernel.SendEnd;
import java.util.ArrayDeque;

/** A port of a {@link FakeKernel} and its receive end. Guarded by the kernel, whose monitor also wakes all who wait. */
final class FakePort implements ReceiveEnd {
    final FakeKernel kernel;

    private final FakeSender task;
    private final ArrayDeque<FakeMessage> queue = new ArrayDeque<>();
    private int limit;
    private int sendEnds;
    private int onceEnds;
    private int nextSequence;
    private boolean closed;

    FakePort(FakeKernel kernel, FakeSender task, int limit) {
        this.kernel = kernel;
        this.task = task;
        this.limit = limit;
        kernel.opened(this);
    }

    boolean isClosed() {
        return closed;
    }

    void added(boolean once) {
        if (once) {
            onceEnds++;
        } else {
            sendEnds++;
        }
    }

    void removed(boolean once) {
        if (once) {
            onceEnds--;
        } else {
            sendEnds--;
        }
    }

    @Override
    public Object identity() {
        return this;
    }

    @Override
    public SendEnd makeSend() throws KernelException {
        return make(false);
    }

    @Override
    public SendEnd makeSendOnce() throws KernelException {
        return make(true);
    }

    private SendEnd make(boolean once) throws KernelException {
        synchronized (kernel) {
            kernel.requireOpen(this);
            kernel.failIfAsked();
            return new FakeSendEnd(this, task, once);
        }
    }

    @Override
    public int queueLimit() {
        synchronized (kernel) {
            kernel.requireOpen(this);
            return limit;
        }
    }

    @Override
    public void queueLimit(int newLimit) {
        synchronized (kernel) {
            kernel.requireOpen(this);
            limit = newLimit;
            kernel.notifyAll();
        }
    }

    @Override
    public int queued() {
        synchronized (kernel) {
            kernel.requireOpen(this);
            return queue.size();
        }
    }

    @Override
    public int sendOnceRights() {
        synchronized (kernel) {
            kernel.requireOpen(this);
            return onceEnds;
        }
    }

    @Override
    public int nextSequence() {
        synchronized (kernel) {
            kernel.requireOpen(this);
            return nextSequence;
        }
    }

    @Override
    public boolean hasSenders() {
        synchronized (kernel) {
            kernel.requireOpen(this);
            return sendEnds > 0;
        }
    }

    /** As {@link SendEnd#send}. */
    int send(Parcel parcel, FakeSender sender, boolean once, int timeoutMillis, boolean interruptible) {
        if (closed) {
            return KernReturn.MACH_SEND_INVALID_DEST;
        }
        FakeWait wait = new FakeWait(kernel, timeoutMillis, interruptible);
        while (!once && queue.size() >= limit) {
            switch (wait.next()) {
                case TIMED_OUT -> {
                    return KernReturn.MACH_SEND_TIMED_OUT;
                }
                case INTERRUPTED -> {
                    return KernReturn.MACH_SEND_INTERRUPTED;
                }
                case AGAIN -> {}
            }
            if (closed) {
                return KernReturn.KERN_SUCCESS;
            }
        }
        queue.addLast(new FakeMessage(parcel, sender, once));
        kernel.notifyAll();
        return KernReturn.KERN_SUCCESS;
    }

    @Override
    public int receive(Parcel parcel, int size, boolean keepLarge, int timeoutMillis, boolean interruptible) {
        synchronized (kernel) {
            FakeWait wait = new FakeWait(kernel, timeoutMillis, interruptible);
            while (!closed && queue.isEmpty()) {
                switch (wait.next()) {
                    case TIMED_OUT -> {
                        return KernReturn.MACH_RCV_TIMED_OUT;
                    }
                    case INTERRUPTED -> {
                        return KernReturn.MACH_RCV_INTERRUPTED;
                    }
                    case AGAIN -> {}
                }
            }
            return closed ? KernReturn.MACH_RCV_PORT_CHANGED : take(parcel, size, keepLarge);
        }
    }

    private int take(Parcel parcel, int size, boolean keepLarge) {
        FakeMessage message = queue.getFirst();
        boolean fits = message.size() <= size;
        parcel.size(message.size());
        parcel.sentOnce(message.once);
        if (fits || !keepLarge) {
            queue.removeFirst();
            parcel.sequence(nextSequence++);
            kernel.notifyAll();
        }
        if (fits) {
            message.moveTo(parcel, task);
        } else if (!keepLarge) {
            message.destroy();
        }
        return fits ? KernReturn.KERN_SUCCESS : KernReturn.MACH_RCV_TOO_LARGE;
    }

    @Override
    public void close() {
        synchronized (kernel) {
            if (!closed) {
                closed = true;
                kernel.closed(this);
                queue.forEach(FakeMessage::destroy);
                queue.clear();
                kernel.notifyAll();
            }
        }
    }

    @Override
    public String toString() {
        return "port " + Integer.toHexString(System.identityHashCode(this)) + " of " + task.pid();
    }
}
