/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.runloop;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A source that is signalled by the program itself, a version 0 {@code CFRunLoopSource}. Any thread may {@link #signal}
 * it; the loop then performs it once in its next pass. Signalling does not wake a loop that sleeps:
 * {@link RunLoop#wakeUp} does.
 *
 * <p>Signalled sources of a mode are performed in the order of their numbers. One that is in several modes or loops is
 * performed by the first that comes round.
 */
public final class SignalSource extends RunLoopSource {
    private final Handler handler;
    private final AtomicBoolean signalled = new AtomicBoolean();

    private SignalSource(long order, Handler handler) {
        super(order);
        this.handler = handler;
    }

    /** What a source does, the functions of {@code CFRunLoopSourceContext}. */
    @FunctionalInterface
    public interface Handler {
        /** Does the work, on the thread that runs the loop. */
        void perform();

        /** The source was added to a mode; called by the thread that added it. */
        default void scheduled(RunLoop loop, RunLoopMode mode) {}

        /** The source was taken out of a mode; called by the thread that did that. */
        default void cancelled(RunLoop loop, RunLoopMode mode) {}
    }

    /** Makes a source, {@code CFRunLoopSourceCreate}. */
    public static SignalSource of(long order, Handler handler) {
        return new SignalSource(order, handler);
    }

    /** Makes a source with order 0. */
    public static SignalSource of(Handler handler) {
        return new SignalSource(0, handler);
    }

    /** Marks the source as having work to do, {@code CFRunLoopSourceSignal}; does nothing if it is or is not valid. */
    public void signal() {
        if (isValid() && signalled.compareAndSet(false, true)) {
            loops().forEach(loop -> loop.signalled(this));
        }
    }

    /** Returns whether it was signalled and not performed since. */
    public boolean isSignalled() {
        return signalled.get();
    }

    boolean takeSignal() {
        return signalled.compareAndSet(true, false) && isValid();
    }

    Handler handler() {
        return handler;
    }
}
