/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.port;

import io.machframe.core.error.KernReturn;
import io.machframe.core.error.OwnershipError;
import io.machframe.core.lifetime.Hold;

/**
 * One right of this process to a port.
 *
 * <p><b>Ownership.</b> The object owns the right until it is closed, or moved: into a message, or out as a raw name by
 * {@link #relinquish}. A moved right is spent and says so when used. Closing twice is harmless.
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
     * Takes the raw name out: this object is spent, and whoever has the number owns the right it stands for.
     *
     * @throws IllegalStateException if the right was closed or moved, or another thread is using it
     */
    public int relinquish() {
        hold.move();
        return name;
    }

    /**
     * Keeps the right from being released while a call uses its name; every pin needs its {@link #unpin}. For code
     * that hands the name to the system, as messages do.
     *
     * @return the name
     * @throws IllegalStateException if the right was closed or moved
     */
    public final int pin() {
        hold.pin();
        return name;
    }

    /** Returns the name for a call that the right's release must be able to end; throws if the right is spent. */
    final int requireOpen() {
        hold.requireOpen();
        return name;
    }

    /** Ends a {@link #pin}. */
    public final void unpin() {
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
