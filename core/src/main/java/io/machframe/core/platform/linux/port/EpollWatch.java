/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.port;

import io.machframe.core.error.KernReturn;
import io.machframe.core.platform.LibraryThread;
import io.machframe.core.platform.kernel.KernelException;
import io.machframe.core.platform.kernel.PortEnd;
import io.machframe.core.platform.kernel.Watch;
import io.machframe.core.platform.linux.libc.EventPoll;
import io.machframe.core.platform.linux.libc.LibC;
import io.machframe.core.platform.linux.libc.Waker;
import io.machframe.core.platform.linux.wire.Poller;
import io.machframe.core.platform.linux.wire.Transferable;
import io.machframe.core.platform.linux.wire.Wire;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Watches by epoll, edge-triggered: a port's pipe reports an error to its writer when its last reader goes, a queue's
 * send end hangs up when the port dies, a pipe can be read when a credit is handed over.
 *
 * <p>The thread only waits until the epoll descriptor has something to report and then has its listener ask; so a caller
 * that asks first gets the same answer, at once.
 */
final class EpollWatch implements Watch {
    private record Watched(int number, int fd, PortEnd end) {}

    private final Listener listener;
    private final EventPoll poll = new EventPoll();
    private final Map<Event, Map<Object, Watched>> watched = new EnumMap<>(Event.class);
    private final Map<Integer, Object> keys = new HashMap<>();

    /** Keys of queues that had a credit when they were first watched: of that no pipe tells. */
    private final Set<Object> ready = new LinkedHashSet<>();

    private int lastNumber;
    private boolean started;
    private volatile @Nullable Waker waker;
    private volatile boolean closed;

    EpollWatch(Listener listener) throws KernelException {
        this.listener = listener;
        for (Event event : Event.values()) {
            watched.put(event, new HashMap<>());
        }
    }

    private Map<Object, Watched> of(Event event) {
        return Objects.requireNonNull(watched.get(event));
    }

    @Override
    public synchronized void watch(PortEnd end, Event event, Object key) throws KernelException {
        forget(event, key);
        if (closed || !(end instanceof Transferable right)) {
            return;
        }
        int fd =
                switch (event) {
                    case NO_SENDERS -> right.fd(SocketReceiveEnd.PIPE);
                    case DEATH -> right.fd(0);
                    case ROOM -> ((SocketSendEnd) end).startWaiting();
                };
        of(event).put(key, new Watched(++lastNumber, fd, end));
        keys.put(lastNumber, key);
        try {
            poll.add(fd, LibC.EPOLLET | (event == Event.ROOM ? LibC.EPOLLIN : 0), lastNumber);
        } catch (KernelException e) {
            forget(event, key);
            throw e;
        }
        if (event == Event.ROOM && ((SocketSendEnd) end).hasRoom()) {
            ready.add(key);
            wakeThread();
        }
        if (!started) {
            start(event, key);
        }
    }

    /** Without the thread there is no use in watching. */
    private void start(Event event, Object key) throws KernelException {
        started = LibraryThread.start("machframe-notifications", this::step);
        if (!started) {
            forget(event, key);
            throw new KernelException(KernReturn.KERN_RESOURCE_SHORTAGE);
        }
    }

    @Override
    public synchronized void forget(Event event, Object key) {
        Watched found = of(event).remove(key);
        if (found != null) {
            keys.remove(found.number());
            if (event == Event.ROOM) {
                ready.remove(key);
                ((SocketSendEnd) found.end()).stopWaiting();
            }
            if (!closed) {
                poll.remove(found.fd());
            }
        }
    }

    @Override
    public synchronized List<Object> happened() {
        int number = closed ? -1 : poll.next();
        if (number < 0 && ready.isEmpty()) {
            return List.of();
        }
        List<Object> happened = new ArrayList<>(ready);
        ready.clear();
        for (; number >= 0; number = poll.next()) {
            Object key = keys.get(number);
            if (key != null) {
                happened.add(key);
            }
        }
        return happened;
    }

    private boolean step() {
        Poller poller = Wire.current().poller();
        waker = poller.waker();
        if (closed) {
            poll.close();
            return false;
        }
        listener.somethingHappened();
        poller.await(poll.fd(), -1, false);
        return true;
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (!started) {
            poll.close();
        }
        wakeThread();
    }

    private void wakeThread() {
        Waker wake = waker;
        if (wake != null) {
            wake.wake();
        }
    }
}
