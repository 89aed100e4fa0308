/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import io.machframe.core.error.MachException;
import io.machframe.core.lifetime.Hold;
import java.util.Map;
import java.util.concurrent.Executor;

/**
 * A listener's look at the list of streams, {@link StreamDirectory#watch}, until it is closed.
 *
 * <p><b>Ownership.</b> One that is forgotten is closed by the garbage collector and reported.
 */
public final class StreamWatch implements AutoCloseable {
    private final Hold hold;

    private StreamWatch(Changes changes) {
        hold = Hold.of(this, "a watch of the list of streams", changes::end);
    }

    static StreamWatch open(Executor executor, StreamListener listener) throws MachException {
        Changes changes = new Changes(executor, listener);
        StreamLookout.join(changes);
        return new StreamWatch(changes);
    }

    /** Ends the calls of the listener, but for one that is under way. Idempotent. */
    @Override
    public void close() {
        hold.close();
    }

    /** Makes events of lists. Does not refer to its watch, so that a forgotten one is found. */
    private static final class Changes implements StreamLookout.Member {
        private final Events events;
        private final StreamListener listener;
        private Map<String, StreamDescription> known = Map.of();
        private long version;
        private boolean ended;

        Changes(Executor executor, StreamListener listener) {
            this.events = new Events(executor);
            this.listener = listener;
        }

        @Override
        public synchronized void listed(long number, Map<String, StreamDescription> now) {
            if (number <= version) {
                return;
            }
            version = number;
            Map<String, StreamDescription> before = known;
            known = now;
            before.forEach((name, stream) -> {
                if (!now.containsKey(name)) {
                    post(() -> listener.gone(stream));
                }
            });
            now.forEach((name, stream) -> {
                StreamDescription old = before.get(name);
                if (old == null) {
                    post(() -> listener.appeared(stream));
                } else if (!old.equals(stream)) {
                    post(() -> listener.changed(old, stream));
                }
            });
        }

        @Override
        public synchronized void failed(MachException reason) {
            post(() -> listener.failed(reason));
        }

        private void post(Runnable event) {
            events.post(() -> {
                if (!isEnded()) {
                    event.run();
                }
            });
        }

        private synchronized boolean isEnded() {
            return ended;
        }

        void end() {
            synchronized (this) {
                ended = true;
            }
            StreamLookout.leave(this);
        }
    }
}
