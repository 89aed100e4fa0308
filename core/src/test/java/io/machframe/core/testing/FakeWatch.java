/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.testing;

import io.machframe.core.platform.kernel.PortEnd;
import io.machframe.core.platform.kernel.Watch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Looks at the ends it watches whenever anything happens in a {@link FakeKernel}. */
final class FakeWatch implements Watch {
    private record Place(Event event, Object key) {}

    private static final class Watched {
        final PortEnd end;

        /** How often the end's last sender had gone when it was told of; -1 if it was not. */
        int told = -1;

        Watched(PortEnd end) {
            this.end = end;
        }
    }

    private final FakeKernel kernel;
    private final Map<Place, Watched> watched = new LinkedHashMap<>();
    private boolean closed;

    FakeWatch(FakeKernel kernel, Listener listener) {
        this.kernel = kernel;
        Thread thread = new Thread(() -> run(listener), "fake-watch");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void watch(PortEnd end, Event event, Object key) {
        synchronized (kernel) {
            watched.put(new Place(event, key), new Watched(end));
            kernel.notifyAll();
        }
    }

    @Override
    public void forget(Event event, Object key) {
        synchronized (kernel) {
            watched.remove(new Place(event, key));
        }
    }

    @Override
    public List<Object> happened() {
        synchronized (kernel) {
            List<Object> keys = new ArrayList<>();
            watched.forEach((place, end) -> {
                boolean now = isNow(place.event(), end.end);
                if (now && end.told != turn(end.end)) {
                    keys.add(place.key());
                }
                end.told = now ? turn(end.end) : -1;
            });
            return keys;
        }
    }

    private boolean isPending() {
        return watched.entrySet().stream()
                .anyMatch(entry -> entry.getValue().told != turn(entry.getValue().end)
                        && isNow(entry.getKey().event(), entry.getValue().end));
    }

    /** Senders that came and went between two looks are news, too. */
    private static int turn(PortEnd end) {
        return end instanceof FakePort port ? port.timesWithoutSenders() : 0;
    }

    private static boolean isNow(Event event, PortEnd end) {
        return switch (event) {
            case NO_SENDERS -> !((FakePort) end).hasSenders();
            case DEATH -> ((FakeSendEnd) end).isDead();
            case ROOM -> ((FakeSendEnd) end).hasRoom();
        };
    }

    private void run(Listener listener) {
        try {
            while (awaitNews()) {
                listener.somethingHappened();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean awaitNews() throws InterruptedException {
        synchronized (kernel) {
            while (!closed && !isPending()) {
                kernel.wait();
            }
            return !closed;
        }
    }

    @Override
    public void close() {
        synchronized (kernel) {
            closed = true;
            watched.clear();
            kernel.notifyAll();
        }
    }
}
