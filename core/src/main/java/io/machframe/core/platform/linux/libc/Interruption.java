/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.libc;

import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.AbstractSelector;
import java.util.Set;

/**
 * Makes {@link Thread#interrupt} end a wait in native code.
 *
 * <p>The JDK calls back on an interrupt only for its channels and selectors. A selector's {@code begin} and {@code end}
 * are the one public way to be called without closing anything, so this is a selector that selects nothing.
 */
public final class Interruption extends AbstractSelector {
    private final Waker waker;

    @SuppressWarnings("NullAway") // AbstractSelector keeps the provider only to give it back
    public Interruption(Waker waker) {
        super(null);
        this.waker = waker;
    }

    /** Calls {@code poll}, which the waker ends if the thread is or gets interrupted. */
    public int poll(long fds, int count, int millis) {
        begin();
        try {
            return LibC.poll(fds, count, millis);
        } finally {
            end();
        }
    }

    @Override
    public Selector wakeup() {
        waker.wake();
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
    public int selectNow() throws IOException {
        throw unsupported();
    }

    @Override
    public int select(long timeout) throws IOException {
        throw unsupported();
    }

    @Override
    public int select() throws IOException {
        throw unsupported();
    }

    private static UnsupportedOperationException unsupported() {
        return new UnsupportedOperationException("no channel can be registered: " + SelectableChannel.class.getName());
    }
}
