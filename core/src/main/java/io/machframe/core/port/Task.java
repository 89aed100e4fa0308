/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.port;

import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;
import io.machframe.core.platform.Mach;
import io.machframe.core.platform.MachCalls;
import io.machframe.core.platform.Platform;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The space that rights live in: on both systems, this process. Immutable, for any thread.
 *
 * <p>Another task than {@link #self} exists only in tests, where several share one process.
 */
public final class Task {
    private final MachCalls calls;

    private Task(MachCalls calls) {
        this.calls = calls;
    }

    /** Returns this process's task, {@code mach_task_self}. */
    public static Task self() {
        return Self.TASK;
    }

    /** Returns a task over the given calls, for tests of this library. */
    @SuppressWarnings("exports") // the seam is visible to this library's modules alone
    public static Task on(MachCalls calls) {
        return new Task(calls);
    }

    /**
     * Makes a port and returns its receive right, {@code mach_port_construct}.
     *
     * <p>Its queue takes 5 messages, the default of Mach.
     *
     * @throws MachException {@code KERN_NO_SPACE} or {@code KERN_RESOURCE_SHORTAGE}: no room for another port
     */
    public ReceiveRight allocatePort() throws MachException {
        return allocatePort(Mach.MACH_PORT_QLIMIT_DEFAULT);
    }

    /**
     * Makes a port whose queue takes {@code queueLimit} messages.
     *
     * @param queueLimit 0 to 1024; with 0 only send-once rights can send
     */
    public ReceiveRight allocatePort(int queueLimit) throws MachException {
        if (queueLimit < 0 || queueLimit > Mach.MACH_PORT_QLIMIT_MAX) {
            throw new IllegalArgumentException("a queue takes 0 to 1024 messages, not " + queueLimit);
        }
        long guard = ThreadLocalRandom.current().nextLong() | 1;
        int[] name = new int[1];
        int flags = Mach.MPO_QLIMIT | Mach.MPO_CONTEXT_AS_GUARD;
        KernReturn.check("mach_port_construct", calls.construct(flags, queueLimit, guard, name));
        return new ReceiveRight(this, name[0], guard);
    }

    /** Makes a port set without members, {@code mach_port_allocate}. */
    public PortSet allocateSet() throws MachException {
        int[] name = new int[1];
        KernReturn.check("mach_port_allocate", calls.allocate(Mach.MACH_PORT_RIGHT_PORT_SET, name));
        return new PortSet(this, name[0]);
    }

    /** Returns the calls below this task, for this library's own modules. */
    @SuppressWarnings("exports")
    public MachCalls calls() {
        return calls;
    }

    private static final class Self {
        static final Task TASK = new Task(Platform.current().mach());
    }
}
