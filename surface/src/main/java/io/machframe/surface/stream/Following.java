/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import io.machframe.core.error.DeadPortException;
import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;
import io.machframe.core.error.PortClosedException;
import io.machframe.core.error.UnknownServiceException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The streams that are published under one name, one after the other. It connects in the thread that receives, and only
 * after the list of streams has changed since the last try: nothing is tried again and again.
 */
final class Following implements FrameFeed, StreamLookout.Member {
    /** Makes a connection. */
    interface Connector {
        Subscription connect() throws MachException, InterruptedException;
    }

    private final String name;
    private final Connector connector;

    /** The connection, null while there is none. */
    private @Nullable Subscription current;

    /** Connections of which frames are still open. */
    private final List<Subscription> past = new ArrayList<>();

    private ClientStatistics before = ClientStatistics.NONE;
    private Optional<FrameFormat> lastFormat = Optional.empty();

    /** The numbers of the newest list of all, of the newest with our name, and of the newest after which it was tried. */
    private long listed;

    private long seen;
    private long tried;

    private @Nullable ClientWishes wishes;
    private @Nullable Runnable news;
    private @Nullable Runnable releases;
    private @Nullable Thread receiver;
    private @Nullable MachException failure;
    private @Nullable StreamEnd end;
    private @Nullable StreamEnd lastEnd;
    private int connections;
    private boolean closed;

    private Following(String name, Connector connector) {
        this.name = name;
        this.connector = connector;
    }

    static Following open(String name, Connector connector) throws MachException {
        Following following = new Following(name, connector);
        StreamLookout.join(following);
        return following;
    }

    @Override
    public void listed(long number, Map<String, StreamDescription> streams) {
        Runnable told = null;
        synchronized (this) {
            if (number > listed) {
                listed = number;
                if (streams.containsKey(name)) {
                    seen = number;
                    told = current == null ? news : null;
                    notifyAll();
                }
            }
        }
        if (told != null) {
            told.run();
        }
    }

