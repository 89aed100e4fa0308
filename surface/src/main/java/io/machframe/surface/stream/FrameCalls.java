/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import io.machframe.core.error.MachException;
import java.lang.ref.Reference;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** Calls a listener for the frames of a subscription, whenever it is run; asks to be run when more have come. */
final class FrameCalls implements Runnable {
    private static final System.Logger LOG = System.getLogger(FrameClient.class.getName());

    /** Who is listened to: not forgotten while its listener may be called. */
    private final FrameClient client;

    private final Subscription subscription;
    private final FrameListener listener;
    private final Runnable scheduler;
    private final AtomicBoolean scheduled = new AtomicBoolean();

    /** @param scheduler has this run soon, on whichever thread */
    FrameCalls(FrameClient client, FrameListener listener, Consumer<Runnable> scheduler) {
        this.client = client;
        this.subscription = client.subscription();
        this.listener = listener;
        this.scheduler = () -> scheduler.accept(this);
    }

    /** Begins to ask. */
    void start() {
        subscription.link().onNews(this::schedule);
        schedule();
    }

    private void schedule() {
        if (scheduled.compareAndSet(false, true)) {
            scheduler.run();
        }
    }

    @Override
    public void run() {
        try {
            deliver();
        } finally {
            Reference.reachabilityFence(client);
        }
    }

    private void deliver() {
        boolean more = true;
        while (more && deliverAll()) {
            scheduled.set(false);
            more = !subscription.link().wantNews() && scheduled.compareAndSet(false, true);
        }
    }

    /** Returns false once nothing follows. */
    private boolean deliverAll() {
        try {
            boolean more = true;
            while (more) {
                try (Frame frame = subscription.receive(0)) {
                    more = frame != null;
                    if (frame != null) {
                        call(frame);
                    }
                }
            }
        } catch (MachException e) {
            stop();
            listener.failed(e);
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the next run goes on
            return true;
        } catch (IllegalStateException clientIsClosed) {
            stop();
            return false;
        }
        StreamEnd end = subscription.end();
        if (end != null) {
            stop();
            listener.ended(end);
        }
        return end == null;
    }

    private void call(Frame frame) {
        try {
            listener.received(frame);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "a listener of \"" + subscription.name() + "\" failed", e);
        }
    }

    private void stop() {
        subscription.link().onNews(null);
    }
}
