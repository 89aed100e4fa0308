/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.kernel;

import static io.machframe.core.error.KernReturn.KERN_INVALID_NAME;
import static io.machframe.core.error.KernReturn.KERN_INVALID_RIGHT;
import static io.machframe.core.error.KernReturn.KERN_NOT_IN_SET;
import static io.machframe.core.platform.Mach.MACH_PORT_NULL;

import io.machframe.core.platform.Mach;

/** The calls on port sets. Runs with the space's monitor held. */
final class SetCalls {
    private final PortSpace space;
    private final ReceiveSettings settings;

    SetCalls(PortSpace space, ReceiveSettings settings) {
        this.space = space;
        this.settings = settings;
    }

    void insert(int name, int set) throws KernelException {
        PortEntry member = requireMember(name, set);
        requireSet(set).add(member, ReceiveSettings.end(member));
    }

    void extract(int name, int set) throws KernelException {
        PortEntry member = requireMember(name, set);
        requireSet(set).remove(member, ReceiveSettings.end(member));
    }

    /** Takes a port out of all its sets and, unless {@code set} is null, into that one. */
    void move(int name, int set) throws KernelException {
        if (set == MACH_PORT_NULL) {
            PortEntry member = settings.require(name);
            if (member.sets.isEmpty()) {
                throw new KernelException(KERN_NOT_IN_SET);
            }
            PortSet.leaveAll(member, ReceiveSettings.end(member));
            return;
        }
        PortEntry member = requireMember(name, set);
        PortSet target = requireSet(set);
        PortSet.leaveAll(member, ReceiveSettings.end(member));
        target.add(member, ReceiveSettings.end(member));
    }

    /** Returns the names of the members. {@code ipc_object_translate}: a dead name is none. */
    int[] members(int set) throws KernelException {
        if (space.require(requireValid(set)).deadRefs > 0) {
            throw new KernelException(KERN_INVALID_NAME);
        }
        return requireSet(set).memberNames();
    }

    /** Finds a port for a set: both names are looked up before either is looked at. {@code ipc_right_lookup_two_read} */
    private PortEntry requireMember(int name, int set) throws KernelException {
        requireValid(name);
        requireValid(set);
        PortEntry entry = space.require(name);
        space.require(set);
        ReceiveSettings.end(entry);
        return entry;
    }

    private PortSet requireSet(int name) throws KernelException {
        PortSet set = space.require(name).set;
        if (set == null) {
            throw new KernelException(KERN_INVALID_RIGHT);
        }
        return set;
    }

    private static int requireValid(int name) throws KernelException {
        if (Mach.isNullOrDead(name)) {
            throw new KernelException(KERN_INVALID_RIGHT);
        }
        return name;
    }
}
