/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.testing;

import io.machframe.core.platform.kernel.Parcel;
import io.machframe.core.platform.kernel.SendEnd;
import org.jspecify.annotations.Nullable;

/** A send or send-once end that one task of a {@link FakeKernel}, or one queued message, holds. */
final class FakeSendEnd implements SendEnd {
    private final FakePort port;
    private final FakeSender holder;
    private final boolean once;
    private int holders = 1;

    FakeSendEnd(FakePort port, FakeSender holder, boolean once) {
        this.port = port;
        this.holder = holder;
        this.once = once;
        port.kernel.opened(this);
        port.added(once);
    }

    FakeSendEnd copyFor(FakeSender other) {
        synchronized (port.kernel) {
            port.kernel.requireOpen(this);
            return new FakeSendEnd(port, other, once);
        }
    }

    @Override
    public @Nullable Object identity() {
        return once ? null : port;
    }

    @Override
    public boolean isDead() {
        synchronized (port.kernel) {
            port.kernel.requireOpen(this);
            return port.isClosed();
        }
    }

    @Override
    public SendEnd retain() {
        synchronized (port.kernel) {
            port.kernel.requireOpen(this);
            holders++;
            return this;
        }
    }

    @Override
    public void close() {
        synchronized (port.kernel) {
            port.kernel.requireOpen(this);
            if (--holders == 0) {
                port.kernel.closed(this);
                port.removed(once);
            }
        }
    }

    @Override
    public int send(Parcel parcel, int timeoutMillis, boolean interruptible) {
        synchronized (port.kernel) {
            port.kernel.requireOpen(this);
            Integer wanted = port.kernel.takeSendAnswer();
            return wanted != null ? wanted : port.send(parcel, holder, once, timeoutMillis, interruptible);
        }
    }

    @Override
    public String toString() {
        return (once ? "send-once end of " : "send end of ") + port + " held by " + holder.pid();
    }
}
