/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.testing;

import io.machframe.core.error.KernReturn;
import io.machframe.core.platform.MessageBuffer;
import io.machframe.core.platform.kernel.KernelException;
import io.machframe.core.platform.kernel.Notice;
import io.machframe.core.platform.kernel.Parcel;
import io.machframe.core.platform.kernel.PortRequests;
import io.machframe.core.platform.kernel.ReceiveEnd;
import io.machframe.core.platform.kernel.SendEnd;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** A port of a {@link FakeKernel} and its receive end. Guarded by the kernel, whose monitor also wakes all who wait. */
final class FakePort implements ReceiveEnd {
    final FakeKernel kernel;

    private FakeSender task;
    private final ArrayDeque<FakeMessage> queue = new ArrayDeque<>();
    private int limit;
    private int sendEnds;
    private int timesWithoutSenders;
    private int onceEnds;
    private int nextSequence;
    private boolean closed;

    /** The task that holds this right, or the message it is in, or both for the moment in between. */
    private int holders = 1;

    private boolean detached;
    private int detachments;

    /** In whose queue this right is on its way. */
    private @Nullable FakePort inQueueOf;

    private final PortRequests requests = new PortRequests();

    FakePort(FakeKernel kernel, FakeSender task, int limit) {
        this.kernel = kernel;
        this.task = task;
        this.limit = limit;
        kernel.opened(this);
    }

    boolean isClosed() {
        return closed;
    }

    int timesWithoutSenders() {
        return timesWithoutSenders;
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
            timesWithoutSenders += sendEnds == 0 ? 1 : 0;
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

    @Override
    public void unmake(SendEnd sendOnce) {
        ((FakeSendEnd) sendOnce).unmake();
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
            return onceEnds
                    + (int) queue.stream().filter(message -> message.once).count();
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
            return sendEnds > 0 || queue.stream().anyMatch(message -> !message.once);
        }
    }

    boolean hasRoom() {
        long taken = kernel.onceTakesAPlace()
                ? queue.size()
                : queue.stream().filter(message -> !message.once).count();
        return taken < limit;
    }

    boolean hasMessage() {
        return !closed && !detached && !queue.isEmpty();
    }

    @Override
    public void nextSequence(int number) {
        synchronized (kernel) {
            nextSequence = number;
        }
    }

    @Override
    public PortRequests requests() {
        return requests;
    }

    @Override
    public void detach() {
        synchronized (kernel) {
            detached = true;
            detachments++;
            kernel.notifyAll();
        }
    }

    @Override
    public void attach() {
        synchronized (kernel) {
            detached = false;
        }
    }

    /** A message takes this right along; who sent it still has to let go. */
    FakePort travel(FakePort queueOwner) {
        holders++;
        inQueueOf = queueOwner;
        return this;
    }

    void arrive(FakeSender receiver) {
        task = receiver;
        inQueueOf = null;
    }

    /** Returns whether {@code right} is, through a chain of queues, where this port is: nobody could ever receive it. */
    private boolean isInside(FakePort right) {
        for (FakePort at = this; at != null; at = at.inQueueOf) {
            if (at == right) {
                return true;
            }
        }
        return false;
    }

    private boolean closesCircle(Parcel parcel) {
        for (int i = 0; i < parcel.rightCount(); i++) {
            if (parcel.right(i) instanceof FakePort right && isInside(right)) {
                return true;
            }
        }
        return false;
    }

    /** A send-once right was dropped. */
    void tellUnused(FakeSender holder) {
        if (!closed) {
            Parcel parcel = new Parcel();
            Notice.sendOnce(parcel, new MessageBuffer(ByteBuffer.allocate(Notice.MAX_SIZE), 0));
            queue.addLast(new FakeMessage(parcel, holder, true, this));
        }
    }

    /** As {@link SendEnd#send}. */
    int send(Parcel parcel, FakeSender sender, boolean once, int timeoutMillis, boolean interruptible) {
        if (closed) {
            return KernReturn.MACH_SEND_INVALID_DEST;
        }
        FakeWait wait = new FakeWait(kernel, timeoutMillis, interruptible);
        while (!once && !hasRoom()) {
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
        if (closesCircle(parcel)) {
            return KernReturn.KERN_SUCCESS;
        }
        queue.addLast(new FakeMessage(parcel, sender, once, this));
        kernel.notifyAll();
        return KernReturn.KERN_SUCCESS;
    }

    @Override
    public int receive(Parcel parcel, int size, boolean keepLarge, int timeoutMillis, boolean interruptible) {
        synchronized (kernel) {
            FakeWait wait = new FakeWait(kernel, timeoutMillis, interruptible);
            int detachmentsBefore = detachments - (detached ? 1 : 0);
            while (!closed && detachments == detachmentsBefore && queue.isEmpty()) {
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
            boolean changed = closed || detachments != detachmentsBefore;
            return changed ? KernReturn.MACH_RCV_PORT_CHANGED : take(parcel, size, keepLarge);
        }
    }

    int take(Parcel parcel, int size, boolean keepLarge) {
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
            if (--holders > 0) {
                return;
            }
            SendEnd heir = detached ? requests.portDestroyed(null) : null;
            if (heir != null) {
                handOver(heir);
            } else {
                closed = true;
                inQueueOf = null;
                requests.close();
                kernel.closed(this);
                queue.forEach(FakeMessage::destroy);
                queue.clear();
                kernel.notifyAll();
            }
        }
    }

    /** Nobody received this right, and somebody asked for it: it lives on in a notice, if that has where to go. */
    private void handOver(SendEnd heir) {
        holders++;
        Parcel notice = new Parcel();
        Notice.portDestroyed(notice, new MessageBuffer(ByteBuffer.allocate(Notice.MAX_SIZE), 0), this);
        heir.send(notice, 0, false);
        heir.close();
        notice.clear();
    }

    @Override
    public String toString() {
        return "port " + Integer.toHexString(System.identityHashCode(this)) + " of " + task.pid();
    }
}
