/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.port;

import io.machframe.core.platform.kernel.SendEnd;
import io.machframe.core.platform.linux.libc.LibC;
import io.machframe.core.platform.linux.wire.Transferable;
import java.util.concurrent.atomic.AtomicInteger;

/** A send end made of file descriptors, which travel with it. Its last holder closes them. */
abstract class LinuxEnd implements SendEnd, Transferable {
    private final AtomicInteger holders = new AtomicInteger(1);

    @Override
    public int onceId() {
        return 0;
    }

    @Override
    public int prepare() {
        return 0;
    }

    @Override
    public void transferred() {}

    /** The last holder lets go; the descriptors are still open. */
    void beforeClose() {}

    @Override
    public final SendEnd retain() {
        holders.incrementAndGet();
        return this;
    }

    @Override
    public final void close() {
        if (holders.decrementAndGet() == 0) {
            beforeClose();
            for (int i = 0; i < fdCount(); i++) {
                LibC.close(fd(i));
            }
        }
    }
}
