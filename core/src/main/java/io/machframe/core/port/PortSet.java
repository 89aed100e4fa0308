/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.port;

import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;
import io.machframe.core.platform.Mach;
import java.util.Arrays;
import java.util.List;

/**
 * Several ports to receive from at once. Messages are taken from each member in turn, so a busy one keeps no other from
 * its turn; a message tells which port it came to.
 *
 * <p>The set does not own its members: closing it leaves them as they are, and a member that is closed or moved away
 * leaves its sets by itself. A port may be in several sets, and can be received from directly as well. A thread that
 * waits for a message here gets a {@link io.machframe.core.error.PortClosedException} when the set is closed.
 */
public final class PortSet extends PortRight implements MessageSource {
    PortSet(Task task, int name) {
        super(task, name, "port set", (owner, set) -> owner.calls().modRefs(set, Mach.MACH_PORT_RIGHT_PORT_SET, -1));
    }

    /**
     * Adds a port, {@code mach_port_insert_member}; messages that are queued already are received through the set.
     *
     * @throws MachException {@code KERN_ALREADY_IN_SET} if it is a member
     */
    public void add(ReceiveRight member) throws MachException {
        with(member, (port, set) -> task().calls().insertMember(port, set), "mach_port_insert_member");
    }

    /**
     * Takes a port out, {@code mach_port_extract_member}.
     *
     * @throws MachException {@code KERN_NOT_IN_SET} if it is no member
     */
    public void remove(ReceiveRight member) throws MachException {
        with(member, (port, set) -> task().calls().extractMember(port, set), "mach_port_extract_member");
    }

    /** Adds a port and takes it out of all other sets, {@code mach_port_move_member}. */
    public void takeOver(ReceiveRight member) throws MachException {
        with(member, (port, set) -> task().calls().moveMember(port, set), "mach_port_move_member");
    }

    /** Returns the names of the members, {@code mach_port_get_set_status}. */
    public List<PortName> members() throws MachException {
        int[][] members = new int[1][];
        int name = pin();
        try {
            KernReturn.check("mach_port_get_set_status", task().calls().getSetStatus(name, members));
        } finally {
            unpin();
        }
        return Arrays.stream(members[0]).mapToObj(PortName::new).toList();
    }

    private interface Call {
        int run(int port, int set);
    }

    private void with(ReceiveRight member, Call call, String function) throws MachException {
        int set = pin();
        try {
            int port = member.pin();
            try {
                KernReturn.check(function, call.run(port, set));
            } finally {
                member.unpin();
            }
        } finally {
            unpin();
        }
    }
}
