/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.internal;

import io.machframe.core.error.MachException;
import io.machframe.core.platform.MachCalls;
import io.machframe.core.port.MessageSource;
import io.machframe.core.port.PortRight;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendOnceRight;
import io.machframe.core.port.SendRight;
import io.machframe.core.port.Task;
import java.lang.invoke.MethodHandles;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The raw names behind rights, and the calls behind a task. A name owns nothing and is soon used again, so no public type
 * gives one out or takes one in; what has to hand names to the system does it by this. Thread-safe.
 */
public abstract class PortAccess {
    private static volatile @Nullable PortAccess access;

    protected PortAccess() {}

    /** Is called once, by the package that the rights are in. */
    public static void set(PortAccess implementation) {
        access = implementation;
    }

    /** Returns the access to all rights and tasks. */
    public static PortAccess get() {
        PortAccess found = access;
        if (found == null) {
            try {
                MethodHandles.lookup().ensureInitialized(Task.class); // which calls set
            } catch (IllegalAccessException e) {
                throw new IllegalStateException("a public class is not accessible", e);
            }
            found = access;
        }
        if (found == null) {
            throw new IllegalStateException("rights gave no access to themselves");
        }
        return found;
    }

    /** Returns the calls below a task. */
    public abstract MachCalls calls(Task task);

    /** Returns a task over the given calls, of which only {@link Task#self} is this process's. */
    public abstract Task taskOn(MachCalls calls);

    /**
     * Keeps a right from being released while a call uses its name; every pin needs its {@link #unpin}.
     *
     * @return the name
     * @throws IllegalStateException if the right was closed or moved
     */
    public abstract int pin(PortRight right);

    /** Ends a {@link #pin}. */
    public abstract void unpin(PortRight right);

    /**
     * Returns the name to receive with. It is not pinned, because closing the source has to end a receive; names are not
     * used again soon, so a late one meets nothing.
     *
     * @throws IllegalStateException if the source was closed or moved
     */
    public abstract int receiveName(MessageSource source);

    /**
     * Takes the name out of a right, which is spent: whoever has the name owns what it stands for.
     *
     * @throws IllegalStateException if the right was closed or moved, or another thread is using it
     */
    public abstract int relinquish(PortRight right);

    /** As {@link #relinquish}; takes the guard away, {@code mach_port_unguard}, so that the right can leave its task. */
    public abstract int relinquishUnguarded(ReceiveRight right) throws MachException;

    /**
     * Asks to be told when the port dies that a name stands for, whichever right the name is known by.
     *
     * @param to where the notification is received; null to cancel
     * @return the right that was registered before
     */
    public abstract Optional<SendOnceRight> requestDeadName(PortRight right, @Nullable ReceiveRight to)
            throws MachException;

    /** Makes an object own one send reference. Throws {@link IllegalArgumentException} on the null and the dead name. */
    public abstract SendRight adoptSend(Task task, int name);

    /** Makes an object own a send-once right; otherwise as {@link #adoptSend}. */
    public abstract SendOnceRight adoptSendOnce(Task task, int name);

    /**
     * Makes an object own a receive right; otherwise as {@link #adoptSend}.
     *
     * @param guard the value it is guarded with, 0 for none
     * @throws IllegalArgumentException if the right is guarded with another value: on macOS, to destroy it with this one
     *     would end the process. Nothing is adopted then
     */
    public abstract ReceiveRight adoptReceive(Task task, int name, long guard);
}
