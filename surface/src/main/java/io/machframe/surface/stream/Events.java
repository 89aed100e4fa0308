/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Calls listeners one at a time, in order, on any executor. Thread-safe. */
final class Events {
    private static final System.Logger LOG = System.getLogger(Events.class.getName());

    private static final int MOST = 1000;

    private final Executor executor;
    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
    private boolean running;

    Events(Executor executor) {
        this.executor = executor;
    }

    /** As {@link #post}, but the event is dropped if too many wait: for those that a peer can make. */
    void offer(Runnable event) {
        synchronized (this) {
            if (waiting.size() >= MOST) {
                return;
            }
        }
        post(event);
    }

    void post(Runnable event) {
        synchronized (this) {
            waiting.add(event);
            if (running) {
                return;
            }
            running = true;
        }
        try {
            executor.execute(this::run);
        } catch (RuntimeException | Error e) { // who posts has to go on; the next one tries again
            synchronized (this) {
                running = false;
            }
            LOG.log(System.Logger.Level.WARNING, "the executor of a stream's listener takes nothing now", e);
        }
    }

    private void run() {
        for (Runnable event = next(); event != null; event = next()) {
            try {
                event.run();
            } catch (RuntimeException | Error e) {
                LOG.log(System.Logger.Level.WARNING, "a listener of a stream failed", e);
            }
        }
    }

    private synchronized @Nullable Runnable next() {
        Runnable event = waiting.poll();
        running = event != null;
        return event;
    }
}
