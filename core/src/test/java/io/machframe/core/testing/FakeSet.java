/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.testing;

import io.machframe.core.error.KernReturn;
import io.machframe.core.platform.kernel.Parcel;
import io.machframe.core.platform.kernel.ReceiveEnd;
import io.machframe.core.platform.kernel.SetEnd;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** A port set of a {@link FakeKernel}: whoever delivered goes to the end of the line. Guarded by the kernel. */
final class FakeSet implements SetEnd {
    private final FakeKernel kernel;
    private final ArrayDeque<FakePort> members = new ArrayDeque<>();
    private boolean closed;

    FakeSet(FakeKernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public void add(ReceiveEnd member) {
        synchronized (kernel) {
            members.add((FakePort) member);
            kernel.notifyAll();
        }
    }

    @Override
    public void remove(ReceiveEnd member) {
        synchronized (kernel) {
            members.remove((FakePort) member);
        }
    }

    @Override
    public int receive(Parcel parcel, int size, boolean keepLarge, int timeoutMillis, boolean interruptible) {
        synchronized (kernel) {
            FakeWait wait = new FakeWait(kernel, timeoutMillis, interruptible);
            FakePort member = ready();
            while (!closed && member == null) {
                switch (wait.next()) {
                    case TIMED_OUT -> {
                        return KernReturn.MACH_RCV_TIMED_OUT;
                    }
                    case INTERRUPTED -> {
                        return KernReturn.MACH_RCV_INTERRUPTED;
                    }
                    case AGAIN -> member = ready();
                }
            }
            if (closed || member == null) {
                return KernReturn.MACH_RCV_PORT_CHANGED;
            }
            members.remove(member);
            members.add(member);
            parcel.receiver(member);
            return member.take(parcel, size, keepLarge);
        }
    }

    private @Nullable FakePort ready() {
        return members.stream().filter(FakePort::hasMessage).findFirst().orElse(null);
    }

    @Override
    public void close() {
        synchronized (kernel) {
            closed = true;
            kernel.notifyAll();
        }
    }
}
