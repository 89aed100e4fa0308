/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.port;

import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;
import io.machframe.core.platform.Mach;

/**
 * A reference to a name whose port died. It stands for nothing any more, and keeps the name from being used again until
 * it is closed.
 *
 * <p>A {@link SendRight} whose port dies need not be turned into one: it is closed as before. This type is for those who
 * want the type to say it.
 */
public final class DeadName extends PortRight {
    DeadName(Task task, int name) {
        super(task, name, "dead name", (owner, right) -> owner.calls().deallocate(right));
    }

    /** Takes over one reference to a dead name that is known by its raw name. Throws on the null and the dead constant. */
    public static DeadName adopt(Task task, int name) {
        return new DeadName(task, requireName(name));
    }

    /**
     * Takes over the reference of a right whose port died, and spends the object given.
     *
     * @throws IllegalStateException if the port lives, or the right was closed or moved; then nothing is changed
     */
    public static DeadName of(SendRight right) {
        if (!right.isDead()) {
            throw new IllegalStateException(right + " is no dead name: its port lives");
        }
        return new DeadName(right.task(), right.relinquish());
    }

    /** Returns one more reference to the name, {@code mach_port_mod_refs}. */
    public DeadName copy() throws MachException {
        int name = pin();
        try {
            KernReturn.check("mach_port_mod_refs", task().calls().modRefs(name, Mach.MACH_PORT_RIGHT_DEAD_NAME, 1));
            return new DeadName(task(), name);
        } finally {
            unpin();
        }
    }
}
