/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.port;

import io.machframe.core.platform.kernel.SendEnd;
import io.machframe.core.platform.linux.libc.DescriptorCloser;
import io.machframe.core.platform.linux.wire.Transferable;
import java.util.concurrent.atomic.AtomicInteger;

/** A send end made of file descriptors, which are sent with it. Its last holder closes them. */
abstract class LinuxEnd implements SendEnd, Transferable {
    private final AtomicInteger holders = new AtomicInteger(1);

    /**
     * The last holder releases this: closes the descriptors. Of those that a peer sent each is closed here whose kind is
     * known to close at once, the others by {@link DescriptorCloser}.
     */
    abstract void closeDescriptors();

    @Override
    public final SendEnd retain() {
        holders.incrementAndGet();
        return this;
    }

    @Override
    public final void close() {
        if (holders.decrementAndGet() == 0) {
            closeDescriptors();
        }
    }
}
