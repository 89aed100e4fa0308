/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.port;

import io.machframe.core.platform.BootstrapCalls;
import io.machframe.core.platform.kernel.MachKernel;
import io.machframe.core.platform.linux.name.LinuxBootstrapCalls;

/** Lets tests of other packages have tasks of their own over sockets. */
public final class LinuxKernels {
    private LinuxKernels() {}

    public static MachKernel newTask() {
        return new MachKernel(new LinuxTransport());
    }

    /** Returns the names of all processes, as one task uses them. */
    public static BootstrapCalls bootstrap(MachKernel kernel) {
        return new LinuxBootstrapCalls(kernel);
    }
}
