/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform;

import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.AbstractSelector;
import java.util.Set;

/**
 * Has something done when a thread that waits in native code is interrupted.
 *
 * <p>The JDK calls back on an interrupt only for its channels and selectors. A selector's {@code begin} and {@code end}
 * are the one public way to be called without closing anything, so this is a selector that selects nothing.
 */
public final class InterruptHook extends AbstractSelector {
    private final Runnable wake;

    /** @param wake ends the wait; called by the thread that interrupts, or by {@link #enter} if it came before */
    @SuppressWarnings("NullAway") // AbstractSelector keeps the provider only to give it back
    public InterruptHook(Runnable wake) {
        super(null);
        this.wake = wake;
    }

    /** From now on an interrupt of this thread calls back. */
    public void enter() {
        begin();
    }

    /** Ends what {@link #enter} began. */
    public void leave() {
        end();
    }

    @Override
    public Selector wakeup() {
        wake.run();
        return this;
    }

    @Override
    protected void implCloseSelector() {}

    @Override
    protected SelectionKey register(AbstractSelectableChannel channel, int operations, Object attachment) {
        throw unsupported();
    }

    @Override
    public Set<SelectionKey> keys() {
        throw unsupported();
    }

    @Override
    public Set<SelectionKey> selectedKeys() {
        throw unsupported();
    }

    @Override
    public int selectNow() {
        throw unsupported();
    }

    @Override
    public int select(long timeout) {
        throw unsupported();
    }

    @Override
    public int select() {
        throw unsupported();
    }

    private static UnsupportedOperationException unsupported() {
        return new UnsupportedOperationException("no channel can be registered");
    }
}
