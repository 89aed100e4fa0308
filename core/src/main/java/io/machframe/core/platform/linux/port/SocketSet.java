/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.port;

import static io.machframe.core.error.KernReturn.MACH_RCV_INTERRUPTED;
import static io.machframe.core.error.KernReturn.MACH_RCV_PORT_CHANGED;
import static io.machframe.core.error.KernReturn.MACH_RCV_TIMED_OUT;

import io.machframe.core.platform.kernel.KernelException;
import io.machframe.core.platform.kernel.Parcel;
import io.machframe.core.platform.kernel.ReceiveEnd;
import io.machframe.core.platform.kernel.SetEnd;
import io.machframe.core.platform.linux.libc.Deadline;
import io.machframe.core.platform.linux.libc.EventPoll;
import io.machframe.core.platform.linux.libc.LibC;
import io.machframe.core.platform.linux.libc.Waker;
import io.machframe.core.platform.linux.wire.Poller;
import io.machframe.core.platform.linux.wire.Wire;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A port set: one epoll descriptor over the queues of its members.
 *
 * <p>It is asked for one ready member at a time, and then turns to the next by itself, so that a busy member keeps none
 * from its turn and a set of a thousand costs no more than one of two. As with a single port no thread blocks in a call
 * on a queue. Locks are taken in the order member, set; never the other way round.
 */
final class SocketSet implements SetEnd {
    private final EventPoll poll = new EventPoll();
    private final Map<Integer, SocketReceiveEnd> members = new HashMap<>();
    private final Map<SocketReceiveEnd, Integer> numbers = new HashMap<>();

    /** Members with a message that is not in their queue any more: it was too large for an earlier receive. */
    private final ArrayDeque<SocketReceiveEnd> stashed = new ArrayDeque<>();

    private final List<Waker> waiting = new ArrayList<>();
    private int lastNumber;
    private boolean closed;

    SocketSet() throws KernelException {}

    @Override
    public void add(ReceiveEnd end) throws KernelException {
        SocketReceiveEnd member = (SocketReceiveEnd) end;
        synchronized (this) {
            poll.add(member.queue(), LibC.EPOLLIN, ++lastNumber);
            members.put(lastNumber, member);
            numbers.put(member, lastNumber);
        }
        member.joined(this);
    }

    @Override
    public void remove(ReceiveEnd end) {
        SocketReceiveEnd member = (SocketReceiveEnd) end;
        forget(member, member.left(this));
    }

    /** Watches the pipe of a member's send-once right too. */
    synchronized void addPipe(SocketReceiveEnd member, int pipe) throws KernelException {
        Integer number = numbers.get(member);
        if (number != null && !closed) {
            poll.add(pipe, 0, number);
        }
    }

    synchronized void removePipe(int pipe) {
        if (!closed) {
            poll.remove(pipe);
        }
    }

    /** Watches a member's queue and pipes no more. */
    synchronized void forget(SocketReceiveEnd member, int[] pipes) {
        Integer number = numbers.remove(member);
        if (number != null) {
            for (int pipe : pipes) {
                removePipe(pipe);
            }
            members.remove(number);
            stashed.remove(member);
            if (!closed) {
                poll.remove(member.queue());
            }
        }
    }

    /** A member has a message that its queue does not show. */
    synchronized void hasStashed(SocketReceiveEnd member) {
        if (numbers.containsKey(member) && !stashed.contains(member)) {
            stashed.add(member);
            waiting.forEach(Waker::wake);
        }
    }

    @Override
    public int receive(Parcel parcel, int size, boolean keepLarge, int timeoutMillis, boolean interruptible) {
        Wire wire = Wire.current();
        Deadline deadline = Deadline.after(timeoutMillis);
        SocketReceiveEnd missesCredits = null;
        while (true) {
            int left = deadline.remainingMillis();
            int untilLeak = missesCredits == null ? -1 : missesCredits.millisToLeak();
            SocketReceiveEnd member;
            synchronized (this) {
                if (closed) {
                    return MACH_RCV_PORT_CHANGED;
                }
                member = next();
                if (member == null && untilLeak == 0) {
                    member = missesCredits;
                }
                if (member == null) {
                    if (left == 0) {
                        return MACH_RCV_TIMED_OUT;
                    }
                    waiting.add(wire.poller().waker());
                }
            }
            if (member == null) {
                Poller.Outcome outcome =
                        wire.poller().await(poll.fd(), Deadline.earlier(left, untilLeak), interruptible);
                synchronized (this) {
                    waiting.remove(wire.poller().waker());
                }
                if (outcome == Poller.Outcome.INTERRUPTED) {
                    return MACH_RCV_INTERRUPTED;
                }
            } else {
                int result = member.tryReceive(parcel, size, keepLarge);
                if (result >= 0) {
                    parcel.receiver(member);
                    return result;
                }
                missesCredits = member.millisToLeak() >= 0 ? member : null;
            }
        }
    }

    private @Nullable SocketReceiveEnd next() {
        SocketReceiveEnd member = stashed.poll();
        return member != null ? member : members.get(poll.next());
    }

    @Override
    public void close() {
        List<SocketReceiveEnd> left;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            left = new ArrayList<>(numbers.keySet());
            waiting.forEach(Waker::wake);
            poll.close();
        }
        left.forEach(member -> member.left(this));
    }
}
