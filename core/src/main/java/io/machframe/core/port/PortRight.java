/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.port;

import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;
import io.machframe.core.error.OwnershipError;
import io.machframe.core.lifetime.Hold;
import io.machframe.core.platform.Mach;
import java.util.Set;

/**
 * One right of this process to a port.
 *
 * <p><b>Ownership.</b> The object owns the right until it is closed, or moved into a message. A moved right is spent and
 * says so when used. Closing twice is harmless.
 *
 * <p><b>Threads.</b> Any thread may use a right. Closing it while another thread is in a call with it lets that call
 * end first, except that a blocked receive ends at once.
 */
public abstract sealed class PortRight implements AutoCloseable
        permits SendRight, SendOnceRight, ReceiveRight, PortSet {
    private final Task task;
    private final int name;
    private final Hold hold;

    PortRight(Task task, int name, String kind, Release release) {
        this.task = task;
        this.name = name;
        this.hold = Hold.of(this, kind + " 0x" + Integer.toHexString(name), () -> release(task, name, release));
    }

    /** The call that gives one right of a kind back. */
    interface Release {
        int run(Task task, int name);
    }

    /** The task that holds this right. */
    public final Task task() {
        return task;
    }

    /** Returns the name this right goes by; it stays the same while the right is held. */
    public final PortName name() {
        return new PortName(name);
    }

    /** Returns whether the right is still owned by this object. */
    public final boolean isOpen() {
        return hold.isOpen();
    }

    /**
     * Returns all that this process holds under the right's name, {@code mach_port_type}: a send right shares its name
     * with the receive right to its port, and is a dead name when the port died.
     *
     * @throws IllegalStateException if the right was closed or moved
     */
    public final Set<RightType> types() throws MachException {
        int[] type = new int[1];
        pin();
        try {
            KernReturn.check("mach_port_type", task.calls().type(name, type));
        } finally {
            unpin();
        }
        return RightType.of(type[0]);
    }

    /**
     * Returns whether this right and another one are to the same port, as far as names tell: send and receive rights to
     * one port share a name in a task, send-once rights have names of their own.
     *
     * @throws IllegalStateException if one of them was closed or moved
     */
    public final boolean isToSamePortAs(PortRight other) {
        hold.requireOpen();
        other.hold.requireOpen();
        return task == other.task && name == other.name;
    }

    /** Takes the name out: this object is spent, and what has the name owns the right it stands for. */
    final int relinquish() {
        hold.move();
        return name;
    }

    /** Keeps the right from being released while a call uses its name; every pin needs its {@link #unpin}. */
    final int pin() {
        hold.pin();
        return name;
    }

    /** Returns the name for a call that the right's release must be able to end; throws if the right is spent. */
    final int requireOpen() {
        hold.requireOpen();
        return name;
    }

    /** Returns whether the port died, as far as this task has a right to it that tells. */
    final boolean isDeadName() {
        int[] type = new int[1];
        int pinned = pin();
        try {
            int code = task.calls().type(pinned, type);
            return code == KernReturn.KERN_SUCCESS && (type[0] & Mach.MACH_PORT_TYPE_DEAD_NAME) != 0;
        } finally {
            unpin();
        }
    }

    /** Returns a name that denotes something; throws on the null and the dead name. */
    static int requireName(int name) {
        if (Mach.isNullOrDead(name)) {
            throw new IllegalArgumentException("no right goes by the name " + new PortName(name));
        }
        return name;
    }

    /** Ends a {@link #pin}. */
    final void unpin() {
        hold.unpin();
    }

    @Override
    public void close() {
        hold.close();
    }

    @Override
    public String toString() {
        return getClass().getSimpleName() + " " + name();
    }

    private static void release(Task task, int name, Release release) {
        int code = release.run(task, name);
        if (code != KernReturn.KERN_SUCCESS) {
            throw new OwnershipError("release", new KernReturn(code));
        }
    }
}
