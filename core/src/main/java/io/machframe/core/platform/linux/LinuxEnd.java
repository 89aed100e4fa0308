/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux;

import io.machframe.core.platform.kernel.SendEnd;
import java.util.concurrent.atomic.AtomicInteger;

/** A send end made of file descriptors, which travel with it. Its last holder closes them. */
abstract class LinuxEnd implements SendEnd {
    private final AtomicInteger holders = new AtomicInteger(1);

    /** Returns what the end is made of, one of {@link WireLayout}'s kinds. */
    abstract int kind();

    /** Returns the id of a send-once right, else 0. */
    int onceId() {
        return 0;
    }

    abstract int fdCount();

    abstract int fd(int index);

    @Override
    public final SendEnd retain() {
        holders.incrementAndGet();
        return this;
    }

    @Override
    public final void close() {
        if (holders.decrementAndGet() == 0) {
            for (int i = 0; i < fdCount(); i++) {
                LibC.close(fd(i));
            }
        }
    }
}
