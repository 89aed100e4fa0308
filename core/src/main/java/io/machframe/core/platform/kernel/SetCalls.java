/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.kernel;

import static io.machframe.core.error.KernReturn.KERN_INVALID_RIGHT;
import static io.machframe.core.error.KernReturn.KERN_NOT_IN_SET;
import static io.machframe.core.platform.Mach.MACH_PORT_DEAD;
import static io.machframe.core.platform.Mach.MACH_PORT_NULL;

/** The calls on port sets. Runs with the space's monitor held. */
final class SetCalls {
    private final PortSpace space;

    SetCalls(PortSpace space) {
        this.space = space;
    }

    void insert(int name, int set) throws KernelException {
        PortEntry member = requireMember(name);
        requireSet(set).add(member, ReceiveSettings.end(member));
    }

    void extract(int name, int set) throws KernelException {
        PortEntry member = requireMember(name);
        requireSet(set).remove(member, ReceiveSettings.end(member));
    }

    /** Takes a port out of all its sets and, unless {@code set} is null, into that one. */
    void move(int name, int set) throws KernelException {
        PortEntry member = requireMember(name);
        PortSet target = set == MACH_PORT_NULL ? null : requireSet(set);
        if (target == null && member.sets.isEmpty()) {
            throw new KernelException(KERN_NOT_IN_SET);
        }
        PortSet.leaveAll(member, ReceiveSettings.end(member));
        if (target != null) {
            target.add(member, ReceiveSettings.end(member));
        }
    }

    int[] members(int set) throws KernelException {
        return requireSet(set).memberNames();
    }

    private PortEntry requireMember(int name) throws KernelException {
        PortEntry entry = space.require(requireValid(name));
        ReceiveSettings.end(entry);
        return entry;
    }

    private PortSet requireSet(int name) throws KernelException {
        PortSet set = space.require(requireValid(name)).set;
        if (set == null) {
            throw new KernelException(KERN_INVALID_RIGHT);
        }
        return set;
    }

    private static int requireValid(int name) throws KernelException {
        if (name == MACH_PORT_NULL || name == MACH_PORT_DEAD) {
            throw new KernelException(KERN_INVALID_RIGHT);
        }
        return name;
    }
}
