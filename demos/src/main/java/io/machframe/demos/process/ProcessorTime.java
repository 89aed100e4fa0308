/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.process;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** Measures the processor time that this process, all threads of it, used since some moment. */
public final class ProcessorTime {
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private long start = SYSTEM.getProcessCpuTime();

    /** Begins anew. */
    public void restart() {
        start = SYSTEM.getProcessCpuTime();
    }

    /** Returns the nanoseconds used since. */
    public long nanos() {
        return SYSTEM.getProcessCpuTime() - start;
    }
}
