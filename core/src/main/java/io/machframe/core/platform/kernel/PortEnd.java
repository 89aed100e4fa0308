/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.kernel;

import org.jspecify.annotations.Nullable;

/** One end of a port: what a right is made of, apart from the name a task has for it. Safe from any thread. */
public interface PortEnd {
    /** Returns what is equal for all ends of one port in this process; null for a send-once end, which is like no other. */
    @Nullable
    Object identity();

    /** Releases this end. */
    void close();
}
