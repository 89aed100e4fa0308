/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.messageport;

import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A port with a name, that takes data from other processes and may answer them: {@code CFMessagePort}, with its form on
 * the wire, so that on macOS the peer may be a program that uses CoreFoundation. {@link LocalMessagePort} is the end that
 * serves, {@link RemoteMessagePort} the end that asks.
 *
 * <p>Becoming invalid happens once. The listener is told by the thread that invalidates; if the peer died, by whoever
 * learns of it first in a call, else by the {@linkplain io.machframe.core.runloop.RunLoop#main main loop} or an executor.
 *
 * <p><b>Ownership.</b> One object stands for one name in a process, and whoever closes it closes it for all.
 *
 * <p><b>Threads.</b> For any thread.
 */
public abstract sealed class MessagePort implements AutoCloseable permits LocalMessagePort, RemoteMessagePort {
    private boolean valid = true;
    private @Nullable Consumer<MessagePort> invalidationListener;
    private @Nullable Executor invalidationExecutor;

    MessagePort() {}

    /**
     * Returns the name, {@code CFMessagePortGetName}, cut to 128 bytes of UTF-8 where a character ends; empty if it has
     * none.
     */
    public abstract Optional<String> name();

    /** Returns whether this is the end that asks, {@code CFMessagePortIsRemote}. */
    public final boolean isRemote() {
        return this instanceof RemoteMessagePort;
    }

    /**
     * Returns whether the port can still be used, {@code CFMessagePortIsValid}. It asks the system; if it finds the Mach
     * port dead it invalidates this port, and the listener is called before it returns.
     */
    public final boolean isValid() {
        if (!isMarkedValid()) {
            return false;
        }
        if (isAlive()) {
            return true;
        }
        invalidate();
        return false;
    }

    /** Returns whether nobody has invalidated the port yet, without asking the system. */
    final synchronized boolean isMarkedValid() {
        return valid;
    }

    /** Asks the system. */
    abstract boolean isAlive();

    /**
     * Has somebody told when the port becomes invalid, {@code CFMessagePortSetInvalidationCallBack}; at once if it is. If
     * the peer dies and no call finds out, the main loop tells.
     */
    public final void setInvalidationListener(Consumer<MessagePort> told) {
        setInvalidationListener(told, null);
    }

    /**
     * As {@link #setInvalidationListener(Consumer)}, for a program whose main loop does not run.
     *
     * @param executor invalidates this port if the peer died, instead of the main loop
     */
    public final void setInvalidationListenerOn(Executor executor, Consumer<MessagePort> told) {
        setInvalidationListener(told, executor);
    }

    private void setInvalidationListener(Consumer<MessagePort> told, @Nullable Executor executor) {
        synchronized (this) {
            invalidationListener = told;
            invalidationExecutor = executor;
            if (valid) {
                return;
            }
        }
        told.accept(this);
    }

    /** Has nobody told any more. */
    public final synchronized void removeInvalidationListener() {
        invalidationListener = null;
    }

    /** Returns who is told when the port becomes invalid, {@code CFMessagePortGetInvalidationCallBack}. */
    public final synchronized Optional<Consumer<MessagePort>> invalidationListener() {
        return Optional.ofNullable(invalidationListener);
    }

    final synchronized Optional<Executor> invalidationExecutor() {
        return Optional.ofNullable(invalidationExecutor);
    }

    /**
     * Makes the port invalid and releases all it has, {@code CFMessagePortInvalidate}. Does nothing if it is. In this
     * order: the port is invalid and has no listener for requests; its name is free for another object; the invalidation
     * listener is called; the listener for requests is released; the run loop source is invalidated; the Mach port goes.
     */
    public final void invalidate() {
        Consumer<MessagePort> told;
        synchronized (this) {
            if (!valid) {
                return;
            }
            valid = false;
            told = invalidationListener;
        }
        withdraw();
        try {
            if (told != null) {
                told.accept(this);
            }
        } finally {
            release();
        }
    }

    /** Takes the port out of use, before the listener is told. */
    abstract void withdraw();

    /** Releases what the port has. */
    abstract void release();

    /** {@linkplain #invalidate Invalidates} the port. */
    @Override
    public final void close() {
        invalidate();
    }
}
