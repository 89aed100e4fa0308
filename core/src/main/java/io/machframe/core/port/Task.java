/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.port;

import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;
import io.machframe.core.platform.Mach;
import io.machframe.core.platform.MachCalls;
import io.machframe.core.platform.Platform;
import java.util.Set;

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
        return allocatePort(PortOptions.defaults().withQueueLimit(queueLimit));
    }

    /** Makes a port with a queue and a guard or a context as the options say. */
    public ReceiveRight allocatePort(PortOptions options) throws MachException {
        return construct(options, 0);
    }

    /**
     * Makes a port and a send right to it in one call, {@code MPO_INSERT_SEND_RIGHT}. The send right counts as one that
     * was made.
     */
    public PortPair allocatePair(PortOptions options) throws MachException {
        ReceiveRight receive = construct(options, Mach.MPO_INSERT_SEND_RIGHT);
        return new PortPair(receive, SendRight.adopt(this, receive.name().value()));
    }

    private ReceiveRight construct(PortOptions options, int flag) throws MachException {
        long word = options.newWord();
        int[] name = new int[1];
        int code = calls.construct(options.flags() | flag, options.queueLimit(), word, name);
        KernReturn.check("mach_port_construct", code);
        boolean guarded = options.protection() != PortOptions.Protection.CONTEXT;
        return new ReceiveRight(this, name[0], guarded ? word : 0);
    }

    /** Makes a name that denotes a port that never lived, {@code mach_port_allocate}. */
    public DeadName allocateDeadName() throws MachException {
        int[] name = new int[1];
        KernReturn.check("mach_port_allocate", calls.allocate(Mach.MACH_PORT_RIGHT_DEAD_NAME, name));
        return new DeadName(this, name[0]);
    }

    /**
     * Returns what this task holds under a raw name, {@code mach_port_type}; nothing if the name denotes nothing. For
     * those who got the name from native code; the name may be given up or denote something else the moment after.
     */
    public Set<RightType> typesOf(PortName name) throws MachException {
        int[] type = new int[1];
        int code = calls.type(name.value(), type);
        if (code == KernReturn.KERN_INVALID_NAME) {
            return Set.of();
        }
        KernReturn.check("mach_port_type", code);
        return RightType.of(type[0]);
    }

    /** Returns how many references of one type this task holds under a raw name, {@code mach_port_get_refs}. */
    public int referencesOf(PortName name, RightType type) throws MachException {
        int[] refs = new int[1];
        KernReturn.check("mach_port_get_refs", calls.getRefs(name.value(), type.number(), refs));
        return refs[0];
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
