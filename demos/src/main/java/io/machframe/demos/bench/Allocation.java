/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.bench;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;

/** What this process's threads have allocated. */
final class Allocation {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Allocation() {}

    /** Returns the bytes that all threads which live now have allocated, ever. */
    static long bytes() {
        long[] each = THREADS.getThreadAllocatedBytes(THREADS.getAllThreadIds());
        return Arrays.stream(each).filter(bytes -> bytes > 0).sum();
    }
}
