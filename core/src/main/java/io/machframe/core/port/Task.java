/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.port;

import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;
import io.machframe.core.internal.PortAccess;
import io.machframe.core.platform.Mach;
import io.machframe.core.platform.MachCalls;
import io.machframe.core.platform.Platform;

/**
 * The space that rights live in: on both systems, this process. Immutable, for any thread.
 *
 * <p>Another task than {@link #self} exists only in tests, where several share one process.
 */
public final class Task {
    static {
        PortAccess.set(new Access());
    }

    private final MachCalls calls;

    Task(MachCalls calls) {
        this.calls = calls;
    }

    /** Returns this process's task, {@code mach_task_self}. */
    public static Task self() {
        Platform.current(); // says so if there is none, which the initialiser could do only once
        return Self.TASK;
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
        return allocatePort(PortOptions.defaults().withQueueLimit(queueLimit));
    }

    /** Makes a port with a queue and a guard or a context as the options say. */
    public ReceiveRight allocatePort(PortOptions options) throws MachException {
        long word = options.newWord();
        int[] name = new int[1];
        int code = calls.construct(options.flags(), options.queueLimit(), word, name);
        KernReturn.check("mach_port_construct", code);
        boolean guarded = options.protection() != PortOptions.Protection.CONTEXT;
        return new ReceiveRight(this, name[0], guarded ? word : 0);
    }

    /** Makes a port set without members, {@code mach_port_allocate}. */
    public PortSet allocateSet() throws MachException {
        int[] name = new int[1];
        KernReturn.check("mach_port_allocate", calls.allocate(Mach.MACH_PORT_RIGHT_PORT_SET, name));
        return new PortSet(this, name[0]);
    }

    MachCalls calls() {
        return calls;
    }

    private static final class Self {
        static final Task TASK = new Task(Platform.current().mach());
    }
}
