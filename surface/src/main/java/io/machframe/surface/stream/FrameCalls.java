/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;
import java.lang.ref.Reference;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** Calls a listener for the frames of a feed, whenever it is run; asks to be run when more have come. */
final class FrameCalls implements Runnable {
    private static final System.Logger LOG = System.getLogger(FrameClient.class.getName());

    /** Who is listened to: not forgotten while its listener may be called. */
    private final FrameClient client;

    private final FrameFeed feed;
    private final FrameListener listener;
    private final Runnable scheduler;
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private int connections;
    private boolean waits;

    /** @param scheduler has this run soon, on whichever thread */
    FrameCalls(FrameClient client, FrameListener listener, Consumer<Runnable> scheduler) {
        this.client = client;
        this.feed = client.feed();
        this.listener = listener;
        this.scheduler = () -> scheduler.accept(this);
    }

    /** Begins to ask. */
    void start() {
        feed.onNews(this::schedule);
        schedule();
    }

    private void schedule() {
        if (scheduled.compareAndSet(false, true)) {
            try {
                scheduler.run();
            } catch (RuntimeException | Error e) {
                stop();
                tell(() -> listener.failed(over(feed.name(), "its listener's executor takes nothing", e)));
            }
        }
    }

    @Override
    public void run() {
        try {
            deliver();
        } catch (RuntimeException | Error e) {
            stop();
            tell(() -> listener.failed(over(feed.name(), "it cannot be received", e)));
        } finally {
            Reference.reachabilityFence(client);
        }
    }

    private void deliver() {
        boolean more = true;
        while (more && deliverAll()) {
            scheduled.set(false);
            more = !feed.wantNews() && scheduled.compareAndSet(false, true);
        }
    }

    /** Returns false once nothing follows. */
    private boolean deliverAll() {
        try {
            boolean more = true;
            while (more) {
                try (Frame frame = feed.receive(0)) {
                    more = frame != null;
                    tellState();
                    if (frame != null) {
                        call(frame);
                    }
                }
            }
        } catch (MachException e) {
            stop();
            tell(() -> listener.failed(e));
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the next run goes on
            return true;
        } catch (IllegalStateException clientIsClosed) {
            stop();
            return false;
        }
        StreamEnd end = feed.end();
        if (end != null) {
            stop();
            tell(() -> listener.ended(end));
        }
        return end == null;
    }

    /** Before the first frame of a connection, and after its last. */
    private void tellState() {
        int now = feed.connections();
        boolean waiting = feed.state() == ClientState.WAITING;
        if (now != connections) {
            connections = now;
            waits = false;
            tell(listener::connected);
        }
        if (waiting != waits) {
            waits = waiting;
            if (waiting) {
                tell(listener::waiting);
            }
        }
    }

    private void call(Frame frame) {
        try {
            listener.received(frame);
        } catch (RuntimeException | Error e) {
            warn(e);
        }
    }

    private void tell(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException | Error e) {
            warn(e);
        }
    }

    private void warn(Throwable e) {
        LOG.log(System.Logger.Level.WARNING, "a listener of \"" + feed.name() + "\" failed", e);
    }

    /** Returns what is said of a stream whose frames cannot be given to who wants them any more. */
    static MachException over(String name, String what, Throwable cause) {
        MachException failure = new MachException(
                "mach_msg",
                new KernReturn(KernReturn.KERN_RESOURCE_SHORTAGE),
                "the stream \"" + name + "\" is over: " + what + ": " + cause);
        failure.initCause(cause);
        return failure;
    }

    private void stop() {
        feed.onNews(null);
    }
}
