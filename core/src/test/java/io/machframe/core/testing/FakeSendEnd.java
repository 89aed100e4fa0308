/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.testing;

import io.machframe.core.error.KernReturn;
import io.machframe.core.platform.kernel.Parcel;
import io.machframe.core.platform.kernel.SendEnd;
import org.jspecify.annotations.Nullable;

/** A send or send-once end that one task of a {@link FakeKernel}, or one queued message, holds. */
final class FakeSendEnd implements FakeEnd {
    private final FakePort port;
    private final FakeSender holder;
    private final boolean once;
    private int holders = 1;

    /** Used, or on its way in a message: nobody has to be told that it is gone. */
    private boolean spent;

    FakeSendEnd(FakePort port, FakeSender holder, boolean once) {
        this.port = port;
        this.holder = holder;
        this.once = once;
        port.kernel.opened(this);
        port.added(once);
    }

    @Override
    public FakeSendEnd copyFor(FakeSender other) {
        synchronized (port.kernel) {
            port.kernel.requireOpen(this);
            spent = true;
            return new FakeSendEnd(port, other, once);
        }
    }

    void unmake() {
        spent = true;
        close();
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
    public boolean hasRoom() {
        synchronized (port.kernel) {
            port.kernel.requireOpen(this);
            return once || port.hasRoom();
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
                if (once && !spent) {
                    port.tellUnused(holder);
                }
                port.kernel.notifyAll();
            }
        }
    }

    @Override
    public int send(Parcel parcel, int timeoutMillis, boolean interruptible) {
        synchronized (port.kernel) {
            port.kernel.requireOpen(this);
            Integer wanted = port.kernel.takeSendAnswer();
            int code = wanted != null ? wanted : port.send(parcel, holder, once, timeoutMillis, interruptible);
            boolean swallowed = once && code == KernReturn.MACH_SEND_INVALID_DEST;
            spent |= code == KernReturn.KERN_SUCCESS || swallowed;
            return swallowed ? KernReturn.KERN_SUCCESS : code;
        }
    }

    @Override
    public String toString() {
        return (once ? "send-once end of " : "send end of ") + port + " held by " + holder.pid();
    }
}
