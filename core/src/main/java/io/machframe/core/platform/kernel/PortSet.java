/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.kernel;

import static io.machframe.core.error.KernReturn.KERN_ALREADY_IN_SET;
import static io.machframe.core.error.KernReturn.KERN_NOT_IN_SET;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A port set of one task and the names in it. {@code ipc_pset} Guarded by its {@link PortSpace}. */
final class PortSet {
    private final SetEnd end;
    private final Set<PortEntry> members = new LinkedHashSet<>();

    PortSet(SetEnd end) {
        this.end = end;
    }

    SetEnd end() {
        return end;
    }

    int[] memberNames() {
        return members.stream().mapToInt(member -> member.name).sorted().toArray();
    }

    void add(PortEntry member, ReceiveEnd receive) throws KernelException {
        if (members.contains(member)) {
            throw new KernelException(KERN_ALREADY_IN_SET);
        }
        end.add(receive);
        members.add(member);
        member.sets.add(this);
    }

    void remove(PortEntry member, ReceiveEnd receive) throws KernelException {
        if (!members.remove(member)) {
            throw new KernelException(KERN_NOT_IN_SET);
        }
        member.sets.remove(this);
        end.remove(receive);
    }

    /** A receive right is on its way out of the task: it leaves all its sets. */
    static void leaveAll(PortEntry member, ReceiveEnd receive) {
        for (PortSet set : List.copyOf(member.sets)) {
            set.members.remove(member);
            set.end.remove(receive);
        }
        member.sets.clear();
    }

    /** The members live on. */
    void close() {
        for (PortEntry member : members) {
            member.sets.remove(this);
        }
        members.clear();
        end.close();
    }
}
