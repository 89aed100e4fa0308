/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.testing;

import io.machframe.core.error.KernReturn;
import io.machframe.core.platform.kernel.Parcel;
import io.machframe.core.platform.kernel.SendEnd;

/** A right to memory that one task of a {@link FakeKernel}, or one queued message, holds. */
final class FakeMemoryEnd implements FakeEnd {
    private final FakeKernel kernel;
    private final byte[] bytes;
    private final boolean writable;

    /** What all rights to one entry have in common. */
    private final Object entry;

    private int holders = 1;

    FakeMemoryEnd(FakeKernel kernel, byte[] bytes, boolean writable) {
        this(kernel, bytes, writable, new Object());
    }

    private FakeMemoryEnd(FakeKernel kernel, byte[] bytes, boolean writable, Object entry) {
        this.kernel = kernel;
        this.bytes = bytes;
        this.writable = writable;
        this.entry = entry;
        kernel.opened(this);
    }

    byte[] bytes() {
        return bytes;
    }

    boolean isWritable() {
        return writable;
    }

    @Override
    public FakeMemoryEnd copyFor(FakeSender other) {
        synchronized (kernel) {
            kernel.requireOpen(this);
            return new FakeMemoryEnd(kernel, bytes, writable, entry);
        }
    }

    @Override
    public Object identity() {
        return entry;
    }

    @Override
    public boolean isDead() {
        return false;
    }

    @Override
    public boolean hasRoom() {
        return false;
    }

    @Override
    public SendEnd retain() {
        synchronized (kernel) {
            kernel.requireOpen(this);
            holders++;
            return this;
        }
    }

    @Override
    public int send(Parcel parcel, int timeoutMillis, boolean interruptible) {
        return KernReturn.MACH_SEND_INVALID_DEST;
    }

    @Override
    public void close() {
        synchronized (kernel) {
            kernel.requireOpen(this);
            if (--holders == 0) {
                kernel.closed(this);
            }
        }
    }

    @Override
    public String toString() {
        return "right to " + bytes.length + " bytes of memory";
    }
}