    @Override
    public void failed(MachException reason) {
        Runnable told;
        synchronized (this) {
            failure = reason;
            told = news;
            notifyAll();
        }
        if (told != null) {
            told.run();
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public synchronized FrameFormat format() {
        return current != null
                ? current.format()
                : lastFormat.orElseThrow(() -> new IllegalStateException(
                        "the client has not been connected to a stream named \"" + name + "\" yet"));
    }

    @Override
    public synchronized ClientState state() {
        if (end != null || closed) {
            return ClientState.ENDED;
        }
        return current == null ? ClientState.WAITING : ClientState.CONNECTED;
    }

    @Override
    public synchronized int connections() {
        return connections;
    }

    @Override
    public synchronized @Nullable StreamEnd end() {
        return end;
    }

    @Override
    public synchronized @Nullable StreamEnd lastEnd() {
        return lastEnd;
    }

    @Override
    public @Nullable Frame receive(long nanos) throws MachException, InterruptedException {
        begin();
        try {
            return receive(nanos, System.nanoTime());
        } finally {
            endReceive();
        }
    }

    private @Nullable Frame receive(long nanos, long since) throws MachException, InterruptedException {
        long left = nanos;
        while (end() == null) {
            Subscription now = connection();
            if (now != null) {
                Frame frame = now.receive(Math.max(0, left));
                if (frame == null && now.end() != null) {
                    lose(now);
                }
                return frame;
            }
            if (left <= 0) {
                return null;
            }
            awaitListing(left);
            left = Deadline.left(nanos, since);
        }
        return null;
    }

    private synchronized void begin() {
        if (closed) {
            throw new IllegalStateException("the client of the stream \"" + name + "\" is closed");
        }
        if (receiver != null) {
            throw new IllegalStateException("another thread receives from the stream \"" + name + "\"");
        }
        receiver = Thread.currentThread();
    }

    private synchronized void endReceive() {
        receiver = null;
    }

    /** Returns the connection, which is made if there is hope; null if there is none. */
    private @Nullable Subscription connection() throws MachException, InterruptedException {
        long number;
        synchronized (this) {
            requireUsable();
            if (current != null || seen == tried) {
                return current;
            }
            number = seen;
        }
        Subscription made = null;
        boolean done = true;
        try {
            made = connector.connect();
        } catch (UnknownServiceException | DeadPortException e) {
            // It has just ended. What comes next is listed.
        } catch (MachException e) {
            done = e.reason().code() != KernReturn.MACH_RCV_TIMED_OUT; // it is stopped, and may go on
            if (done) {
                throw e;
            }
        } finally {
            synchronized (this) {
                tried = done ? number : tried;
            }
        }
        return made == null ? null : use(made);
    }

    private Subscription use(Subscription made) throws MachException {
        synchronized (this) {
            if (!closed) {
                current = made;
                connections++;
                made.onNews(news);
                made.onRelease(releases);
                if (wishes != null) {
                    made.tryTell(wishes); // there is space in a queue that nothing was sent to
                }
                return made;
            }
        }
        made.close();
        throw closedMeanwhile();
    }

    private synchronized void lose(Subscription ended) {
        StreamEnd reason = ended.end();
        lastEnd = reason;
        lastFormat = Optional.of(ended.format());
        current = null;
        past.add(ended);
        ended.close();
        if (reason == StreamEnd.REFUSED) {
            end = reason; // and would be again
        } else if (reason == StreamEnd.TOO_SLOW) {
            tried = 0;
        }
    }

    @SuppressWarnings("WaitNotInLoop") // callers look again
    private synchronized void awaitListing(long nanos) throws MachException, InterruptedException {
        requireUsable();
        if (seen == tried) {
            long millis = TimeUnit.NANOSECONDS.toMillis(nanos);
            if (nanos == Deadline.NEVER) {
                wait();
            } else if (millis > 0) {
                wait(millis);
            } else {
                wait(0, (int) nanos);
            }
        }
        requireUsable();
    }

    private void requireUsable() throws MachException {
        if (closed) {
            throw closedMeanwhile();
        }
        if (failure != null) {
            throw failure;
        }
    }

    private static MachException closedMeanwhile() {
        return new PortClosedException(
                "mach_msg",
                new KernReturn(KernReturn.MACH_RCV_PORT_CHANGED),
                "the client was closed while it received");
    }

    @Override
    public synchronized boolean trySend(byte[] message) {
        return current != null && current.trySend(message);
    }

    @Override
    public synchronized boolean tryTell(ClientWishes told) {
        wishes = told;
        return current == null || current.tryTell(told);
    }

    @Override
    public synchronized ServerCapabilities server() {
        if (current == null) {
            throw new IllegalStateException("the client is not connected to a stream named \"" + name + "\" now");
        }
        return current.server();
    }

    @Override
    public synchronized void onNews(@Nullable Runnable listener) {
        news = listener;
        if (current != null) {
            current.onNews(listener);
        }
    }

    @Override
    public synchronized boolean isFull() {
        return current != null && current.isFull();
    }

    @Override
    public synchronized void onRelease(@Nullable Runnable listener) {
        releases = listener;
        if (current != null) {
            current.onRelease(listener);
        }
    }

    @Override
    public boolean wantNews() {
        Subscription now;
        synchronized (this) {
            now = current;
            if (now == null) {
                return seen == tried && failure == null && !closed;
            }
        }
        return now.wantNews();
    }

    @Override
    public synchronized ClientStatistics statistics() {
        for (int i = past.size() - 1; i >= 0; i--) {
            ClientStatistics old = past.get(i).statistics();
            if (old.held() == 0) {
                before = before.plus(old);
                past.remove(i);
            }
        }
        ClientStatistics sum = before;
        for (Subscription old : past) {
            sum = sum.plus(old.statistics());
        }
        return current == null ? sum : sum.plus(current.statistics());
    }

    @Override
    public void close() {
        StreamLookout.leave(this);
        Subscription last;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            last = current;
            current = null;
            if (last != null) {
                lastFormat = Optional.of(last.format());
                past.add(last);
            }
            notifyAll();
        }
        if (last != null) {
            last.close();
        }
    }
}
