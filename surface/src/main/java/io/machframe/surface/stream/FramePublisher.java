/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import io.machframe.core.error.MachException;
import java.lang.ref.Reference;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** The frames of a client for one {@link Flow.Subscriber}, by its demand: {@link FrameClient#publisher}. */
final class FramePublisher implements Flow.Publisher<Frame> {
    private static final System.Logger LOG = System.getLogger(FrameClient.class.getName());

    /** Whose frames they are: not forgotten while its subscriber may be called. */
    private final FrameClient client;

    private final FrameFeed feed;
    private final Executor executor;
    private final AtomicBoolean subscribed = new AtomicBoolean();

    FramePublisher(FrameClient client, Executor executor) {
        this.client = client;
        this.feed = client.feed();
        this.executor = executor;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super Frame> subscriber) {
        if (subscribed.compareAndSet(false, true)) {
            new Delivering(subscriber).start();
        } else {
            subscriber.onSubscribe(new Refused());
            subscriber.onError(
                    new IllegalStateException("the client of \"" + feed.name() + "\" has a subscriber already"));
        }
    }

    /** What a subscriber is given that gets nothing. */
    private static final class Refused implements Flow.Subscription {
        @Override
        public void request(long count) {}

        @Override
        public void cancel() {}
    }

    /** Calls the subscriber, one call at a time, while there is demand, a frame, and space for it. */
    private final class Delivering implements Flow.Subscription, Runnable {
        private final Flow.Subscriber<? super Frame> subscriber;
        private final AtomicLong demand = new AtomicLong();

        /** How often it was asked to run since it began to. */
        private final AtomicInteger asked = new AtomicInteger();

        private volatile boolean over;
        private volatile boolean wrongRequest;
        private boolean begun;

        Delivering(Flow.Subscriber<? super Frame> subscriber) {
            this.subscriber = subscriber;
        }

        void start() {
            feed.onNews(this::schedule);
            feed.onRelease(this::schedule);
            schedule();
        }

        @Override
        public void request(long count) {
            if (count <= 0) {
                wrongRequest = true;
            } else {
                demand.accumulateAndGet(count, (a, b) -> a + b < 0 ? Long.MAX_VALUE : a + b);
            }
            schedule();
        }

        @Override
        public void cancel() {
            over = true;
            stop();
        }

        private void schedule() {
            if (!over && asked.getAndIncrement() == 0) {
                try {
                    executor.execute(this);
                } catch (RuntimeException | Error e) {
                    begin();
                    fail("its subscriber's executor takes nothing", e);
                }
            }
        }

        @Override
        public void run() {
            try {
                int seen;
                do {
                    seen = asked.get();
                    begin();
                    while (!over && deliverAll()) {
                        // A frame came between the last look and the wish to be told.
                    }
                } while (asked.addAndGet(-seen) != 0);
            } catch (RuntimeException | Error e) {
                fail("it cannot be received", e);
            } finally {
                Reference.reachabilityFence(client);
            }
        }

        private void begin() {
            if (!begun) {
                begun = true;
                call(() -> subscriber.onSubscribe(this));
            }
        }

        /** Returns whether to look again at once. */
        private boolean deliverAll() {
            if (wrongRequest) {
                end(() -> subscriber.onError(new IllegalArgumentException("a request is for at least one frame")));
                return false;
            }
            try {
                while (!over && demand.get() > 0 && !feed.isFull()) {
                    Frame frame = feed.receive(0);
                    if (frame == null) {
                        return !isOver() && !feed.wantNews();
                    }
                    demand.decrementAndGet();
                    give(frame);
                }
            } catch (MachException e) {
                end(() -> subscriber.onError(e));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // the next run goes on
            } catch (IllegalStateException clientIsClosed) {
                end(subscriber::onComplete);
            }
            return false;
        }

        private boolean isOver() {
            if (feed.end() != null) {
                end(subscriber::onComplete);
            }
            return over;
        }

        private void give(Frame frame) {
            if (over) { // cancelled while it was received
                frame.close();
            } else {
                call(() -> subscriber.onNext(frame));
            }
        }

        private void end(Runnable call) {
            if (!over) {
                over = true;
                stop();
                call(call);
            }
        }

        private void fail(String what, Throwable cause) {
            end(() -> subscriber.onError(FrameCalls.over(feed.name(), what, cause)));
        }

        /** A subscriber must not throw: one that does gets nothing more. */
        private void call(Runnable call) {
            try {
                call.run();
            } catch (RuntimeException | Error e) {
                LOG.log(System.Logger.Level.WARNING, "a subscriber of \"" + feed.name() + "\" failed", e);
                cancel();
            }
        }

        private void stop() {
            feed.onNews(null);
            feed.onRelease(null);
        }
    }
}
